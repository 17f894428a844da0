"""The same request twice has one effect: keys of callers, kept in the transaction of what they did."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.base import PLUMBING
from shared.db.sessions import WriteSession

idempotency_keys = Table(
    "idempotency_keys",
    PLUMBING,
    Column("principal", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False, comment="SHA-256 of what was asked, without the key"),
    Column("status", SmallInteger, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("ix_idempotency_keys_created_at", "created_at"),
)


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it was given the first time."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claimed:
    """Nobody has used this key and nobody is using it: do the work, then `store` its answer."""


@dataclass(frozen=True, slots=True)
class Replay:
    """The work is done; this was the answer."""

    stored: Stored


@dataclass(frozen=True, slots=True)
class InFlight:
    """Another transaction is working under this key at this moment."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The key belongs to a different request."""


Claim = Claimed | Replay | InFlight | Mismatch

_lock = select(func.pg_try_advisory_xact_lock(bindparam("lock")))
_find = select(
    idempotency_keys.c.fingerprint, idempotency_keys.c.status, idempotency_keys.c.headers, idempotency_keys.c.body
).where(
    idempotency_keys.c.principal == bindparam("principal"),
    idempotency_keys.c.route == bindparam("route"),
    idempotency_keys.c.key == bindparam("key"),
)


def fingerprint(*parts: bytes) -> bytes:
    """A digest of what is asked (query string, content type, body …), which a repeated key must match.

    >>> fingerprint(b"a", b"bc") == fingerprint(b"ab", b"c")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.digest()


def _lock_number(principal: str, route: str, key: str) -> int:
    name = fingerprint(b"idempotency", principal.encode(), route.encode(), key.encode())
    return int.from_bytes(name[:8], signed=True)


async def claim(session: WriteSession, *, principal: str, route: str, key: str, fingerprint: bytes) -> Claim:
    """Take a key for this transaction, or learn why it cannot be taken.

    The lock ends with the transaction, however it ends, so nothing is left to clear after a crash. Two
    statements, because the second must see what the last holder of the lock committed.
    """
    if not await session.scalar(_lock, {"lock": _lock_number(principal, route, key)}):
        return InFlight()
    found = (await session.execute(_find, {"principal": principal, "route": route, "key": key})).one_or_none()
    if found is None:
        return Claimed()
    if found.fingerprint != fingerprint:
        return Mismatch()
    return Replay(Stored(found.status, tuple((name, value) for name, value in found.headers), found.body))


async def store(
    session: WriteSession,
    stored: Stored,
    *,
    principal: str,
    route: str,
    key: str,
    fingerprint: bytes,
    now: datetime,
) -> None:
    """Keep the answer in the transaction of its effect: both are committed or neither is."""
    await session.execute(
        insert(idempotency_keys).values(
            principal=principal,
            route=route,
            key=key,
            fingerprint=fingerprint,
            status=stored.status,
            headers=[list(header) for header in stored.headers],
            body=stored.body,
            created_at=now,
        )
    )


async def purge(session: WriteSession, before: datetime, *, limit: int = 10_000) -> int:
    """Forget up to `limit` answers given before that moment; how many they were."""
    columns = idempotency_keys.c
    old = (
        select(columns.principal, columns.route, columns.key)
        .where(columns.created_at < before)
        .order_by(columns.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    result = await session.execute(
        delete(idempotency_keys)
        .where(tuple_(columns.principal, columns.route, columns.key).in_(old))
        .returning(columns.key)
    )
    return len(result.all())
