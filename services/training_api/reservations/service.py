"""What is done with reservations: keeping seats for some, and letting anybody have them when the time has come.

The callers hold the locks of the venues concerned.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.reservations import errors, repository, rules
from services.training_api.reservations.models import ReservationPool
from services.training_api.reservations.rules import Pool, facts, fitting, in_order_of_release, tag, wanted_facts
from services.training_api.seats import service as seats
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.reservations import PoolKind

__all__ = [
    "Pool",
    "ReservationPool",
    "add",
    "claim",
    "due_cohorts",
    "facts",
    "fitting",
    "get",
    "in_order_of_release",
    "of_cohort",
    "pools_for",
    "release",
    "resize",
    "tag",
    "unreleased",
    "wanted_facts",
]


async def unreleased(session: AnySession, cohort_id: UUID) -> list[Pool]:
    """The pools of a cohort whose seats are kept still, those among them that are due."""
    return await repository.unreleased(session, cohort_id)


async def pools_for(
    session: AnySession, cohort_id: UUID, venue_id: UUID | None, known: Sequence[str], *, now: datetime
) -> list[UUID]:
    """The pools from which a person with these facts may take seats now, the best first; at one venue, or at any."""
    pools = await repository.unreleased(session, cohort_id)
    there = (pool for pool in pools if venue_id is None or pool.venue_id in (None, venue_id))
    return fitting((pool for pool in there if not pool.is_due(now)), known)


async def of_cohort(session: AnySession, cohort_id: UUID) -> list[ReservationPool]:
    """All pools of a cohort in the order of their release."""
    return await repository.of_cohort(session, cohort_id)


async def get(session: AnySession, cohort_id: UUID, pool_id: UUID) -> ReservationPool:
    """One pool of the cohort. Raises `PoolNotFound`."""
    pool = await repository.find(session, pool_id)
    if pool is None or pool.cohort_id != cohort_id:
        raise errors.PoolNotFound
    return pool


async def due_cohorts(session: AnySession, *, now: datetime, limit: int) -> list[UUID]:
    """Cohorts that have pools to release."""
    return await repository.due_cohorts(session, now=now, limit=limit)


async def add(
    session: WriteSession,
    venue_ids: Sequence[UUID],
    *,
    cohort_id: UUID,
    venue_id: UUID | None,
    kind: PoolKind,
    key: str,
    count: int,
    priority: int = 0,
    is_hold: bool = False,
    release_at: datetime | None,
    now: datetime,
) -> ReservationPool:
    """Keep free seats of the venues. Raises `PoolTooLarge`, `ReleaseInThePast`."""
    _refuse_past(release_at, is_hold=is_hold, now=now)
    pool = ReservationPool(
        cohort_id=cohort_id,
        venue_id=venue_id,
        kind=kind,
        key=key,
        seats=count,
        priority=priority,
        is_hold=is_hold,
        release_at=release_at,
        created_at=now,
        updated_at=now,
    )
    session.add(pool)
    await session.flush()
    await _keep(session, pool, venue_ids, count)
    return pool


async def resize(
    session: WriteSession,
    pool: ReservationPool,
    venue_ids: Sequence[UUID],
    changes: Mapping[str, Any],
    *,
    now: datetime,
) -> list[UUID]:
    """Give the pool other numbers; the venues where that made seats free for anybody.

    Raises `PoolReleased`, `PoolTooLarge`, `PoolTaken`, `HoldNeedsDeadline`, `ReleaseInThePast`.
    """
    if pool.released_at is not None:
        raise errors.PoolReleased
    release_at = changes.get("release_at", pool.release_at)
    if "release_at" in changes:
        if pool.is_hold and release_at is None:
            raise errors.HoldNeedsDeadline(pointer="/release_on")
        _refuse_past(release_at, is_hold=False, now=now)
    more = changes.get("seats", pool.seats) - pool.seats
    freed = []
    if more > 0:
        await _keep(session, pool, venue_ids, more)
    elif more < 0:
        freed = await _let_go(session, pool, venue_ids, -more)
    for name, value in changes.items():
        setattr(pool, name, value)
    if changes:
        pool.updated_at = now
    await session.flush()
    return freed


async def release(session: WriteSession, pool_id: UUID, *, now: datetime) -> list[UUID]:
    """Let anybody have the seats of the pool; the venues where some are free. Raises `PoolNotFound`, `PoolReleased`."""
    pool = await repository.lock(session, pool_id)
    if pool is None:
        raise errors.PoolNotFound
    if pool.released_at is not None:
        raise errors.PoolReleased
    pool.released_at = now
    pool.updated_at = now
    await session.flush()
    return await seats.dissolve(session, pool.id)


async def claim(session: WriteSession, cohort_id: UUID, pool_id: UUID) -> ReservationPool:
    """The pool of the cohort, locked. Raises `PoolNotFound`."""
    pool = await repository.lock(session, pool_id)
    if pool is None or pool.cohort_id != cohort_id:
        raise errors.PoolNotFound
    return pool


async def _keep(session: WriteSession, pool: ReservationPool, venue_ids: Sequence[UUID], count: int) -> None:
    present = await seats.counts(session, venue_ids)
    free = {venue_id: counted.free - counted.kept for venue_id, counted in present.items()}
    if sum(free.values()) < count:
        raise errors.PoolTooLarge(pointer="/seats", free=sum(free.values()), wanted=count)
    for venue_id, share in sorted(rules.share_out(count, free).items()):
        kept = await seats.keep(session, venue_id, pool.id, how_many=share)
        if kept < share:
            raise errors.PoolTooLarge(pointer="/seats", free=kept, wanted=share)


async def _let_go(session: WriteSession, pool: ReservationPool, venue_ids: Sequence[UUID], count: int) -> list[UUID]:
    free = (await seats.pool_counts(session, [pool.id]))[pool.id].free
    if free < count:
        raise errors.PoolTaken(pointer="/seats", free=free, wanted=count)
    freed = []
    for venue_id in venue_ids:
        if count == 0:
            break
        gone = await seats.let_anybody(session, venue_id, pool.id, how_many=count)
        if gone:
            freed.append(venue_id)
        count -= gone
    return freed


def _refuse_past(release_at: datetime | None, *, is_hold: bool, now: datetime) -> None:
    if release_at is not None and release_at <= now:
        raise errors.ReleaseInThePast(pointer="/until" if is_hold else "/release_on")
