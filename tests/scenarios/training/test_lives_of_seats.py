"""Whatever people do with the seats of a course, one call after another, ends as a model on paper says.

`make storm` plays two hundred lives of fifty steps.
"""

import asyncio
import itertools
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.training_api.enrolments import repository
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.repository import Behind
from services.training_api.enrolments.service import steps
from services.training_api.seats import service as seats
from shared.db.engine import Database
from tests.support import apps
from tests.support.cluster import Databases, driver_url
from tests.support.training import World

RUNS = int(os.environ.get("BILIM_MODEL_RUNS", "8"))
STEPS = 50
PEOPLE = 9
HOLDING = {"offered", "confirmed"}
LIVE = HOLDING | {"waitlisted", "deferred"}
BEFORE = {
    "accept": {"offered"},
    "decline": {"offered"},
    "withdraw": LIVE,
    "defer": {"waitlisted", "confirmed"},
    "resume": {"deferred"},
}
"""From which states a command is taken; from all others it is refused."""
Json = dict[str, Any]
T = TypeVar("T")


@dataclass
class Place:
    """One venue on paper: so many seats, and who waits, in order."""

    capacity: int
    line: list[int] = field(default_factory=list)


@dataclass
class Paper:
    """The model: what ought to be, with neither database nor service."""

    places: list[Place]
    status: dict[int, str] = field(default_factory=dict)
    place_of: dict[int, int] = field(default_factory=dict)

    def taken(self, place: int) -> int:
        return sum(self.status[one] in HOLDING for one, there in self.place_of.items() if there == place)

    def free(self, place: int) -> int:
        return self.places[place].capacity - self.taken(place)

    def come(self, person: int, place: int) -> None:
        """A seat if one is free, else the end of the line."""
        seated = self.free(place) > 0
        self.place_of[person], self.status[person] = place, "confirmed" if seated else "waitlisted"
        if not seated:
            self.places[place].line.append(person)

    def go(self, person: int, status: str) -> None:
        """Out of the seat or the line, and the next one gets an offer."""
        place = self.place_of[person]
        if person in self.places[place].line:
            self.places[place].line.remove(person)
        self.status[person] = status
        self.promote(place)

    def move(self, person: int, place: int) -> None:
        former = self.place_of[person]
        if person in self.places[former].line:
            self.places[former].line.remove(person)
        self.come(person, place)
        self.promote(former)

    def promote(self, place: int) -> None:
        while self.places[place].line and self.free(place) > 0:
            self.status[self.places[place].line.pop(0)] = "offered"


class Stage:
    """The real app in memory on a real database, called from tests that know no event loop."""

    def __init__(self, runner: asyncio.Runner, world: World, connection: "asyncpg.Connection[Any]") -> None:
        self._runner = runner
        self.world = world
        self.connection = connection
        self.people: list[str] = []
        self.hosts: list[str] = []
        self.programme = ""
        self._years = itertools.count()

    def run(self, work: Awaitable[T]) -> T:
        async def wait() -> T:
            return await work

        return self._runner.run(wait())

    async def prepare(self) -> None:
        self.programme = await self.world.programme()
        self.hosts = await self.world.organisations(2)
        self.people = await self.world.educators(PEOPLE)

    def cohort(self, capacities: list[int]) -> Json:
        """On days of its own, so that nobody is booked twice by an earlier run."""
        first = date(2100, 1, 1) + timedelta(days=2 * next(self._years))
        return self.run(
            self.world.cohort(programme_id=self.programme, hosts=self.hosts, venues=capacities, first=first, last=first)
        )


