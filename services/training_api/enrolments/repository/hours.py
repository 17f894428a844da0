"""When people are busy: seats they hold, sessions they teach, and what new hours collide with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Uuid,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange

from services.training_api.cohorts.rules import Period
from services.training_api.enrolments.models import Enrolment
from services.training_api.trainers import service as trainers
from shared.db.sessions import WriteSession
from shared.schemas.training.enrolments import EnrolmentStatus as Status


@dataclass(frozen=True, slots=True)
class Live:
    """Another enrolment of the same person in the cohort."""

    id: UUID
    cohort_id: UUID
    status: Status


@dataclass(frozen=True, slots=True)
class Booked:
    """What keeps a person busy: a seat, or a session to teach."""

    id: UUID
    """Of the enrolment; of the session, if the person teaches it."""
    cohort_id: UUID | None
    """None: the person teaches."""
    venue_id: UUID | None
    hours: tuple[Period, ...]


def multirange(periods: Iterable[Period]) -> MultiRange[datetime]:
    """Periods as the database keeps them."""
    return MultiRange(Range(start, end) for start, end in periods)


def periods(hours: Iterable[Range[datetime]]) -> tuple[Period, ...]:
    """What the database keeps as periods."""
    return tuple((one.lower, one.upper) for one in hours if one.lower is not None and one.upper is not None)


async def on_hours(
    session: WriteSession, *, educator_id: UUID, hours: Iterable[Period], but: UUID | None = None
) -> list[Booked]:
    """What keeps the person busy at some of these hours: seats held, and sessions taught.

    Where the person waits for a seat at these hours, nobody can offer one until the transaction ends.
    """
    wanted = multirange(hours)
    query = select(Enrolment.id, Enrolment.cohort_id, Enrolment.venue_id, Enrolment.seat_id, Enrolment.busy).where(
        Enrolment.educator_id == educator_id,
        Enrolment.busy.overlaps(literal(wanted, TSTZMULTIRANGE)),
        or_(Enrolment.seat_id.is_not(None), Enrolment.status == Status.WAITLISTED),
    )
    if but is not None:
        query = query.where(Enrolment.id != but)
    booked = query.order_by(Enrolment.id).with_for_update(read=True).cte("booked")
    nothing = cast(null(), Uuid)
    taught = trainers.taught_by(educator_id, wanted).subquery()
    found = await session.execute(
        union_all(
            select(booked.c.id, booked.c.cohort_id, booked.c.venue_id, booked.c.seat_id, booked.c.busy),
            select(taught.c.session_id, nothing, nothing, taught.c.session_id, taught.c.hours),
        )
    )
    return [Booked(row[0], row[1], row[2], periods(row[4])) for row in found if row[3] is not None]


async def learning(session: WriteSession, educator_ids: Collection[UUID], hours: Iterable[Period]) -> Live | None:
    """A seat that one of these people holds at some of these hours."""
    query = select(Enrolment.id, Enrolment.cohort_id, Enrolment.status).where(
        Enrolment.educator_id.in_(educator_ids),
        Enrolment.seat_id.is_not(None),
        Enrolment.busy.overlaps(literal(multirange(hours), TSTZMULTIRANGE)),
    )
    row = (await session.execute(query.order_by(Enrolment.id).limit(1))).first()
    return None if row is None else Live(row.id, row.cohort_id, row.status)


@dataclass(frozen=True, slots=True)
class Collision:
    """What stands in the way of somebody's new hours."""

    enrolment_id: UUID
    """Whose hours they are."""
    id: UUID
    """The other enrolment; the session, if the person teaches it."""
    cohort_id: UUID | None
    """None: the person teaches."""


_COLLISION = text(
    """
    SELECT mine.id, other.id, other.cohort_id
    FROM enrolments AS mine
    JOIN venues ON venues.id = mine.venue_id
    JOIN enrolments AS other ON other.educator_id = mine.educator_id AND other.id <> mine.id
        AND other.seat_id IS NOT NULL AND other.busy && venues.hours
    WHERE mine.cohort_id = :cohort AND mine.seat_id IS NOT NULL AND mine.busy IS DISTINCT FROM venues.hours
    UNION ALL
    SELECT mine.id, session_trainers.session_id, NULL
    FROM enrolments AS mine
    JOIN venues ON venues.id = mine.venue_id
    JOIN trainers ON trainers.educator_id = mine.educator_id
    JOIN session_trainers ON session_trainers.trainer_id = trainers.id AND session_trainers.busy && venues.hours
    WHERE mine.cohort_id = :cohort AND mine.seat_id IS NOT NULL AND mine.busy IS DISTINCT FROM venues.hours
    LIMIT 1
    """
).bindparams(bindparam("cohort", type_=Uuid))
_TAKE_HOURS = text(
    """
    UPDATE enrolments SET busy = venues.hours
    FROM venues
    WHERE enrolments.cohort_id = :cohort AND venues.id = enrolments.venue_id
      AND enrolments.busy IS DISTINCT FROM venues.hours
    """
).bindparams(bindparam("cohort", type_=Uuid))


async def collision(session: WriteSession, cohort_id: UUID) -> Collision | None:
    """Somebody who holds a seat of the cohort, and has no time at the new hours of the venue."""
    row = (await session.execute(_COLLISION, {"cohort": cohort_id})).first()
    return None if row is None else Collision(*row)


async def take_hours(session: WriteSession, cohort_id: UUID) -> None:
    """Give everybody of the cohort the hours of their venue."""
    await session.execute(_TAKE_HOURS, {"cohort": cohort_id})
