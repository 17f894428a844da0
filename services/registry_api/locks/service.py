"""What is done with locks: a period is closed to revisions, opened again, and asked about by whoever revises."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.indicators import service as indicators
from services.registry_api.locks import errors, repository
from services.registry_api.locks.models import PeriodLock
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.observation_life import LockCreate, LocksQuery


@dataclass(frozen=True, slots=True)
class Span:
    """A period as it is written, with its first and its last day."""

    text: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Holding:
    """A lock that holds, as far as it concerns some values."""

    indicator: str | None
    pillar: str | None
    first: date
    last: date
    areas: frozenset[str] | None
    """The locked areas; None: the whole country."""
    reason: str

    def covers(self, *, indicator: str, pillar: str, span: Span) -> bool:
        """Whether it locks values of that indicator for that period, in some area."""
        is_meant = self.indicator == indicator if self.indicator is not None else self.pillar == pillar
        return is_meant and self.first <= span.first and span.last <= self.last


async def lock(session: WriteSession, actor: Actor, asked: LockCreate, span: Span, *, now: datetime) -> PeriodLock:
    """Let values of the period be revised no more.

    Raises `LockExists`, `IndicatorsUnknown`, `PillarUnknown`, `AreaUnknown`, `OutOfReach`.
    """
    today = day_in_kazakhstan(now)
    if asked.indicator is not None:
        await indicators.in_force(session, [asked.indicator], span.last, pointer="/indicator")
    elif not await indicators.codes_of_pillar(session, asked.pillar or ""):
        raise errors.PillarUnknown(pointer="/pillar")
    if asked.area is not None:
        await areas.require(session, asked.area, since=date.min)
    await _demand(session, actor, asked.area, on=today)
    await repository.hold_off(session)
    row = PeriodLock(
        id=new_id(),
        indicator=asked.indicator,
        pillar=asked.pillar,
        period=span.text,
        period_start=span.first,
        period_end=span.last,
        area_code=asked.area,
        reason=asked.reason,
        locked_at=now,
        locked_by=actor.subject,
        reopened_at=None,
        reopened_by=None,
        reopen_reason=None,
    )
    await repository.add(session, row)
    await outbox.add(session, _event("period.locked", row))
    return row


async def reopen(session: WriteSession, actor: Actor, lock_id: UUID, *, reason: str, now: datetime) -> PeriodLock:
    """Let them be revised again. Raises `LockNotFound`, `LockReopened`, `OutOfReach`."""
    row = await repository.find(session, lock_id, for_update=True)
    if row is None:
        raise errors.LockNotFound()
    await _demand(session, actor, row.area_code, on=day_in_kazakhstan(now))
    if row.reopened_at is not None:
        raise errors.LockReopened()
    row.reopened_at, row.reopened_by, row.reopen_reason = now, actor.subject, reason
    await outbox.add(session, _event("period.reopened", row))
    return row


async def get(session: AnySession, lock_id: UUID) -> PeriodLock:
    """One lock. Raises `LockNotFound`."""
    row = await repository.find(session, lock_id)
    if row is None:
        raise errors.LockNotFound()
    return row


async def page(
    session: AnySession, query: LocksQuery, *, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 locks behind a position, oldest first."""
    return [document(row) for row in await repository.page(session, query, after=after, limit=limit + 1)]


async def count(session: AnySession, query: LocksQuery) -> int:
    """How many the list has."""
    return await repository.count(session, query)


async def holding(
    session: WriteSession, touched: Collection[tuple[str, str, Span]], *, on: date
) -> Mapping[tuple[str, str], list[Holding]]:
    """The locks upon these indicators, each with its pillar, and periods; by indicator and period.

    Nobody can lock a period from now until the transaction ends.
    """
    await repository.hold_still(session)
    found: dict[tuple[str, str], list[Holding]] = {}
    for row in await repository.holding(session):
        lock = Holding(row.indicator, row.pillar, row.period_start, row.period_end, None, row.reason)
        concerned = [
            (code, span.text) for code, pillar, span in touched if lock.covers(indicator=code, pillar=pillar, span=span)
        ]
        if not concerned:
            continue
        inside = None if row.area_code is None else frozenset(await areas.codes_under(session, row.area_code, on=on))
        lock = Holding(row.indicator, row.pillar, row.period_start, row.period_end, inside, row.reason)
        for key in concerned:
            found.setdefault(key, []).append(lock)
    return found


def document(row: PeriodLock) -> dict[str, Any]:
    """A lock as `LockRead` reads it."""
    names = ("id", "indicator", "pillar", "period", "reason", "locked_by", "locked_at")
    told = {name: getattr(row, name) for name in (*names, "reopened_by", "reopened_at", "reopen_reason")}
    return {**told, "area": row.area_code}


async def _demand(session: AnySession, actor: Actor, area: str | None, *, on: date) -> None:
    path = None if area is None else await areas.codes_above(session, area, on=on)
    actor.demand(Scope.REGISTRY_APPROVE, path)


def _event(kind: str, row: PeriodLock) -> outbox.Event:
    names = ("indicator", "pillar", "period")
    data = {**{name: getattr(row, name) for name in names}, "area": row.area_code}
    return outbox.Event(kind=kind, subject="period_lock", subject_id=row.id, data=data)
