"""What is done with reads of personal data: noting each, and telling whose data were read by whom."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.access_log import repository
from services.training_api.access_log.models import PersonalRead
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.schemas.training.privacy import PersonalReadRead


async def note(session: WriteSession, educator_ids: Collection[UUID], *, shown: str, now: datetime) -> None:
    """Write down that the caller is shown these people: in the transaction that ends before the answer leaves."""
    if not educator_ids:
        return
    author = authorship(session)
    session.add(
        PersonalRead(
            educator_ids=list(educator_ids),
            shown=shown,
            actor=author.subject,
            reason=author.reason,
            request_id=author.request_id,
            read_at=now,
        )
    )
    await session.flush()


async def page(
    session: AnySession, educator_id: UUID, *, after: Sequence[Any] | None, limit: int
) -> list[PersonalReadRead]:
    """Who was shown the person, the latest first."""
    rows = await repository.page(session, educator_id, after=after, limit=limit)
    return [PersonalReadRead.model_validate(row) for row in rows]


async def count(session: AnySession, educator_id: UUID) -> int:
    """How often the person was shown."""
    return await repository.count(session, educator_id)
