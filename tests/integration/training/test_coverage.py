"""Indicators for the rating, and who was taught."""

from datetime import date
from typing import Any

import pytest

from services.training_api.coverage.rules import share
from shared.schemas.tables import IndicatorTable, MissingReason, digest_of
from tests.support.training import ALMATY, World

_DAY = date(2026, 9, 1)


async def _certify(world: World, people: list[str], *, issued_on: str = "2025-06-01", **more: Any) -> None:
    rows = [
        {
            "educator_id": person,
            "number": f"{issued_on}-{person}",
            "title": {"ru": "Курс"},
            "academic_hours": 36,
            "issued_on": issued_on,
            **more,
        }
        for person in people
    ]
    await world.post("/v1/certificate-batches", {"source": "USTAZ", "certificates": rows})


async def _table(world: World, **asked: Any) -> dict[str, dict[str, Any]]:
    """The cells by organisation."""
    table = await world.get("/v1/indicator-table", indicators="TCH_PD_3Y_SHARE", as_of=_DAY.isoformat(), **asked)
    column = table["columns"]["TCH_PD_3Y_SHARE"]
    return {
        organisation: {name: column[name][place] for name in ("value", "n", "variance", "reason")}
        for place, organisation in enumerate(table["organisations"])
    }


async def test_90_of_100_teachers_inside_36_months_are_90_percent(world: World) -> None:
    school = await world.organisation()
    people = await world.educators(100, school)
    await _certify(world, people[:90], issued_on="2025-06-01")
    await _certify(world, people[:5], issued_on="2026-05-01")
    await _certify(world, people[90:], issued_on="2023-08-31")

    cell = (await _table(world))[school]

    assert (cell["value"], cell["n"], cell["reason"]) == (90.0, 100, None)
    p = 90.5 / 101
    assert cell["variance"] == pytest.approx(1e4 * p * (1 - p) / 100, rel=1e-12)


@pytest.mark.parametrize(
    ("certificate", "counts"),
    [
        ({"issued_on": "2023-09-02"}, True),
        ({"issued_on": "2023-09-01"}, False),
        ({"issued_on": "2023-08-31"}, False),
        ({"issued_on": "2026-09-01"}, True),
        ({"issued_on": "2026-09-02"}, False),
        ({"academic_hours": 35}, False),
        ({"approved": False}, False),
        ({"kind": "attendance_reference"}, False),
    ],
)
async def test_only_a_certificate_that_counts_inside_the_window_is_counted(
    world: World, certificate: dict[str, Any], counts: bool
) -> None:
    school = await world.organisation()
    people = await world.educators(5, school)

    await _certify(world, people[:1], **certificate)

    assert (await _table(world))[school]["value"] == (20.0 if counts else 0.0)


async def test_only_teachers_employed_on_the_day_are_counted(world: World) -> None:
    school, other = await world.organisation(), await world.organisation()
    await world.educators(5, school)
    await world.educators(2, school, left_on="2026-09-01")
    await world.educators(2, school, hired_on="2026-09-02")
    await world.educators(2, school, role="librarian")
    (moved,) = await world.educators(1, school)
    answer = await world.http.patch(
        f"/v1/educators/{moved}",
        json={"organisation_id": other, "hired_on": "2026-09-02"},
        headers={"If-Match": "*", "Content-Type": "application/merge-patch+json"},
    )
    assert answer.status_code == 200, answer.text

    table = await _table(world)

    assert table[school]["n"] == 6
    assert table[other]["n"] == 0


async def test_missing_values_have_their_reasons_and_no_organisation_is_left_out(world: World) -> None:
    empty, small = await world.organisation(), await world.organisation()
    built = await world.organisation(status="under_construction")
    await world.educators(4, small)

    table = await _table(world, organisation_type="school")

    assert table[empty] == {"value": None, "n": 0, "variance": None, "reason": "not_reported"}
    assert table[small] == {"value": None, "n": 4, "variance": None, "reason": "below_min_n"}
    assert built not in table
    assert len(table) == 2


