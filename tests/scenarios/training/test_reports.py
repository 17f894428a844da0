"""Regions by themes, the way of applications, seats and what providers gave, through the API."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.support.training import ALMATY, SHYMKENT, World

LAB, UPBRINGING = "modern_laboratory", "upbringing_ecosystem"
FIRST, LAST = date(2026, 1, 5), date(2026, 1, 8)
STEPS = ["applied", "approved", "offered", "confirmed", "attended", "passed", "certificated"]
Json = dict[str, Any]


def stages(group: Json) -> dict[str, tuple[int, int, int, int]]:
    return {one["step"]: (one["reached"], one["went_on"], one["ended"], one["waiting"]) for one in group["stages"]}


async def finish(world: World, cohort: Json, enrolments: Sequence[Json]) -> None:
    """Everybody passes and gets a certificate."""
    for enrolment in enrolments:
        await world.complete(enrolment)
        await world.post("/v1/certificates", {"enrolment_id": enrolment["id"]})


async def test_d4_the_matrix_has_20_rows_and_2_columns_and_a_region_without_a_course_shows_0(world: World) -> None:
    lab = await world.programme(theme=LAB)
    upbringing = await world.programme(theme=UPBRINGING)
    here, there = await world.organisation(area=SHYMKENT), await world.organisation(area=ALMATY)
    taught = await world.cohort(programme_id=lab, venues=[5, 5, 5], hosts=[here, here, there], first=FIRST, last=LAST)
    await world.cohort(programme_id=upbringing, venues=[5], hosts=[there], first=FIRST, last=LAST)
    await world.cohort(programme_id=upbringing, venues=[5], hosts=[here], first=date(2031, 1, 5), last=date(2031, 1, 8))
    people = await world.educators(2, here)
    await finish(world, taught, [await world.enrol(taught, person) for person in people])

    matrix = await world.get("/v1/reports/matrix")

    assert matrix["themes"] == [LAB, UPBRINGING]
    assert len(matrix["rows"]) == 20
    assert {len(row["cells"]) for row in matrix["rows"]} == {2}
    rows = {row["area"]: row for row in matrix["rows"]}
    assert [rows[SHYMKENT]["cells"][place]["venues"] for place in (0, 1)] == [2, 0]
    assert [rows[ALMATY]["cells"][place]["venues"] for place in (0, 1)] == [1, 1]
    assert (rows[SHYMKENT]["cells"][0]["persons"], rows[SHYMKENT]["cells"][0]["certificates"]) == (2, 2)
    empty = rows["100000000"]
    assert empty["name"]["kk"] == "Абай облысы"
    assert [tuple(cell.values()) for cell in empty["cells"]] == [(0, 0, 0, 0, False)] * 2
    for place in (0, 1):
        column = [row["cells"][place] for row in matrix["rows"]]
        whole = matrix["total"]["cells"][place]
        for figure in ("venues", "persons", "certificates"):
            assert sum(cell[figure] for cell in column) == whole[figure]
    assert matrix["total"]["cells"][0]["cohorts"] == 1
    assert sum(row["total"]["venues"] for row in matrix["rows"]) == matrix["total"]["total"]["venues"] == 4


async def test_the_matrix_of_an_earlier_day_and_as_a_table(world: World) -> None:
    before = await world.get("/v1/reports/matrix", as_of="2000-01-01", themes=f"{UPBRINGING},{LAB}")
    table = await world.http.get("/v1/reports/matrix", params={"as_of": "2000-01-01"}, headers={"Accept": "text/csv"})

    assert before["themes"] == [UPBRINGING, LAB]
    assert before["total"]["total"] == {
        "venues": 0,
        "cohorts": 0,
        "persons": 0,
        "certificates": 0,
        "suppressed": False,
    }
    lines = table.text.strip().split("\r\n")
    assert lines[0] == "area,name_kk,name_ru,name_en,theme,venues,cohorts,persons,certificates,suppressed"
    assert len(lines) == 1 + 21 * 4


async def test_few_persons_of_a_region_are_not_shown_to_another_region(world: World) -> None:
    officer = world.as_("region_officer", area=ALMATY)
    stranger = world.as_("rating_analyst")

    async def certificates(headers: dict[str, str]) -> list[tuple[str | None, int | None]]:
        answer = await world.http.get("/v1/reports/matrix", headers=headers)
        rows = answer.json()["rows"]
        return [(row["area"], row["cells"][0]["persons"]) for row in rows if row["area"] in (SHYMKENT, ALMATY)]

    assert await certificates(officer) == [(ALMATY, 0), (SHYMKENT, None)]
    assert (await certificates(stranger))[1] == (SHYMKENT, None)


async def test_who_applied_went_on_ended_or_is_still_there_and_nobody_is_lost(world: World) -> None:
    school = await world.organisation(area=ALMATY)
    people = await world.educators(10, school)
    cohort = await world.cohort(venues=[6], first=FIRST, last=LAST)
    enrolled = [await world.enrol(cohort, person) for person in people]
    await world.post(f"/v1/enrolments/{enrolled[0]['id']}/withdraw", {"reason_code": "illness"})
    await finish(world, cohort, enrolled[1:4])
    await world.complete(enrolled[4])

    told = await world.get("/v1/reports/funnel", cohort_id=cohort["id"], by="cohort")

    (group,) = told["groups"]
    assert group["stages"] == told["total"]["stages"]
    assert [one["step"] for one in group["stages"]] == STEPS
    for before, after in zip(group["stages"], group["stages"][1:], strict=False):
        assert before["went_on"] == after["reached"]
    for stage in group["stages"]:
        assert stage["reached"] == stage["went_on"] + stage["ended"] + stage["waiting"]
    # Six had seats and four waited; of the six one gave it up, three got a certificate, one waits for it.
    found = stages(group)
    assert found["applied"][0] == 10
    assert found["approved"] == (10, 6, 0, 4)
    assert found["offered"] == (6, 6, 0, 0)
    assert found["confirmed"] == (6, 4, 1, 1)
    assert found["passed"] == (4, 3, 0, 1)
    assert found["certificated"] == (3, 0, 0, 3)
    assert group["ends"] == [{"step": "confirmed", "status": "withdrawn", "reason_code": "illness", "enrolments": 1}]
    assert sum(stage["ended"] + stage["waiting"] for stage in group["stages"]) == 10


async def test_applications_wait_are_rejected_or_go_on_and_a_failed_assessment_may_be_taken_again(world: World) -> None:
    school = await world.organisation()
    completion = {"min_attendance": 0.8, "tasks_required": True, "min_score": 60, "resit": {"at_most": 1}}
    programme = await world.programme(approval_chain=["provider"], completion=completion)
    cohort = await world.cohort(programme_id=programme, venues=[5], first=date(2030, 1, 5), last=date(2030, 1, 8))
    enrolled = [await world.enrol(cohort, person) for person in await world.educators(4, school)]
    await world.post(f"/v1/enrolments/{enrolled[0]['id']}/reject", {"reason_code": "plan_full"})
    for enrolment in enrolled[1:3]:
        await world.post(f"/v1/enrolments/{enrolment['id']}/approve", {})
    begun = await world.cohort(venues=[5], first=FIRST, last=LAST)
    (person,) = await world.educators(1, school)
    failed = await world.enrol(begun, person)
    await world.complete(failed, score=10)

    told = await world.get("/v1/reports/funnel", cohort_id=cohort["id"], by="area")
    one = await world.get("/v1/reports/funnel", cohort_id=begun["id"])

    found = stages(told["total"])
    assert (found["applied"], found["approved"]) == ((4, 2, 1, 1), (2, 2, 0, 0))
    assert found["confirmed"] == (2, 0, 0, 2)
    assert told["total"]["ends"] == [
        {"step": "applied", "status": "rejected", "reason_code": "plan_full", "enrolments": 1}
    ]
    assert stages(one["total"])["attended"] == (1, 0, 1, 0)
    assert one["total"]["ends"][0]["status"] == "failed"


async def test_the_funnel_of_an_earlier_day_knows_nothing_of_what_came_later(world: World) -> None:
    school = await world.organisation()
    cohort = await world.cohort(venues=[3])
    (person,) = await world.educators(1, school)
    enrolment = await world.enrol(cohort, person)
    said = {"reason_code": "illness", "effective_on": "2029-12-20"}
    await world.post(f"/v1/enrolments/{enrolment['id']}/withdraw", said)

    async def ended(day: str) -> int:
        told = await world.get("/v1/reports/funnel", cohort_id=cohort["id"], as_of=day)
        return sum(stage["ended"] for stage in told["total"]["stages"])

    empty = await world.get("/v1/reports/funnel", cohort_id=cohort["id"], as_of="2020-01-01")

    assert [await ended("2029-12-19"), await ended("2029-12-20")] == [0, 1]
    assert empty["total"]["stages"][0]["reached"] == 0
    assert {stage["conversion"] for stage in empty["total"]["stages"]} == {None}


async def test_reasons_and_few_applicants_are_for_those_who_are_responsible(world: World) -> None:
    school = await world.organisation(area=SHYMKENT)
    cohort = await world.cohort(venues=[3], first=FIRST, last=LAST)
    (person,) = await world.educators(1, school)
    await world.enrol(cohort, person)

    answer = await world.http.get(
        "/v1/reports/funnel", params={"cohort_id": cohort["id"]}, headers=world.as_("region_officer", area=ALMATY)
    )

    total = answer.json()["total"]
    assert (total["suppressed"], total["ends"]) == (True, None)
    assert {stage["reached"] for stage in total["stages"]} == {None}


async def test_a_statement_tells_places_bought_used_completed_and_the_price_of_a_completion(world: World) -> None:
    region, district = "350000000", "351010000"
    buyer = await world.organisation(type_="authority", area=region)
    school = await world.organisation(area=region)
    programme = await world.programme()
    code = (await world.get(f"/v1/programmes/{programme}"))["code"]
    contract = {
        "provider_id": world.provider_id,
        "buyer_id": buyer,
        "number": "№ 12",
        "programme_code": code,
        "area": region,
        "places": 5,
        "price_per_place": "72500.00",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }
    made = await world.post("/v1/provider-contracts", contract)
    again = await world.post("/v1/provider-contracts", {**contract, "starts_on": "2026-12-31"}, status=409)
    unknown = await world.post("/v1/provider-contracts", {**contract, "programme_code": "NONE"}, status=422)
    backwards = await world.post("/v1/provider-contracts", {**contract, "ends_on": "2025-12-31"}, status=422)
    await world.post("/v1/provider-contracts", {**contract, "area": district, "places": 10, "number": "№ 13"})
    cohort = await world.cohort(programme_id=programme, venues=[10], first=FIRST, last=LAST)
    enrolled = [await world.enrol(cohort, person) for person in await world.educators(4, school)]
    await finish(world, cohort, enrolled[:3])
    (stranger,) = await world.educators(1, await world.organisation(area=ALMATY))
    await world.enrol(cohort, stranger)

    told = await world.get("/v1/reports/provider-statements", programme_code=code)
    table = await world.http.get(
        "/v1/reports/provider-statements", params={"programme_code": code}, headers={"Accept": "text/csv"}
    )

    assert (again["code"], unknown["code"], backwards["code"]) == (
        "contract_overlaps",
        "contract_programme_unknown",
        "contract_period_reversed",
    )
    (provider,) = told["providers"]
    line = next(one for one in provider["lines"] if one["contract_id"] == made["id"])
    figures = ("places", "used", "completed", "certificates", "unused", "beyond", "price", "price_per_completion")
    assert [line[name] for name in figures] == [5, 4, 3, 3, 1, 0, "362500.00", "120833.33"]
    assert (provider["total"]["places"], provider["total"]["used"], provider["total"]["unused"]) == (15, 4, 11)
    assert provider["uncontracted"] == 1
    assert table.text.count("\r\n") == 3


async def test_a_contract_is_changed_by_agreement_only_by_who_saw_it_as_it_is(world: World) -> None:
    programme = await world.programme()
    buyer = await world.organisation(type_="authority", area=SHYMKENT)
    body = {
        "provider_id": world.provider_id,
        "buyer_id": buyer,
        "number": "№ 1",
        "programme_code": (await world.get(f"/v1/programmes/{programme}"))["code"],
        "area": SHYMKENT,
        "places": 5,
        "price_per_place": "0.00",
        "starts_on": "2030-01-01",
        "ends_on": "2030-01-01",
    }
    contract = await world.post("/v1/provider-contracts", body)

    async def change(patch: Json, tag: str, **more: str) -> tuple[int, Json]:
        headers = {"If-Match": tag, "Content-Type": "application/merge-patch+json", **more}
        answer = await world.http.patch(f"/v1/provider-contracts/{contract['id']}", json=patch, headers=headers)
        return answer.status_code, answer.json()

    read = await world.http.get(f"/v1/provider-contracts/{contract['id']}")
    changed = await change({"places": 7, "ends_on": "2030-06-30"}, read.headers["ETag"])
    stale = await change({"places": 8}, read.headers["ETag"])
    null = await change({"places": None}, "*")
    refused = await change({"places": 8}, "*", **world.as_("training_coordinator", area=ALMATY))
    listed = await world.get("/v1/provider-contracts", buyer_id=buyer, on="2030-06-30", count="exact")

    assert (changed[0], changed[1]["places"], changed[1]["ends_on"]) == (200, 7, "2030-06-30")
    assert [stale[0], null[0], refused[0]] == [412, 422, 403]
    assert listed["total"] == 1


async def test_seats_by_venue_and_subject_add_up_and_lead_to_the_waiting_list_and_the_gaps(world: World) -> None:
    host = await world.organisation(area=ALMATY)
    programme = await world.programme(hours=(20, 16), subjects=("robotics", "biology"))
    cohort = await world.cohort(programme_id=programme, venues=[2], hosts=[host], first=FIRST, last=LAST)
    for person in await world.educators(4):
        await world.enrol(cohort, person)

    listed = await world.get("/v1/reports/venues", subject="robotics", count="exact")
    other = await world.get("/v1/reports/venues", cohort_id=cohort["id"], subject="latin")
    table = await world.http.get(
        "/v1/reports/venues", params={"cohort_id": cohort["id"]}, headers={"Accept": "text/csv"}
    )

    (venue,) = listed["items"]
    assert (venue["seats"], venue["free"], venue["offered"], venue["taken"], venue["waiting"]) == (2, 0, 0, 2, 2)
    assert venue["subjects"] == ["biology", "robotics"]
    assert venue["attendance_gaps"].endswith(cohort["id"])
    assert (listed["total"], other["items"]) == (1, [])
    assert "biology;robotics" in table.text
