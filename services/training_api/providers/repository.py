"""Every SQL statement about providers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from services.training_api.providers.models import Provider
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.providers import ProviderQuery

KEYS = (keyset.Key(Provider.__table__.c.code),)


async def find(session: AnySession, provider_id: UUID) -> Provider | None:
    return await session.get(Provider, provider_id)


async def exists(session: WriteSession, *, organisation_id: UUID, code: str) -> bool:
    query = select(Provider.id).where(or_(Provider.organisation_id == organisation_id, Provider.code == code))
    return (await session.execute(query.limit(1))).first() is not None


def _matching(query: Select[Any], wanted: ProviderQuery) -> Select[Any]:
    if wanted.organisation_id is not None:
        query = query.where(Provider.organisation_id == wanted.organisation_id)
    if wanted.code is not None:
        query = query.where(Provider.code == wanted.code)
    return query


async def page(session: AnySession, wanted: ProviderQuery, *, after: Sequence[Any] | None) -> list[Provider]:
    query = _matching(select(Provider), wanted)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: ProviderQuery) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Provider), wanted)) or 0)
