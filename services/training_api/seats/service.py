"""What is done with seats: providing them, taking them, giving them back."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.training_api.seats import errors, repository
from services.training_api.seats.repository import Counts, Taken
from services.training_api.seats.rules import SeatLocking
from shared.db.sessions import AnySession, WriteSession

__all__ = [
    "Counts",
    "SeatLocking",
    "Taken",
    "any_free",
    "counts",
    "dissolve",
    "free_by_pool",
    "free_pools",
    "give_back",
    "keep",
    "let_anybody",
    "numbers",
    "open_seats",
    "pool_counts",
    "provide",
    "take",
    "take_many",
]


async def provide(session: WriteSession, venue_id: UUID, *, capacity: int) -> None:
    """Let the venue have `capacity` seats, under the lock of the venue. Raises `SeatsTaken`, `SeatsKept`."""
    present = (await counts(session, [venue_id]))[venue_id]
    missing = capacity - present.free - present.taken
    if missing > 0:
        await repository.add(session, venue_id, how_many=missing)
    elif missing < 0 and await repository.remove_free(session, venue_id, how_many=-missing) < -missing:
        if capacity < present.taken:
            raise errors.SeatsTaken(pointer="/capacity", taken=present.taken, capacity=capacity)
        raise errors.SeatsKept(pointer="/capacity", taken=present.taken, kept=present.kept, capacity=capacity)


async def any_free(session: AnySession, venue_id: UUID, *, pools: Sequence[UUID] = ()) -> bool:
    """Whether a free seat of these pools or for anybody can be seen; by the time of taking it may be gone."""
    return await repository.any_free(session, venue_id, pools=pools)


async def take(
    session: WriteSession, venue_id: UUID, *, pools: Sequence[UUID] = (), locking: SeatLocking
) -> Taken | None:
    """Take a free seat of the first of the pools that has one, else one for anybody.

    None if there is none that nobody else is just taking.
    """
    if locking is SeatLocking.NONE:
        return await repository.take_unlocked(session, venue_id, pools=pools)
    return await repository.take(session, venue_id, pools=pools)


async def open_seats(session: WriteSession, venue_ids: Collection[UUID]) -> dict[UUID, list[Taken]]:
    """The free seats for anybody at each venue in their order, for who has the locks of all these venues."""
    return await repository.open_seats(session, venue_ids)


async def free_by_pool(session: AnySession, venue_ids: Collection[UUID]) -> dict[UUID, dict[UUID | None, int]]:
    """How many seats are free at each venue, pool by pool; under None those for anybody."""
    return await repository.free_by_pool(session, venue_ids)


async def take_many(session: WriteSession, seat_ids: Collection[UUID]) -> None:
    """Take these free seats, under the locks of their venues."""
    await repository.take_many(session, seat_ids)


async def free_pools(session: AnySession, venue_id: UUID) -> set[UUID | None]:
    """The pools that have a free seat at the venue; None among them for a seat that anybody may have."""
    return await repository.free_pools(session, venue_id)


async def keep(session: WriteSession, venue_id: UUID, pool_id: UUID, *, how_many: int) -> int:
    """Keep free seats for a pool, under the lock of the venue; how many of the wanted there were to keep."""
    return await repository.keep(session, venue_id, pool_id, how_many=how_many)


async def let_anybody(session: WriteSession, venue_id: UUID, pool_id: UUID, *, how_many: int) -> int:
    """Make free seats of a pool free for anybody, under the lock of the venue; how many there were."""
    return await repository.let_anybody(session, venue_id, pool_id, how_many=how_many)


async def dissolve(session: WriteSession, pool_id: UUID) -> list[UUID]:
    """Make all seats of a pool seats for anybody, under the locks of its venues; those where some were free."""
    return await repository.dissolve(session, pool_id)


async def give_back(session: WriteSession, seat_id: UUID) -> None:
    """Make a seat free again."""
    await repository.give_back(session, seat_id)


async def counts(session: AnySession, venue_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Free and taken seats of each venue."""
    found = await repository.counts(session, venue_ids)
    return {venue_id: found.get(venue_id, Counts()) for venue_id in venue_ids}


async def pool_counts(session: AnySession, pool_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Free and taken seats of each pool."""
    found = await repository.pool_counts(session, pool_ids)
    return {pool_id: found.get(pool_id, Counts()) for pool_id in pool_ids}


async def numbers(session: AnySession, seat_ids: Collection[UUID]) -> dict[UUID, int]:
    """The number of each seat."""
    return await repository.numbers(session, seat_ids)
