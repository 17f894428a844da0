"""Thousands of organisations at once: what rows would change, and changing it in one transaction."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.organisations import errors, identifiers, repository, rules
from services.registry_api.organisations.repository import bulk
from services.registry_api.organisations.service.planning import Difference, Plan, State, Work, plan_change, plan_new
from services.registry_api.organisations.service.telling import tell_many
from services.registry_api.rows import RowRefusal
from shared import audit
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.schemas.registry.organisation_words import OrganisationStatus
from shared.schemas.registry.organisations import OrganisationCreate

_BREATH = 100
"""So many rows are worked on before others get their turn."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What rows did, or would do; by the places of the rows, from 0."""

    refusals: list[RowRefusal] = field(default_factory=list)
    """If there are any, nothing was written."""
    ids: list[UUID | None] = field(default_factory=list)
    """The organisation of each row; None for a refused row, and for a new one in a dry run."""
    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    differences: dict[int, list[Difference]] = field(default_factory=dict)
    """Of each changed row, what it says otherwise than it was known."""


async def register_many(
    session: WriteSession,
    rows: Sequence[OrganisationCreate],
    *,
    actor: Actor,
    now: datetime,
    secret: bytes | None = None,
    dry_run: bool = False,
    numbers: Sequence[int] | None = None,
    spoken_of: Mapping[UUID, int] = MappingProxyType({}),
) -> Registration:
    """Register what is new and change what is different: all rows or, when one is refused, none.

    A row is known again by its identifiers, so each needs at least one. Only the fields a row was given count
    (`model_fields_set`), from its `valid_from` or today on. The same rows twice change nothing.

    A file comes in portions: `numbers` tells how the file counts these rows (from 1 where it is left out), `spoken_of`
    which row of an earlier portion spoke of an organisation already: a second one is refused as a repetition.
    """
    today = day_in_kazakhstan(now)
    await bulk.lock_registration(session)
    refusals: list[RowRefusal] = []
    counted = numbers or range(1, len(rows) + 1)
    works = list(_checked(rows, secret, refusals, counted))
    await _find_owners(session, works, refusals, counted, spoken_of)
    owned = sorted({work.owner for work in works if work.owner is not None})
    await bulk.lock(session, owned)
    timelines = await bulk.timelines(session, owned)
    held = await bulk.identifiers(session, owned)
    await _check_places(session, works, timelines, refusals, actor=actor, today=today)
    plan, outcome = Plan(), Registration(refusals=refusals, ids=[None] * len(rows))
    for done, work in enumerate(works):
        if done % _BREATH == 0:
            await asyncio.sleep(0)  # others are waiting for answers in this process
        if work.owner is None:
            outcome.created.append(work.place)
            outcome.ids[work.place] = plan_new(plan, work, today=today)
            continue
        outcome.ids[work.place] = work.owner
        try:
            found = plan_change(plan, work, timelines[work.owner], held.get(work.owner, []), today=today)
        except Problem as problem:
            refusals.append(RowRefusal(work.place, "", problem))
            continue
        (outcome.changed if found else outcome.unchanged).append(work.place)
        if found:
            outcome.differences[work.place] = found
    if refusals:
        refusals.sort(key=lambda refusal: refusal.row)
        return Registration(refusals=refusals, ids=[None] * len(rows))
    if dry_run:
        for place in outcome.created:
            outcome.ids[place] = None
        return outcome
    if plan.events:
        await _write(session, plan, now=now)
        await audit.note(
            session,
            action="register_many",
            resource_type="organisation",
            resource_id="many",
            created=len(outcome.created),
            changed=len(outcome.changed),
            unchanged=len(outcome.unchanged),
        )
    return outcome


async def undo_many(
    session: WriteSession,
    *,
    created: Sequence[UUID],
    changed: Sequence[UUID],
    registered_at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    """Take back what one `register_many` did at `registered_at` (its `now`): what it created was created in error,
    what it changed is again as it was.

    Raises `NothingToUndo` where something newer stands on it, `InUse` where others lean on what it created.
    """
    ids = sorted({*created, *changed})
    identities = await bulk.lock(session, ids)
    if any(identity["updated_at"] != registered_at for identity in identities.values()):
        raise errors.NothingToUndo()
    if await bulk.leant_on(session, list(created)):
        raise errors.InUse()
    states, closed_states, held, closed_held = await bulk.written_since(session, ids, registered_at)
    await _demand_all(session, actor, states, today=day_in_kazakhstan(now))
    plan = Plan(
        closed_states=[state["id"] for rows in states.values() for state in rows],
        states=[
            {**state, "status": OrganisationStatus.CREATED_IN_ERROR.value} for id_ in created for state in states[id_]
        ]
        + [state for id_ in changed for state in closed_states.get(id_, ())],
        closed_identifiers=[row["id"] for rows in held.values() for row in rows],
        identifiers=[row for id_ in changed for row in closed_held.get(id_, ())],
        events=[("organisation.deleted", id_) for id_ in created] + [("organisation.changed", id_) for id_ in changed],
    )
    await _write(session, plan, now=now)
    await audit.note(
        session,
        action="undo_register_many",
        resource_type="organisation",
        resource_id="many",
        withdrawn=len(created),
        restored=len(changed),
    )


def _checked(
    rows: Sequence[OrganisationCreate], secret: bytes | None, refusals: list[RowRefusal], counted: Sequence[int]
) -> Iterator[Work]:
    seen: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows):
        before = len(refusals)
        schemes = [identifier.scheme for identifier in row.identifiers]
        refusals += (RowRefusal(place, at, fault) for at, fault in rules.faults(row, schemes))
        if not row.identifiers:
            refusals.append(RowRefusal(place, "/identifiers", errors.IdentifierNeeded()))
        checked: list[identifiers.Checked] = []
        for number, identifier in enumerate(row.identifiers):
            pointer = f"/identifiers/{number}/value"
            try:
                one = identifiers.check(identifier.scheme, identifier.value, secret=secret)
            except Problem as problem:
                refusals.append(RowRefusal(place, pointer, problem))
                continue
            first = seen.setdefault((one.scheme.value, one.key), place)
            if first != place:
                refusals.append(RowRefusal(place, pointer, errors.RowRepeated(first_row=counted[first])))
            checked.append(one)
        if len(refusals) == before:
            yield Work(place, row, checked)


