"""Every SQL statement about snapshots."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.rating_engine.snapshots.models import Snapshot
from shared.db.sessions import AnySession, WriteSession


async def keep(
    session: WriteSession, *, digest: str, period: str, as_of: date, organisations: int, content: bytes, now: datetime
) -> None:
    """Keep a snapshot; one that is kept already stays as it is."""
    await session.execute(
        insert(Snapshot)
        .values(digest=digest, period=period, as_of=as_of, organisations=organisations, content=content, created_at=now)
        .on_conflict_do_nothing(index_elements=["digest"])
    )


async def content(session: AnySession, digest: str) -> bytes | None:
    """The stored content behind a digest."""
    return await session.scalar(select(Snapshot.content).where(Snapshot.digest == digest))
