"""Every SQL statement about commitments, their steps, and what shows that they are kept."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm.attributes import flag_modified

from services.registry_api.commitments.models import (
    Commitment,
    CommitmentEvidence,
    CommitmentOverride,
    CommitmentReport,
    CommitmentState,
    CommitmentTransition,
)
from shared.db import bitemporal, keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.commitment_words import EvidenceReview

MOST_STEPS = 1000
Reviewed = CommitmentEvidence | CommitmentReport


async def lock(session: WriteSession, commitment_id: UUID) -> Commitment | None:
    """The identity, which nobody else changes until this transaction ends."""
    query = select(Commitment).where(Commitment.id == commitment_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def add(
    session: WriteSession, commitment: Commitment, state: Mapping[str, Any], *, since: date, now: datetime
) -> None:
    """A new commitment with its first state."""
    session.add(commitment)
    await session.flush()
    row = CommitmentState(commitment_id=commitment.id, valid=Range(since, None), **state)
    await bitemporal.record(session, row, now=now)


async def timeline(
    session: AnySession, commitment_id: UUID, *, known_at: datetime | None = None
) -> Sequence[CommitmentState]:
    """The states in the order of their days, as they are believed now or were believed at a moment."""
    return await bitemporal.history(session, CommitmentState, {"commitment_id": commitment_id}, known_at=known_at)


async def amend(
    session: WriteSession,
    commitment_id: UUID,
    changes: Mapping[str, Any],
    *,
    valid_from: date,
    valid_to: date | None = None,
    now: datetime,
) -> bool:
    """Change attributes for some days; whether anything was changed."""
    rows = await bitemporal.amend(
        session,
        CommitmentState,
        {"commitment_id": commitment_id},
        changes,
        valid_from=valid_from,
        valid_to=valid_to,
        now=now,
    )
    return any(row.takes_the_place_of is not None for row in rows)


async def take_back(session: WriteSession, commitment_id: UUID, *, recorded_at: datetime, now: datetime) -> None:
    """What was recorded of the commitment at that moment was not."""
    await bitemporal.take_back(
        session, CommitmentState, {"commitment_id": commitment_id}, recorded_at=recorded_at, now=now
    )


async def touch(session: WriteSession, commitment: Commitment, *, now: datetime) -> None:
    """Count one more change."""
    commitment.updated_at = now
    flag_modified(commitment, "updated_at")  # a clock that stands still must not hide a change
    await session.flush()


async def steps(
    session: AnySession, commitment_id: UUID, *, known_at: datetime | None = None
) -> list[CommitmentTransition]:
    """Every step, in their order."""
    query = select(CommitmentTransition).where(CommitmentTransition.commitment_id == commitment_id)
    if known_at is not None:
        query = query.where(CommitmentTransition.recorded_at <= known_at)
    return list(await session.scalars(query.order_by(CommitmentTransition.number).limit(MOST_STEPS)))


async def last_step(session: AnySession, commitment_id: UUID) -> tuple[int, date]:
    """The number and the day of the last step."""
    query = (
        select(CommitmentTransition.number, CommitmentTransition.effective_on)
        .where(CommitmentTransition.commitment_id == commitment_id)
        .order_by(CommitmentTransition.number.desc())
        .limit(1)
    )
    row = (await session.execute(query)).one()
    return row.number, row.effective_on


async def take_step(session: WriteSession, commitment: Commitment, step: CommitmentTransition) -> None:
    """Add a step and let the commitment stand where it leads."""
    session.add(step)
    commitment.status = step.to_status
    commitment.status_since = step.effective_on
    await session.flush()


async def count_evidence(session: AnySession, commitment_id: UUID) -> tuple[int, int]:
    """How many items were handed in, and how many of them a second person accepted."""
    accepted = func.count().filter(CommitmentEvidence.review == EvidenceReview.ACCEPTED.value)
    query = select(func.count(), accepted).where(CommitmentEvidence.commitment_id == commitment_id)
    row = (await session.execute(query)).one()
    return int(row[0]), int(row[1])


async def hand_in(session: WriteSession, row: Reviewed | CommitmentOverride) -> None:
    """One more item of evidence, report, or override."""
    session.add(row)
    await session.flush()


async def reviewed(
    session: WriteSession, model: type[CommitmentEvidence] | type[CommitmentReport], commitment_id: UUID, item_id: UUID
) -> Any | None:
    """An item that waits for its second reader, for a change."""
    query = select(model).where(model.commitment_id == commitment_id, model.id == item_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def items(
    session: AnySession,
    model: type[CommitmentEvidence] | type[CommitmentReport],
    commitment_id: UUID,
    *,
    review: str | None,
    after: Sequence[Any] | None,
    limit: int,
) -> list[Any]:
    """Evidence or reports, the newest first, one more than `limit` if there are more."""
    keys = (keyset.Key(model.id.expression, descending=True),)
    query = select(model).where(model.commitment_id == commitment_id)
    if review is not None:
        query = query.where(model.review == review)
    if after is not None:
        query = query.where(keyset.after(keys, [UUID(str(after[0]))]))
    return list(await session.scalars(query.order_by(*keyset.order_by(keys)).limit(limit + 1)))


async def count_items(
    session: AnySession,
    model: type[CommitmentEvidence] | type[CommitmentReport],
    commitment_id: UUID,
    *,
    review: str | None,
) -> int:
    """How many there are."""
    query = select(func.count()).select_from(model).where(model.commitment_id == commitment_id)
    if review is not None:
        query = query.where(model.review == review)
    return int(await session.scalar(query) or 0)
