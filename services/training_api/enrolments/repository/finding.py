"""Enrolments one by one and in pages, and their steps."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    bindparam,
    func,
    select,
)
from sqlalchemy.exc import IntegrityError

from services.training_api.enrolments.models import Enrolment, EnrolmentTransition
from services.training_api.enrolments.repository.hours import Live
from services.training_api.enrolments.repository.lines import Placed, place_in_line
from services.training_api.enrolments.rules import LIVE, SAT
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.db import failures, keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.enrolments import EnrolmentQuery
from shared.schemas.training.enrolments import EnrolmentStatus as Status
from shared.schemas.training.enrolments import OutcomeState as Outcome
from shared.schemas.training.enrolments import ParticipationState as Participation

KEYS = (keyset.Key(Enrolment.__table__.c.id),)

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


async def next_number(session: WriteSession, enrolment_id: UUID) -> int:
    return int(await session.scalar(_NEXT_NUMBER, {"enrolment": enrolment_id}) or 1)


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


async def expired_offers(session: AnySession, *, now: datetime, limit: int) -> list[UUID]:
    query = select(Enrolment.id).where(Enrolment.status == Status.OFFERED, Enrolment.offer_expires_at <= now)
    return list(await session.scalars(query.order_by(Enrolment.offer_expires_at).limit(limit)))


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
    query = _matching(select(Enrolment).add_columns(place_in_line()), wanted, reach)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    rows = await session.execute(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1))
    return [(row[0], row[1]) for row in rows]


async def placed(session: AnySession, enrolment_ids: Collection[UUID]) -> list[Placed]:
    """These enrolments with their places in line."""
    query = select(Enrolment).add_columns(place_in_line()).where(Enrolment.id.in_(enrolment_ids))
    return [(row[0], row[1]) for row in await session.execute(query.order_by(Enrolment.id))]


async def count(session: AnySession, wanted: EnrolmentQuery, reach: Reach) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Enrolment), wanted, reach)) or 0)


async def count_open(session: AnySession, educator_id: UUID) -> int:
    query = select(func.count()).where(Enrolment.educator_id == educator_id, Enrolment.status.in_(sorted(LIVE - SAT)))
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
