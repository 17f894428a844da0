"""Every SQL statement about rooms."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, any_, func, literal, select

from services.training_api.rooms.models import Room
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.rooms import RoomQuery

KEYS = (keyset.Key(Room.__table__.c.id),)


async def find(session: AnySession, room_id: UUID) -> Room | None:
    return await session.get(Room, room_id)


async def lock(session: WriteSession, room_id: UUID) -> Room | None:
    """The room as it is now; whoever else wants to hold a session in it waits."""
    query = select(Room).where(Room.id == room_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def name_exists(session: WriteSession, organisation_id: UUID, name: str, *, but: UUID | None = None) -> bool:
    query = select(Room.id).where(Room.organisation_id == organisation_id, Room.name == name)
    if but is not None:
        query = query.where(Room.id != but)
    return (await session.execute(query.limit(1))).first() is not None


def _matching(query: Select[Any], wanted: RoomQuery) -> Select[Any]:
    if wanted.organisation_id is not None:
        query = query.where(Room.organisation_id == wanted.organisation_id)
    if wanted.min_seats is not None:
        query = query.where(Room.seats >= wanted.min_seats)
    if wanted.equipment is not None:
        query = query.where(literal(wanted.equipment) == any_(Room.equipment))
    if wanted.in_use is not None:
        query = query.where(Room.in_use == wanted.in_use)
    return query


async def page(session: AnySession, wanted: RoomQuery, *, after: Sequence[Any] | None) -> list[Room]:
    query = _matching(select(Room), wanted)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: RoomQuery) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Room), wanted)) or 0)
