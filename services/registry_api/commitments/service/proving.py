"""What shows that a commitment is kept: evidence and reports, read by a second person, and lights set by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api.commitments import errors, repository, rules
from services.registry_api.commitments.models import (
    Commitment,
    CommitmentEvidence,
    CommitmentOverride,
    CommitmentReport,
)
from services.registry_api.commitments.service import reads, writing
from services.registry_api.memoranda import service as memoranda
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.commitment_progress import (
    EvidenceCreate,
    ProgressReportCreate,
    ReviewCreate,
    ReviewedQuery,
)
from shared.schemas.registry.commitment_words import CommitmentStatus, EvidenceReview
from shared.schemas.registry.commitments import CommitmentOverride as OverrideAsked

Kind = type[CommitmentEvidence] | type[CommitmentReport]


async def submit_evidence(
    session: WriteSession, actor: Actor, commitment: Commitment, asked: EvidenceCreate, *, now: datetime
) -> CommitmentEvidence:
    """Hand in an item of evidence. Raises `CommitmentClosed`, `DocumentUnknown`."""
    await _may_tell(session, actor, commitment, now=now)
    if asked.document is not None and not await memoranda.has_document(
        session, commitment.memorandum_id, asked.document
    ):
        raise errors.DocumentUnknown(pointer="/document")
    row = CommitmentEvidence(
        id=new_id(),
        commitment_id=commitment.id,
        link=asked.link,
        document=asked.document,
        note=asked.note,
        **_handed_in(actor, now),
    )
    await repository.hand_in(session, row)
    await repository.touch(session, commitment, now=now)
    return row


async def report(
    session: WriteSession, actor: Actor, commitment: Commitment, asked: ProgressReportCreate, *, now: datetime
) -> CommitmentReport:
    """Report how far the commitment is on a day. Raises `DayAhead`, `ValueUnfitting`."""
    state = await _may_tell(session, actor, commitment, now=now)
    today = day_in_kazakhstan(now)
    on = asked.on or today
    if on > today:
        raise errors.DayAhead(pointer="/on")
    if (asked.value is None) != (state.measure is None):
        raise errors.ValueUnfitting(pointer="/value")
    row = CommitmentReport(
        id=new_id(),
        commitment_id=commitment.id,
        on=on,
        value=asked.value,
        text=asked.text,
        **_handed_in(actor, now),
    )
    await repository.hand_in(session, row)
    await repository.touch(session, commitment, now=now)
    return row


async def _may_tell(session: WriteSession, actor: Actor, commitment: Commitment, *, now: datetime) -> Any:
    state = (await repository.timeline(session, commitment.id))[-1]
    await writing.standing(session, actor, commitment, also=state.owner, now=now)
    if CommitmentStatus(commitment.status) not in rules.OPEN:
        raise errors.CommitmentClosed(status=commitment.status)
    return state


def _handed_in(actor: Actor, now: datetime) -> dict[str, Any]:
    return {"submitted_by": actor.principal, "submitted_at": now, "review": EvidenceReview.PENDING.value}


async def review(
    session: WriteSession,
    actor: Actor,
    commitment: Commitment,
    kind: Kind,
    item_id: UUID,
    asked: ReviewCreate,
    *,
    now: datetime,
) -> Any:
    """The second reader's word; it takes `registry:approve` and another person than the one who handed it in."""
    today = day_in_kazakhstan(now)
    brief = await reads.brief_of(session, commitment.memorandum_id, on=today)
    if brief is None:
        raise errors.CommitmentNotFound()
    await reads.demand(session, actor, brief, on=today, scope=Scope.REGISTRY_APPROVE)
    item = await repository.reviewed(session, kind, commitment.id, item_id)
    if item is None:
        raise errors.EvidenceNotFound() if kind is CommitmentEvidence else errors.ReportNotFound()
    if item.review != EvidenceReview.PENDING:
        raise errors.ReviewedAlready()
    if item.submitted_by == actor.principal:
        raise errors.SameHand()
    item.review = (EvidenceReview.ACCEPTED if asked.accepted else EvidenceReview.REJECTED).value
    item.reviewed_by, item.reviewed_at, item.review_reason = actor.principal, now, asked.reason
    await repository.touch(session, commitment, now=now)
    data = {"id": str(commitment.id), "item": str(item_id), "review": item.review}
    word = "evidenced" if kind is CommitmentEvidence else "reported"
    await outbox.add(
        session,
        outbox.Event(
            kind=f"commitment.{word}", subject="commitment", subject_id=commitment.id, data=data, occurred_at=now
        ),
    )
    return item


async def override(
    session: WriteSession, actor: Actor, commitment: Commitment, asked: OverrideAsked, *, now: datetime
) -> None:
    """Set the delivery light by hand, for a reason and until a day. Raises `OverrideTooLong`, `CommitmentClosed`."""
    today = day_in_kazakhstan(now)
    brief = await reads.brief_of(session, commitment.memorandum_id, on=today)
    if brief is None:
        raise errors.CommitmentNotFound()
    await reads.demand(session, actor, brief, on=today, scope=Scope.REGISTRY_APPROVE)
    if CommitmentStatus(commitment.status) not in rules.OPEN:
        raise errors.CommitmentClosed(status=commitment.status)
    if not 1 <= (asked.expires_on - today).days <= rules.LONGEST_OVERRIDE_DAYS:
        raise errors.OverrideTooLong(pointer="/expires_on")
    row = CommitmentOverride(
        id=new_id(),
        commitment_id=commitment.id,
        light=asked.light,
        reason=asked.reason,
        since=today,
        expires_on=asked.expires_on,
        set_by=actor.principal,
        recorded_at=now,
    )
    await repository.hand_in(session, row)
    await repository.touch(session, commitment, now=now)
    await writing.tell(session, "commitment.overridden", commitment, now=now)


async def items(
    session: AnySession, commitment_id: UUID, kind: Kind, query: ReviewedQuery, *, after: Sequence[Any] | None
) -> list[Any]:
    """Evidence or reports, the newest first, one more than asked for if there are more."""
    review_ = query.review.value if query.review else None
    return await repository.items(session, kind, commitment_id, review=review_, after=after, limit=query.limit)


async def count_items(session: AnySession, commitment_id: UUID, kind: Kind, query: ReviewedQuery) -> int:
    """How many there are."""
    review_ = query.review.value if query.review else None
    return await repository.count_items(session, kind, commitment_id, review=review_)
