"""Random sequences of reorganisations: every old id and number resolves, nothing is lost, all comes back."""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from sqlalchemy import text

import services.registry_api.models  # noqa: F401 -- tables refer to tables of other rooms
from services.registry_api.organisations import errors
from services.registry_api.organisations import service as organisations
from services.registry_api.reorganisations import digests
from services.registry_api.reorganisations import service as reorganisations
from shared.auth import Actor
from shared.db.engine import Database
from shared.db.sessions import ReadSession, WriteSession
from shared.errors import Problem
from shared.ids import new_id
from shared.schemas.registry.organisation_lists import ResolveScheme
from shared.schemas.registry.organisations import OrganisationCreate
from shared.schemas.registry.reorganisations import ReorganisationCreate, ReorganisationUndo
from tests.support.cluster import Databases
from tests.support.registry import ALATAU, AUEZOV, SHYMKENT, demo_number

SEQUENCES = int(os.environ.get("BILIM_HISTORIES", "60"))
"""`make storm` plays 200, and as many histories as it is told."""
SCHOOLS = 4
"""Of each sequence, at its beginning."""
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FIRST = date(2018, 9, 1)
ADMIN = Actor.of("admin", subject="test")
ORDER: TypeAdapter[Any] = TypeAdapter(ReorganisationCreate)
serials = count(20_000)
"""Numbers that were never given."""
moments = (NOON + minute * timedelta(minutes=1) for minute in count(1))
"""No two events share one."""

REFUSALS = {
    *("successor_among_predecessors", "successor_unknown", "transition_refused", "later_change_exists"),
    *("before_first_day", "nothing_changes", "parents_in_circle", "parent_unknown"),
}

KINDS = ("merge", "merge", "merge_new", "split", "part", "convert", "rename", "move", "close", "reopen", "undo")


@dataclass(frozen=True)
class Step:
    """Something that is tried: it happens, or is refused as a whole."""

    kind: str
    who: int
    whom: int
    later: int
    """Days after the one before."""


steps = st.builds(
    Step,
    kind=st.sampled_from(KINDS),
    who=st.integers(0, 5),
    whom=st.integers(0, 5),
    later=st.integers(0, 400),
)


@dataclass(frozen=True)
class Done:
    """An event that stands."""

    id: UUID
    touched: list[UUID]
    made: list[UUID]
    numbers: dict[str, UUID]
    """Given by it, and to whom."""


@dataclass
class World:
    """A few schools, and what happened to them."""

    schools: list[UUID]
    numbers: dict[str, UUID]
    done: list[Done] = field(default_factory=list)
    on: date = FIRST


@pytest.fixture(scope="module")
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with databases.database_for("registry") as url:
        database = Database(url, application_name="reorganisations")
        yield database
        await database.close()


@pytest.fixture(scope="module")
async def worlds(database: Database) -> Iterator[World]:
    """Every sequence has schools of its own, with observations, three memberships and a mentor among them."""
    numbers = [demo_number(serial) for serial in range(1, SEQUENCES * SCHOOLS + 1)]
    rows = [
        OrganisationCreate.model_validate(
            {
                "name": {"kk": f"№{place} мектеп", "ru": f"Школа № {place}"},
                "type": "school",
                "area": SHYMKENT,
                "valid_from": "2015-09-01",
                "identifiers": [{"scheme": "demo", "value": number}],
                "is_synthetic": True,
            }
        )
        for place, number in enumerate(numbers)
    ]
    async with database.writing() as session:
        made = await organisations.register_many(session, rows, actor=ADMIN, now=NOON)
        ids = [one for one in made.ids if one is not None]
        await furnish(session, ids)
    return (
        World(ids[first : first + SCHOOLS], dict(zip(numbers[first : first + SCHOOLS], ids[first:], strict=False)))
        for first in range(0, len(ids), SCHOOLS)
    )


