"""SQL of reorganisations: one at a time, and in lists."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select

from services.registry_api.reorganisations.models import Reorganisation
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.reorganisations import ReorganisationQuery, ReorganisationStatus

KEYS = (
    keyset.Key(Reorganisation.happened_on.expression, descending=True),
    keyset.Key(Reorganisation.id.expression, descending=True),
)


async def add(session: WriteSession, reorganisation: Reorganisation) -> None:
    session.add(reorganisation)
    await session.flush()


async def find(session: AnySession, reorganisation_id: UUID) -> Reorganisation | None:
    return await session.get(Reorganisation, reorganisation_id)


async def lock(session: WriteSession, reorganisation_id: UUID) -> Reorganisation | None:
    """The event, which nobody else changes until this transaction ends."""
    query = select(Reorganisation).where(Reorganisation.id == reorganisation_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def mark_undone(session: WriteSession, reorganisation: Reorganisation, *, reason: str, now: datetime) -> None:
    reorganisation.undone_at = now
    reorganisation.undone_reason = reason
    reorganisation.updated_at = now
    await session.flush()


async def page(
    session: AnySession, query: ReorganisationQuery, *, after: Sequence[Any] | None, limit: int
) -> list[Reorganisation]:
    """Up to `limit` events, the latest day first."""
    statement = select(Reorganisation).where(*_filters(query)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        day, last = after
        statement = statement.where(keyset.after(KEYS, [date.fromisoformat(str(day)), UUID(str(last))]))
    return list(await session.scalars(statement))


async def count(session: AnySession, query: ReorganisationQuery) -> int:
    statement = select(func.count()).select_from(Reorganisation).where(*_filters(query))
    return await session.scalar(statement) or 0


def _filters(query: ReorganisationQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.organisation is not None:
        conditions.append(Reorganisation.organisations.contains([query.organisation]))
    if query.kind is not None:
        conditions.append(Reorganisation.kind == query.kind.value)
    if query.status is not None:
        undone = query.status is ReorganisationStatus.UNDONE
        conditions.append(Reorganisation.undone_at.is_not(None) if undone else Reorganisation.undone_at.is_(None))
    if query.since is not None:
        conditions.append(Reorganisation.happened_on >= literal(query.since))
    if query.until is not None:
        conditions.append(Reorganisation.happened_on < literal(query.until))
    return conditions
