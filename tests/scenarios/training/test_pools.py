"""Seats kept for some: who gets them, in which order they are released, and what the line gets."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from services.training_api.organisations import service as organisations
from services.training_api.reservations.models import ReservationPool
from services.training_api.worker import release_due_pools
from tests.support.training import ALMATY, SHYMKENT, Json, World

DISTRICT = "791310000"


async def pool(world: World, cohort: Json, kind: str, key: str | None, seats: int, **more: object) -> Json:
    """Seats of the cohort kept for some."""
    body = {"kind": kind, "key": key, "seats": seats, **more}
    return await world.post(f"/v1/cohorts/{cohort['id']}/pools", body)


async def report(world: World, cohort: Json) -> dict[str, tuple[int, int, int, int, bool]]:
    """Seats, taken, free, waiting and released of each pool, by its key."""
    found = await world.get(f"/v1/cohorts/{cohort['id']}/pools")
    fields = ("seats", "taken", "free", "waiting", "released")
    return {one["key"]: tuple(one[field] for field in fields) for one in found["items"]}


async def seated(world: World, cohort: Json, person: str) -> tuple[str, str | None]:
    """The state of the new enrolment, and the pool of its seat."""
    made = await world.enrol(cohort, person)
    return made["status"], made["pool"]


async def set_release(world: World, pool_id: str, moment: datetime) -> None:
    """As if the pool had been made long before."""
    async with world.database.writing() as session:
        row = await session.get(ReservationPool, UUID(pool_id))
        assert row is not None
        row.release_at = moment


async def test_seats_of_a_school_are_for_its_people_and_nobody_else(world: World) -> None:
    school, other = await world.organisation(), await world.organisation()
    cohort = await world.cohort(venues=[3])
    kept = await pool(world, cohort, "school", school, 2)

    strangers = [await seated(world, cohort, await world.educator(other)) for _ in range(2)]
    own = [await seated(world, cohort, await world.educator(school)) for _ in range(3)]

    assert strangers == [("confirmed", None), ("waitlisted", None)]
    assert own == [("confirmed", kept["id"]), ("confirmed", kept["id"]), ("waitlisted", None)]
    assert await report(world, cohort) == {school: (2, 2, 0, 1, False)}
    told = await world.get(f"/v1/cohorts/{cohort['id']}/pools")
    assert (told["capacity"], told["reserved"], told["open_taken"], told["open_free"]) == (3, 2, 1, 0)


async def test_areas_categories_languages_and_subjects_each_have_their_pools(world: World) -> None:
    village = await world.organisation(languages=["kk"])
    async with world.database.writing() as session:
        change = world.change(
            UUID(village), type="school", area=DISTRICT, area_path=[SHYMKENT, DISTRICT], languages=["kk"]
        )
        await organisations.apply(session, [change])
    city = await world.organisation(area=ALMATY, languages=["ru"])
    cohort = await world.cohort(venues=[5])
    kept = {
        key: (await pool(world, cohort, kind, key, 1))["id"]
        for kind, key in (
            ("district", SHYMKENT),
            ("category", "expert"),
            ("language", "ru"),
            ("subject", "informatics"),
        )
    }

    found = {
        "region": await seated(world, cohort, await world.educator(village)),
        "expert": await seated(world, cohort, await world.educator(city, category="expert")),
        "russian": await seated(world, cohort, await world.educator(city)),
        "subject": await seated(world, cohort, await world.educator(city, subjects=["informatics"])),
        "anybody": await seated(world, cohort, await world.educator(city)),
        "late": await seated(world, cohort, await world.educator(city)),
    }

    assert found == {
        "region": ("confirmed", kept[SHYMKENT]),
        "expert": ("confirmed", kept["expert"]),
        "russian": ("confirmed", kept["ru"]),
        "subject": ("confirmed", kept["informatics"]),
        "anybody": ("confirmed", None),
        "late": ("waitlisted", None),
    }


async def test_a_seat_that_comes_free_in_a_pool_goes_to_the_first_of_the_line_it_is_for(world: World) -> None:
    school = await world.organisation()
    cohort = await world.cohort(venues=[2])
    kept = await pool(world, cohort, "school", school, 1)
    own = await world.enrol(cohort, await world.educator(school))
    await world.enrol(cohort, await world.educator())
    stranger = await world.enrol(cohort, await world.educator())
    colleague = await world.enrol(cohort, await world.educator(school))
    assert (stranger["position"], colleague["position"]) == (1, 2)

    await world.post(f"/v1/enrolments/{own['id']}/withdraw", {"reason_code": "illness"})

    passed = await world.get(f"/v1/enrolments/{stranger['id']}")
    offered = await world.get(f"/v1/enrolments/{colleague['id']}")
    assert (passed["status"], passed["position"]) == ("waitlisted", 1)
    assert (offered["status"], offered["pool"]) == ("offered", kept["id"])


async def test_released_pools_open_in_their_order_and_fill_the_line(world: World) -> None:
    schools = [await world.organisation() for _ in range(2)]
    cohort = await world.cohort(venues=[3])
    first = await pool(world, cohort, "school", schools[0], 1, release_on="2029-12-01", priority=1)
    second = await pool(world, cohort, "school", schools[1], 1, release_on="2029-12-01", priority=2)
    later = await pool(world, cohort, "district", ALMATY, 1, release_on="2029-12-20")
    waiting = [await world.enrol(cohort, await world.educator()) for _ in range(3)]
    listed = await world.get(f"/v1/cohorts/{cohort['id']}/pools")
    assert [one["id"] for one in listed["items"]] == [first["id"], second["id"], later["id"]]

    for one in (first, second):
        await set_release(world, one["id"], datetime.now(UTC) - timedelta(minutes=1))
    await release_due_pools(world.database)

    found = [(await world.get(f"/v1/enrolments/{one['id']}"))["status"] for one in waiting]
    assert found == ["offered", "offered", "waitlisted"]
    released = {key: row[-1] for key, row in (await report(world, cohort)).items()}
    assert released == {schools[0]: True, schools[1]: True, ALMATY: False}


async def test_a_pool_that_is_due_is_released_to_the_line_before_a_newcomer_is_served(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    kept = await pool(world, cohort, "district", ALMATY, 1, release_on="2029-12-01")
    first = await world.enrol(cohort, await world.educator())
    await set_release(world, kept["id"], datetime.now(UTC) - timedelta(minutes=1))

    newcomer = await world.enrol(cohort, await world.educator())

    assert (newcomer["status"], newcomer["position"]) == ("waitlisted", 1)
    assert (await world.get(f"/v1/enrolments/{first['id']}"))["status"] == "offered"


async def test_a_hold_keeps_seats_for_one_organisation_until_its_deadline(world: World) -> None:
    school = await world.organisation()
    cohort = await world.cohort(venues=[2, 2])
    path = f"/v1/cohorts/{cohort['id']}/holds"

    past = await world.post(
        path, {"organisation_id": school, "seats": 1, "until": "2020-01-01T00:00:00+05:00"}, status=422
    )
    too_many = await world.post(
        path, {"organisation_id": school, "seats": 5, "until": "2029-12-01T18:00:00+05:00"}, status=409
    )
    held = await world.post(path, {"organisation_id": school, "seats": 3, "until": "2029-12-01T18:00:00+05:00"})
    strangers = [await seated(world, cohort, await world.educator()) for _ in range(2)]
    own = await seated(world, cohort, await world.educator(school))
    await set_release(world, held["id"], datetime.now(UTC) - timedelta(seconds=1))
    await release_due_pools(world.database)

    assert (past["code"], too_many["code"]) == ("release_in_the_past", "pool_too_large")
    assert (held["is_hold"], held["key"], held["release_at"]) == (True, school, "2029-12-01T18:00:00+05:00")
    assert strangers == [("confirmed", None), ("waitlisted", None)]
    assert own == ("confirmed", held["id"])
    after = await world.get(f"/v1/cohorts/{cohort['id']}/pools/{held['id']}")
    assert (after["released"], after["taken"], after["free"]) == (True, 1, 0)


async def test_pools_never_add_up_to_more_than_the_capacity_and_taken_seats_stay(world: World) -> None:
    school = await world.organisation()
    cohort = await world.cohort(venues=[4])
    venue = f"/v1/cohorts/{cohort['id']}/venues/{cohort['venues'][0]}"
    path = f"/v1/cohorts/{cohort['id']}/pools"
    patch = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
    kept = await pool(world, cohort, "school", school, 2)
    for _ in range(2):
        await world.enrol(cohort, await world.educator())

    over = await world.post(path, {"kind": "language", "key": "kk", "seats": 1}, status=409)
    shrunk = await world.http.patch(venue, json={"capacity": 3}, headers=patch)
    fewer = await world.http.patch(venue, json={"capacity": 1}, headers=patch)
    own = await seated(world, cohort, await world.educator(school))
    one = await world.http.patch(f"{path}/{kept['id']}", json={"seats": 1}, headers=patch)
    none_left = await world.http.patch(f"{path}/{kept['id']}", json={"seats": 2}, headers=patch)
    cut = await world.http.patch(venue, json={"capacity": 3}, headers=patch)
    released = await world.post(f"{path}/{kept['id']}/release")
    again = await world.post(f"{path}/{kept['id']}/release", status=409)

    assert (over["code"], shrunk.json()["code"], fewer.json()["code"]) == (
        "pool_too_large",
        "seats_kept",
        "seats_taken",
    )
    assert own == ("confirmed", kept["id"])
    assert (one.status_code, one.json()["seats"], one.json()["free"]) == (200, 1, 0)
    assert (none_left.status_code, cut.status_code) == (200, 409)
    assert cut.json()["code"] == "seats_kept"
    assert (released["released"], released["taken"], again["code"]) == (True, 1, "pool_released")
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (seats["capacity"], seats["taken"], seats["free"]) == (4, 3, 1)


async def test_a_pool_of_the_whole_cohort_is_shared_out_by_free_seats(world: World) -> None:
    cohort = await world.cohort(venues=[60, 30, 10])
    kept = await pool(world, cohort, "district", ALMATY, 25)

    async with world.database.reading() as session:
        found = await session.execute(
            text(
                "SELECT venues.place, count(*) FROM seats JOIN venues ON venues.id = venue_id "
                "WHERE pool_id = :pool GROUP BY 1"
            ),
            {"pool": UUID(kept["id"])},
        )
        rows = {row[0]: row[1] for row in found}

    assert sum(rows.values()) == 25
    assert rows[1] == 15
    assert {rows[2], rows[3]} in ({8, 2}, {7, 3})


async def test_a_line_by_priority_is_served_in_its_order(world: World) -> None:
    cohort = await world.cohort(venues=[1], waiting_policy="priority")
    by_arrival = await world.cohort(venues=[0])
    held = await world.enrol(cohort, await world.educator())
    waiting = [await world.enrol(cohort, await world.educator()) for _ in range(3)]
    elsewhere = await world.enrol(by_arrival, await world.educator())
    body = {"priority": 10, "reason_code": "longest_without_training"}

    raised = await world.post(f"/v1/enrolments/{waiting[2]['id']}/priority", body)
    refused = await world.post(f"/v1/enrolments/{elsewhere['id']}/priority", body, status=409)
    seat = await world.post(f"/v1/enrolments/{held['id']}/priority", body, status=409)
    nameless = await world.post(
        f"/v1/enrolments/{waiting[1]['id']}/priority", {"priority": 5, "reason_code": "nothing_of_ours"}, status=422
    )
    line = await world.get(f"/v1/cohorts/{cohort['id']}/waiting-list", limit=2)
    rest = await world.get(f"/v1/cohorts/{cohort['id']}/waiting-list", limit=2, cursor=line["next_cursor"])
    await world.post(f"/v1/enrolments/{held['id']}/withdraw", {"reason_code": "illness"})

    assert (raised["position"], raised["priority"]) == (1, 10)
    assert (refused["code"], seat["code"], nameless["code"]) == ("waiting_by_arrival", "not_waiting", "reason_unknown")
    order = [entry["enrolment_id"] for entry in (*line["items"], *rest["items"])]
    assert order == [waiting[2]["id"], waiting[0]["id"], waiting[1]["id"]]
    assert (await world.get(f"/v1/enrolments/{waiting[2]['id']}"))["status"] == "offered"
    assert (await world.get(f"/v1/enrolments/{waiting[0]['id']}"))["position"] == 1


async def test_a_key_that_is_not_of_its_kind_is_refused(world: World) -> None:
    cohort = await world.cohort(venues=[5])
    path = f"/v1/cohorts/{cohort['id']}/pools"
    wrong = (("school", "№1"), ("school", SHYMKENT), ("district", "12"), ("category", "boss"), ("language", "KK"))

    codes = [
        (await world.post(path, {"kind": kind, "key": key, "seats": 1}, status=422))["errors"][0]["code"]
        for kind, key in wrong
    ]
    unknown = await world.post(
        path, {"kind": "school", "key": "0198c0de-0000-7000-8000-00000000dead", "seats": 1}, status=409
    )

    assert codes[1:] == ["pool_key_unfitting"] * 4
    assert unknown["code"] == "organisation_unknown"


async def test_a_rush_on_pools_sells_no_seat_twice_and_leaves_none_lying(world: World) -> None:
    school = await world.organisation()
    cohort = await world.cohort(venues=[8, 8])
    kept = await pool(world, cohort, "school", school, 6)
    people = [*await world.educators(20, school), *await world.educators(20)]
    mixed = [person for pair in zip(people[:20], people[20:], strict=True) for person in pair]

    async def come_and_perhaps_go(turn: int, person: str) -> None:
        body = {"cohort_id": cohort["id"], "educator_id": person}
        made = (await world.http.post("/v1/enrolments", json=body)).json()
        if turn % 4 == 0:
            await world.post(f"/v1/enrolments/{made['id']}/withdraw", {"reason_code": "illness"})

    async def release() -> None:
        await asyncio.sleep(0.3)
        await set_release(world, kept["id"], datetime.now(UTC))
        await release_due_pools(world.database)

    await asyncio.gather(*(come_and_perhaps_go(*one) for one in enumerate(mixed)), release())

    async with world.database.reading() as session:
        counted = await session.execute(
            text(
                "SELECT count(*) FILTER (WHERE NOT seats.free), count(*) FILTER (WHERE seats.free), "
                "count(*) FILTER (WHERE seats.free = (enrolments.id IS NOT NULL)), count(seats.pool_id) "
                "FROM seats JOIN venues ON venues.id = seats.venue_id "
                "LEFT JOIN enrolments ON enrolments.seat_id = seats.id WHERE venues.cohort_id = :cohort"
            ),
            {"cohort": UUID(cohort["id"])},
        )
        taken, free, leaked, still_kept = counted.one()
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (taken, free, leaked, still_kept) == (16, 0, 0, 0)
    assert seats["waiting"] == 40 - 10 - 16
