"""What is done with seats: providing them, taking them, giving them back."""

from collections.abc import Collection
from uuid import UUID

from services.training_api.seats import errors, repository
from services.training_api.seats.repository import Counts, Taken
from services.training_api.seats.rules import SeatLocking
from shared.db.sessions import AnySession, WriteSession

__all__ = ["Counts", "SeatLocking", "Taken", "any_free", "counts", "give_back", "numbers", "provide", "take"]


async def provide(session: WriteSession, venue_id: UUID, *, capacity: int) -> None:
    """Let the venue have `capacity` seats, under the lock of the venue. Raises `SeatsTaken`."""
    present = (await counts(session, [venue_id]))[venue_id]
    missing = capacity - present.free - present.taken
    if missing > 0:
        await repository.add(session, venue_id, how_many=missing)
    elif missing < 0 and await repository.remove_free(session, venue_id, how_many=-missing) < -missing:
        raise errors.SeatsTaken(pointer="/capacity", taken=present.taken, capacity=capacity)


async def any_free(session: AnySession, venue_id: UUID) -> bool:
    """Whether a free seat can be seen; by the time of taking it may be gone."""
    return await repository.any_free(session, venue_id)


async def take(session: WriteSession, venue_id: UUID, *, locking: SeatLocking) -> Taken | None:
    """Take a free seat; None if there is none that nobody else is just taking."""
    if locking is SeatLocking.NONE:
        return await repository.take_unlocked(session, venue_id)
    return await repository.take(session, venue_id)


async def give_back(session: WriteSession, seat_id: UUID) -> None:
    """Make a seat free again."""
    await repository.give_back(session, seat_id)


async def counts(session: AnySession, venue_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Free and taken seats of each venue."""
    found = await repository.counts(session, venue_ids)
    return {venue_id: found.get(venue_id, Counts()) for venue_id in venue_ids}


async def numbers(session: AnySession, seat_ids: Collection[UUID]) -> dict[UUID, int]:
    """The number of each seat."""
    return await repository.numbers(session, seat_ids)
