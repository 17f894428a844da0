"""Every SQL statement about enrolments and their steps."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZMULTIRANGE, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from services.training_api.base import quoted
from services.training_api.cohorts.rules import Period
from services.training_api.enrolments import rules
from services.training_api.enrolments.models import Enrolment, EnrolmentTransition
from services.training_api.enrolments.rules import LIVE, OCCUPYING, State
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from services.training_api.trainers import service as trainers
from shared.clock import day_in_kazakhstan
from shared.db import failures, keyset
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.schemas.training.enrolments import Command, EnrolmentQuery
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status
from shared.schemas.training.enrolments import OutcomeState as Outcome
from shared.schemas.training.enrolments import ParticipationState as Participation

KEYS = (keyset.Key(Enrolment.__table__.c.id),)
LINE_KEYS = (
    keyset.Key(Enrolment.__table__.c.venue_id),
    keyset.Key(Enrolment.__table__.c.priority, descending=True),
    keyset.Key(Enrolment.__table__.c.ticket),
)
Placed = tuple[Enrolment, int | None]
"""An enrolment and its position in the waiting list."""


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


def _position() -> ColumnElement[int | None]:
    """1 + how many stand before in the same line; null for who does not wait."""
    before = aliased(Enrolment)
    ahead = (
        select(func.count() + 1)
        .where(
            before.venue_id == Enrolment.venue_id,
            before.status == Status.WAITLISTED,
            or_(
                before.priority > Enrolment.priority,
                and_(before.priority == Enrolment.priority, before.ticket < Enrolment.ticket),
            ),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return case((Enrolment.status == Status.WAITLISTED, ahead), else_=null())


_POSITION = select(_position()).where(Enrolment.id == bindparam("enrolment"))
_SAME_COHORT = select(Enrolment.id, Enrolment.cohort_id, Enrolment.status).where(
    Enrolment.cohort_id == bindparam("cohort"),
    Enrolment.educator_id == bindparam("educator"),
    Enrolment.status.in_(sorted(LIVE)),
)
_NEXT_NUMBER = select(func.coalesce(func.max(EnrolmentTransition.number), 0) + 1).where(
    EnrolmentTransition.enrolment_id == bindparam("enrolment")
)


async def find(session: AnySession, enrolment_id: UUID) -> Enrolment | None:
    return await session.get(Enrolment, enrolment_id)


async def find_many(session: AnySession, enrolment_ids: Collection[UUID]) -> list[Enrolment]:
    return list(await session.scalars(select(Enrolment).where(Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)))


async def lock(session: WriteSession, enrolment_id: UUID) -> Enrolment | None:
    """The enrolment as it is now, and as nobody else can change it until the transaction ends."""
    # Not `session.get`: that takes a change since an earlier reading for a conflict, and here it is what we wait for.
    query = select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def in_cohort(session: AnySession, *, cohort_id: UUID, educator_id: UUID) -> Live | None:
    """The person's live enrolment in the cohort."""
    row = (await session.execute(_SAME_COHORT, {"cohort": cohort_id, "educator": educator_id})).first()
    return None if row is None else Live(row.id, row.cohort_id, row.status)


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


async def position(session: AnySession, enrolment_id: UUID) -> int | None:
    return await session.scalar(_POSITION, {"enrolment": enrolment_id})


async def next_number(session: WriteSession, enrolment_id: UUID) -> int:
    return int(await session.scalar(_NEXT_NUMBER, {"enrolment": enrolment_id}) or 1)


Behind = tuple[int, int]
"""A place in line: priority and ticket."""


async def first_waiting(
    session: WriteSession, venue_id: UUID, *, behind: Behind | None = None, facts: Sequence[str] | None = None
) -> tuple[UUID, Behind] | None:
    """Who stands next in line behind a place, does not teach at the hours of the venue, and is of one of the facts."""
    query = select(Enrolment.id, Enrolment.priority, Enrolment.ticket).where(
        Enrolment.venue_id == venue_id,
        Enrolment.status == Status.WAITLISTED,
        ~trainers.teaches(Enrolment.__table__.c.educator_id, Enrolment.__table__.c.busy),
    )
    if behind is not None:
        priority, ticket = behind
        query = query.where(
            Enrolment.priority <= priority,
            or_(Enrolment.priority < priority, Enrolment.ticket > ticket),
        )
    if facts is not None:
        query = query.where(Enrolment.facts.op("&&")(literal(list(facts), ARRAY(Text))))
    row = (await session.execute(query.order_by(Enrolment.priority.desc(), Enrolment.ticket).limit(1))).first()
    return None if row is None or row.ticket is None else (row.id, (row.priority, row.ticket))


@dataclass(slots=True)
class Attempt:
    """Whether what was tried came about."""

    refused: bool = False
    """The database said that the person holds a seat elsewhere on these days."""


