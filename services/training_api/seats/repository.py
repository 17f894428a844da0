"""Every SQL statement about seats."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Integer, bindparam, delete, func, insert, literal, select, update

from services.training_api.seats.models import Seat
from shared.db.sessions import AnySession, WriteSession


@dataclass(frozen=True, slots=True)
class Taken:
    """A seat that somebody has just got."""

    id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many seats there are."""

    free: int = 0
    taken: int = 0


_FIRST_FREE = select(Seat.id).where(Seat.venue_id == bindparam("venue"), Seat.free).order_by(Seat.number).limit(1)
_TAKE = (
    update(Seat)
    .where(Seat.id == _FIRST_FREE.with_for_update(skip_locked=True).scalar_subquery())
    .values(free=False)
    .returning(Seat.id, Seat.number)
)
_TAKE_THIS = update(Seat).where(Seat.id == bindparam("seat")).values(free=False).returning(Seat.id, Seat.number)
_ANY_FREE = select(_FIRST_FREE.exists())


async def any_free(session: AnySession, venue_id: UUID) -> bool:
    """Whether a free seat can be seen; by the time of taking it may be gone."""
    return bool(await session.scalar(_ANY_FREE, {"venue": venue_id}))


async def take(session: WriteSession, venue_id: UUID) -> Taken | None:
    """Take the first seat that is free and not being taken by another; None if there is none."""
    row = (await session.execute(_TAKE, {"venue": venue_id}, execution_options=_CORE)).one_or_none()
    return None if row is None else Taken(row.id, row.number)


async def take_unlocked(session: WriteSession, venue_id: UUID) -> Taken | None:
    """Look first and take later, as if nobody else were there."""
    seat_id = await session.scalar(_FIRST_FREE, {"venue": venue_id})
    if seat_id is None:
        return None
    row = (await session.execute(_TAKE_THIS, {"seat": seat_id}, execution_options=_CORE)).one()
    return Taken(row.id, row.number)


async def give_back(session: WriteSession, seat_id: UUID) -> None:
    await session.execute(update(Seat).where(Seat.id == seat_id).values(free=True), execution_options=_CORE)


async def counts(session: AnySession, venue_ids: Collection[UUID]) -> dict[UUID, Counts]:
    query = (
        select(Seat.venue_id, func.count().filter(Seat.free), func.count().filter(~Seat.free))
        .where(Seat.venue_id.in_(venue_ids))
        .group_by(Seat.venue_id)
    )
    return {row[0]: Counts(free=row[1], taken=row[2]) for row in await session.execute(query)}


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
    """Take free seats away, the highest numbers first; how many there were to take."""
    highest = (
        select(Seat.id)
        .where(Seat.venue_id == venue_id, Seat.free)
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