@pytest.fixture(scope="module")
def stage(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> Iterator[Stage]:
    """For all tests of this file."""

    async def open_stage(stack: AsyncExitStack) -> "tuple[World, asyncpg.Connection[Any]]":
        url = await stack.enter_async_context(databases.database_for("training"))
        app = apps.build_app("training", {"TRAINING_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)})
        await stack.enter_async_context(apps.running(app))
        client = await stack.enter_async_context(apps.client_for(app))
        client.headers["Authorization"] = f"Bearer {token_for('admin')}"
        world = World(client, app.state.database, token_for)
        await world.begin()
        connection = await asyncpg.connect(driver_url(url))
        stack.push_async_callback(connection.close)
        return world, connection

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            world, connection = runner.run(open_stage(stack))
            stage = Stage(runner, world, connection)
            stage.run(stage.prepare())
            yield stage
        finally:
            runner.run(stack.aclose())


people = st.integers(0, PEOPLE - 1)
venues = st.integers(0, 1)


class Seats(RuleBasedStateMachine):
    """Calls of the service, each done on paper too; after each the two agree."""

    stage: Stage
    """Set by the test."""

    @initialize(first=st.integers(0, 3), second=st.integers(0, 2))
    def open(self, first: int, second: int) -> None:
        self.paper = Paper([Place(first), Place(second)])
        self.cohort = self.stage.cohort([first, second])
        self.enrolment: dict[int, str] = {}

    @rule(person=people, venue=venues)
    def enrol(self, person: int, venue: int) -> None:
        body = {
            "cohort_id": self.cohort["id"],
            "educator_id": self.stage.people[person],
            "venue_id": self.cohort["venues"][venue],
        }
        answer = self._post("/v1/enrolments", body)
        if self.paper.status.get(person) in LIVE:
            assert (answer.status_code, answer.json()["code"]) == (409, "already_enrolled")
            return
        assert answer.status_code == 201, answer.text
        self.paper.come(person, venue)
        self.enrolment[person] = answer.json()["id"]
        assert answer.json()["status"] == self.paper.status[person]

    @precondition(lambda self: self.enrolment)
    @rule(person=people, action=st.sampled_from(sorted(BEFORE)))
    def command(self, person: int, action: str) -> None:
        if person not in self.enrolment:
            return
        answer = self._post(f"/v1/enrolments/{self.enrolment[person]}/{action}", {"reason_code": "illness"})
        if self.paper.status[person] not in BEFORE[action]:
            assert answer.status_code == 409, f"{action} from {self.paper.status[person]}: {answer.text}"
            return
        assert answer.status_code == 200, answer.text
        if action == "accept":
            self.paper.status[person] = "confirmed"
        elif action == "resume":
            self.paper.come(person, self.paper.place_of[person])
        else:
            self.paper.go(person, {"decline": "declined", "withdraw": "withdrawn", "defer": "deferred"}[action])

    @precondition(lambda self: "offered" in self.paper.status.values())
    @rule(data=st.data())
    def time_runs_out(self, data: st.DataObject) -> None:
        offered = sorted(person for person, status in self.paper.status.items() if status == "offered")
        person = data.draw(st.sampled_from(offered))
        enrolment_id = self.enrolment[person]
        shown = self.stage.run(self.stage.world.get(f"/v1/enrolments/{enrolment_id}"))
        until = datetime.fromisoformat(shown["offer_expires_at"])

        assert not self.stage.run(_expire(self.stage.world.database, enrolment_id, until - timedelta(seconds=1)))
        assert self.stage.run(_expire(self.stage.world.database, enrolment_id, until))
        self.paper.go(person, "offer_expired")

    @precondition(lambda self: self.enrolment)
    @rule(person=people, venue=venues)
    def transfer(self, person: int, venue: int) -> None:
        if person not in self.enrolment:
            return
        body = {"cohort_id": self.cohort["id"], "venue_id": self.cohort["venues"][venue], "reason_code": "workload"}
        answer = self._post(f"/v1/enrolments/{self.enrolment[person]}/transfer", body)
        if self.paper.status[person] not in LIVE or self.paper.place_of[person] == venue:
            assert answer.status_code in (409, 422), answer.text
            return
        assert answer.status_code == 201, answer.text
        self.paper.move(person, venue)
        self.enrolment[person] = answer.json()["id"]

    @rule(venue=venues, capacity=st.integers(0, 5))
    def resize(self, venue: int, capacity: int) -> None:
        path = f"/v1/cohorts/{self.cohort['id']}/venues/{self.cohort['venues'][venue]}"
        answer = self.stage.run(
            self.stage.world.http.patch(path, json={"capacity": capacity}, headers={"If-Match": "*"})
        )
        if capacity < self.paper.taken(venue):
            assert (answer.status_code, answer.json()["code"]) == (409, "seats_taken")
            return
        assert answer.status_code == 200, answer.text
        self.paper.places[venue].capacity = capacity
        self.paper.promote(venue)

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "enrolment"):
            return
        rows = self.stage.run(self.stage.connection.fetch(_AS_KEPT, UUID(self.cohort["id"])))
        kept = {row["id"]: row for row in rows if row["id"]}
        person_of = {enrolment_id: person for person, enrolment_id in self.enrolment.items()}
        assert {one: kept[one]["status"] for one in person_of} == {
            one: self.paper.status[person] for one, person in person_of.items()
        }
        for number, place in enumerate(self.paper.places):
            here = [row for row in rows if row["venue"] == self.cohort["venues"][number]]
            line = [person_of[row["id"]] for row in here if row["status"] == "waitlisted"]
            assert line == place.line, "the order of the line"
            assert sum(row["seated"] for row in here) == self.paper.taken(number)
            assert (here[0]["seats"], here[0]["free"]) == (place.capacity, self.paper.free(number)), "lost seats"

    def _post(self, path: str, body: Json) -> httpx.Response:
        return self.stage.run(self.stage.world.http.post(path, json=body))


_AS_KEPT = """
    SELECT enrolments.id::text, status, venues.id::text AS venue, seat_id IS NOT NULL AS seated, seats, free
    FROM venues
    CROSS JOIN LATERAL (
        SELECT count(*) AS seats, count(*) FILTER (WHERE free) AS free FROM seats WHERE venue_id = venues.id
    ) AS counted
    LEFT JOIN enrolments ON enrolments.venue_id = venues.id
    WHERE venues.cohort_id = $1
    ORDER BY ticket
"""
"""Venues with their seats, and who was ever there, in the order of the line."""


async def _expire(database: Database, enrolment_id: str, now: datetime) -> bool:
    async with database.writing() as session:
        return await enrolments.expire(session, UUID(enrolment_id), now=now)


def _play(stage: Stage, *, runs: int, phases: tuple[Phase, ...]) -> None:
    class Played(Seats):
        pass

    Played.stage = stage
    run_state_machine_as_test(
        Played,
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_lives_of_50_steps_end_as_on_paper(stage: Stage) -> None:
    _play(stage, runs=RUNS, phases=(Phase.generate,))


async def _nothing(*_: object, **__: object) -> None:
    return None


async def _the_last_of_the_line(session: Any, venue_id: UUID, **_: object) -> tuple[UUID, Behind] | None:
    found = following = await _FIRST_WAITING(session, venue_id)
    while following is not None:
        found, following = following, await _FIRST_WAITING(session, venue_id, behind=following[1])
    return found


_FIRST_WAITING = repository.first_waiting


@pytest.mark.parametrize(
    ("module", "name", "fault"),
    [
        (seats, "give_back", _nothing),
        (steps, "fill", _nothing),
        (repository, "first_waiting", _the_last_of_the_line),
    ],
    ids=["who leaves keeps the seat", "nobody is promoted", "the last of the line is promoted"],
)
def test_a_planted_fault_is_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Callable[..., Any]
) -> None:
    monkeypatch.setattr(module, name, fault)

    with pytest.raises(AssertionError):
        _play(stage, runs=40, phases=(Phase.generate,))
