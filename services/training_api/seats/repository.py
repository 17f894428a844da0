"""Every SQL statement about seats."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Integer,
    ScalarSelect,
    Select,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from services.training_api.seats.models import Seat
from shared.db.sessions import AnySession, WriteSession


@dataclass(frozen=True, slots=True)
class Taken:
    """A seat that somebody has just got."""

    id: UUID
    number: int
    pool_id: UUID | None
    """The pool it was kept in; None: it was for anybody."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many seats there are."""

    free: int = 0
    taken: int = 0
    kept: int = 0
    """Those of the free ones that are kept for some."""


_GOT = (Seat.id, Seat.number, Seat.pool_id)
_POOLS = bindparam("pools", type_=ARRAY(Uuid))
_FREE = select(Seat.id).where(Seat.venue_id == bindparam("venue"), Seat.free)
_FIRST_OPEN = _FREE.where(Seat.pool_id.is_(None)).order_by(Seat.number).limit(1)
_FIRST_FITTING = (
    _FREE.where(or_(Seat.pool_id.is_(None), Seat.pool_id == any_(_POOLS)))
    .order_by(func.array_position(_POOLS, Seat.pool_id).nulls_last(), Seat.number)
    .limit(1)
)


def _taking(first: Select[Any]) -> ScalarSelect[Any]:
    return first.with_for_update(skip_locked=True).scalar_subquery()


_TAKE_OPEN = update(Seat).where(Seat.id == _taking(_FIRST_OPEN)).values(free=False).returning(*_GOT)
_TAKE_FITTING = update(Seat).where(Seat.id == _taking(_FIRST_FITTING)).values(free=False).returning(*_GOT)
_TAKE_THIS = update(Seat).where(Seat.id == bindparam("seat")).values(free=False).returning(*_GOT)
_ANY_OPEN = select(_FIRST_OPEN.exists())
_ANY_FITTING = select(_FIRST_FITTING.exists())


async def any_free(session: AnySession, venue_id: UUID, *, pools: Sequence[UUID]) -> bool:
    """Whether a free seat of these pools or for anybody can be seen; by the time of taking it may be gone."""
    if not pools:
        return bool(await session.scalar(_ANY_OPEN, {"venue": venue_id}))
    return bool(await session.scalar(_ANY_FITTING, {"venue": venue_id, "pools": list(pools)}))


async def take(session: WriteSession, venue_id: UUID, *, pools: Sequence[UUID]) -> Taken | None:
    """Take the first seat that is free and not being taken by another; None if there is none.

    Of the first of the pools that has one, else one for anybody.
    """
    statement, values = (_TAKE_FITTING, {"pools": list(pools)}) if pools else (_TAKE_OPEN, {})
    row = (await session.execute(statement, {"venue": venue_id, **values}, execution_options=_CORE)).one_or_none()
    return None if row is None else Taken(*row)


async def take_unlocked(session: WriteSession, venue_id: UUID, *, pools: Sequence[UUID]) -> Taken | None:
    """Look first and take later, as if nobody else were there."""
    statement, values = (_FIRST_FITTING, {"pools": list(pools)}) if pools else (_FIRST_OPEN, {})
    seat_id = await session.scalar(statement, {"venue": venue_id, **values})
    if seat_id is None:
        return None
    row = (await session.execute(_TAKE_THIS, {"seat": seat_id}, execution_options=_CORE)).one()
    return Taken(*row)


async def open_seats(session: WriteSession, venue_ids: Collection[UUID]) -> dict[UUID, list[Taken]]:
    """The free seats for anybody at each venue in their order, under the locks of the venues."""
    query = (
        select(Seat.venue_id, Seat.id, Seat.number)
        .where(Seat.venue_id.in_(venue_ids), Seat.free, Seat.pool_id.is_(None))
        .order_by(Seat.venue_id, Seat.number)
    )
    found: dict[UUID, list[Taken]] = {venue_id: [] for venue_id in venue_ids}
    for row in await session.execute(query):
        found[row[0]].append(Taken(row[1], row[2], None))
    return found


async def free_by_pool(session: AnySession, venue_ids: Collection[UUID]) -> dict[UUID, dict[UUID | None, int]]:
    """How many seats are free at each venue, pool by pool; under None those for anybody."""
    query = (
        select(Seat.venue_id, Seat.pool_id, func.count())
        .where(Seat.venue_id.in_(venue_ids), Seat.free)
        .group_by(Seat.venue_id, Seat.pool_id)
    )
    found: dict[UUID, dict[UUID | None, int]] = {venue_id: {} for venue_id in venue_ids}
    for venue_id, pool_id, count in await session.execute(query):
        found[venue_id][pool_id] = count
    return found


