"""Numbering and reading the feed."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, select, text

from shared.db.sessions import AnySession, WriteSession
from shared.outbox.tables import change_events
from shared.schemas.changes import ChangeRead

STAMPED = "change_events_stamped"
"""PostgreSQL notifies this channel when events have got their positions."""

_ONE_STAMPER = text("SELECT pg_advisory_xact_lock(hashtextextended('bilim.change_feed', 0))")

_STAMP = text(
    f"""
    WITH waiting AS MATERIALIZED (
        SELECT seq, row_number() OVER (ORDER BY seq) AS place
        FROM (SELECT seq FROM change_events WHERE position IS NULL ORDER BY seq LIMIT :limit) AS first
    ), head AS MATERIALIZED (
        SELECT coalesce(max(position), 0) AS position FROM change_events
    ), stamped AS (
        UPDATE change_events SET position = head.position + waiting.place
        FROM waiting, head
        WHERE change_events.seq = waiting.seq
        RETURNING 1
    ), counted AS (
        SELECT count(*) AS events FROM stamped
    )
    SELECT events, CASE WHEN events > 0 THEN pg_notify('{STAMPED}', '') END FROM counted
    """  # noqa: S608 -- the channel is a constant
)

_READ = (
    select(
        change_events.c.position,
        change_events.c.kind,
        change_events.c.subject,
        change_events.c.subject_id,
        change_events.c.data,
        change_events.c.occurred_at,
    )
    .where(change_events.c.position > bindparam("after"))
    .order_by(change_events.c.position)
    .limit(bindparam("limit"))
)
_HEAD = select(func.coalesce(func.max(change_events.c.position), 0))
_PENDING = select(
    func.count(), func.coalesce(func.clock_timestamp() - func.min(change_events.c.recorded_at), timedelta())
).where(change_events.c.position.is_(None))


@dataclass(frozen=True, slots=True)
class Pending:
    """Committed events that have no position yet; more than a moment of delay means that no stamper runs."""

    events: int
    oldest: timedelta
    """How long the oldest has been waiting."""


async def stamp(session: WriteSession, *, limit: int = 1000) -> int:
    """Give the next positions to up to `limit` committed events and say how many got one.

    The lock comes first and in a statement of its own: the statement that numbers then sees all that the stamper
    before it did. Uncommitted events are invisible to it and get their numbers in a later call, so no number is ever
    given to an event that rolls back, and none is skipped.
    """
    await session.execute(_ONE_STAMPER)
    return int((await session.execute(_STAMP, {"limit": limit})).scalar_one())


async def read(session: AnySession, *, after: int, limit: int) -> list[ChangeRead]:
    """The first `limit` events behind position `after`, by position."""
    rows = await session.execute(_READ, {"after": after, "limit": limit})
    return [ChangeRead.model_validate(dict(row)) for row in rows.mappings()]


async def head(session: AnySession) -> int:
    """The last position given, 0 in an empty feed."""
    return int((await session.execute(_HEAD)).scalar_one())


async def pending(session: AnySession) -> Pending:
    """How many events wait for the stamper, and for how long."""
    events, oldest = (await session.execute(_PENDING)).one()
    return Pending(events, oldest)
