"""Every SQL statement about cohorts, venues and sessions."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select, update

from services.training_api.cohorts.models import Cohort, CourseSession, Venue
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.cohorts import CohortQuery

KEYS = (
    keyset.Key(Cohort.__table__.c.starts_on, descending=True),
    keyset.Key(Cohort.__table__.c.id, descending=True),
)

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
    return list(await session.scalars(select(Venue).where(Venue.cohort_id == cohort_id).order_by(Venue.place)))


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


async def next_place(session: WriteSession, cohort_id: UUID) -> int:
    query = select(func.coalesce(func.max(Venue.place), 0) + 1).where(Venue.cohort_id == cohort_id)
    return int(await session.scalar(query) or 1)


async def sessions(session: AnySession, cohort_id: UUID) -> list[CourseSession]:
    """The sessions of a cohort by day and hour."""
    query = select(CourseSession).where(CourseSession.cohort_id == cohort_id)
    order = (CourseSession.held_on, CourseSession.starts_at, CourseSession.id)
    return list(await session.scalars(query.order_by(*order)))


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
