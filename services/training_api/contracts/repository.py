"""Every SQL statement about contracts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import Range

from services.training_api.contracts.models import ProviderContract
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.contracts import ContractQuery

KEYS = (keyset.Key(ProviderContract.__table__.c.id),)


def period(starts_on: date, ends_on: date) -> Range[date]:
    """The days of a contract, the last among them."""
    return Range(starts_on, ends_on + timedelta(days=1))


async def find(session: AnySession, contract_id: UUID) -> ProviderContract | None:
    return await session.get(ProviderContract, contract_id)


async def overlapping(session: WriteSession, wanted: ProviderContract) -> UUID | None:
    """Another contract for the same provider, programme and area, in some of these days."""
    query = select(ProviderContract.id).where(
        ProviderContract.provider_id == wanted.provider_id,
        ProviderContract.programme_code == wanted.programme_code,
        ProviderContract.area == wanted.area,
        ProviderContract.period.overlaps(wanted.period),
        ProviderContract.id != wanted.id,
    )
    with session.no_autoflush:
        found: UUID | None = await session.scalar(query.limit(1))
    return found


def _matching(query: Select[Any], wanted: ContractQuery) -> Select[Any]:
    conditions = {
        ProviderContract.provider_id: wanted.provider_id,
        ProviderContract.buyer_id: wanted.buyer_id,
        ProviderContract.programme_code: wanted.programme_code,
        ProviderContract.area: wanted.area,
    }
    query = query.where(*(column == value for column, value in conditions.items() if value is not None))
    return query if wanted.on is None else query.where(ProviderContract.period.contains(wanted.on))


async def page(
    session: AnySession, wanted: ContractQuery, *, after: Sequence[Any] | None
) -> Sequence[ProviderContract]:
    query = _matching(select(ProviderContract), wanted)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return (await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1))).all()


async def count(session: AnySession, wanted: ContractQuery) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(ProviderContract), wanted)) or 0)
