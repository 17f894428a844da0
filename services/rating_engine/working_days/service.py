"""Declaring days worked or free, and telling by when something is due."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from services.rating_engine.working_days import repository, rules
from services.rating_engine.working_days.models import CalendarException
from shared import clock
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id

MOST_DAYS = rules.MOST_DAYS


async def due(session: AnySession, *, now: datetime, days: int) -> datetime:
    """The end, in Kazakhstan, of the `days`-th working day after today."""
    today = clock.day_in_kazakhstan(now)
    exceptions = await repository.declared(session, today)
    last = await asyncio.to_thread(rules.after, today, days, exceptions)
    return clock.end_of_day_in_kazakhstan(last).astimezone(UTC)


async def declare(session: WriteSession, *, day: date, is_worked: bool, basis: str, now: datetime) -> CalendarException:
    """Say that a day is worked or free, whatever the law's calendar says. Deadlines that are set already stay."""
    exception = CalendarException(id=new_id(), day=day, is_worked=is_worked, basis=basis, created_at=now)
    session.add(exception)
    await session.flush()
    return exception


async def page(session: AnySession, *, after: UUID | None, limit: int) -> Sequence[CalendarException]:
    """Up to `limit` declarations, the latest first."""
    return await repository.page(session, after=after, limit=limit)
