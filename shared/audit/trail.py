"""Adds to the audit trail by hand, and reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from shared.audit.recorder import entry
from shared.audit.tables import audit_entries
from shared.audit.values import as_json
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession, authorship

KEYS = (keyset.Key(audit_entries.c.occurred_at, descending=True), keyset.Key(audit_entries.c.id, descending=True))
"""Newest first."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the trail is asked for."""

    resource_type: str | None = None
    resource_id: str | None = None
    actor: str | None = None
    action: str | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def note(
    session: WriteSession, *, action: str, resource_type: str, resource_id: str | UUID, **effects: Any
) -> None:
    """Record what the recorder cannot see: a bulk statement, a file taken in, personal data that was looked at.

    `effects` are facts about it (`rows=5516`, `source="…sha256"`), not a value of a row each.
    """
    facts = {name: [None, as_json(value)] for name, value in effects.items()}
    row = entry(
        authorship(session), action=action, resource_type=resource_type, resource_id=str(resource_id), changes=facts
    )
    await session.execute(audit_entries.insert(), [row])


async def read(
    session: AnySession, filters: Filters, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Mapping[str, Any]]:
    """A page of the trail behind the position `after`, newest first."""
    columns = audit_entries.c
    wanted: dict[Any, Any] = {
        columns.resource_type: filters.resource_type,
        columns.resource_id: filters.resource_id,
        columns.actor: filters.actor,
        columns.action: filters.action,
        columns.request_id: filters.request_id,
    }
    query = select(audit_entries).where(*(column == value for column, value in wanted.items() if value is not None))
    if filters.since is not None:
        query = query.where(columns.occurred_at >= filters.since)
    if filters.until is not None:
        query = query.where(columns.occurred_at < filters.until)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    rows = await session.execute(query.order_by(*keyset.order_by(KEYS)).limit(limit))
    return [dict(row) for row in rows.mappings()]
