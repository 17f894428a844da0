"""The work queue of findings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, false, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry_api.quality.models import QualityFinding
from shared.db import keyset
from shared.db.sessions import AnySession
from shared.schemas.registry.quality import FindingsQuery

KEYS = (keyset.Key(QualityFinding.id.expression),)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a caller with bounds sees."""

    areas: Collection[str]
    organisation: UUID | None


async def find(session: AnySession, finding_id: UUID, *, for_update: bool = False) -> QualityFinding | None:
    """One finding."""
    return await session.get(QualityFinding, finding_id, with_for_update=for_update or None, populate_existing=True)


async def page(
    session: AnySession,
    query: FindingsQuery,
    *,
    areas: Collection[str] | None,
    reach: Reach | None,
    after: Sequence[Any] | None,
    limit: int,
) -> list[QualityFinding]:
    """A page of the queue, oldest first."""
    statement = select(QualityFinding).where(*_filters(query, areas, reach))
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return list(await session.scalars(statement.order_by(*keyset.order_by(KEYS)).limit(limit)))


async def count(
    session: AnySession, query: FindingsQuery, *, areas: Collection[str] | None, reach: Reach | None
) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(QualityFinding).where(*_filters(query, areas, reach))
    return await session.scalar(statement) or 0


def _filters(query: FindingsQuery, areas: Collection[str] | None, reach: Reach | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    equal = {
        QualityFinding.state: query.state,
        QualityFinding.severity: query.severity,
        QualityFinding.rule: query.rule,
        QualityFinding.indicator: query.indicator,
        QualityFinding.period: query.period,
        QualityFinding.organisation_id: query.organisation,
    }
    conditions += [column == value for column, value in equal.items() if value is not None]
    if areas is not None:
        conditions.append(_inside(areas))
    if reach is not None:
        own = QualityFinding.organisation_id == reach.organisation if reach.organisation else false()
        conditions.append(or_(_inside(reach.areas), own))
    return conditions


def _inside(areas: Collection[str]) -> ColumnElement[bool]:
    return QualityFinding.area_code == func.any(literal(list(areas), ARRAY(Text)))
