"""Every SQL statement about methodologies."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.rating_engine.methodologies.models import Methodology, MethodologyAudit
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession

_ORDER = (keyset.Key(Methodology.code), keyset.Key(Methodology.edition, descending=True))


async def get(session: AnySession, methodology_id: UUID) -> Methodology | None:
    """One version."""
    return await session.get(Methodology, methodology_id)


async def get_for_change(session: WriteSession, methodology_id: UUID) -> Methodology | None:
    """One version, locked until the transaction ends."""
    return await session.get(Methodology, methodology_id, with_for_update=True)


async def next_edition(session: WriteSession, code: str) -> int:
    """The number after the last of this code; writers of one code take turns."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"methodology:{code}", 0))))
    last = await session.scalar(select(func.max(Methodology.edition)).where(Methodology.code == code))
    return (last or 0) + 1


async def page(
    session: AnySession,
    *,
    code: str | None,
    status: str | None,
    origin: str | None,
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Methodology]:
    """Up to `limit` versions by code, the latest edition first."""
    statement = select(Methodology).order_by(*keyset.order_by(_ORDER)).limit(limit)
    if code is not None:
        statement = statement.where(Methodology.code == code)
    if status is not None:
        statement = statement.where(Methodology.status == status)
    if origin is not None:
        statement = statement.where(Methodology.origin == origin)
    if after is not None:
        statement = statement.where(keyset.after(_ORDER, after))
    return (await session.scalars(statement)).all()


async def audit(session: AnySession, methodology_id: UUID, digest: str) -> MethodologyAudit | None:
    """One audit of a version, by its digest."""
    return await session.scalar(
        select(MethodologyAudit).where(
            MethodologyAudit.methodology_id == methodology_id, MethodologyAudit.digest == digest
        )
    )


async def latest_audit(
    session: AnySession, methodology_id: UUID, *, document: str | None = None
) -> MethodologyAudit | None:
    """The last audit of a version; with `document` the last one of exactly that document."""
    statement = select(MethodologyAudit).where(MethodologyAudit.methodology_id == methodology_id)
    if document is not None:
        statement = statement.where(MethodologyAudit.methodology_digest == document)
    return await session.scalar(
        statement.order_by(MethodologyAudit.created_at.desc(), MethodologyAudit.id.desc()).limit(1)
    )
