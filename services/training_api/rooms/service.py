"""What is done with rooms: entering them, changing them, finding one for a session."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api import patches
from services.training_api.organisations import service as organisations
from services.training_api.rooms import errors, repository
from services.training_api.rooms.errors import RoomTaken, VenueNeeded
from services.training_api.rooms.models import Room
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.rooms import RoomCreate, RoomQuery, RoomRead, RoomUpdate

__all__ = ["RoomTaken", "VenueNeeded", "add", "change", "count", "get", "hold", "page"]


async def add(session: WriteSession, actor: Actor, body: RoomCreate, *, now: datetime) -> RoomRead:
    """Enter a room. Raises `OrganisationUnknown`, `OutOfReach`, `RoomExists`."""
    await organisations.require(session, body.organisation_id)
    await organisations.demand(session, actor, Scope.TRAINING_MANAGE, body.organisation_id)
    if await repository.name_exists(session, body.organisation_id, body.name):
        raise errors.RoomExists(pointer="/name")
    room = Room(**_kept(body.model_dump()), in_use=True, created_at=now, updated_at=now)
    session.add(room)
    await session.flush()
    return RoomRead.model_validate(room)


async def change(
    session: WriteSession,
    actor: Actor,
    room_id: UUID,
    patch: RoomUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> RoomRead:
    """Change what the patch names, once `check` has agreed to the version.

    Raises `RoomNotFound`, `OutOfReach`, `RoomExists`, `FieldRequired`.
    """
    room = await repository.lock(session, room_id)
    if room is None:
        raise errors.RoomNotFound
    await organisations.demand(session, actor, Scope.TRAINING_MANAGE, room.organisation_id)
    check(room.version)
    changes = _kept(patches.changes(patch))
    renamed = patch.name if patch.name not in (None, room.name) else None
    if renamed and await repository.name_exists(session, room.organisation_id, renamed, but=room.id):
        raise errors.RoomExists(pointer="/name")
    for name, value in changes.items():
        setattr(room, name, value)
    if changes:
        room.updated_at = now
    await session.flush()
    return RoomRead.model_validate(room)


async def hold(session: WriteSession, room_id: UUID, *, organisation_id: UUID, pointer: str) -> None:
    """See that the room is the host's and in use; nobody else gives it away until the transaction ends.

    Raises `RoomUnknown`.
    """
    room = await repository.lock(session, room_id)
    if room is None or room.organisation_id != organisation_id or not room.in_use:
        raise errors.RoomUnknown(pointer=pointer)


async def get(session: AnySession, room_id: UUID) -> RoomRead:
    """One room. Raises `RoomNotFound`."""
    room = await repository.find(session, room_id)
    if room is None:
        raise errors.RoomNotFound
    return RoomRead.model_validate(room)


async def page(session: AnySession, query: RoomQuery, *, after: Sequence[Any] | None) -> list[RoomRead]:
    """Rooms in the order they were entered."""
    return [RoomRead.model_validate(room) for room in await repository.page(session, query, after=after)]


async def count(session: AnySession, query: RoomQuery) -> int:
    """How many there are."""
    return await repository.count(session, query)


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """The equipment without repetitions."""
    if values.get("equipment"):
        values["equipment"] = sorted(set(values["equipment"]))
    return values
