"""Every SQL statement about reservation pools."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from services.training_api.reservations.models import ReservationPool
from services.training_api.reservations.rules import Pool
from shared.db.sessions import AnySession, WriteSession

_KEPT = select(
    ReservationPool.id,
    ReservationPool.cohort_id,
    ReservationPool.venue_id,
    ReservationPool.kind,
    ReservationPool.key,
    ReservationPool.is_hold,
    ReservationPool.priority,
    ReservationPool.release_at,
).where(ReservationPool.released_at.is_(None))
_OF_COHORT = _KEPT.where(ReservationPool.cohort_id == bindparam("cohort"))


async def unreleased(session: AnySession, cohort_id: UUID) -> list[Pool]:
    """The pools of a cohort whose seats are kept still."""
    return [Pool(*row) for row in await session.execute(_OF_COHORT, {"cohort": cohort_id})]


async def of_cohort(session: AnySession, cohort_id: UUID) -> list[ReservationPool]:
    """All pools of a cohort in the order of their release, those that are never released by themselves last."""
    query = select(ReservationPool).where(ReservationPool.cohort_id == cohort_id)
    order = (ReservationPool.release_at.asc().nulls_last(), ReservationPool.priority, ReservationPool.id)
    return list(await session.scalars(query.order_by(*order)))


async def find(session: AnySession, pool_id: UUID) -> ReservationPool | None:
    return await session.get(ReservationPool, pool_id)


async def lock(session: WriteSession, pool_id: UUID) -> ReservationPool | None:
    """The pool as it is now."""
    query = select(ReservationPool).where(ReservationPool.id == pool_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def due_cohorts(session: AnySession, *, now: datetime, limit: int) -> list[UUID]:
    """Cohorts that have pools to release."""
    query = select(ReservationPool.cohort_id).where(
        ReservationPool.released_at.is_(None), ReservationPool.release_at <= now
    )
    return list(await session.scalars(query.distinct().limit(limit)))
