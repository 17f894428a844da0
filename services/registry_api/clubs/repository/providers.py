"""Every SQL statement about providers of clubs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry_api.clubs.models import ClubProvider
from services.registry_api.organisations.queries import Alternative
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession

KEYS = (keyset.Key(ClubProvider.sort_key.expression), keyset.Key(ClubProvider.id.expression))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which providers are asked for; what is None or empty does not matter."""

    words: tuple[tuple[Alternative, ...], ...] = ()
    areas: Sequence[str] | None = None
    direction: str | None = None
    age: int | None = None
    accepts_social_wallet: bool | None = None
    on: date | None = None


async def page(
    session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int
) -> Sequence[ClubProvider]:
    """Providers by name in Kazakh order."""
    query = select(ClubProvider).where(*_conditions(wanted)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        query = query.where(keyset.after(KEYS, [after[0], UUID(str(after[1]))]))
    return (await session.scalars(query)).all()


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(ClubProvider).where(*_conditions(wanted))) or 0


async def find(session: AnySession, provider_id: UUID) -> ClubProvider | None:
    """One provider."""
    return await session.get(ClubProvider, provider_id)


async def lock(session: WriteSession, provider_id: UUID) -> ClubProvider | None:
    """One provider, which nobody else changes until this transaction ends."""
    query = select(ClubProvider).where(ClubProvider.id == provider_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def exist(session: AnySession, ids: Collection[UUID]) -> set[UUID]:
    """Those of `ids` that are providers."""
    return set(await session.scalars(select(ClubProvider.id).where(ClubProvider.id == func.any(literal(list(ids))))))


async def add(session: WriteSession, provider: ClubProvider) -> None:
    """A new provider."""
    session.add(provider)
    await session.flush()


async def write(session: WriteSession, provider: ClubProvider, changes: Mapping[str, Any]) -> None:
    """Write the changes."""
    for name, value in changes.items():
        setattr(provider, name, value)
    await session.flush()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [
        or_(*(and_(*(ClubProvider.search_key.like(pattern) for pattern in one)) for one in word))
        for word in wanted.words
    ]
    if wanted.areas is not None:
        found.append(ClubProvider.area_code == func.any(literal(list(wanted.areas), ARRAY(Text))))
    if wanted.direction is not None:
        found.append(ClubProvider.directions.op("@>")(literal([wanted.direction], ARRAY(Text))))
    if wanted.age is not None:
        found.append(literal(wanted.age).between(ClubProvider.age_from, ClubProvider.age_to))
    if wanted.accepts_social_wallet is not None:
        found.append(ClubProvider.accepts_social_wallet.is_(wanted.accepts_social_wallet))
    if wanted.on is not None:
        found.append(func.coalesce(ClubProvider.works_from <= wanted.on, True))
        found.append(func.coalesce(ClubProvider.works_until >= wanted.on, True))
    return found
