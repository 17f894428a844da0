"""Every SQL statement about reads of personal data."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, func, select

from services.training_api.access_log.models import PersonalRead
from shared.db import keyset
from shared.db.sessions import AnySession

_TABLE = PersonalRead.__table__
assert isinstance(_TABLE, Table)
KEYS = (keyset.Key(_TABLE.c.read_at, descending=True), keyset.Key(_TABLE.c.id, descending=True))


def _of(query: Select[Any], educator_id: UUID) -> Select[Any]:
    return query.where(PersonalRead.educator_ids.contains([educator_id]))


async def page(
    session: AnySession, educator_id: UUID, *, after: Sequence[Any] | None, limit: int
) -> list[PersonalRead]:
    """Reads of one person's data, the latest first; a row more than asked for if there is one."""
    query = _of(select(PersonalRead), educator_id)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(limit + 1)))


async def count(session: AnySession, educator_id: UUID) -> int:
    return int(await session.scalar(_of(select(func.count()).select_from(PersonalRead), educator_id)) or 0)
