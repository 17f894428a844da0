"""Every SQL statement about monthly counts of clubs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry_api.clubs.models import ClubCount, ClubProvider
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession

KEYS = (
    keyset.Key(ClubCount.month.expression, descending=True),
    keyset.Key(ClubCount.id.expression, descending=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which months are asked for; what is None does not matter."""

    since: date | None = None
    until: date | None = None
    school_id: UUID | None = None
    provider_id: UUID | None = None
    areas: Sequence[str] | None = None
    direction: str | None = None


async def page(
    session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[ClubCount, ClubProvider]]:
    """Months with who provides the club, the latest first."""
    query = (
        select(ClubCount, ClubProvider)
        .join(ClubProvider, ClubProvider.id == ClubCount.provider_id)
        .where(*_conditions(wanted))
        .order_by(*keyset.order_by(KEYS))
        .limit(limit)
    )
    if after is not None:
        query = query.where(keyset.after(KEYS, [date.fromisoformat(str(after[0])), UUID(str(after[1]))]))
    return [(row[0], row[1]) for row in await session.execute(query)]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(ClubCount).where(*_conditions(wanted))) or 0


async def known(
    session: WriteSession, *, months: Collection[date], schools: Collection[UUID], providers: Collection[UUID]
) -> Sequence[ClubCount]:
    """What is known of these months of these schools and providers, locked for a change."""
    query = (
        select(ClubCount)
        .where(
            ClubCount.month == func.any(literal(sorted(months), ARRAY(Date))),
            ClubCount.school_id == func.any(literal(sorted(schools))),
            ClubCount.provider_id == func.any(literal(sorted(providers))),
        )
        .order_by(ClubCount.id)
        .with_for_update()
    )
    return (await session.scalars(query)).all()


async def write(session: WriteSession, added: Collection[ClubCount]) -> None:
    """New months, and what was changed in those that were known."""
    session.add_all(added)
    await session.flush()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(ClubCount.month >= wanted.since)
    if wanted.until is not None:
        found.append(ClubCount.month <= wanted.until)
    if wanted.school_id is not None:
        found.append(ClubCount.school_id == wanted.school_id)
    if wanted.provider_id is not None:
        found.append(ClubCount.provider_id == wanted.provider_id)
    if wanted.areas is not None:
        found.append(ClubCount.area_code == func.any(literal(list(wanted.areas), ARRAY(Text))))
    if wanted.direction is not None:
        found.append(ClubCount.direction == wanted.direction)
    return found
