"""Every SQL statement about calendars; sessions, seats and trainers are read in one statement each."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, TextClause, Uuid, bindparam, func, select, text

from services.training_api.calendars.models import CalendarSubscription
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.calendars import CalendarOwner

MOST = 1000
"""Of more sessions, those that come last are shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A session as somebody's calendar shows it; no other person is in it."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    title: str | None
    is_cancelled: bool
    is_offered: bool
    """The seat is offered and not yet taken."""
    sequence: int
    changed_at: datetime
    cohort_code: str
    programme_kk: str
    programme_ru: str
    programme_en: str | None
    host_kk: str | None
    host_ru: str | None
    host_en: str | None
    room: str | None


# The tables are named here as text: a calendar stands above all capabilities and would ask each of them piece by piece.
# A session counts its changes, so do its cohort and the person's enrolments; none ever counts back, so neither does
# their sum. An enrolment that once held a seat stays: what was lost is shown as cancelled.
_SEATS = """
    SELECT seat.cohort_id, seat.venue_id, seat.holds, seat.is_offered,
           sum(seat.version) OVER cohort AS changes, max(seat.updated_at) OVER cohort AS changed_at
    FROM (
        SELECT enrolments.*, seat_id IS NOT NULL OR status = 'no_show' AS holds, status = 'offered' AS is_offered
        FROM enrolments
        WHERE educator_id = :owner
          AND (seat_id IS NOT NULL OR EXISTS (
              SELECT 1 FROM enrolment_transitions AS step
              WHERE step.enrolment_id = enrolments.id AND step.machine = 'participation'
                AND step.to_status IN ('offered', 'confirmed')))
    ) AS seat
    WINDOW cohort AS (PARTITION BY seat.cohort_id)
"""
_OF_EDUCATOR = f"""
    SELECT course_sessions.id, bool_or(seats.holds) AS holds,
           coalesce(bool_and(seats.is_offered) FILTER (WHERE seats.holds), false) AS is_offered,
           max(seats.changes) AS changes, max(seats.changed_at) AS changed_at,
           (array_agg(seats.venue_id ORDER BY seats.holds DESC, seats.venue_id))[1] AS venue_id
    FROM ({_SEATS}) AS seats
    JOIN course_sessions ON course_sessions.cohort_id = seats.cohort_id
     AND (course_sessions.venue_id IS NULL OR course_sessions.venue_id = seats.venue_id)
    GROUP BY course_sessions.id
"""  # noqa: S608 -- our own words
_OF_TRAINER = """
    SELECT session_id AS id, true AS holds, false AS is_offered, 1 AS changes,
           NULL::timestamptz AS changed_at, NULL::uuid AS venue_id
    FROM session_trainers WHERE trainer_id = :owner
"""
_OF_ROOM = """
    SELECT id, true AS holds, false AS is_offered, 1 AS changes,
           NULL::timestamptz AS changed_at, NULL::uuid AS venue_id
    FROM course_sessions WHERE room_id = :owner
"""


def _statement(mine: str) -> TextClause:
    return text(
        f"""
        SELECT meeting.id,
               (meeting.held_on + meeting.starts_at) AT TIME ZONE INTERVAL '5 hours' AS starts_at,
               (meeting.held_on + meeting.ends_at) AT TIME ZONE INTERVAL '5 hours' AS ends_at,
               meeting.title,
               meeting.status = 'cancelled' OR cohorts.status = 'cancelled' OR NOT mine.holds AS is_cancelled,
               mine.is_offered,
               (meeting.version + cohorts.version + mine.changes - 3)::int AS sequence,
               greatest(meeting.updated_at, cohorts.updated_at, mine.changed_at) AS changed_at,
               cohorts.code, programmes.name_kk, programmes.name_ru, programmes.name_en,
               host.name_kk, host.name_ru, host.name_en, coalesce(rooms.name, venues.room) AS room
        FROM ({mine}) AS mine
        JOIN course_sessions AS meeting ON meeting.id = mine.id
        JOIN cohorts ON cohorts.id = meeting.cohort_id
        JOIN programmes ON programmes.id = cohorts.programme_id
        LEFT JOIN venues ON venues.id = coalesce(meeting.venue_id, mine.venue_id)
        LEFT JOIN organisations AS host ON host.id = venues.organisation_id
        LEFT JOIN rooms ON rooms.id = meeting.room_id
        WHERE meeting.held_on >= :since
        ORDER BY meeting.held_on DESC, meeting.starts_at DESC, meeting.id DESC
        LIMIT {MOST}
        """  # noqa: S608 -- our own words
    ).bindparams(bindparam("owner", type_=Uuid), bindparam("since", type_=Date))


_STATEMENTS = {
    CalendarOwner.EDUCATOR: _statement(_OF_EDUCATOR),
    CalendarOwner.TRAINER: _statement(_OF_TRAINER),
    CalendarOwner.ROOM: _statement(_OF_ROOM),
}


async def sessions(session: AnySession, kind: CalendarOwner, owner_id: UUID, *, since: date) -> list[Shown]:
    """The sessions of somebody's calendar, by day and hour."""
    rows = await session.execute(_STATEMENTS[kind], {"owner": owner_id, "since": since})
    return [Shown(*row) for row in reversed(rows.all())]


async def by_token(session: AnySession, token_hash: bytes) -> CalendarSubscription | None:
    """The address that works under this secret; of a person whose data are blocked or erased none does."""
    query = select(CalendarSubscription).where(
        CalendarSubscription.token_hash == token_hash,
        CalendarSubscription.revoked_at.is_(None),
        text(
            "(owner_kind <> 'educator' OR EXISTS (SELECT 1 FROM educators WHERE educators.id = owner_id "
            "AND educators.state = 'active'))"
        ),
    )
    return await session.scalar(query)


async def lock(session: WriteSession, subscription_id: UUID) -> CalendarSubscription | None:
    query = select(CalendarSubscription).where(CalendarSubscription.id == subscription_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def of_owner(session: AnySession, kind: CalendarOwner, owner_id: UUID) -> list[CalendarSubscription]:
    """All addresses of a calendar, the newest first, as far as a list goes."""
    query = select(CalendarSubscription).where(
        CalendarSubscription.owner_kind == kind, CalendarSubscription.owner_id == owner_id
    )
    order = (CalendarSubscription.created_at.desc(), CalendarSubscription.id.desc())
    return list(await session.scalars(query.order_by(*order).limit(1000)))


async def count_live(session: AnySession, kind: CalendarOwner, owner_id: UUID) -> int:
    query = (
        select(func.count())
        .select_from(CalendarSubscription)
        .where(
            CalendarSubscription.owner_kind == kind,
            CalendarSubscription.owner_id == owner_id,
            CalendarSubscription.revoked_at.is_(None),
        )
    )
    return int(await session.scalar(query) or 0)
