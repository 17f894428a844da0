"""Every SQL statement about events; those about plans are in `plans`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm.attributes import flag_modified

from services.registry_api.events.models import Event, EventDelegation, EventPlanItem, EventSession
from services.registry_api.organisations.facts import OrganisationState
from services.registry_api.organisations.queries import Alternative
from shared.db import keyset
from shared.db.bitemporal import current
from shared.db.sessions import AnySession, WriteSession

_KEYS = {
    turned: (
        keyset.Key(Event.earliest.expression, descending=turned),
        keyset.Key(Event.latest.expression, descending=turned),
        keyset.Key(Event.id.expression, descending=turned),
    )
    for turned in (False, True)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events are asked for; what is None or empty does not matter."""

    words: tuple[tuple[Alternative, ...], ...] = ()
    """Each has to be found in the event or in a name of its host."""
    areas: Sequence[str] | None = None
    host_id: UUID | None = None
    network: str | None = None
    kinds: Sequence[str] = ()
    statuses: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    category: str | None = None
    participant_id: UUID | None = None
    plan_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An event with what a list tells of its parts."""

    event: Event
    session_count: int
    people: int


async def page(
    session: AnySession, wanted: Wanted, *, turned: bool, after: Sequence[Any] | None, limit: int
) -> list[Listed]:
    """Events by their days, the earliest first or, turned round, the latest."""
    sessions = select(func.count()).where(EventSession.event_id == Event.id).scalar_subquery()
    people = select(func.coalesce(func.sum(EventDelegation.people), 0)).where(EventDelegation.event_id == Event.id)
    query = (
        select(Event, sessions, people.scalar_subquery())
        .where(*_conditions(wanted))
        .order_by(*keyset.order_by(_KEYS[turned]))
        .limit(limit)
    )
    if after is not None:
        earliest, latest, last = after
        position = [date.fromisoformat(str(earliest)), date.fromisoformat(str(latest)), UUID(str(last))]
        query = query.where(keyset.after(_KEYS[turned], position))
    return [Listed(row[0], row[1], int(row[2])) for row in await session.execute(query)]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(Event).where(*_conditions(wanted))) or 0


async def find(session: AnySession, event_id: UUID) -> Event | None:
    """One event."""
    return await session.get(Event, event_id)


async def lock(session: WriteSession, event_id: UUID) -> Event | None:
    """One event, which nobody else changes until this transaction ends."""
    query = select(Event).where(Event.id == event_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def some(session: AnySession, ids: Collection[UUID]) -> Sequence[Event]:
    """The events with these ids."""
    return (await session.scalars(select(Event).where(Event.id == func.any(literal(list(ids)))))).all()


async def sessions_of(session: AnySession, event_id: UUID) -> Sequence[EventSession]:
    """The sessions of an event in their order."""
    query = select(EventSession).where(EventSession.event_id == event_id).order_by(EventSession.position)
    return (await session.scalars(query)).all()


async def delegations_of(session: AnySession, event_id: UUID) -> Sequence[EventDelegation]:
    """The delegations of an event in their order."""
    query = select(EventDelegation).where(EventDelegation.event_id == event_id).order_by(EventDelegation.position)
    return (await session.scalars(query)).all()


async def add(session: WriteSession, event: Event) -> None:
    """A new event."""
    session.add(event)
    await session.flush()


async def replace_parts(
    session: WriteSession,
    former: Iterable[EventSession | EventDelegation],
    parts: Iterable[EventSession | EventDelegation],
) -> None:
    """Put sessions or delegations in place of the former ones."""
    for part in former:
        await session.delete(part)
    await session.flush()
    session.add_all(parts)
    await session.flush()


async def touch(session: WriteSession, event: Event, changes: Mapping[str, Any]) -> None:
    """Write the changes and count one more, even where only parts of the event have changed."""
    for name, value in changes.items():
        setattr(event, name, value)
    flag_modified(event, "updated_at")
    await session.flush()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_speaks_of(word) for word in wanted.words]
    if wanted.areas is not None:
        found.append(Event.area_code == func.any(literal(list(wanted.areas), ARRAY(Text))))
    if wanted.host_id is not None:
        found.append(Event.host_id == wanted.host_id)
    if wanted.network is not None:
        found.append(Event.network == wanted.network)
    if wanted.kinds:
        found.append(Event.kind == func.any(literal(list(wanted.kinds), ARRAY(Text))))
    if wanted.statuses:
        found.append(Event.status == func.any(literal(list(wanted.statuses), ARRAY(Text))))
    if wanted.since is not None:
        found.append(Event.ends_by >= wanted.since)
    if wanted.until is not None:
        found.append(Event.earliest <= wanted.until)
    if wanted.category is not None:
        found.append(Event.categories.op("@>")(literal([wanted.category], ARRAY(Text))))
    if wanted.participant_id is not None:
        of_theirs = EventDelegation.organisation_id == wanted.participant_id
        found.append(exists().where(EventDelegation.event_id == Event.id, of_theirs))
    if wanted.plan_id is not None:
        items = select(EventPlanItem.item_id).where(EventPlanItem.plan_id == wanted.plan_id)
        found.append(Event.plan_item_id.in_(items))
    return found


def _speaks_of(word: tuple[Alternative, ...]) -> ColumnElement[bool]:
    """The word, or what it stands for, is in the event or in a name that its host has or had."""
    hosts: Select[Any] = select(OrganisationState.organisation_id).where(
        current(OrganisationState), or_(*(_all_in(OrganisationState.search_key, one) for one in word))
    )
    return or_(*(_all_in(Event.search_key, one) for one in word), Event.host_id.in_(hosts))


def _all_in(key: Any, alternative: Alternative) -> ColumnElement[bool]:
    return and_(*(key.like(pattern) for pattern in alternative))
