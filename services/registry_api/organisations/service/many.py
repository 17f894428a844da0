"""Thousands of organisations at once: what rows would change, and changing it in one transaction."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.organisations import attributes, errors, identifiers, repository, rules
from services.registry_api.organisations.repository import bulk
from services.registry_api.organisations.service.telling import tell_many
from services.registry_api.rows import RowRefusal
from shared import audit
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.ids import new_id
from shared.schemas.registry.organisation_words import OrganisationStatus
from shared.schemas.registry.organisations import OrganisationAttributes, OrganisationCreate

_BREATH = 100
"""So many rows are worked on before others get their turn."""
_ATTRIBUTES = frozenset(OrganisationAttributes.model_fields)
State = dict[str, Any]


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


@dataclass(slots=True)
class _Work:
    """One row on its way."""

    place: int
    asked: OrganisationCreate
    identifiers: list[identifiers.Checked]
    owner: UUID | None = None


@dataclass(slots=True)
class _Plan:
    """What is to be written."""

    new: list[tuple[UUID, bool]] = field(default_factory=list)
    closed_states: list[UUID] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    closed_identifiers: list[UUID] = field(default_factory=list)
    identifiers: list[State] = field(default_factory=list)
    events: list[tuple[str, UUID]] = field(default_factory=list)


async def register_many(
    session: WriteSession,
    rows: Sequence[OrganisationCreate],
    *,
    actor: Actor,
    now: datetime,
    secret: bytes | None = None,
    dry_run: bool = False,
) -> Registration:
    """Register what is new and change what is different: all rows or, when one is refused, none.

    A row is known again by its identifiers, so each needs at least one. Only the fields a row was given count
    (`model_fields_set`), from its `valid_from` or today on. The same rows twice change nothing.
    """
    today = day_in_kazakhstan(now)
    await bulk.lock_registration(session)
    refusals: list[RowRefusal] = []
    works = list(_checked(rows, secret, refusals))
    await _find_owners(session, works, refusals)
    owned = sorted({work.owner for work in works if work.owner is not None})
    await bulk.lock(session, owned)
    timelines = await bulk.timelines(session, owned)
    held = await bulk.identifiers(session, owned)
    await _check_places(session, works, timelines, refusals, actor=actor, today=today)
    plan, outcome = _Plan(), Registration(refusals=refusals, ids=[None] * len(rows))
    for done, work in enumerate(works):
        if done % _BREATH == 0:
            await asyncio.sleep(0)  # others are waiting for answers in this process
        if work.owner is None:
            outcome.created.append(work.place)
            outcome.ids[work.place] = _plan_new(plan, work, today=today)
            continue
        outcome.ids[work.place] = work.owner
        try:
            changed = _plan_change(plan, work, timelines[work.owner], held.get(work.owner, []), today=today)
        except Problem as problem:
            refusals.append(RowRefusal(work.place, "", problem))
            continue
        (outcome.changed if changed else outcome.unchanged).append(work.place)
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
    plan = _Plan(
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


def _checked(rows: Sequence[OrganisationCreate], secret: bytes | None, refusals: list[RowRefusal]) -> Iterator[_Work]:
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
                refusals.append(RowRefusal(place, pointer, errors.RowRepeated(first_row=first + 1)))
            checked.append(one)
        if len(refusals) == before:
            yield _Work(place, row, checked)


async def _find_owners(session: WriteSession, works: list[_Work], refusals: list[RowRefusal]) -> None:
    keys = [(one.scheme.value, one.key) for work in works for one in work.identifiers]
    owners = await bulk.owners(session, keys)
    first_of: dict[UUID, int] = {}
    for work in list(works):
        found = {owners[key] for one in work.identifiers if (key := (one.scheme.value, one.key)) in owners}
        if len(found) > 1:
            refusals.append(RowRefusal(work.place, "/identifiers", errors.IdentifiersDisagree()))
            works.remove(work)
        elif found:
            work.owner = found.pop()
            first = first_of.setdefault(work.owner, work.place)
            if first != work.place:
                refusals.append(RowRefusal(work.place, "/identifiers", errors.RowRepeated(first_row=first + 1)))
                works.remove(work)


async def _check_places(
    session: WriteSession,
    works: list[_Work],
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


def _plan_new(plan: _Plan, work: _Work, *, today: date) -> UUID:
    organisation_id, first = new_id(), work.asked.valid_from or today
    plan.new.append((organisation_id, work.asked.is_synthetic))
    plan.states.append(
        {
            **attributes.columns(work.asked),
            "organisation_id": organisation_id,
            "status": work.asked.status.value,
            "valid_from": first,
            "valid_until": None,
        }
    )
    for one, given in zip(work.identifiers, work.asked.identifiers, strict=True):
        plan.identifiers.append(_identifier(organisation_id, one, given.valid_from or first))
    plan.events.append(("organisation.registered", organisation_id))
    return organisation_id


def _plan_change(plan: _Plan, work: _Work, timeline: Sequence[State], held: Sequence[State], *, today: date) -> bool:
    """Whether the row says anything new of its organisation."""
    assert work.owner is not None
    first = work.asked.valid_from or today
    restated = _restate(work, timeline, first)
    closed, added = _rekey(work, held, first)
    if restated is not None:
        old, pieces = restated
        plan.closed_states.append(old["id"])
        plan.states += pieces
    plan.closed_identifiers += closed
    plan.identifiers += added
    if added:
        plan.events.append(("organisation.rekeyed", work.owner))
    elif restated is not None:
        ended = restated[1][-1]["status"] == OrganisationStatus.CLOSED and restated[0]["status"] != "closed"
        plan.events.append(("organisation.closed" if ended else "organisation.changed", work.owner))
    return bool(added) or restated is not None


def _restate(work: _Work, timeline: Sequence[State], first: date) -> tuple[State, list[State]] | None:
    """The state that no longer holds as it is and what takes its place; None if it says the same already."""
    if first < timeline[0]["valid_from"]:
        raise errors.BeforeFirstDay(first_day=timeline[0]["valid_from"].isoformat())
    state = next(one for one in reversed(timeline) if one["valid_from"] <= first)
    told = work.asked.model_dump(mode="json", include=set(_ATTRIBUTES), exclude_unset=True)
    described = OrganisationAttributes.model_validate(rules.merge(attributes.document(state), told))
    after = attributes.decided(described)
    status = state["status"]
    if "status" in work.asked.model_fields_set and work.asked.status != status:
        rules.check_transition(OrganisationStatus(status), work.asked.status)
        status = work.asked.status.value
    if status == state["status"] and all(after[name] == state[name] for name in attributes.COLUMNS):
        return None
    rules.check_period([one["valid_from"] for one in timeline], first=first, end=None)
    pieces = [{**state, **after, **attributes.derived(after), "status": status, "valid_from": first}]
    if state["valid_from"] < first:
        pieces.insert(0, {**state, "valid_until": first})
    return state, pieces


def _rekey(work: _Work, held: Sequence[State], first: date) -> tuple[list[UUID], list[State]]:
    """Identifiers that are no longer believed as they are, and those to be written."""
    assert work.owner is not None
    closed: list[UUID] = []
    added: list[State] = []
    for one, given in zip(work.identifiers, work.asked.identifiers, strict=True):
        of_scheme = [row for row in held if row["scheme"] == one.scheme.value]
        if any(row["value_key"] == one.key for row in of_scheme):
            continue
        begins = given.valid_from or first
        for row in of_scheme:
            if row["valid_from"] is not None and row["valid_from"] > begins:
                raise errors.LaterChangeExists(later_from=row["valid_from"].isoformat())
            if row["valid_until"] is None or row["valid_until"] > begins:
                closed.append(row["id"])
                if row["valid_from"] is None or row["valid_from"] < begins:
                    added.append({**row, "valid_until": begins})
        added.append(_identifier(work.owner, one, begins))
    return closed, added


def _identifier(organisation_id: UUID, one: identifiers.Checked, first: date) -> State:
    return {
        "organisation_id": organisation_id,
        "scheme": one.scheme.value,
        "value": one.value,
        "value_key": one.key,
        "valid_from": first,
        "valid_until": None,
    }


async def _write(session: WriteSession, plan: _Plan, *, now: datetime) -> None:
    new = {organisation_id for organisation_id, _ in plan.new}
    old = [organisation_id for _, organisation_id in plan.events if organisation_id not in new]
    await bulk.insert(session, plan.new, now=now)
    await bulk.restate(session, closed=plan.closed_states, states=plan.states, now=now)
    await bulk.reidentify(session, closed=plan.closed_identifiers, identifiers=plan.identifiers, now=now)
    await bulk.touch(session, old, now=now)
    await tell_many(session, plan.events, now=now)