@asynccontextmanager
async def attempt(session: WriteSession) -> AsyncIterator[Attempt]:
    """Try what is inside; if the days turn out to be taken, undo it and go on."""
    tried = Attempt()
    try:
        async with session.begin_nested():
            yield tried
            await session.flush()
    except IntegrityError as error:
        failure = failures.classify(error)
        if failure is None or failure.kind is not failures.Kind.EXCLUSION:
            raise
        tried.refused = True


async def waiting_counts(session: AnySession, venue_ids: Collection[UUID]) -> dict[UUID, int]:
    query = (
        select(Enrolment.venue_id, func.count())
        .where(Enrolment.venue_id.in_(venue_ids), Enrolment.status == Status.WAITLISTED)
        .group_by(Enrolment.venue_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def taken_from_pools(session: AnySession, cohort_id: UUID) -> dict[UUID, int]:
    """How many people hold a seat that was kept in each pool, also after its release."""
    query = (
        select(Enrolment.pool_id, func.count())
        .where(Enrolment.cohort_id == cohort_id, Enrolment.pool_id.is_not(None), Enrolment.seat_id.is_not(None))
        .group_by(Enrolment.pool_id)
    )
    return {pool_id: taken for pool_id, taken in await session.execute(query) if pool_id is not None}


_WAITING_FOR = text(
    """
    SELECT pool.id, count(*)
    FROM unnest(CAST(:pools AS uuid[]), CAST(:venues AS uuid[]), CAST(:tags AS text[])) AS pool (id, venue_id, tag)
    JOIN enrolments ON enrolments.cohort_id = :cohort AND enrolments.status = 'waitlisted'
        AND (pool.venue_id IS NULL OR pool.venue_id = enrolments.venue_id)
        AND (pool.tag = 'open:' OR pool.tag = ANY(enrolments.facts))
    GROUP BY pool.id
    """
).bindparams(
    bindparam("cohort", type_=Uuid),
    bindparam("pools", type_=ARRAY(Uuid)),
    bindparam("venues", type_=ARRAY(Uuid)),
    bindparam("tags", type_=ARRAY(Text)),
)


async def waiting_for(
    session: AnySession, cohort_id: UUID, pools: Sequence[tuple[UUID, UUID | None, str]]
) -> dict[UUID, int]:
    """Of each pool, told by its venue and its fact, how many of those who wait it is for."""
    values = {
        "cohort": cohort_id,
        "pools": [pool[0] for pool in pools],
        "venues": [pool[1] for pool in pools],
        "tags": [pool[2] for pool in pools],
    }
    return {row[0]: row[1] for row in await session.execute(_WAITING_FOR, values)}


async def expired_offers(session: AnySession, *, now: datetime, limit: int) -> list[UUID]:
    query = select(Enrolment.id).where(Enrolment.status == Status.OFFERED, Enrolment.offer_expires_at <= now)
    return list(await session.scalars(query.order_by(Enrolment.offer_expires_at).limit(limit)))


_MOVE_ALL = """
    WITH moved AS (
        UPDATE enrolments
        SET {machine} = :after, status = :status, updated_at = :now, version = version + 1,
            seat_id = CASE WHEN :status IN ({occupying}) THEN enrolments.seat_id END,
            offer_expires_at = NULL, next_approver = NULL
        FROM (SELECT id, {machine} AS state, seat_id FROM enrolments
              WHERE cohort_id = :cohort AND {machine} = ANY(:before)
              ORDER BY id FOR NO KEY UPDATE) AS old
        WHERE enrolments.id = old.id
        RETURNING enrolments.id, old.state AS from_status, old.seat_id
    ), freed AS (
        UPDATE seats SET free = true FROM moved
        WHERE seats.id = moved.seat_id AND :status NOT IN ({occupying})
    ), written AS (
    INSERT INTO enrolment_transitions
        (enrolment_id, number, machine, action, from_status, to_status, actor, reason_code, comment, evidence,
         effective_on, recorded_at)
    SELECT moved.id, 1 + (SELECT max(number) FROM enrolment_transitions AS step WHERE step.enrolment_id = moved.id),
           '{machine}', :action, moved.from_status, :after, :actor, :reason, :comment, :evidence, :effective_on, :now
    FROM moved
    RETURNING enrolment_id
    )
    SELECT count(*) FROM written
"""


async def move_all(
    session: WriteSession, cohort_id: UUID, action: Action, after: State, *, said: Command, now: datetime
) -> int:
    """Take all enrolments of the cohort that the action fits to one state of its machine; how many they were."""
    machine = rules.machine_of(after)
    words = {"machine": machine.name, "occupying": quoted(*sorted(OCCUPYING))}
    statement = text(_MOVE_ALL.format_map(words)).bindparams(
        bindparam("cohort", type_=Uuid),
        bindparam("before", type_=ARRAY(Text)),
        bindparam("effective_on", type_=Date),
        bindparam("evidence", type_=JSONB(none_as_null=True)),
        bindparam("now", type_=DateTime(timezone=True)),
        *(bindparam(name, type_=Text) for name in ("after", "status", "action", "actor", "reason", "comment")),
    )
    moved = await session.scalar(
        statement,
        {
            "cohort": cohort_id,
            "before": sorted(state.value for state in machine.before(action) if state is not None),
            "after": after.value,
            "status": Status(after.value).value,
            "action": action.value,
            "actor": authorship(session).subject,
            "reason": said.reason_code,
            "comment": said.comment,
            "evidence": [item.model_dump(mode="json", exclude_none=True) for item in said.evidence] or None,
            "effective_on": said.effective_on or day_in_kazakhstan(now),
            "now": now,
        },
    )
    return int(moved or 0)


async def transitions(session: AnySession, enrolment_id: UUID) -> list[EnrolmentTransition]:
    query = select(EnrolmentTransition).where(EnrolmentTransition.enrolment_id == enrolment_id)
    return list(await session.scalars(query.order_by(EnrolmentTransition.number)))


def _matching(query: Select[Any], wanted: EnrolmentQuery, reach: Reach) -> Select[Any]:
    conditions = {
        Enrolment.cohort_id: wanted.cohort_id,
        Enrolment.venue_id: wanted.venue_id,
        Enrolment.educator_id: wanted.educator_id,
        Enrolment.organisation_id: wanted.organisation_id,
        Enrolment.status: wanted.status,
        Enrolment.next_approver: wanted.next_approver,
    }
    return query.where(
        organisations.within(Enrolment.__table__.c.organisation_id, reach),
        *(column == value for column, value in conditions.items() if value is not None),
    )


async def page(
    session: AnySession, wanted: EnrolmentQuery, reach: Reach, *, after: Sequence[Any] | None
) -> list[Placed]:
    query = _matching(select(Enrolment).add_columns(_position()), wanted, reach)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    rows = await session.execute(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1))
    return [(row[0], row[1]) for row in rows]


async def count(session: AnySession, wanted: EnrolmentQuery, reach: Reach) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Enrolment), wanted, reach)) or 0)


