"""From a draft to an approved programme: what experts think, and who decides on what ground."""

from datetime import datetime
from uuid import UUID

from services.training_api.organisations import service as organisations
from services.training_api.programmes import errors, repository, rules
from services.training_api.programmes.models import ProgrammeReview
from services.training_api.programmes.rules import Lacking
from services.training_api.programmes.service.reading import demand, told
from shared import outbox
from shared.auth import Actor
from shared.db.sessions import WriteSession
from shared.schemas.training.programmes import (
    Approval,
    ApprovalDecision,
    ProgrammeRead,
    ReviewCreate,
    ReviewRead,
)


async def review(
    session: WriteSession, actor: Actor, programme_id: UUID, body: ReviewCreate, *, now: datetime
) -> ReviewRead:
    """Write down what an expert body thinks of a draft.

    Raises `ProgrammeNotFound`, `OutOfReach`, `AlreadyDecided`, `OrganisationUnknown`, `ReviewerIsProposer`.
    """
    programme = await demand(session, actor, programme_id, lock=True)
    if not rules.may_be_decided(programme.approval):
        raise errors.AlreadyDecided(approval=programme.approval)
    if body.reviewer_id is not None:
        await organisations.require(session, body.reviewer_id, pointer="/reviewer_id")
        if body.reviewer_id == programme.proposer_id:
            raise errors.ReviewerIsProposer(pointer="/reviewer_id")
    written = ProgrammeReview(
        programme_id=programme_id,
        reviewer=body.reviewer,
        reviewer_id=body.reviewer_id,
        verdict=body.verdict,
        summary=body.summary,
        reviewed_on=body.reviewed_on,
        evidence=[item.model_dump(mode="json") for item in body.evidence],
        recorded_at=now,
    )
    session.add(written)
    await session.flush()
    data = {"id": str(programme_id), "code": programme.code, "number": programme.number, "verdict": body.verdict.value}
    event = outbox.Event(kind="programme.reviewed", subject="programme", subject_id=programme_id, data=data)
    await outbox.add(session, event)
    return ReviewRead.model_validate(written)


async def decide(
    session: WriteSession, actor: Actor, programme_id: UUID, body: ApprovalDecision, *, now: datetime
) -> ProgrammeRead:
    """Approve or reject a draft.

    Raises `ProgrammeNotFound`, `OutOfReach`, `AlreadyDecided`; and of somebody's own course `ReviewMissing`,
    `ReviewUnfavourable`, `BasisMissing`.
    """
    programme = await demand(session, actor, programme_id, lock=True)
    if not rules.may_be_decided(programme.approval):
        raise errors.AlreadyDecided(approval=programme.approval)
    if body.approved:
        verdicts = [one.verdict for one in await repository.reviews(session, programme_id)]
        lacking = rules.approval_lacks(proposed=programme.proposer_id is not None, verdicts=verdicts, basis=body.basis)
        match lacking:
            case Lacking.REVIEW:
                raise errors.ReviewMissing
            case Lacking.FAVOURABLE_REVIEW:
                raise errors.ReviewUnfavourable
            case Lacking.BASIS:
                raise errors.BasisMissing(pointer="/basis")
            case None:
                pass
    programme.approval = Approval.APPROVED if body.approved else Approval.REJECTED
    programme.approved_by = body.decided_by
    programme.approved_on = body.decided_on
    programme.approval_basis = body.basis
    programme.updated_at = now
    return await told(session, programme, kind=f"programme.{programme.approval}")
