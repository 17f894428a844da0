"""Who is covered, who is due, and what is not told to whom, through the API."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.training_api.organisations import service as organisations
from shared.ids import new_id
from tests.support.training import ALMATY, World

DAY = date(2026, 9, 1)
ORAL = "271010000"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Json = dict[str, Any]


async def certify(world: World, people: list[str], *, issued_on: str = "2025-06-01", **more: Any) -> None:
    """Certificates of other providers, of 36 hours unless told otherwise."""
    for first in range(0, len(people), 2000):
        rows = [
            {
                "educator_id": person,
                "number": f"{issued_on}-{more.get('academic_hours', 36)}-{person}",
                "title": {"ru": "Курс"},
                "academic_hours": 36,
                "issued_on": issued_on,
                **more,
            }
            for person in people[first : first + 2000]
        ]
        await world.post("/v1/certificate-batches", {"source": "USTAZ", "certificates": rows})


async def school_in(world: World, *path: str, **more: Any) -> str:
    """A school in a district of a region."""
    school = new_id()
    change = world.change(school, type="school", area=path[-1], area_path=list(path), **more)
    async with world.database.writing() as session:
        await organisations.apply(session, [change])
    return str(school)


async def due(world: World, **asked: Any) -> Json:
    return await world.get("/v1/reports/due", **{"as_of": DAY.isoformat(), **asked})


async def as_caller(world: World, path: str, role: str, /, *, status: int = 200, claims: Json, **params: Any) -> Json:
    answer = await world.http.get(path, params=params, headers=world.as_(role, **claims))
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def test_b2_the_share_of_organisations_is_null_and_not_100_until_their_number_is_known(world: World) -> None:
    cohort = await world.cohort(venues=[100])
    for kind, number in (("school", 33), ("preschool", 45), ("supplementary", 7)):
        for organisation in await world.organisations(number, type_=kind, area=ORAL):
            body = {"cohort_id": cohort["id"], "organisation_id": organisation}
            await world.post("/v1/organisation-enrolments", body)

    counted = await world.get("/v1/reports/organisations", cohort_id=cohort["id"])
    covered = await world.get("/v1/reports/coverage", area=ORAL, by="type")

    assert counted["total"] == 85
    by_type = {one["organisation_type"]: one["organisations"] for one in counted["by_type"]}
    assert by_type == {"school": 33, "preschool": 45, "supplementary": 7}
    assert {one["coverage"] for one in counted["by_type"]} == {None}
    assert (covered["employed"]["teachers"], covered["employed"]["share"]) == (0, None)


async def test_b3_910_teachers_of_85_organisations_with_911_certificates_are_910_teachers(world: World) -> None:
    schools = await world.organisations(85, area="271035100")
    people: list[str] = []
    for place, school in enumerate(schools):
        people += await world.educators(11 if place < 60 else 10, school)
    (untaught,) = await world.educators(1, schools[0])
    await certify(world, people)
    await certify(world, people[:1], issued_on="2025-07-01")

    report = await world.get("/v1/reports/coverage", area="271035100", by="years_since", as_of="2026-09-01")
    never = await world.get("/v1/reports/due/educators", area="271035100", state="never", as_of="2026-09-01")

    assert (report["teachers"], report["certificates"], report["organisations"]) == (910, 911, 85)
    assert report["mean_per_organisation"] == pytest.approx(10.7, abs=0.01)
    assert (report["employed"]["teachers"], report["employed"]["taught"]) == (911, 910)
    assert {one["key"]: one["teachers"] for one in report["groups"]} == {"1": 910, "never": 1}
    assert [one["educator_id"] for one in never["items"]] == [untaught]


async def test_e10_90_of_100_inside_36_months_are_90_percent_and_level_4(world: World) -> None:
    school = await world.organisation(area=ALMATY)
    people = await world.educators(100, school)
    await certify(world, people[:89], issued_on="2025-06-01")
    await certify(world, people[89:90], issued_on="2023-09-02")
    await certify(world, people[90:95], issued_on="2023-08-31")
    await certify(world, people[95:99], academic_hours=32)

    total = (await due(world, organisation_id=school))["total"]

    assert (total["teachers"], total["met"], total["share"], total["level"]) == (100, 90, 90.0, 4)
    assert (total["out"], total["uncounted"], total["never"], total["due"]) == (5, 4, 1, 1)


@pytest.mark.parametrize(
    ("issued_on", "state"),
    [
        ("2023-08-31", "out"),
        ("2023-09-01", "out"),
        ("2023-09-02", "due"),
        ("2023-11-30", "due"),
        ("2023-12-01", "met"),
        ("2026-09-01", "met"),
        ("2026-09-02", "never"),
    ],
)
async def test_e10_a_certificate_of_36_months_and_a_day_ago_is_out(world: World, issued_on: str, state: str) -> None:
    school = await world.organisation()
    (person,) = await world.educators(1, school)
    if issued_on <= DAY.isoformat():
        await certify(world, [person], issued_on=issued_on)

    (listed,) = (await world.get("/v1/reports/due/educators", organisation_id=school, as_of="2026-09-01", state=state))[
        "items"
    ]

    assert (listed["educator_id"], listed["state"]) == (person, state)


async def test_f13_a_course_of_32_hours_does_not_count(world: World) -> None:
    school = await world.organisation()
    people = await world.educators(2, school)
    await certify(world, people[:1], academic_hours=32)
    await certify(world, people[1:], academic_hours=36)

    listed = await world.get("/v1/reports/due/educators", organisation_id=school, as_of="2026-09-01")
    certified = await world.get("/v1/reports/coverage", by="type", as_of="2026-09-01")

    assert [(one["educator_id"], one["state"]) for one in listed["items"]] == [(people[0], "uncounted")]
    assert certified["employed"]["upskilled"] < certified["employed"]["taught"]


async def test_a_window_that_began_on_29_february_ends_after_28_february(world: World) -> None:
    school = await world.organisation()
    (person,) = await world.educators(1, school)
    await certify(world, [person], issued_on="2024-02-29")

    async def met(day: str) -> int:
        found: int = (await due(world, organisation_id=school, as_of=day))["total"]["met"]
        return found

    (listed,) = (await world.get("/v1/reports/due/educators", organisation_id=school, as_of="2027-02-01", days=60))[
        "items"
    ]

    assert [await met(day) for day in ("2027-02-28", "2027-03-01")] == [1, 0]
    assert listed["expires_on"] == "2027-03-01"


async def test_a_director_sees_which_of_the_own_teachers_are_due_this_term_and_nobody_else_does(world: World) -> None:
    school, other = await world.organisations(2, area="750000000")
    mine, others = await world.educators(3, school), await world.educators(3, other)
    await certify(world, [mine[0], others[0]], issued_on="2023-10-15")
    await certify(world, mine[1:2], issued_on="2025-10-15")
    director: Json = {"claims": {"organisation": school}}

    listed = await as_caller(world, "/v1/reports/due/educators", "director", **director, as_of="2026-09-01", days=121)
    places = await as_caller(world, "/v1/reports/due/workplaces", "director", **director, as_of="2026-09-01")
    refused = await as_caller(
        world, "/v1/reports/due/educators", "rating_analyst", status=403, claims={}, as_of="2026-09-01"
    )
    elsewhere = await as_caller(
        world, "/v1/reports/due", "director", status=403, **director, organisation_id=other, as_of="2026-09-01"
    )

    assert [(one["educator_id"], one["state"]) for one in listed["items"]] == [(mine[2], "never"), (mine[0], "due")]
    assert listed["items"][1]["expires_on"] == "2026-10-15"
    assert listed["items"][0]["name"]["kk"]["given"] == "Мысал"
    assert [(one["organisation_id"], one["teachers"], one["due"]) for one in places["items"]] == [(school, 3, 1)]
    assert refused["code"] == "personal_data_out_of_reach"
    assert elsewhere["code"] == "selection_too_narrow"


async def test_the_months_in_which_windows_end_add_up_to_those_who_meet_the_norm(world: World) -> None:
    school = await world.organisation()
    people = await world.educators(12, school)
    for place, person in enumerate(people[:10]):
        await certify(world, [person], issued_on=(date(2023, 9, 15) + timedelta(days=40 * place)).isoformat())

    report = await due(world, organisation_id=school)

    months = {one["month"]: one["teachers"] for one in report["months"]}
    assert sum(months.values()) == report["total"]["met"] == 10
    assert months["2026-09"] == 1
    assert report["norm"] == {
        "rule": "pd-3y/1",
        "min_hours": 36,
        "window_months": 36,
        "level_rule": "114-NK/7",
    }


async def test_small_figures_are_hidden_from_who_is_not_responsible_and_cannot_be_had_by_subtraction(
    world: World,
) -> None:
    region = "630000000"
    sizes = {"631010000": 3, "633000000": 6, "634000000": 40}
    for area, size in sizes.items():
        await world.educators(size, await school_in(world, region, area), subjects=["biology"])
    asked: Json = {"as_of": "2026-09-01", "area": region, "by": "district"}

    whole = await world.get("/v1/reports/coverage", **asked)
    outside = await as_caller(world, "/v1/reports/coverage", "rating_analyst", claims={}, **asked)
    own = await as_caller(world, "/v1/reports/coverage", "region_officer", claims={"area": "631010000"}, **asked)
    narrow = await as_caller(
        world, "/v1/reports/coverage", "rating_analyst", status=403, claims={}, area="633000000", by="subject"
    )

    def shown(report: Json) -> dict[str, int | None]:
        return {one["key"]: one["teachers"] for one in report["groups"]}

    assert shown(whole) == sizes
    assert shown(outside) == {"631010000": None, "633000000": None, "634000000": 40}
    assert outside["employed"]["teachers"] == 49
    assert shown(own) == sizes
    assert narrow["code"] == "selection_too_narrow"


async def test_teachers_are_told_apart_by_subject_language_category_and_setting_on_the_day(world: World) -> None:
    area = "470000000"
    town = (await world.organisations(1, area=area, setting="town", languages=["kk", "ru"]))[0]
    village = (await world.organisations(1, area=area, setting="village", languages=["kk"]))[0]
    people = await world.educators(4, town, subjects=["physics", "chemistry"], category="expert")
    await world.educators(2, village, subjects=["physics"])
    await world.educators(1, village, left_on="2026-09-01")
    await certify(world, people[:2], issued_on="2025-06-01")
    await certify(world, people[2:3], issued_on="2021-06-01")

    async def groups(by: str) -> dict[str, tuple[int, int, float]]:
        report = await world.get("/v1/reports/coverage", area=area, by=by, as_of="2026-09-01")
        assert report["employed"]["teachers"] == 6
        return {one["key"]: (one["teachers"], one["upskilled"], one["share"]) for one in report["groups"]}

    assert await groups("subject") == {"physics": (6, 2, pytest.approx(100 / 3)), "chemistry": (4, 2, 50.0)}
    assert await groups("language") == {"kk": (6, 2, pytest.approx(100 / 3)), "ru": (4, 2, 50.0)}
    assert await groups("category") == {"expert": (4, 2, 50.0), None: (2, 0, 0.0)}
    assert await groups("setting") == {"town": (4, 2, 50.0), "village": (2, 0, 0.0)}
    assert await groups("years_since") == {"1": (2, 2, 100.0), "5+": (1, 0, 0.0), "never": (3, 0, 0.0)}


async def test_what_is_needed_stands_against_the_free_seats_of_courses_to_come(world: World) -> None:
    area = "110000000"
    school = (await world.organisations(1, area=area))[0]
    await world.educators(7, school, subjects=["physics"])
    await world.educators(2, school, subjects=["history"])
    programme = await world.programme(hours=(36,), subjects=("physics",))
    cohort = await world.cohort(
        programme_id=programme, venues=[5], hosts=[school], first=date(2030, 2, 1), last=date(2030, 2, 5)
    )
    (person,) = await world.educators(1, school, subjects=["physics"])
    await world.enrol(cohort, person)

    report = await world.get("/v1/reports/needs", area=area, as_of="2030-01-20", days=30)
    later = await world.get("/v1/reports/needs", area=area, as_of="2030-01-20", days=5)

    needs = {one["subject"]: (one["teachers"], one["seats"], one["gap"]) for one in report["needs"]}
    assert needs == {"physics": (8, 4, 4), "history": (2, 0, 2)}
    assert report["teachers"] == 10
    assert {one["seats"] for one in later["needs"]} == {0}


async def test_lists_of_who_is_due_go_out_as_files_without_names(world: World) -> None:
    school = await world.organisation()
    people = await world.educators(2, school)
    asked = {"as_of": "2026-09-01", "organisation_id": school}

    files = {
        path: await world.http.get(path, params=asked, headers={"Accept": "text/csv"})
        for path in ("/v1/reports/due/educators", "/v1/reports/due/workplaces", "/v1/reports/needs")
    }
    book = await world.http.get("/v1/reports/due/workplaces", params=asked, headers={"Accept": XLSX})

    lines = files["/v1/reports/due/educators"].text.strip().split("\r\n")
    assert lines[0] == "educator_id,organisation_id,subjects,category,state,last_on,expires_on"
    assert {line.split(",")[0] for line in lines[1:]} == set(people)
    assert "Үлгі" not in files["/v1/reports/due/educators"].text
    assert files["/v1/reports/due/workplaces"].text.startswith("organisation_id,name_kk")
    assert files["/v1/reports/needs"].text.startswith("subject,area,teachers,seats,gap,suppressed\r\nphysics")
    assert book.content.startswith(b"PK")


async def test_who_was_shown_among_the_due_can_see_that(world: World) -> None:
    school = await world.organisation()
    (person,) = await world.educators(1, school)

    await world.get("/v1/reports/due/educators", organisation_id=school, as_of="2026-09-01")

    reads = await world.get(f"/v1/educators/{person}/reads")
    assert [one["shown"] for one in reads["items"]] == ["due_educators"]


async def test_main_lists_go_out_as_files_without_names(world: World) -> None:
    school = await world.organisation()
    (person,) = await world.educators(1, school)
    enrolment = await world.enrol(await world.cohort(), person)
    await certify(world, [person])
    asked = {"organisation_id": school}

    async def file(path: str) -> list[str]:
        answer = await world.http.get(path, params=asked, headers={"Accept": "text/csv"})
        assert answer.status_code == 200, answer.text
        return answer.text.strip().split("\r\n")

    enrolments, certificates = [await file(path) for path in ("/v1/enrolments", "/v1/certificates")]

    assert (len(enrolments), len(certificates)) == (2, 2)
    assert enrolments[1].startswith(enrolment["id"])
    assert certificates[0].startswith("id,number,source,kind")
    assert "Үлгі" not in "".join([*enrolments, *certificates])
