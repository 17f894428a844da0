"""Every SQL statement about exceptions of the calendar."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.rating_engine.working_days.models import CalendarException
from shared.db.sessions import AnySession


async def declared(session: AnySession, since: date) -> Mapping[date, bool]:
    """What was declared of each day from `since` on: the last word about it."""
    statement = (
        select(CalendarException.day, CalendarException.is_worked)
        .where(CalendarException.day >= since)
        .order_by(CalendarException.id)
    )
    return {row.day: row.is_worked for row in await session.execute(statement)}


async def page(session: AnySession, *, after: UUID | None, limit: int) -> Sequence[CalendarException]:
    """Up to `limit` declarations, the latest first."""
    statement = select(CalendarException).order_by(CalendarException.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(CalendarException.id < after)
    return (await session.scalars(statement)).all()
