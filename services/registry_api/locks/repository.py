"""Every SQL statement about locks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from services.registry_api.locks.errors import LockExists
from services.registry_api.locks.models import PeriodLock
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.observation_life import LocksQuery

KEYS = (keyset.Key(PeriodLock.id.expression),)
_LOCK = 0x6C6F636B
"""A batch holds it shared while it is checked, whoever locks a period holds it alone."""


async def hold_off(session: WriteSession) -> None:
    """Wait for the batches that were checked before this lock."""
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def hold_still(session: WriteSession) -> None:
    """Let nobody lock a period until this transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))


async def holding(session: AnySession) -> list[PeriodLock]:
    """All locks that hold."""
    return list(await session.scalars(select(PeriodLock).where(PeriodLock.reopened_at.is_(None))))


async def add(session: WriteSession, lock: PeriodLock) -> None:
    """Write a lock down. Raises `LockExists`."""
    try:
        async with session.begin_nested():
            session.add(lock)
            await session.flush()
    except IntegrityError as error:
        raise LockExists from error


async def find(session: AnySession, lock_id: UUID, *, for_update: bool = False) -> PeriodLock | None:
    """One lock."""
    return await session.get(PeriodLock, lock_id, with_for_update=for_update or None)


async def page(session: AnySession, query: LocksQuery, *, after: Sequence[Any] | None, limit: int) -> list[PeriodLock]:
    """A page of the list, oldest first."""
    statement = select(PeriodLock).where(*_filters(query)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return list(await session.scalars(statement))


async def count(session: AnySession, query: LocksQuery) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(PeriodLock).where(*_filters(query))) or 0


def _filters(query: LocksQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.indicator is not None:
        conditions.append(PeriodLock.indicator == query.indicator)
    if query.pillar is not None:
        conditions.append(PeriodLock.pillar == query.pillar)
    if query.period is not None:
        conditions.append(PeriodLock.period == query.period)
    if query.area is not None:
        conditions.append(PeriodLock.area_code == query.area)
    if query.state is not None:
        is_holding = PeriodLock.reopened_at.is_(None)
        conditions.append(is_holding if query.state == "holding" else ~is_holding)
    return conditions