async def _find_owners(
    session: WriteSession,
    works: list[Work],
    refusals: list[RowRefusal],
    counted: Sequence[int],
    spoken_of: Mapping[UUID, int],
) -> None:
    keys = [(one.scheme.value, one.key) for work in works for one in work.identifiers]
    owners = await bulk.owners(session, keys)
    first_of: dict[UUID, int] = dict(spoken_of)
    for work in list(works):
        found = {owners[key] for one in work.identifiers if (key := (one.scheme.value, one.key)) in owners}
        if len(found) > 1:
            refusals.append(RowRefusal(work.place, "/identifiers", errors.IdentifiersDisagree()))
            works.remove(work)
        elif found:
            work.owner = found.pop()
            first = first_of.setdefault(work.owner, counted[work.place])
            if first != counted[work.place]:
                refusals.append(RowRefusal(work.place, "/identifiers", errors.RowRepeated(first_row=first)))
                works.remove(work)


async def _check_places(
    session: WriteSession,
    works: list[Work],
    timelines: Mapping[UUID, Sequence[State]],
    refusals: list[RowRefusal],
    *,
    actor: Actor,
    today: date,
) -> None:
    """Areas that exist and lie within reach, parents that exist."""
    codes = {work.asked.area for work in works if work.asked.area is not None}
    codes_now = {state["area_code"] for states in timelines.values() for state in states if state["area_code"]}
    since = min((work.asked.valid_from or today for work in works), default=today)
    known = await areas.known(session, codes, since=since)
    paths = await areas.paths(session, codes | codes_now, on=today)
    parents = {work.asked.parent_id for work in works if work.asked.parent_id is not None}
    there = await repository.exist(session, sorted(parents), on=today)
    reached: dict[str | None, bool] = {}

    def reaches(area: str | None, owner: UUID | None) -> bool:
        if owner is not None:
            return actor.reaches(paths[area] if area else None, owner, scope=Scope.REGISTRY_WRITE)
        if area not in reached:
            reached[area] = actor.reaches(paths[area] if area else None, None, scope=Scope.REGISTRY_WRITE)
        return reached[area]

    for work in list(works):
        before = len(refusals)
        area = work.asked.area
        now_in = timelines[work.owner][-1]["area_code"] if work.owner else area
        if area is not None and area not in known:
            refusals.append(RowRefusal(work.place, "/area", areas.unknown(area)))
        if not reaches(now_in, work.owner) or ("area" in work.asked.model_fields_set and not reaches(area, work.owner)):
            refusals.append(RowRefusal(work.place, "/area", OutOfReach()))
        parent = work.asked.parent_id
        if parent is not None and there.get(parent) in {None, OrganisationStatus.CREATED_IN_ERROR}:
            refusals.append(RowRefusal(work.place, "/parent_id", errors.ParentUnknown()))
        if len(refusals) > before:
            works.remove(work)


async def _demand_all(
    session: WriteSession, actor: Actor, states: Mapping[UUID, Sequence[State]], *, today: date
) -> None:
    codes = {state["area_code"] for rows in states.values() for state in rows if state["area_code"]}
    paths = await areas.paths(session, codes, on=today)
    for id_, rows in states.items():
        for state in rows:
            actor.demand(Scope.REGISTRY_WRITE, paths[state["area_code"]] if state["area_code"] else None, id_)


async def _write(session: WriteSession, plan: Plan, *, now: datetime) -> None:
    new = {organisation_id for organisation_id, _ in plan.new}
    old = [organisation_id for _, organisation_id in plan.events if organisation_id not in new]
    await bulk.insert(session, plan.new, now=now)
    await bulk.restate(session, closed=plan.closed_states, states=plan.states, now=now)
    await bulk.reidentify(session, closed=plan.closed_identifiers, identifiers=plan.identifiers, now=now)
    await bulk.touch(session, old, now=now)
    await tell_many(session, plan.events, now=now)
