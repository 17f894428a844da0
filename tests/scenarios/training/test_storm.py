"""Fifty callers over two replicas do as they like, thousands of times: the books of the service and theirs agree.

`make storm` does so ten thousand times.
"""

import asyncio
import os
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.training_api.enrolments import service as enrolments
from shared import clock
from shared.db.engine import Database
from tests.support.cluster import Databases
from tests.support.replicas import Replicas, two_replicas

CALLERS = 50
OPERATIONS = int(os.environ.get("BILIM_STORM_OPERATIONS", "1000"))
VENUES, SEATS, PEOPLE_OF_A_CALLER = 2, 100, 12
HELD = "('offered', 'confirmed', 'started')"
Json = dict[str, Any]


@dataclass
class Books:
    """What callers were answered: what they did, how often, and where they left each enrolment."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    left: dict[str, str] = field(default_factory=dict)


@dataclass
class Storm:
    """One cohort, and people who come and go in it."""

    replicas: Replicas
    clients: list[httpx.AsyncClient]
    database: Database
    cohort: Json
    people: list[str]
    books: Books = field(default_factory=Books)

    async def rage(self, operations: int) -> None:
        """All callers at once, each with people of its own, and somebody who raises and lowers capacities."""
        each = operations // CALLERS
        async with asyncio.TaskGroup() as group:
            for number in range(CALLERS):
                people = self.people[number * PEOPLE_OF_A_CALLER : (number + 1) * PEOPLE_OF_A_CALLER]
                group.create_task(self._call(number, people, each))

    async def _call(self, number: int, people: list[str], operations: int) -> None:
        chance = random.Random(number)
        client = self.clients[number % 2]
        enrolled: dict[str, str] = {}
        for _ in range(operations):
            if chance.random() < 0.04:
                await self._resize(client, chance)
                continue
            person = chance.choice(people)
            if person not in enrolled:
                await self._enrol(client, person, enrolled, chance)
            else:
                await self._answer(client, person, enrolled, chance)

    async def _enrol(
        self, client: httpx.AsyncClient, person: str, enrolled: dict[str, str], chance: random.Random
    ) -> None:
        body = {"cohort_id": self.cohort["id"], "educator_id": person}
        if chance.random() < 0.8:
            body["venue_id"] = chance.choice(self.cohort["venues"])
        made = await client.post("/v1/enrolments", json=body)
        if self._book("enrol", made):
            enrolled[person] = made.json()["id"]
            self.books.left[enrolled[person]] = made.json()["status"]

    async def _answer(
        self, client: httpx.AsyncClient, person: str, enrolled: dict[str, str], chance: random.Random
    ) -> None:
        """Who has a seat gives it up; who waits leaves, or answers an offer that may not have come."""
        enrolment_id = enrolled[person]
        action = "withdraw"
        if self.books.left[enrolment_id] == "waitlisted":
            action = chance.choice(["accept", "accept", "decline", "expire", "withdraw", "withdraw"])
        if action == "expire":
            until = clock.now() + timedelta(days=30)
            async with self.database.writing() as session:
                ended = await enrolments.expire(session, UUID(enrolment_id), now=until)
            self.books.done["expire"] += ended
            if ended:
                self.books.left[enrolled.pop(person)] = "offer_expired"
            return
        body = {"reason_code": "illness"} if action == "withdraw" else {}
        answer = await client.post(f"/v1/enrolments/{enrolment_id}/{action}", json=body)
        if self._book(action, answer):
            self.books.left[enrolment_id] = answer.json()["status"]
            if action != "accept":
                del enrolled[person]

    async def _resize(self, client: httpx.AsyncClient, chance: random.Random) -> None:
        venue = chance.choice(self.cohort["venues"])
        address = f"/v1/cohorts/{self.cohort['id']}/venues/{venue}"
        body = {"capacity": SEATS + chance.randint(-20, 20)}
        self._book("resize", await client.patch(address, json=body, headers={"If-Match": "*"}))

    def _book(self, action: str, answer: httpx.Response) -> bool:
        """Note what was answered; anything but a success or a refusal with its reason is a fault."""
        if answer.is_success:
            self.books.done[action] += 1
            return True
        assert answer.status_code in (409, 503), f"{action}: {answer.status_code} {answer.text}"
        self.books.refused[f"{action} {answer.json()['code']}"] += 1
        return False


@dataclass
class Audit:
    """What the database says of the seats of one cohort, at one moment."""

    seats_with_two: int
    more_than_capacity: int
    taken_by_nobody: int
    held_but_free: int
    free_while_some_wait: int

    @property
    def faults(self) -> int:
        """How many there are, of every kind."""
        return sum(vars(self).values())


async def audit(replicas: Replicas, cohort: Json) -> Audit:
    """One statement, and so one moment."""
    (row,) = await replicas.rows(
        f"""
        WITH held AS (
            SELECT seat_id, venue_id, count(*) AS people FROM enrolments
            WHERE cohort_id = $1 AND seat_id IS NOT NULL GROUP BY seat_id, venue_id
        ), places AS (
            SELECT venues.id, venues.capacity,
                   (SELECT count(*) FROM enrolments
                    WHERE enrolments.venue_id = venues.id AND status IN {HELD}) AS sold,
                   (SELECT count(*) FROM seats WHERE seats.venue_id = venues.id AND free) AS free,
                   (SELECT count(*) FROM enrolments
                    WHERE enrolments.venue_id = venues.id AND status = 'waitlisted') AS waiting
            FROM venues WHERE cohort_id = $1
        ), chairs AS (
            SELECT seats.id, seats.free FROM seats JOIN venues ON venues.id = seats.venue_id
            WHERE venues.cohort_id = $1
        )
        SELECT (SELECT count(*) FROM held WHERE people > 1) AS seats_with_two,
               (SELECT count(*) FROM places WHERE sold > capacity) AS more_than_capacity,
               (SELECT count(*) FROM chairs LEFT JOIN held ON held.seat_id = chairs.id
                WHERE NOT chairs.free AND held.seat_id IS NULL) AS taken_by_nobody,
               (SELECT count(*) FROM chairs JOIN held ON held.seat_id = chairs.id
                WHERE chairs.free) AS held_but_free,
               (SELECT count(*) FROM places WHERE free > 0 AND waiting > 0) AS free_while_some_wait
        """,
        cohort["id"],
    )
    return Audit(**row)


@pytest.fixture
async def storm(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[Storm]:
    """Two replicas that lock seats as they should."""
    async with two_replicas(databases, local_key_file, token_for) as replicas, _gathering(replicas) as storm:
        yield storm


@pytest.fixture
async def careless(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[Storm]:
    """The same with the lock switched off, and without the index that would refuse what follows from it."""
    async with two_replicas(databases, local_key_file, token_for, TRAINING_SEAT_LOCKING="none") as replicas:
        await replicas.rows("DROP INDEX uq_enrolments_seat_id")
        async with _gathering(replicas) as storm:
            yield storm


@asynccontextmanager
async def _gathering(replicas: Replicas) -> AsyncIterator[Storm]:
    # Lines are kept open, and let go before the server would drop them.
    limits = httpx.Limits(max_connections=CALLERS, max_keepalive_connections=CALLERS, keepalive_expiry=2)
    cohort = await replicas.world.cohort(venues=[SEATS] * VENUES)
    people = await replicas.world.educators(CALLERS * PEOPLE_OF_A_CALLER)
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=one.base_url, headers=one.headers, timeout=120, limits=limits)
            )
            for one in replicas.clients
        ]
        yield Storm(replicas, clients, replicas.world.database, cohort, people)


async def test_of_a_thousand_operations_and_more_none_sells_a_seat_twice_or_loses_one(storm: Storm) -> None:
    seen: list[Audit] = []

    async def watch() -> None:
        while True:
            seen.append(await audit(storm.replicas, storm.cohort))
            await asyncio.sleep(0.2)

    watching = asyncio.create_task(watch())
    await storm.rage(OPERATIONS)
    watching.cancel()
    seen.append(await audit(storm.replicas, storm.cohort))

    assert {one.faults for one in seen} == {0}, [one for one in seen if one.faults][:3]
    assert len(seen) > 2
    assert not [code for code in storm.books.refused if "503" in code or "internal" in code]
    told = Counter(
        {
            row["action"]: row["count"]
            for row in await storm.replicas.rows(
                "SELECT action, count(*) FROM enrolment_transitions JOIN enrolments ON enrolments.id = enrolment_id "
                "WHERE cohort_id = $1 AND action IN ('accept', 'decline', 'withdraw', 'expire') GROUP BY action",
                storm.cohort["id"],
            )
        }
    )
    assert told == Counter({action: storm.books.done[action] for action in told}), "the books differ"
    assert min(storm.books.done[action] for action in ("enrol", "accept", "decline", "withdraw", "expire", "resize"))
    kept = {
        str(row["id"]): row["status"]
        for row in await storm.replicas.rows(
            "SELECT id, status FROM enrolments WHERE cohort_id = $1", storm.cohort["id"]
        )
    }
    assert set(kept) == set(storm.books.left), "an enrolment that nobody was told of, or one that is gone"
    moved = {(storm.books.left[one], status) for one, status in kept.items() if storm.books.left[one] != status}
    assert moved <= {("waitlisted", "offered")}, "only the line moves by itself"
    assert await _out_of_turn(storm) == []


async def test_with_the_lock_switched_off_the_same_storm_is_found_out(careless: Storm) -> None:
    faults = 0
    for _ in range(4):
        await careless.rage(1_000)
        found = await audit(careless.replicas, careless.cohort)
        faults += found.seats_with_two + found.more_than_capacity + found.taken_by_nobody + found.held_but_free
        if faults:
            break

    assert faults, "nothing went wrong without the lock, so the test above proves nothing"


async def _out_of_turn(storm: Storm) -> list[str]:
    """Offers that were made while somebody who came earlier waited, by the feed's own order of what happened."""
    tickets = {
        str(row["id"]): row["ticket"]
        for row in await storm.replicas.rows(
            "SELECT id, ticket FROM enrolments WHERE cohort_id = $1", storm.cohort["id"]
        )
    }
    waiting: dict[str, set[int]] = defaultdict(set)
    wrong: list[str] = []
    for kind, data in await _changes(storm):
        ticket, line = tickets.get(data["id"]), waiting[data["venue_id"]]
        if ticket is None:
            continue
        if kind == "enrolment.waitlisted":
            line.add(ticket)
            continue
        if kind == "enrolment.offered" and ticket != min(line):
            wrong.append(f"{ticket} before {min(line)}")
        line.discard(ticket)
    return wrong


async def _changes(storm: Storm) -> list[tuple[str, Json]]:
    found, after = [], 0
    client = storm.clients[0]
    while True:
        page = (await client.get("/v1/changes", params={"after": after, "limit": 1000})).json()
        found += [(one["kind"], one["data"]) for one in page["items"] if one["subject"] == "enrolment"]
        if not page["items"]:
            return found
        after = page["next_after"]
