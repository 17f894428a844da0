"""Two replicas, one database, 200 people, 20 seats: no seat is sold twice, and the line keeps its order."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.cluster import Databases
from tests.support.replicas import Replicas, two_replicas

Json = dict[str, Any]


@pytest.fixture(scope="module")
async def replicas(
    databases: Databases, local_key_file: Path, token_for: Callable[..., str]
) -> AsyncIterator[Replicas]:
    """For all tests of this file: each has a cohort and people of its own."""
    async with two_replicas(databases, local_key_file, token_for) as replicas:
        yield replicas


@pytest.fixture
async def unlocked_replicas(
    databases: Databases, local_key_file: Path, token_for: Callable[..., str]
) -> AsyncIterator[Replicas]:
    """The same with the fault that looks at seats first and takes them later."""
    async with two_replicas(databases, local_key_file, token_for, TRAINING_SEAT_LOCKING="none") as replicas:
        yield replicas


async def test_of_200_at_once_20_get_seats_and_180_wait_in_order(replicas: Replicas) -> None:
    cohort = await replicas.world.cohort(venues=[20])
    people = await replicas.world.educators(200)

    answers = await replicas.enrol_all(cohort, people)

    assert {answer.status_code for answer in answers} == {201}
    bodies = [answer.json() for answer in answers]
    assert Counter(body["status"] for body in bodies) == {"confirmed": 20, "waitlisted": 180}
    assert sorted(body["seat"] for body in bodies if body["status"] == "confirmed") == list(range(1, 21))
    waiting = {body["position"]: body["educator_id"] for body in bodies if body["status"] == "waitlisted"}
    assert sorted(waiting) == list(range(1, 181))
    line = await replicas.rows(
        "SELECT e.educator_id::text, e.ticket, e.created_at FROM enrolments e "
        "WHERE e.cohort_id = $1 AND e.status = 'waitlisted' ORDER BY e.ticket",
        cohort["id"],
    )
    assert [row["educator_id"] for row in line] == [waiting[place] for place in range(1, 181)]
    seats = await replicas.world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (seats["capacity"], seats["taken"], seats["free"], seats["waiting"]) == (20, 20, 0, 180)


async def test_one_person_at_once_50_times_gets_one_seat(replicas: Replicas) -> None:
    cohort = await replicas.world.cohort(venues=[20])
    person = await replicas.world.educator()

    answers = await replicas.enrol_all(cohort, [person] * 50)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already_enrolled"}
    seats = await replicas.world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (seats["taken"], seats["waiting"]) == (1, 0)


async def test_one_person_at_once_in_12_overlapping_cohorts_gets_into_one(replicas: Replicas) -> None:
    host = await replicas.world.organisation()
    programme = await replicas.world.programme()
    cohorts = [await replicas.world.cohort(programme_id=programme, venues=[1], hosts=[host]) for _ in range(12)]
    person = await replicas.world.educator()

    answers = await asyncio.gather(
        *(
            replicas.clients[turn % 2].post("/v1/enrolments", json={"cohort_id": cohort["id"], "educator_id": person})
            for turn, cohort in enumerate(cohorts)
        )
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 11}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"double_booking"}


async def test_the_last_seat_is_won_by_exactly_one_of_two(replicas: Replicas) -> None:
    for _ in range(10):
        cohort = await replicas.world.cohort(venues=[1])
        answers = await replicas.enrol_all(cohort, await replicas.world.educators(2))

        assert Counter(answer.json()["status"] for answer in answers) == {"confirmed": 1, "waitlisted": 1}


async def test_seats_given_up_in_the_rush_go_to_the_line_and_none_is_lost(replicas: Replicas) -> None:
    cohort = await replicas.world.cohort(venues=[10])
    people = await replicas.world.educators(80)

    async def come_and_perhaps_go(turn: int, person: str) -> None:
        client = replicas.clients[turn % 2]
        body = {"cohort_id": cohort["id"], "educator_id": person}
        made = (await client.post("/v1/enrolments", json=body)).json()
        if turn % 3 == 0:
            left = await client.post(f"/v1/enrolments/{made['id']}/withdraw", json={"reason_code": "illness"})
            assert left.status_code == 200, left.text

    await asyncio.gather(*(come_and_perhaps_go(turn, person) for turn, person in enumerate(people)))

    held = await replicas.rows(
        "SELECT status, count(*) FROM enrolments WHERE cohort_id = $1 GROUP BY status", cohort["id"]
    )
    counted = {row["status"]: row["count"] for row in held}
    assert counted["withdrawn"] == 27
    assert counted.get("confirmed", 0) + counted.get("offered", 0) == 10
    assert counted["waitlisted"] == 80 - 27 - 10
    seats = await replicas.world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (seats["taken"], seats["free"], seats["waiting"]) == (10, 0, 43)
    passed = await replicas.rows(
        "SELECT count(*) FROM enrolments AS late JOIN enrolments AS early ON early.ticket < late.ticket "
        "WHERE early.status = 'waitlisted' AND late.status = 'offered' "
        "AND early.cohort_id = $1 AND late.cohort_id = $1",
        cohort["id"],
    )
    assert passed[0]["count"] == 0, "somebody was offered a seat before another who came earlier"


async def test_a_replica_killed_in_the_rush_loses_no_seat(replicas: Replicas) -> None:
    cohort = await replicas.world.cohort(venues=[20])
    people = await replicas.world.educators(60)

    async def insist(turn: int, person: str) -> Json:
        """As a caller does whose line breaks: again, with the same key, at the other replica."""
        body = {"cohort_id": cohort["id"], "educator_id": person}
        for attempt in range(40):
            client = replicas.clients[(turn + attempt) % 2]
            try:
                answer = await client.post("/v1/enrolments", json=body, headers={"Idempotency-Key": f"race-{turn}"})
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 201:
                made: Json = answer.json()
                return made
            await asyncio.sleep(0.2)
        raise AssertionError(f"never answered: {answer.text}")

    async def strike() -> None:
        await asyncio.sleep(0.4)
        replicas.processes[1].kill(signal.SIGKILL)
        await asyncio.sleep(0.4)
        replicas.processes[1].start()
        await replicas.processes[1].ready()

    *bodies, _ = await asyncio.gather(*(insist(turn, person) for turn, person in enumerate(people)), strike())

    counted = Counter(body["status"] for body in bodies if body is not None)
    assert counted == {"confirmed": 20, "waitlisted": 40}
    (kept,) = await replicas.rows(
        "SELECT count(*), count(DISTINCT seat_id) AS seats FROM enrolments WHERE cohort_id = $1", cohort["id"]
    )
    assert (kept["count"], kept["seats"]) == (60, 20)
    positions = sorted(body["position"] for body in bodies if body is not None and body["position"])
    assert positions == list(range(1, 41))


async def test_without_the_lock_the_index_refuses_and_without_both_seats_are_sold_twice(
    unlocked_replicas: Replicas,
) -> None:
    guarded, bare = await unlocked_replicas.world.cohort(venues=[20]), await unlocked_replicas.world.cohort(venues=[20])
    people = await unlocked_replicas.world.educators(300)

    refused = await unlocked_replicas.enrol_all(guarded, people[:100])
    await unlocked_replicas.rows("DROP INDEX uq_enrolments_seat_id")
    oversold = await unlocked_replicas.enrol_all(bare, people[100:])

    assert any(answer.status_code == 409 for answer in refused), "nobody collided: the fault does not bite"
    assert sum(answer.status_code == 201 and answer.json()["status"] == "confirmed" for answer in refused) <= 20
    confirmed = sum(answer.json()["status"] == "confirmed" for answer in oversold)
    assert confirmed > 20, "the race did not happen, so the tests above prove nothing"


async def test_seats_cannot_be_left_unlocked_where_there_is_an_issuer() -> None:
    from services.training_api.settings import TrainingSettings

    with pytest.raises(ValueError, match="in tests only"):
        TrainingSettings.model_validate(
            {
                "service": "training",
                "database_url": "postgresql://a@b/c",
                "seat_locking": "none",
                "oidc_issuer": "https://issuer.example",
                "local_key_file": None,
            }
        )
