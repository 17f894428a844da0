"""What is done to one event: entered, changed, moved on in its life."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.events import columns, errors, repository, rules
from services.registry_api.events.models import Event, EventDelegation, EventSession
from services.registry_api.events.repository import plans
from services.registry_api.patches import patched
from shared import outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.registry.events import (
    EventAttributes,
    EventCreate,
    EventRead,
    EventStatus,
    EventTransition,
    EventUpdate,
)

_TOLD = {"held": "event.held", "cancelled": "event.cancelled", "postponed": "event.postponed"}


async def enter(session: WriteSession, actor: Actor, asked: EventCreate, *, now: datetime) -> UUID:
    """Enter an event; its id.

    Raises `OutOfReach` for an area or a host of others, `PlaceNeeded`, `AreaUnknown`, `OrganisationUnknown`,
    `PlanItemUnknown`, `EventNotYet`.
    """
    found = await _columns(session, actor, asked, now=now)
    if asked.status is EventStatus.HELD:
        rules.check_held(found["earliest"], today=day_in_kazakhstan(now))
    event = Event(
        id=new_id(), **found, status=asked.status.value, sequence=0, told_at=now, created_at=now, updated_at=now
    )
    await repository.add(session, event)
    await _write_parts(session, event.id, asked)
    await _tell(session, "event.entered", event, now=now)
    return event.id


async def lock(session: WriteSession, event_id: UUID) -> Event:
    """The event, for a change. Raises `EventNotFound`."""
    event = await repository.lock(session, event_id)
    if event is None:
        raise errors.EventNotFound()
    return event


async def change(session: WriteSession, actor: Actor, event: Event, patch: EventUpdate, *, now: datetime) -> None:
    """Change what is told of an event; a patch that says what is so already changes nothing."""
    await _demand(session, actor, event, now=now)
    sessions = await repository.sessions_of(session, event.id)
    delegations = await repository.delegations_of(session, event.id)
    asked = patched(EventAttributes, columns.document(event, sessions, delegations), patch)
    after = await _columns(session, actor, asked, now=now)
    if event.status == EventStatus.HELD:
        rules.check_held(after["earliest"], today=day_in_kazakhstan(now))
    before = {name: getattr(event, name) for name in after}
    replaced = await _replace_parts(session, event.id, sessions, delegations, asked)
    if before != after or replaced:
        await _write(session, event, after, now=now)
        await _tell(session, "event.changed", event, now=now)


async def move(session: WriteSession, actor: Actor, event: Event, asked: EventTransition, *, now: datetime) -> None:
    """Take the next step in the life of an event, on a new date where one is told.

    Raises `EventTransitionRefused`, `ReasonNeeded`, `EventNotYet`.
    """
    await _demand(session, actor, event, now=now)
    rules.check_transition(EventStatus(event.status), asked.to, reason=asked.reason)
    when, duration = asked.when or event.when_text, asked.duration_days or event.duration_days
    days = rules.days(when, duration)
    if asked.to is EventStatus.HELD:
        rules.check_held(days.earliest, today=day_in_kazakhstan(now))
    after = {
        "status": asked.to.value,
        "status_reason": asked.reason if asked.to in rules.WITH_REASON else None,
        "when_text": when,
        "duration_days": duration,
        "earliest": days.earliest,
        "latest": days.latest,
        "ends_by": days.ends_by,
    }
    await _write(session, event, after, now=now)
    await _tell(session, _TOLD.get(asked.to, "event.changed"), event, now=now)


async def _demand(session: WriteSession, actor: Actor, event: Event, *, now: datetime) -> None:
    """An event is changed by who reaches both where it is held and who hosts it."""
    today = day_in_kazakhstan(now)
    host_areas = await belonging.areas_of(session, {"/host_id": event.host_id}, on=today)
    await _demand_places(session, actor, event.area_code, event.host_id, host_areas, on=today)


async def _demand_places(
    session: WriteSession,
    actor: Actor,
    area: str,
    host_id: UUID | None,
    host_areas: Mapping[UUID, str | None],
    *,
    on: date,
) -> None:
    places: list[tuple[str | None, UUID | None]] = [(area, host_id)]
    if host_id is not None:
        places.append((host_areas[host_id], host_id))
    await belonging.demand(session, actor, *places, on=on)


async def _columns(session: WriteSession, actor: Actor, asked: EventAttributes, *, now: datetime) -> dict[str, Any]:
    today = day_in_kazakhstan(now)
    named = {"/host_id": asked.host_id}
    named |= {
        f"/delegations/{place}/organisation_id": one.organisation_id for place, one in enumerate(asked.delegations)
    }
    known = await belonging.areas_of(session, named, on=today)
    area = asked.area or (known[asked.host_id] if asked.host_id is not None else None)
    if area is None:
        raise errors.PlaceNeeded(pointer="/area")
    found = columns.columns(asked, area=area)
    await areas.require(session, area, since=min(found["earliest"], today))
    await _demand_places(session, actor, area, asked.host_id, known, on=today)
    if asked.plan_item_id is not None and not await plans.has_item(session, asked.plan_item_id):
        raise errors.PlanItemUnknown(pointer="/plan_item_id")
    return found


async def _write(session: WriteSession, event: Event, after: Mapping[str, Any], *, now: datetime) -> None:
    before = {name: getattr(event, name) for name in rules.TELLING}
    told: dict[str, Any] = {"updated_at": now}
    if rules.is_telling(before, {**before, **{name: after[name] for name in after if name in rules.TELLING}}):
        told |= {"sequence": event.sequence + 1, "told_at": now}
    await repository.touch(session, event, {**after, **told})


async def _write_parts(session: WriteSession, event_id: UUID, asked: EventAttributes) -> None:
    await repository.replace_parts(session, (), _sessions(event_id, asked))
    await repository.replace_parts(session, (), _delegations(event_id, asked))


async def _replace_parts(
    session: WriteSession,
    event_id: UUID,
    sessions: Sequence[EventSession],
    delegations: Sequence[EventDelegation],
    asked: EventAttributes,
) -> bool:
    """Whether sessions or delegations are others than before; those that are the same stay."""
    changed = False
    told = [columns.session_columns(place, one) for place, one in enumerate(asked.sessions)]
    if _told(sessions, columns.SESSION) != told:
        await repository.replace_parts(session, sessions, _sessions(event_id, asked))
        changed = True
    told = [columns.delegation_columns(place, one) for place, one in enumerate(asked.delegations)]
    if _told(delegations, columns.DELEGATION) != told:
        await repository.replace_parts(session, delegations, _delegations(event_id, asked))
        changed = True
    return changed


def _told(rows: Sequence[EventSession | EventDelegation], names: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in names} for row in rows]


def _sessions(event_id: UUID, asked: EventAttributes) -> list[EventSession]:
    return [
        EventSession(id=new_id(), event_id=event_id, **columns.session_columns(place, one))
        for place, one in enumerate(asked.sessions)
    ]


def _delegations(event_id: UUID, asked: EventAttributes) -> list[EventDelegation]:
    return [
        EventDelegation(id=new_id(), event_id=event_id, **columns.delegation_columns(place, one))
        for place, one in enumerate(asked.delegations)
    ]


async def _tell(session: WriteSession, kind: str, event: Event, *, now: datetime) -> None:
    sessions = await repository.sessions_of(session, event.id)
    delegations = await repository.delegations_of(session, event.id)
    ids = {event.host_id, *(one.organisation_id for one in delegations)}
    names = await belonging.names(session, ids, on=day_in_kazakhstan(now))
    told = EventRead.model_validate(columns.whole(event, sessions, delegations, names=names, trusted=False))
    await outbox.add(
        session,
        outbox.Event(
            kind=kind,
            subject="event",
            subject_id=event.id,
            data=told.model_dump(mode="json", exclude={"notes", "version", "updated_at"}),
            occurred_at=now,
        ),
    )