async def take_many(session: WriteSession, seat_ids: Collection[UUID]) -> None:
    await session.execute(update(Seat).where(Seat.id.in_(seat_ids)).values(free=False), execution_options=_CORE)


async def free_pools(session: AnySession, venue_id: UUID) -> set[UUID | None]:
    """The pools that have a free seat at the venue; None among them for a seat that anybody may have."""
    query = select(Seat.pool_id).where(Seat.venue_id == venue_id, Seat.free).distinct()
    return set(await session.scalars(query))


async def pool_counts(session: AnySession, pool_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Free and taken seats of each pool."""
    query = (
        select(Seat.pool_id, func.count().filter(Seat.free), func.count().filter(~Seat.free))
        .where(Seat.pool_id.in_(pool_ids))
        .group_by(Seat.pool_id)
    )
    found = (await session.execute(query)).all()
    return {pool_id: Counts(free, taken, kept=free) for pool_id, free, taken in found if pool_id is not None}


async def keep(session: WriteSession, venue_id: UUID, pool_id: UUID, *, how_many: int) -> int:
    """Keep free seats that were for anybody, the highest numbers first; how many there were to keep."""
    return await _regroup(session, venue_id, before=None, after=pool_id, how_many=how_many)


async def let_anybody(session: WriteSession, venue_id: UUID, pool_id: UUID, *, how_many: int) -> int:
    """Make free seats of a pool free for anybody; how many there were."""
    return await _regroup(session, venue_id, before=pool_id, after=None, how_many=how_many)


async def dissolve(session: WriteSession, pool_id: UUID) -> list[UUID]:
    """Make all seats of a pool seats for anybody, also those that are taken; the venues where some were free."""
    changed = update(Seat).where(Seat.pool_id == pool_id).values(pool_id=None).returning(Seat.venue_id, Seat.free)
    rows = (await session.execute(changed, execution_options=_CORE)).all()
    return sorted({row.venue_id for row in rows if row.free})


async def _regroup(
    session: WriteSession, venue_id: UUID, *, before: UUID | None, after: UUID | None, how_many: int
) -> int:
    highest = (
        select(Seat.id)
        .where(Seat.venue_id == venue_id, Seat.free, Seat.pool_id.is_not_distinct_from(before))
        .order_by(Seat.number.desc())
        .limit(how_many)
        .with_for_update()
    )
    changed = update(Seat).where(Seat.id.in_(highest)).values(pool_id=after).returning(Seat.id)
    return len((await session.execute(changed, execution_options=_CORE)).all())


async def give_back(session: WriteSession, seat_id: UUID) -> None:
    await session.execute(update(Seat).where(Seat.id == seat_id).values(free=True), execution_options=_CORE)


async def counts(session: AnySession, venue_ids: Collection[UUID]) -> dict[UUID, Counts]:
    query = (
        select(
            Seat.venue_id,
            func.count().filter(Seat.free),
            func.count().filter(~Seat.free),
            func.count().filter(Seat.free, Seat.pool_id.is_not(None)),
        )
        .where(Seat.venue_id.in_(venue_ids))
        .group_by(Seat.venue_id)
    )
    return {row[0]: Counts(*row[1:]) for row in await session.execute(query)}


async def numbers(session: AnySession, seat_ids: Collection[UUID]) -> dict[UUID, int]:
    query = select(Seat.id, Seat.number).where(Seat.id.in_(seat_ids))
    return {row.id: row.number for row in await session.execute(query)}


async def add(session: WriteSession, venue_id: UUID, *, how_many: int) -> None:
    """Free seats with the next numbers."""
    last = select(func.coalesce(func.max(Seat.number), 0)).where(Seat.venue_id == venue_id).scalar_subquery()
    number = func.generate_series(1, literal(how_many, Integer)).column_valued("number")
    rows = select(func.uuidv7(), literal(venue_id), last + number, literal(True))
    await session.execute(insert(Seat).from_select(["id", "venue_id", "number", "free"], rows))


async def remove_free(session: WriteSession, venue_id: UUID, *, how_many: int) -> int:
    """Take away free seats that are for anybody, the highest numbers first; how many there were to take."""
    highest = (
        select(Seat.id)
        .where(Seat.venue_id == venue_id, Seat.free, Seat.pool_id.is_(None))
        .order_by(Seat.number.desc())
        .limit(how_many)
        .with_for_update()
    )
    removed = await session.execute(
        delete(Seat).where(Seat.id.in_(highest)).returning(Seat.id), execution_options=_CORE
    )
    return len(removed.all())


_CORE = {"synchronize_session": False}
"""Seats are never loaded as objects, so there is nothing to bring up to date."""