async def test_the_table_is_bounded_by_type_and_area_and_named_by_its_digest(world: World) -> None:
    school = await world.organisation(area=ALMATY)
    college = await world.organisation(type_="college", area=ALMATY)
    await world.educators(5, school)

    answer = await world.http.get(
        "/v1/indicator-table", params={"as_of": "2026-09-01", "organisation_type": "school", "area": ALMATY}
    )
    table = IndicatorTable.model_validate(answer.json())

    assert [str(one) for one in table.organisations] == [school]
    assert college not in answer.text
    assert table.attributes["type"] == ["school"]
    assert table.attributes["area"] == [ALMATY]
    assert table.digest == digest_of(table.organisations, table.attributes, table.columns, table.as_of)
    again = await world.http.get(
        "/v1/indicator-table",
        params={"as_of": "2026-09-01", "organisation_type": "school", "area": ALMATY},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304
    unknown = await world.get("/v1/indicator-table", indicators="SCH_UNT_MEAN", status=422)
    assert (unknown["code"], unknown["errors"][0]["pointer"]) == ("indicator_unknown", "?indicators")


def test_nobody_and_everybody_upskilled_are_not_claimed_to_be_certain() -> None:
    nobody, everybody = share(0, 20), share(20, 20)

    assert (nobody.value, everybody.value) == (0.0, 100.0)
    assert nobody.variance == pytest.approx(everybody.variance)
    assert nobody.variance is not None
    assert nobody.variance > 0
    assert share(0, 0).reason is MissingReason.NOT_REPORTED


async def test_910_teachers_with_911_certificates_are_910_teachers(world: World) -> None:
    schools = await world.organisations(85)
    people = [
        person
        for place, school in enumerate(schools)
        for person in await world.educators(11 if place < 60 else 10, school)
    ]
    assert len(people) == 910
    await _certify(world, people)
    await _certify(world, people[:1], issued_on="2025-07-01")

    report = await world.get("/v1/reports/coverage")

    assert (report["teachers"], report["certificates"], report["organisations"]) == (910, 911, 85)
    assert report["mean_per_organisation"] == pytest.approx(10.7, abs=0.01)
    assert report["by_type"] == [
        {"organisation_type": "school", "teachers": 910, "certificates": 911, "organisations": 85}
    ]


async def test_33_schools_45_preschools_and_7_others_are_85_and_their_coverage_is_not_known(world: World) -> None:
    cohort = await world.cohort(venues=[100], last=date(2030, 1, 8))
    for kind, number in (("school", 33), ("preschool", 45), ("supplementary", 7)):
        for organisation in await world.organisations(number, type_=kind):
            await world.post(
                "/v1/organisation-enrolments", {"cohort_id": cohort["id"], "organisation_id": organisation}
            )
    twice = await world.post(
        "/v1/organisation-enrolments", {"cohort_id": cohort["id"], "organisation_id": organisation}, status=409
    )

    counted = await world.get("/v1/reports/organisations", cohort_id=cohort["id"])

    assert twice["code"] == "already_enrolled"
    assert counted["total"] == 85
    assert {one["organisation_type"]: one["organisations"] for one in counted["by_type"]} == {
        "school": 33,
        "preschool": 45,
        "supplementary": 7,
    }
    assert {one["coverage"] for one in counted["by_type"]} == {None}


async def test_certified_teachers_are_counted_once_where_they_work_on_the_day(world: World) -> None:
    here, there = await world.organisation(), await world.organisation(area=ALMATY)
    of_here = await world.educators(6, here)
    of_there = await world.educators(4, there, subjects=["chemistry"])
    await _certify(world, [*of_here[:5], *of_there[:3]], issued_on="2025-06-01")
    await _certify(world, of_here[:2], issued_on="2026-05-01")
    await _certify(world, of_there[3:], issued_on="2023-08-31")

    found = await world.get("/v1/reports/certified", as_of=_DAY.isoformat())
    chemists = await world.get("/v1/reports/certified", as_of=_DAY.isoformat(), subject="chemistry", source="USTAZ")
    nobody = await world.get("/v1/reports/certified", as_of=_DAY.isoformat(), programme_code="NO-SUCH")

    areas = {area["area"]: area["teachers"] for area in found["areas"]}
    assert (found["teachers"], areas) == (8, {"790000000": 5, ALMATY: 3})
    assert (chemists["teachers"], nobody["teachers"], nobody["areas"]) == (3, 0, [])


async def test_beyond_the_reach_of_a_caller_no_figure_tells_of_fewer_than_five(world: World) -> None:
    here, there = await world.organisation(), await world.organisation(area=ALMATY)
    await _certify(world, (await world.educators(6, here))[:1], issued_on="2025-06-01")
    await _certify(world, (await world.educators(6, there))[:1], issued_on="2025-06-01")
    director = world.as_("director", organisation=here)
    asked = {"indicators": "TCH_PD_3Y_SHARE", "as_of": _DAY.isoformat()}

    seen = (await world.http.get("/v1/indicator-table", params=asked, headers=director)).json()
    column = seen["columns"]["TCH_PD_3Y_SHARE"]
    cells = {id_: (column["n"][at], column["reason"][at]) for at, id_ in enumerate(seen["organisations"])}
    assert (cells[here], cells[there]) == ((6, None), (None, "suppressed"))
    for role, status in ((director, 403), (world.as_("region_officer", area=ALMATY), 403)):
        answer = await world.http.get("/v1/reports/certified", params={"as_of": _DAY.isoformat()}, headers=role)
        assert answer.status_code == status, answer.text
    own = await world.http.get(
        "/v1/reports/certified",
        params={"as_of": _DAY.isoformat(), "area": ALMATY},
        headers=world.as_("region_officer", area=ALMATY),
    )
    assert own.json()["teachers"] == 1