async def furnish(session: WriteSession, ids: list[UUID]) -> None:
    recorded = {"ids": ids, "network": new_id(), "since": NOON}
    await session.execute(
        text(
            """
            INSERT INTO observations (id, organisation_id, indicator_id, period, period_end, value, status,
                source_system, source_ref, break_in_series, note, revision, recorded, recorded_by)
            SELECT uuidv7(), school.id, indicator.id, period, period_end, school.place, 'final', 'test',
                '', false, '', 1, tstzrange(:since, NULL), 'test'
            FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS school (id, place)
            CROSS JOIN (VALUES ('2018-2019', DATE '2019-08-31'), ('2021-2022', DATE '2022-08-31'),
                ('2025-2026', DATE '2026-08-31')) AS periods (period, period_end)
            JOIN indicators AS indicator ON indicator.code = 'SCH_TEXTBOOK_PROVISION'
            WHERE (place + extract(year FROM period_end)) % 3 > 0
            """
        ),
        recorded,
    )
    await session.execute(
        text(
            """
            INSERT INTO networks (id, code, kind, name_kk, name_ru, eligibility, version, created_at, updated_at)
            VALUES (:network, 'random', 'other', 'Желі', 'Сеть', '[]', 1, :since, :since)
            """
        ),
        recorded,
    )
    await session.execute(
        text(
            """
            INSERT INTO network_memberships (id, membership_id, network_id, organisation_id, role, mentor_id,
                granted_by, granted_on, trace, valid, recorded)
            SELECT uuidv7(), uuidv7(), :network, id, CASE WHEN place % 4 = 1 THEN 'leading' ELSE 'member' END,
                CASE WHEN place % 4 = 2 THEN next END, 'rule', DATE '2016-09-01', '[]', daterange('2016-09-01', NULL),
                tstzrange(:since, NULL)
            FROM (
                SELECT id, place, lead(id) OVER (ORDER BY place) AS next
                FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS one (id, place)
            ) AS school WHERE place % 4 > 0
            """
        ),
        recorded,
    )


def order(world: World, step: Step) -> dict[str, Any]:
    """What is asked for; some of it cannot be."""
    who = world.schools[step.who % len(world.schools)]
    whom = world.schools[step.whom % len(world.schools)]
    day = min(world.on + timedelta(days=step.later), date(2025, 9, 1))
    event = {"kind": step.kind, "on": day.isoformat(), "reason": "Random", "legal_basis": "Resolution 1"}
    match step.kind:
        case "merge":
            return {**event, "predecessors": [who], "successor": whom}
        case "merge_new":
            return {**event, "predecessors": list({who: None, whom: None}), "successor": new_school()}
        case "split":
            successors = [new_school(), new_school(parent_id=str(whom))]
            return {**event, "predecessor": who, "successors": successors, "heir": step.whom % 2}
        case "part":
            return {
                **event,
                "kind": "split",
                "predecessor": who,
                "successors": [new_school()],
                "predecessor_stays": True,
            }
        case "convert":
            number = {"scheme": "demo", "value": demo_number(next(serials))}
            return {**event, "organisation": who, "to": {"legal_form": f"F{step.whom}"}, "identifiers": [number]}
        case "rename":
            return {**event, "organisation": who, "name": {"ru": f"Школа-{step.whom}"}}
        case "move":
            return {**event, "organisation": who, "area": (ALATAU, AUEZOV, SHYMKENT)[step.whom % 3]}
        case _:
            return {**event, "organisation": who}


def new_school(**fields: Any) -> dict[str, Any]:
    serial = next(serials)
    name = {"kk": f"№{serial} мектеп", "ru": f"Школа № {serial}"}
    number = {"scheme": "demo", "value": demo_number(serial)}
    return {"name": name, "type": "school", "area": SHYMKENT, "identifiers": [number], **fields}


