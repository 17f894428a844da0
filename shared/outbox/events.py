"""Writing an event: in the caller's transaction, so that it exists exactly when its cause does."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.db.sessions import WriteSession, authorship

WRITTEN = "change_events_written"
"""PostgreSQL notifies this channel when a transaction that wrote events commits."""

_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, told to whoever follows the feed."""

    kind: str
    """What happened, as `noun.participle`: `organisation.changed`."""
    subject: str
    """What kind of thing it happened to: `organisation`."""
    subject_id: UUID | str
    data: Mapping[str, Any]
    """What is public of the state after it, ready for JSON (`model_dump(mode="json")`)."""
    occurred_at: datetime | None = None
    """When it happened in the world; by default when the transaction began."""


_ADD = text(
    f"""
    WITH written AS (
        INSERT INTO change_events (kind, subject, subject_id, data, actor, occurred_at)
        SELECT kind, subject, subject_id, data, :actor, coalesce(occurred_at, now())
        FROM jsonb_to_recordset(CAST(:events AS jsonb))
            AS event (kind text, subject text, subject_id text, data jsonb, occurred_at timestamptz)
    )
    SELECT pg_notify('{WRITTEN}', '')
    """  # noqa: S608 -- the channel is a constant
)
"""One round trip, one event or a thousand. PostgreSQL sends the notification on commit, and once per transaction."""


async def add(session: WriteSession, event: Event) -> None:
    """Write one event; see `add_many`."""
    await add_many(session, (event,))


async def add_many(session: WriteSession, events: Iterable[Event]) -> None:
    """Write events in their order.

    Pending ORM changes are flushed first: the rows an event tells of are then locked before it takes its place, so
    that two events about one subject stand in the feed in the order in which its rows changed.
    """
    await session.flush()
    actor = authorship(session).subject
    remaining = iter(events)
    while batch := list(islice(remaining, _BATCH)):
        rows = [
            {
                "kind": event.kind,
                "subject": event.subject,
                "subject_id": str(event.subject_id),
                "data": event.data,
                "occurred_at": event.occurred_at.isoformat() if event.occurred_at else None,
            }
            for event in batch
        ]
        await session.execute(_ADD, {"actor": actor, "events": json.dumps(rows, allow_nan=False, ensure_ascii=False)})
