"""Every SQL statement about cohorts, venues and sessions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange

from services.training_api.cohorts.models import Cohort, CourseSession, Venue
from services.training_api.cohorts.rules import UNDECIDED, Period
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.cohorts import CohortQuery, VenueQuery
from shared.schemas.training.sessions import SessionStatus

KEYS = (
    keyset.Key(Cohort.__table__.c.starts_on, descending=True),
    keyset.Key(Cohort.__table__.c.id, descending=True),
)
VENUE_KEYS = (keyset.Key(Venue.__table__.c.id, descending=True),)

_SHARE_VENUE = select(Venue.id).where(Venue.id == bindparam("venue")).with_for_update(read=True)
_NEXT_TICKET = (
    update(Venue)
    .where(Venue.id == bindparam("venue"))
    .values(last_ticket=Venue.last_ticket + 1)
    .returning(Venue.last_ticket)
)


async def find(session: AnySession, cohort_id: UUID) -> Cohort | None:
    return await session.get(Cohort, cohort_id)


async def find_many(session: AnySession, cohort_ids: Collection[UUID]) -> list[Cohort]:
    """Those that exist; one that the session knows already is not asked for again."""
    if len(cohort_ids) == 1:
        found = await session.get(Cohort, next(iter(cohort_ids)))
        return [found] if found else []
    return list(await session.scalars(select(Cohort).where(Cohort.id.in_(cohort_ids))))


async def lock(session: WriteSession, cohort_id: UUID) -> Cohort | None:
    """The cohort as it is now, once everyone who is joining it has finished."""
    # Not `session.get`: that takes a change since an earlier reading for a conflict, and here it is what we wait for.
    query = select(Cohort).where(Cohort.id == cohort_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def find_to_join(session: WriteSession, cohort_id: UUID) -> Cohort | None:
    """The cohort, held as a foreign key holds it: whoever wants to change its state waits, nobody else does."""
    query = select(Cohort).where(Cohort.id == cohort_id).with_for_update(read=True, key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def code_exists(session: WriteSession, code: str) -> bool:
    return (await session.execute(select(Cohort.id).where(Cohort.code == code))).first() is not None


async def venues(session: AnySession, cohort_id: UUID) -> list[Venue]:
    """The venues of a cohort in the order they were added."""
    query = select(Venue).where(Venue.cohort_id == cohort_id).order_by(Venue.place)
    # Their hours may have been counted anew since they were first read.
    return list(await session.scalars(query.execution_options(populate_existing=True)))


async def venue(session: AnySession, venue_id: UUID) -> Venue | None:
    return await session.get(Venue, venue_id)


async def share_venue(session: WriteSession, venue_id: UUID) -> None:
    """Keep the waiting list of the venue from moving until this transaction ends; others may do the same."""
    await session.execute(_SHARE_VENUE, {"venue": venue_id})


async def lock_venues(session: WriteSession, venue_ids: Collection[UUID]) -> list[Venue]:
    """Have the waiting lists of the venues alone, as soon as everyone who shares them has finished.

    In the order of their ids, so that two who want several do not wait for each other.
    """
    query = select(Venue).where(Venue.id.in_(venue_ids)).order_by(Venue.id)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(await session.scalars(locked))


async def next_ticket(session: WriteSession, venue_id: UUID) -> int:
    """The next number of the waiting list, under the lock of the venue."""
    options = {"synchronize_session": False}
    return int((await session.execute(_NEXT_TICKET, {"venue": venue_id}, execution_options=options)).scalar_one())


async def next_tickets(session: WriteSession, venue_id: UUID, *, how_many: int) -> range:
    """So many numbers of the waiting list, under the lock of the venue."""
    statement = (
        update(Venue)
        .where(Venue.id == venue_id)
        .values(last_ticket=Venue.last_ticket + how_many)
        .returning(Venue.last_ticket)
    )
    last = int((await session.execute(statement, execution_options={"synchronize_session": False})).scalar_one())
    return range(last - how_many + 1, last + 1)


async def next_place(session: WriteSession, cohort_id: UUID) -> int:
    query = select(func.coalesce(func.max(Venue.place), 0) + 1).where(Venue.cohort_id == cohort_id)
    return int(await session.scalar(query) or 1)


async def sessions(session: AnySession, cohort_id: UUID, *, venue_id: UUID | None = None) -> list[CourseSession]:
    """The sessions of a cohort by day and hour; of a venue also those held at every venue."""
    query = select(CourseSession).where(CourseSession.cohort_id == cohort_id)
    if venue_id is not None:
        query = query.where((CourseSession.venue_id == venue_id) | CourseSession.venue_id.is_(None))
    order = (CourseSession.held_on, CourseSession.starts_at, CourseSession.id)
    return list(await session.scalars(query.order_by(*order)))


async def sessions_by_id(session: AnySession, session_ids: Collection[UUID]) -> list[CourseSession]:
    query = select(CourseSession).where(CourseSession.id.in_(session_ids))
    return list(await session.scalars(query.order_by(CourseSession.held_on, CourseSession.starts_at)))


async def sessions_in(session: AnySession, room_id: UUID) -> list[CourseSession]:
    """The sessions held in a room."""
    query = select(CourseSession).where(CourseSession.room_id == room_id)
    return list(await session.scalars(query.order_by(CourseSession.held_on, CourseSession.starts_at)))


async def course_session(session: AnySession, session_id: UUID) -> CourseSession | None:
    return await session.get(CourseSession, session_id)


async def lock_session(session: WriteSession, session_id: UUID) -> CourseSession | None:
    """The session as it is now."""
    query = select(CourseSession).where(CourseSession.id == session_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def session_outside(session: WriteSession, cohort_id: UUID, first: date, last: date) -> CourseSession | None:
    """A session that takes place on none of these days."""
    query = select(CourseSession).where(
        CourseSession.cohort_id == cohort_id,
        CourseSession.status == SessionStatus.SCHEDULED,
        ~CourseSession.held_on.between(first, last),
    )
    return await session.scalar(query.order_by(CourseSession.held_on, CourseSession.id).limit(1))


async def held_in_room(session: WriteSession, room_id: UUID, period: Period, *, but: UUID) -> UUID | None:
    """Another session held in the room at that time."""
    query = select(CourseSession.id).where(
        CourseSession.room_id == room_id,
        CourseSession.busy.op("&&")(literal(Range(*period), TSTZRANGE)),
        CourseSession.id != but,
    )
    return await session.scalar(query.order_by(CourseSession.id).limit(1))


def multirange(periods: Sequence[Period]) -> MultiRange[datetime]:
    """Periods as the database keeps them."""
    return MultiRange(Range(start, end) for start, end in periods)


def periods(hours: MultiRange[datetime]) -> tuple[Period, ...]:
    """What the database keeps as periods."""
    return tuple((one.lower, one.upper) for one in hours if one.lower is not None and one.upper is not None)


_COUNT_HOURS = text(
    """
    UPDATE venues SET hours = counted.hours
    FROM (
        SELECT venues.id, coalesce(
            (SELECT range_agg(course_sessions.busy) FROM course_sessions
             WHERE course_sessions.cohort_id = venues.cohort_id
               AND (course_sessions.venue_id IS NULL OR course_sessions.venue_id = venues.id)),
            tstzmultirange(tstzrange(
                cohorts.starts_on::timestamp AT TIME ZONE INTERVAL '5 hours',
                (cohorts.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '5 hours'
            ))
        ) AS hours
        FROM venues JOIN cohorts ON cohorts.id = venues.cohort_id
        WHERE cohorts.id = :cohort
    ) AS counted
    WHERE venues.id = counted.id AND venues.hours IS DISTINCT FROM counted.hours
    RETURNING venues.id
    """
).bindparams(bindparam("cohort", type_=Uuid))


async def count_hours(session: WriteSession, cohort_id: UUID) -> bool:
    """Write down anew when learners of each venue are busy; whether that changed anything.

    During the sessions there and those at every venue; while none are planned, on all days of the cohort.
    """
    await session.flush()
    await lock_venues(session, list(await session.scalars(select(Venue.id).where(Venue.cohort_id == cohort_id))))
    return (await session.execute(_COUNT_HOURS, {"cohort": cohort_id})).first() is not None


async def cancel_sessions(session: WriteSession, cohort_id: UUID, *, reason_code: str, now: datetime) -> None:
    """Let none of the sessions take place that still would."""
    changed = (
        update(CourseSession)
        .where(CourseSession.cohort_id == cohort_id, CourseSession.status == SessionStatus.SCHEDULED)
        .values(
            status=SessionStatus.CANCELLED,
            reason_code=reason_code,
            updated_at=now,
            version=CourseSession.version + 1,
        )
    )
    await session.execute(changed, execution_options={"synchronize_session": False})


async def to_decide(session: WriteSession, *, today: date) -> Cohort | None:
    """A cohort whose day of decision has come, passing over those that somebody else is working on."""
    query = select(Cohort).where(
        Cohort.minimum_seats_taken.is_not(None),
        Cohort.viability_checked_on.is_(None),
        Cohort.decide_on <= today,
        Cohort.status.in_(sorted(UNDECIDED)),
    )
    return await session.scalar(query.order_by(Cohort.decide_on).limit(1).with_for_update(skip_locked=True))


async def venue_ids(session: AnySession, cohort_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The venues of each cohort."""
    found: dict[UUID, list[UUID]] = {cohort_id: [] for cohort_id in cohort_ids}
    for row in await session.execute(select(Venue.cohort_id, Venue.id).where(Venue.cohort_id.in_(cohort_ids))):
        found[row.cohort_id].append(row.id)
    return found


def _matching(query: Select[Any], wanted: CohortQuery) -> Select[Any]:
    if wanted.programme_id is not None:
        query = query.where(Cohort.programme_id == wanted.programme_id)
    if wanted.status is not None:
        query = query.where(Cohort.status == wanted.status)
    return query


async def page(session: AnySession, wanted: CohortQuery, *, after: Sequence[Any] | None) -> list[Cohort]:
    query = _matching(select(Cohort), wanted)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: CohortQuery) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Cohort), wanted)) or 0)


def _venues_matching(query: Select[Any], wanted: VenueQuery) -> Select[Any]:
    if wanted.cohort_id is not None:
        query = query.where(Venue.cohort_id == wanted.cohort_id)
    if wanted.organisation_id is not None:
        query = query.where(Venue.organisation_id == wanted.organisation_id)
    if wanted.programme_id is not None:
        query = query.where(Venue.cohort_id.in_(select(Cohort.id).where(Cohort.programme_id == wanted.programme_id)))
    if wanted.area is not None:
        there = Reach(areas=frozenset({wanted.area}))
        query = query.where(organisations.within(Venue.__table__.c.organisation_id, there))
    return query


async def venue_page(session: AnySession, wanted: VenueQuery, *, after: Sequence[Any] | None) -> list[Venue]:
    query = _venues_matching(select(Venue), wanted)
    if after is not None:
        query = query.where(keyset.after(VENUE_KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(VENUE_KEYS)).limit(wanted.limit + 1)))


async def venue_count(session: AnySession, wanted: VenueQuery) -> int:
    return int(await session.scalar(_venues_matching(select(func.count()).select_from(Venue), wanted)) or 0)