async def line(
    session: AnySession,
    cohort_id: UUID,
    reach: Reach,
    *,
    venue_id: UUID | None,
    limit: int,
    after: Sequence[Any] | None,
) -> list[Placed]:
    """The waiting list of a cohort, venue by venue and in order, as far as the caller sees it."""
    query = select(Enrolment, _position()).where(
        Enrolment.cohort_id == cohort_id,
        Enrolment.status == Status.WAITLISTED,
        organisations.within(Enrolment.__table__.c.organisation_id, reach),
    )
    if venue_id is not None:
        query = query.where(Enrolment.venue_id == venue_id)
    if after is not None:
        query = query.where(keyset.after(LINE_KEYS, after))
    rows = await session.execute(query.order_by(*keyset.order_by(LINE_KEYS)).limit(limit + 1))
    return [(row[0], row[1]) for row in rows]


async def line_length(session: AnySession, cohort_id: UUID, reach: Reach, *, venue_id: UUID | None) -> int:
    query = (
        select(func.count())
        .select_from(Enrolment)
        .where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.status == Status.WAITLISTED,
            organisations.within(Enrolment.__table__.c.organisation_id, reach),
            literal(True) if venue_id is None else Enrolment.venue_id == venue_id,
        )
    )
    return int(await session.scalar(query) or 0)


async def seated(
    session: AnySession, cohort_id: UUID, *, venue_id: UUID | None
) -> list[tuple[UUID, UUID, UUID, UUID, Participation | None]]:
    """Enrolment, person, workplace, venue and participation of all who hold seats."""
    query = select(
        Enrolment.id, Enrolment.educator_id, Enrolment.organisation_id, Enrolment.venue_id, Enrolment.participation
    ).where(Enrolment.cohort_id == cohort_id, Enrolment.seat_id.is_not(None))
    if venue_id is not None:
        query = query.where(Enrolment.venue_id == venue_id)
    rows = await session.execute(query.order_by(Enrolment.id))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


async def concluded(session: AnySession, cohort_id: UUID, *, lock: bool) -> list[Enrolment]:
    """Those who passed or attended, in a fixed order; locked as they will stay until the transaction ends."""
    query = select(Enrolment).where(
        Enrolment.cohort_id == cohort_id, Enrolment.outcome.in_((Outcome.PASSED, Outcome.ATTENDED))
    )
    query = query.order_by(Enrolment.completed_on, Enrolment.id).execution_options(populate_existing=True)
    return list(await session.scalars(query.with_for_update(key_share=True) if lock else query))
