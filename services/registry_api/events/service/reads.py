"""How events are looked at: one by one, in lists, in calendars, and by other capabilities."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.events import columns, errors, repository
from services.registry_api.events.repository import Listed, Wanted
from services.registry_api.organisations.queries import understood
from services.registry_api.organisations.service import trusts
from services.registry_api.texts import text
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession
from shared.schemas.registry.events import CalendarQuery, EventsQuery, EventStatus

MOST_IN_CALENDAR = 1000
"""Of more, those that come last are shown; narrower filters show all of theirs."""

_PAST_IN_CALENDAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Seen:
    """One event as a caller sees it."""

    document: dict[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What other capabilities need to know of an event, such as the conference that gave directives."""

    id: UUID
    kind: str
    title: dict[str, str]
    when: str
    earliest: date
    status: EventStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An event as a calendar shows it."""

    id: UUID
    kind: str
    title: dict[str, str]
    place: dict[str, str]
    """The venue or, failing that, the host's name."""
    when: str
    duration_days: int
    status: EventStatus
    reason: str | None
    sequence: int
    told_at: datetime


async def get(session: AnySession, event_id: UUID, *, actor: Actor | None, now: datetime) -> Seen:
    """An event with all its parts. Raises `EventNotFound`."""
    event = await repository.find(session, event_id)
    if event is None:
        raise errors.EventNotFound()
    sessions = await repository.sessions_of(session, event_id)
    delegations = await repository.delegations_of(session, event_id)
    ids = {event.host_id, *(one.organisation_id for one in delegations)}
    names = await belonging.names(session, ids, on=day_in_kazakhstan(now))
    document = columns.whole(event, sessions, delegations, names=names, trusted=trusts(actor))
    return Seen(document, event.version)


async def wanted_by(session: AnySession, query: EventsQuery | CalendarQuery, *, now: datetime) -> Wanted:
    """The filters of a query, its area with all that lies in it."""
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=day_in_kazakhstan(now))
    common = Wanted(
        areas=inside,
        host_id=query.host_id,
        network=query.network,
        kinds=query.kind,
        since=query.since,
        until=query.until,
        category=query.category,
    )
    if isinstance(query, CalendarQuery):
        return common
    return replace(
        common,
        words=tuple(word.alternatives for word in understood(query.q or "") if word.decides),
        statuses=[status.value for status in query.status],
        participant_id=query.participant_id,
        plan_id=query.plan_id,
    )


async def page(
    session: ReadSession,
    wanted: Wanted,
    *,
    turned: bool,
    after: Sequence[Any] | None,
    limit: int,
    now: datetime,
) -> list[dict[str, Any]]:
    """Events as `EventSummary` reads them, one more than `limit` if there are more."""
    rows = await repository.page(session, wanted, turned=turned, after=after, limit=limit + 1)
    names = await belonging.names(session, {row.event.host_id for row in rows}, on=day_in_kazakhstan(now))
    return [_summary(row, names) for row in rows]


def position(summary: dict[str, Any]) -> list[Any]:
    """Where a list goes on after this event."""
    return [summary["earliest"].isoformat(), summary["latest"].isoformat(), summary["id"]]


async def count(session: ReadSession, wanted: Wanted) -> int:
    """How many the list has."""
    return await repository.count(session, wanted)


async def for_calendar(session: ReadSession, query: CalendarQuery, *, now: datetime) -> list[Dated]:
    """What a calendar shows, in the order of days: without `from` the last year and all that is to come."""
    today = day_in_kazakhstan(now)
    since = query.since or today - _PAST_IN_CALENDAR
    wanted = await wanted_by(session, query.model_copy(update={"since": since}), now=now)
    rows = await repository.page(session, wanted, turned=True, after=None, limit=MOST_IN_CALENDAR)
    names = await belonging.names(session, {row.event.host_id for row in rows}, on=today)
    return [_dated(row, names) for row in reversed(rows)]


async def briefly(session: AnySession, ids: Collection[UUID]) -> dict[UUID, Brief]:
    """Those of `ids` that are events."""
    rows = await repository.some(session, ids) if ids else ()
    return {
        row.id: Brief(
            id=row.id,
            kind=row.kind,
            title=text(row, "title") or {},
            when=row.when_text,
            earliest=row.earliest,
            status=EventStatus(row.status),
        )
        for row in rows
    }


def _summary(row: Listed, names: columns.Names) -> dict[str, Any]:
    return columns.summary(row.event, session_count=row.session_count, people=row.people, names=names)


def _dated(row: Listed, names: columns.Names) -> Dated:
    event = row.event
    host = names.get(event.host_id)
    return Dated(
        id=event.id,
        kind=event.kind,
        title=text(event, "title") or {},
        place=text(event, "venue") or (host["name"] if host else {}),
        when=event.when_text,
        duration_days=event.duration_days,
        status=EventStatus(event.status),
        reason=event.status_reason,
        sequence=event.sequence,
        told_at=event.told_at,
    )