async def apply(database: Database, world: World, step: Step, now: datetime) -> None:
    asked = ORDER.validate_python(order(world, step))
    try:
        async with database.writing() as session:
            held = await reorganisations.hold(session, asked)
            done = await reorganisations.record(session, ADMIN, asked, held, now=now, secret=None)
            event = Done(done.id, done.organisations, list(done.created), dict(numbers_of(asked, done.created)))
    except Problem as problem:
        if problem.code in REFUSALS:
            return
        raise
    world.done.append(event)
    world.schools += event.made
    world.numbers |= event.numbers
    world.on = asked.on


def numbers_of(asked: Any, created: list[UUID]) -> Iterator[tuple[str, UUID]]:
    if asked.kind == "convert":
        yield asked.identifiers[0].value, asked.organisation
    successors = asked.successors if asked.kind == "split" else [asked.successor] if created else []
    for one, id_ in zip(successors, created, strict=True):
        yield one.identifiers[0].value, id_


async def undo(database: Database, world: World, now: datetime) -> None:
    event = world.done.pop()
    async with database.writing() as session:
        undone = await reorganisations.undo(session, ADMIN, event.id, ReorganisationUndo(reason="Revoked"), now=now)
        assert await digests.digest(session, undone.organisations) == undone.digest_before
    world.schools = [school for school in world.schools if school not in event.made]
    for number in event.numbers:
        del world.numbers[number]


async def everything(database: Database, schools: list[UUID]) -> str:
    async with database.reading() as session:
        return await digests.digest(session, schools)


async def totals(database: Database, schools: list[UUID]) -> tuple[list[tuple[Any, ...]], set[str]]:
    """Every value with its period, and whether there is a leading school on a day after all events."""
    async with database.reading() as session:
        values = await session.execute(
            text(
                "SELECT period, value FROM observations WHERE organisation_id = ANY (:ids) AND upper_inf(recorded) "
                "ORDER BY period, value"
            ),
            {"ids": schools},
        )
        roles = await session.execute(
            text(
                "SELECT DISTINCT role FROM network_memberships WHERE role = 'leading' AND "
                "organisation_id = ANY (:ids) AND upper_inf(recorded) AND valid @> DATE '2030-01-01'"
            ),
            {"ids": schools},
        )
        return [tuple(row) for row in values], {row.role for row in roles}


async def leads_to(
    session: ReadSession, scheme: ResolveScheme, value: str, now: datetime, ends: dict[str, set[str]]
) -> set[str]:
    """Who answers to an identifier at last, through all successors; each is asked for once."""
    if value not in ends:
        try:
            found = await organisations.resolve(session, scheme, value, actor=None, as_of=None, known_at=None, now=now)
            ends[value] = {str(found["organisation"]["id"])}
        except errors.Merged as merged:
            successors = str(merged.values["successors"]).split(",")
            through = [await leads_to(session, ResolveScheme.ID, one, now, ends) for one in successors]
            ends[value] = set[str]().union(*through)
    return ends[value]


@settings(
    max_examples=SEQUENCES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(taken=st.lists(steps, min_size=1, max_size=4))
async def test_random_sequences_lose_nothing_and_come_back(
    database: Database, worlds: Iterator[World], taken: list[Step]
) -> None:
    world = next(worlds)
    at_first = await everything(database, world.schools)
    conserved = await totals(database, world.schools)
    for step in taken:
        if step.kind != "undo":
            await apply(database, world, step, next(moments))
        elif world.done:
            await undo(database, world, next(moments))
    assert await totals(database, world.schools) == conserved

    now, ends = next(moments), dict[str, set[str]]()
    touched = {one for event in world.done for one in event.touched}
    async with database.reading() as session:
        for school in touched:
            assert await leads_to(session, ResolveScheme.ID, str(school), now, ends)
        for number, school in world.numbers.items():
            if school in touched:
                assert await leads_to(session, ResolveScheme.DEMO, number, now, ends) == ends[str(school)]

    while world.done:
        await undo(database, world, next(moments))
    assert await everything(database, world.schools) == at_first
    assert await totals(database, world.schools) == conserved
