"""What the rules refuse the database refuses too, and a cohort that hangs does not hang the others."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.support.cluster import driver_url
from tests.support.training import World


async def _run(url: str, statement: str, *arguments: Any) -> None:
    connection = await asyncpg.connect(driver_url(url))
    try:
        await connection.execute(statement, *arguments)
    finally:
        await connection.close()


_COPY = """
    INSERT INTO enrolments (id, cohort_id, venue_id, educator_id, organisation_id, seat_id, application, participation,
                            status, ticket, busy, version, created_at, updated_at)
    SELECT uuidv7(), cohort_id, {venue}, {educator}, organisation_id, {seat}, 'accepted', '{status}',
           '{status}', NULL, busy, 1, now(), now()
    FROM enrolments WHERE id = $1
"""


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"seat": "NULL", "status": "deferred"}, "uq_enrolments_live"),
        ({"educator": "$2::uuid"}, "uq_enrolments_seat_id"),
        ({"educator": "$2::uuid", "seat": "NULL"}, "ck_enrolments_seat_goes_with_status"),
        ({"educator": "$2::uuid", "seat": "NULL", "status": "waitlisted"}, "ck_enrolments_waiting_has_a_ticket"),
        ({"educator": "$2::uuid", "status": "withdrawn"}, "ck_enrolments_seat_goes_with_status"),
        (
            {"educator": "$2::uuid", "venue": "$3::uuid", "seat": "NULL", "status": "deferred"},
            "fk_enrolments_venue_id_cohort_id",
        ),
    ],
)
async def test_the_database_refuses_what_the_rules_refuse(
    world: World, training_database: str, change: dict[str, str], constraint: str
) -> None:
    cohort, other = await world.cohort(), await world.cohort()
    enrolment = await world.enrol(cohort, await world.educator())
    someone = await world.educator()
    parts = {"venue": "venue_id", "educator": "educator_id", "seat": "seat_id", "status": "confirmed", **change}
    statement = _COPY.format(**parts)
    arguments = [enrolment["id"], someone, other["venues"][0]][: statement.count("$")]

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await _run(training_database, statement, *arguments)

    assert refused.value.constraint_name == constraint


async def test_the_database_refuses_two_seats_on_the_same_days(world: World, training_database: str) -> None:
    one, other = await world.cohort(), await world.cohort()
    enrolment = await world.enrol(one, await world.educator())
    elsewhere = await world.enrol(other, await world.educator())

    with pytest.raises(asyncpg.ExclusionViolationError) as refused:
        await _run(
            training_database,
            "UPDATE enrolments SET educator_id = $2::uuid WHERE id = $1",
            elsewhere["id"],
            enrolment["educator_id"],
        )

    assert refused.value.constraint_name == "ex_enrolments_double_booking"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE enrolment_transitions SET actor = 'nobody'",
        "DELETE FROM enrolment_transitions",
        "INSERT INTO enrolment_transitions (enrolment_id, number, machine, action, from_status, to_status, actor,"
        " effective_on, recorded_at) SELECT id, 3, 'participation', 'accept', 'confirmed', 'finished', 'x', now(),"
        " now() FROM enrolments",
    ],
)
async def test_steps_are_only_added_and_only_those_of_the_table(
    world: World, training_database: str, statement: str
) -> None:
    await world.enrol(await world.cohort(), await world.educator())

    with pytest.raises(asyncpg.CheckViolationError):
        await _run(training_database, statement)


async def test_a_cohort_whose_rows_somebody_holds_leaves_the_others_alone(world: World, training_database: str) -> None:
    stuck, free = await world.cohort(), await world.cohort()
    people = await world.educators(12)
    holder = await asyncpg.connect(driver_url(training_database))
    async with asyncio.TaskGroup() as group:
        held = holder.transaction()
        await held.start()
        await holder.execute("SELECT 1 FROM venues WHERE cohort_id = $1 FOR UPDATE", stuck["id"])
        waiting = [
            group.create_task(world.http.post("/v1/enrolments", json={"cohort_id": stuck["id"], "educator_id": person}))
            for person in people[:11]
        ]
        await asyncio.sleep(0.5)

        async with asyncio.timeout(2):
            enrolled = await world.enrol(free, people[11])
            seats = await world.get(f"/v1/cohorts/{stuck['id']}/seats")
        still_waiting = sum(not task.done() for task in waiting)
        await held.rollback()
    await holder.close()

    assert enrolled["status"] == "confirmed"
    assert seats["free"] == 20
    assert still_waiting == 11
    assert {task.result().status_code for task in waiting} <= {201, 503}


async def test_the_database_refuses_a_room_and_a_trainer_twice_and_hours_that_are_not_the_session_s(
    world: World, training_database: str
) -> None:
    host = await world.organisation()
    cohort = await world.cohort(hosts=[host])
    room = await world.post("/v1/rooms", {"organisation_id": host, "name": "1", "seats": 20})
    guest = {"provider_id": world.provider_id, "display_name": "Үлгі Мысал", "consent_public": True}
    trainer = await world.post("/v1/trainers", guest)
    times = (("09:00", "11:00"), ("10:00", "12:00"), ("12:00", "13:00"))
    path = f"/v1/cohorts/{cohort['id']}/sessions"
    made = [
        await world.post(path, {"held_on": "2030-01-05", "starts_at": begins, "ends_at": ends})
        for begins, ends in times
    ]
    first, clash, later = (one["id"] for one in made)
    in_room = "UPDATE course_sessions SET room_id = $2::uuid, venue_id = $3::uuid WHERE id = $1::uuid"
    teaches = "INSERT INTO session_trainers SELECT id, $2::uuid, busy FROM course_sessions WHERE id = $1::uuid"
    await _run(training_database, in_room, first, room["id"], cohort["venues"][0])
    await _run(training_database, teaches, first, trainer["id"])
    await _run(training_database, teaches, later, trainer["id"])

    refused = {}
    for name, statement, arguments in (
        ("room", in_room, (clash, room["id"], cohort["venues"][0])),
        ("trainer", teaches, (clash, trainer["id"])),
        ("moved", "UPDATE course_sessions SET starts_at = '10:30' WHERE id = $1::uuid", (later,)),
        (
            "hours",
            "UPDATE session_trainers SET busy = tstzrange('2031-01-01', NULL) WHERE session_id = $1::uuid",
            (later,),
        ),
        ("no venue", "UPDATE course_sessions SET venue_id = NULL WHERE id = $1::uuid", (first,)),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as error:
            await _run(training_database, statement, *arguments)
        refused[name] = error.value.constraint_name

    assert refused == {
        "room": "ex_course_sessions_room_taken",
        "trainer": "ex_session_trainers_trainer_taken",
        "moved": "ex_session_trainers_trainer_taken",
        "hours": "fk_session_trainers_session_id_busy",
        "no venue": "ck_course_sessions_room_is_at_a_venue",
    }
