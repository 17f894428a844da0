"""Every SQL statement about selections."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, func, select

from services.registry_api.selections.models import Selection
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession

KEYS = (keyset.Key(Selection.__table__.c.id, descending=True),)


async def find(session: AnySession, token: str) -> Selection | None:
    found: Selection | None = await session.scalar(select(Selection).where(Selection.token == token))
    return found


async def lock(session: WriteSession, token: str) -> Selection | None:
    """The selection, which nobody else changes until this transaction ends."""
    query = select(Selection).where(Selection.token == token).with_for_update()
    found: Selection | None = await session.scalar(query.execution_options(populate_existing=True))
    return found


async def page(session: AnySession, owner: str, *, after: Sequence[Any] | None, limit: int) -> Sequence[Selection]:
    """Somebody's selections, the newest first, one more than `limit` if there are more."""
    query = select(Selection).where(Selection.owner == owner)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return (await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(limit + 1))).all()


async def count(session: AnySession, owner: str) -> int:
    query = select(func.count()).select_from(Selection).where(Selection.owner == owner)
    return int(await session.scalar(query) or 0)


@lru_cache(maxsize=1)
def listed() -> Select[Any]:
    """A part of other statements: the organisations of the selection bound as `selection`."""
    token = bindparam("selection", type_=Text)
    return select(func.unnest(Selection.organisation_ids)).where(Selection.token == token)
