"""Many people, many venues, few seats: the best assignment, why it is the best, and what becomes of it."""

import asyncio
import time
from collections import Counter
from datetime import date
from typing import Any

import pytest

from services.training_api.organisations import service as organisations
from shared.ids import new_id
from tests.support.training import SHYMKENT, World

Json = dict[str, Any]
SCHOOLS, TEACHERS, VENUES, SEATS = 170, 10, 20, 85


async def schools(world: World, areas: list[list[str]], **more: Any) -> list[str]:
    """A school in each of the areas, by their paths."""
    ids = [new_id() for _ in areas]
    changes = [
        world.change(
            one,
            type="school",
            area=path[-1],
            area_path=path,
            languages=["kk"],
            setting="village" if number % 5 < 3 else "city",
            **more,
        )
        for number, (one, path) in enumerate(zip(ids, areas, strict=True))
    ]
    async with world.database.writing() as session:
        await organisations.apply(session, changes)
    return [str(one) for one in ids]


async def finished(world: World, job_id: str, *, seconds: float = 60.0) -> Json:
    """The job, once it is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = await world.get(f"/v1/jobs/{job_id}")
        if job["status"] in ("succeeded", "failed", "cancelled"):
            return job
        await asyncio.sleep(0.1)
    raise AssertionError(f"the job is not over after {seconds} seconds")


async def solved(world: World, cohort: Json, people: list[Json], **more: Any) -> Json:
    """An allocation that is solved."""
    asked = await world.post("/v1/allocations", {"cohort_ids": [cohort["id"]], "people": people, **more}, status=202)
    job = await finished(world, asked["job_id"])
    assert job["status"] == "succeeded", job
    return await world.get(f"/v1/allocations/{asked['id']}")


async def listed(world: World, path: str) -> list[Json]:
    """All pages of a list."""
    items: list[Json] = []
    cursor: str | None = None
    while True:
        following: Json = {"cursor": cursor} if cursor else {}
        page = await world.get(path, limit=200, **following)
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def named(*educator_ids: str, **more: Any) -> list[Json]:
    return [{"educator_id": one, **more} for one in educator_ids]


@pytest.fixture(scope="module")
async def crowd(world: World) -> tuple[list[str], list[str]]:
    """1,700 teachers of 170 schools in 17 districts; and the hosts of 20 venues."""
    paths = [[SHYMKENT, f"7900{10 + number % 17}000"] for number in range(SCHOOLS)]
    rows = [world.person(school) for school in await schools(world, paths) for _ in range(TEACHERS)]
    people: list[str] = []
    for first in range(0, len(rows), 850):
        made = await world.post("/v1/educator-batches", {"educators": rows[first : first + 850]})
        people += made["ids"]
    hosts = await schools(world, [[SHYMKENT, f"7900{10 + number % 17}000"] for number in range(VENUES)])
    return people, hosts


async def test_d5_1700_teachers_of_170_schools_take_20_venues_of_85_and_the_1701st_waits(
    world: World, crowd: tuple[list[str], list[str]]
) -> None:
    people, hosts = crowd
    cohort = await world.cohort(venues=[SEATS] * VENUES, hosts=hosts)

    allocation = await solved(world, cohort, named(*people))

    assert allocation["placed"] == 1700
    assert allocation["unplaced"] == {}
    assert allocation["proof"]["is_optimal"]
    assert allocation["proof"]["gap"] == 0
    assert allocation["proof"]["seconds"] < 10
    assert [venue["placed"] for venue in allocation["venues"]] == [SEATS] * VENUES
    assert allocation["allocation"]["mean_km"] < allocation["first_come"]["mean_km"]
    counts = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (counts["taken"], counts["free"]) == (0, 1700)

    begun = time.monotonic()
    applied = await world.post(f"/v1/allocations/{allocation['id']}/apply", status=202)
    job = await finished(world, applied["apply_job_id"])

    assert job["status"] == "succeeded", job
    assert time.monotonic() - begun < 30
    counts = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (counts["taken"], counts["free"]) == (1700, 0)
    placements = await listed(world, f"/v1/allocations/{allocation['id']}/placements")
    assert len({one["educator_id"] for one in placements}) == 1700
    assert len({one["enrolment_id"] for one in placements}) == 1700
    assert Counter(one["venue_id"] for one in placements) == dict.fromkeys(cohort["venues"], SEATS)
    late = await world.enrol(cohort, await world.educator())
    assert late["status"] == "waitlisted"
    again = await world.post(f"/v1/allocations/{allocation['id']}/apply", status=409)
    assert again["code"] == "allocation_not_solved"


async def test_where_seats_are_scarce_everybody_without_one_is_told_why_and_what_a_seat_was_worth(
    world: World, crowd: tuple[list[str], list[str]]
) -> None:
    people, hosts = crowd
    cohort = await world.cohort(venues=[68] * VENUES, hosts=hosts, first=date(2031, 1, 5), last=date(2031, 1, 8))

    allocation = await solved(world, cohort, named(*people))

    assert allocation["placed"] == 1360
    assert allocation["unplaced"] == {"seats_taken": 340}
    assert allocation["proof"]["is_optimal"]
    assert allocation["allocation"]["worst_district"] >= 0.75
    unplaced = await listed(world, f"/v1/allocations/{allocation['id']}/unplaced")
    assert len(unplaced) == 340
    assert all(one["reason"] == "seats_taken" and one["full_venues"] for one in unplaced)
    assert all(one["short_by"] is not None and one["message"]["kk"] for one in unplaced)


async def test_a_preview_that_is_stale_is_refused_and_what_changed_is_named(world: World) -> None:
    cohort = await world.cohort(venues=[2, 2])
    people = await world.educators(3)
    allocation = await solved(world, cohort, named(*people))
    await world.enrol(cohort, await world.educator(), venue=1)

    refused = await world.post(f"/v1/allocations/{allocation['id']}/apply", status=409)

    assert refused["code"] == "allocation_stale"
    (changed,) = refused["errors"]
    assert changed["pointer"] == f"/venues/{cohort['venues'][1]}"
    assert changed["code"] == "seats_changed"
    assert "open 2 → open 1" in changed["message"]
    counts = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert counts["taken"] == 1


async def test_a_person_who_has_changed_since_makes_the_whole_preview_stale(world: World) -> None:
    cohort = await world.cohort(venues=[5])
    people = await world.educators(2)
    allocation = await solved(world, cohort, named(*people))
    read = await world.http.get(f"/v1/educators/{people[0]}")
    changed = await world.http.patch(
        f"/v1/educators/{people[0]}", json={"subjects": ["chemistry"]}, headers={"If-Match": read.headers["ETag"]}
    )
    assert changed.status_code == 200, changed.text

    applied = await world.post(f"/v1/allocations/{allocation['id']}/apply", status=202)
    job = await finished(world, applied["apply_job_id"])

    assert job["status"] == "failed"
    assert job["problem"]["code"] == "allocation_stale"
    assert [error["pointer"] for error in job["problem"]["errors"]] == [f"/people/{people[0]}"]
    counts = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert counts["taken"] == 0


async def test_everybody_left_out_before_the_decision_has_a_reason_too(world: World) -> None:
    programme = await world.programme(audience=[{"role": "teacher", "subjects": ["physics"]}])
    cohort = await world.cohort(programme_id=programme, venues=[5, 5])
    workplace = await world.organisation()
    geographer = await world.educator(workplace, subjects=["geography"])
    enrolled, booked, fine = (await world.educators(3, workplace)) if workplace else ("", "", "")
    await world.enrol(cohort, enrolled)
    other = await world.cohort(venues=[5])
    await world.enrol(other, booked)

    allocation = await solved(world, cohort, named(geographer, enrolled, booked, fine))

    unplaced = {one["educator_id"]: one for one in await listed(world, f"/v1/allocations/{allocation['id']}/unplaced")}
    assert {who: one["reason"] for who, one in unplaced.items()} == {
        geographer: "not_eligible",
        enrolled: "already_enrolled",
        booked: "double_booked",
    }
    assert unplaced[geographer]["facts"]["failed"] == ["not_eligible_subject"]
    assert unplaced[booked]["facts"]["cohort_id"] == other["id"]
    assert allocation["placed"] == 1


async def test_kilometres_languages_and_wishes_decide_who_goes_where_and_are_told(world: World) -> None:
    near, far = await schools(world, [[SHYMKENT, "790010000"], [SHYMKENT, "790020000"]])
    host_near, host_far = await schools(world, [[SHYMKENT, "790010000"], [SHYMKENT, "790020000"]])
    cohort = await world.cohort(venues=[1, 1], hosts=[host_near, host_far])
    (first,) = await world.educators(1, near)
    (second,) = await world.educators(1, near)
    (third,) = await world.educators(1, far)
    points = [
        {"organisation_id": near, "latitude": 42.30, "longitude": 69.60},
        {"organisation_id": host_near, "latitude": 42.31, "longitude": 69.60},
        {"organisation_id": host_far, "latitude": 44.00, "longitude": 69.60},
    ]
    venues = [
        {"venue_id": cohort["venues"][0], "languages": ["kk"]},
        {"venue_id": cohort["venues"][1], "languages": ["ru"]},
    ]
    people = [
        {"educator_id": first, "preferences": cohort["venues"]},
        {"educator_id": second, "preferences": cohort["venues"][:1], "languages": ["ru"]},
        {"educator_id": third, "languages": ["ru"]},
    ]

    allocation = await solved(
        world,
        cohort,
        people,
        venues=venues,
        points=points,
        limits={"language_required": True, "max_km": 100},
    )

    placed = {one["educator_id"]: one for one in await listed(world, f"/v1/allocations/{allocation['id']}/placements")}
    assert placed[first]["venue_id"] == cohort["venues"][0]
    assert placed[first]["rank"] == 1
    assert placed[first]["km"] == pytest.approx(1.1, abs=0.1)
    assert placed[third]["venue_id"] == cohort["venues"][1]
    (left,) = await listed(world, f"/v1/allocations/{allocation['id']}/unplaced")
    assert left["educator_id"] == second
    assert left["reason"] == "too_far"
    assert left["facts"]["nearest_km"] == pytest.approx(1.1, abs=0.1)


async def test_seats_kept_for_a_school_go_to_it_and_to_nobody_else(world: World) -> None:
    school, other = await world.organisations(2)
    cohort = await world.cohort(venues=[3])
    pool = await world.post(f"/v1/cohorts/{cohort['id']}/pools", {"kind": "school", "key": school, "seats": 2})
    mine, strangers = await world.educators(1, school), await world.educators(3, other)

    allocation = await solved(world, cohort, named(*strangers, *mine))

    placed = {one["educator_id"]: one for one in await listed(world, f"/v1/allocations/{allocation['id']}/placements")}
    assert placed[mine[0]]["pool_id"] == pool["id"]
    assert len(placed) == 2
    assert allocation["unplaced"] == {"pool_closed": 2}
    applied = await world.post(f"/v1/allocations/{allocation['id']}/apply", status=202)
    assert (await finished(world, applied["apply_job_id"]))["status"] == "succeeded"


async def test_who_waits_in_line_at_one_venue_is_given_a_seat_at_another(world: World) -> None:
    cohort = await world.cohort(venues=[1, 1])
    await world.enrol(cohort, await world.educator(), venue=0)
    waiting = await world.enrol(cohort, await world.educator(), venue=0)
    assert waiting["status"] == "waitlisted"

    allocation = await solved(world, cohort, [], applicants=True)
    applied = await world.post(f"/v1/allocations/{allocation['id']}/apply", status=202)

    assert (await finished(world, applied["apply_job_id"]))["status"] == "succeeded"
    (placed,) = await listed(world, f"/v1/allocations/{allocation['id']}/placements")
    enrolment = await world.get(f"/v1/enrolments/{placed['enrolment_id']}")
    assert (enrolment["status"], enrolment["venue_id"]) == ("confirmed", cohort["venues"][1])


async def test_an_application_that_waits_for_the_provider_is_approved_for_the_venue_allocated(world: World) -> None:
    programme = await world.programme(approval_chain=["provider"])
    cohort = await world.cohort(programme_id=programme, venues=[1, 1])
    applications = [await world.enrol(cohort, await world.educator()) for _ in range(2)]
    assert {one["status"] for one in applications} == {"submitted"}

    allocation = await solved(world, cohort, [], applicants=True)
    applied = await world.post(f"/v1/allocations/{allocation['id']}/apply", status=202)

    assert (await finished(world, applied["apply_job_id"]))["status"] == "succeeded"
    found = [await world.get(f"/v1/enrolments/{one['id']}") for one in applications]
    assert {one["status"] for one in found} == {"confirmed"}
    assert {one["venue_id"] for one in found} == set(cohort["venues"])


async def test_what_if_other_weights_held_is_seen_side_by_side(world: World) -> None:
    near, far = await schools(world, [[SHYMKENT, "790010000"], [SHYMKENT, "790020000"]])
    cohort = await world.cohort(venues=[1, 1], hosts=[near, far])
    people = [
        {"educator_id": (await world.educators(1, school))[0], "preferences": [wish]}
        for school, wish in ((near, cohort["venues"][1]), (far, cohort["venues"][0]))
    ]
    one = await solved(world, cohort, people, objective={"weights": {"travel": 10, "preference": 0}})
    other = await solved(world, cohort, people, objective={"weights": {"travel": 0, "preference": 10}})

    compared = await world.get(f"/v1/allocations/{one['id']}/compare/{other['id']}")

    assert compared["same_people"]
    assert compared["moved"] == 2
    assert compared["difference"]["first_wishes"] == 2
    assert compared["difference"]["total_km"] > 0


async def test_bad_questions_get_their_reasons(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    (person,) = await world.educators(1)
    elsewhere = await world.cohort(venues=[1])

    async def code(body: Json, status: int) -> str:
        answer = await world.post("/v1/allocations", {"cohort_ids": [cohort["id"]], **body}, status=status)
        return str(answer["code"])

    unknown = str(new_id())
    assert await code({}, 422) == "nobody_applies"
    assert await code({"people": named(unknown)}, 409) == "educator_unknown"
    assert (
        await code({"people": named(person), "venues": [{"venue_id": elsewhere["venues"][0]}]}, 409) == "venue_unknown"
    )
    assert await code({"people": named(person, preferences=elsewhere["venues"])}, 409) == "venue_unknown"
    assert await code({"people": named(person, person)}, 422) == "validation_failed"
    assert await code({"cohort_ids": [unknown], "people": named(person)}, 409) == "cohort_unknown"
    missing = await world.get(f"/v1/allocations/{unknown}", status=404)
    assert missing["code"] == "allocation_not_found"


async def test_only_who_manages_the_provider_sees_allocations_and_lists_go_out_as_files(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    allocation = await solved(world, cohort, named(*await world.educators(2)))
    path = f"/v1/allocations/{allocation['id']}"

    strange = await world.http.get(path, headers=world.as_("training_coordinator", area="750000000"))
    director = await world.http.get(path, headers=world.as_("director", organisation=str(new_id())))
    csv = await world.http.get(f"{path}/unplaced", headers={"Accept": "text/csv"})
    found = await world.get("/v1/allocations", cohort_id=cohort["id"])
    unchanged = await world.http.get(path, headers={"If-None-Match": (await world.http.get(path)).headers["ETag"]})

    assert (strange.status_code, director.status_code) == (403, 403)
    assert csv.text.splitlines()[0].startswith("educator_id,organisation_id,reason")
    assert len(csv.text.splitlines()) == 2
    assert [one["id"] for one in found["items"]] == [allocation["id"]]
    assert unchanged.status_code == 304
