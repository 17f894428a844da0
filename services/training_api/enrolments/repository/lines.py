"""The waiting lists: who stands where, and who is next."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased

from services.training_api.enrolments.models import Enrolment
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from services.training_api.trainers import service as trainers
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.enrolments import EnrolmentStatus as Status

LINE_KEYS = (
    keyset.Key(Enrolment.__table__.c.venue_id),
    keyset.Key(Enrolment.__table__.c.priority, descending=True),
    keyset.Key(Enrolment.__table__.c.ticket),
)
Placed = tuple[Enrolment, int | None]
"""An enrolment and its position in the waiting list."""


def place_in_line() -> ColumnElement[int | None]:
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


_POSITION = select(place_in_line()).where(Enrolment.id == bindparam("enrolment"))


async def position(session: AnySession, enrolment_id: UUID) -> int | None:
    return await session.scalar(_POSITION, {"enrolment": enrolment_id})


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
    query = select(Enrolment, place_in_line()).where(
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
