"""What happens in a plan: visits are planned, moved and held; evidence is added and looked at by somebody else."""

from datetime import datetime
from uuid import UUID

from services.training_api.organisations import service as organisations
from services.training_api.screening import looks_personal
from services.training_api.support import errors, repository, rules
from services.training_api.support.models import SupportEvidence, SupportPlan, SupportVisit
from services.training_api.support.service.plans import after_course, claim
from services.training_api.support.service.reading import detail
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession, authorship
from shared.schemas.training.support import (
    MOST_VISITS,
    EvidenceCreate,
    EvidenceReview,
    RubricCriterion,
    SupportPlanDetail,
    SupportStatus,
    SupportVisitCreate,
    SupportVisitRecord,
    SupportVisitUpdate,
)

_MOST_EVIDENCE = 200


async def plan_visit(
    session: WriteSession, actor: Actor, plan_id: UUID, body: SupportVisitCreate, *, now: datetime
) -> SupportPlanDetail:
    """Plan one more visit. Raises `VisitsFull`, `VisitOnDay`, `VisitBeforeCourse`."""
    plan = await _open(session, actor, plan_id, rules.OPEN)
    after_course(plan.ended_on, body.planned_on, pointer="/planned_on")
    visits = await repository.visits(session, plan.id)
    if len(visits) >= MOST_VISITS:
        raise errors.VisitsFull(most=MOST_VISITS)
    _free_day(visits, body)
    number = max((visit.number for visit in visits), default=0) + 1
    session.add(
        SupportVisit(plan_id=plan.id, number=number, planned_on=body.planned_on, created_at=now, updated_at=now)
    )
    return await _changed(session, plan, now=now)


async def move_visit(
    session: WriteSession, actor: Actor, plan_id: UUID, visit_id: UUID, body: SupportVisitUpdate, *, now: datetime
) -> SupportPlanDetail:
    """Move a visit that was not held yet. Raises `SupportVisitNotFound`, `VisitHeld`, `VisitOnDay`."""
    plan = await _open(session, actor, plan_id, rules.OPEN)
    visits = await repository.visits(session, plan.id)
    visit = _visit(visits, visit_id)
    after_course(plan.ended_on, body.planned_on, pointer="/planned_on")
    _free_day([other for other in visits if other is not visit], body)
    visit.planned_on = body.planned_on
    visit.updated_at = now
    return await _changed(session, plan, now=now)


async def record_visit(
    session: WriteSession, actor: Actor, plan_id: UUID, visit_id: UUID, body: SupportVisitRecord, *, now: datetime
) -> SupportPlanDetail:
    """Write down what was seen during a visit.

    Raises `SupportVisitNotFound`, `VisitHeld`, `VisitToCome`, `VisitBeforeCourse`, `ScoresDoNotFit`, `LooksPersonal`.
    """
    plan = await _open(session, actor, plan_id, (SupportStatus.RUNNING,))
    visit = _visit(await repository.visits(session, plan.id), visit_id)
    if body.held_on > day_in_kazakhstan(now):
        raise errors.VisitToCome(pointer="/held_on")
    after_course(plan.ended_on, body.held_on, pointer="/held_on")
    if looks_personal(body.notes):
        raise errors.LooksPersonal(pointer="/notes")
    rubric = await repository.rubric(session, plan.rubric_id)
    assert rubric is not None
    criteria = [RubricCriterion.model_validate(raw) for raw in rubric.criteria]
    if faults := rules.faults(criteria, body.scores):
        raise errors.ScoresDoNotFit(errors=faults)
    visit.held_on = body.held_on
    visit.minutes = body.minutes
    visit.scores = {one.code: body.scores[one.code] for one in criteria}
    visit.notes = body.notes
    visit.updated_at = now
    return await _changed(session, plan, now=now)


async def add_evidence(
    session: WriteSession, actor: Actor, plan_id: UUID, body: EvidenceCreate, *, now: datetime
) -> SupportPlanDetail:
    """Add something that shows the work; the workplace may do so. Raises `SupportPlanNotFound`, `EvidenceFull`."""
    plan = await repository.lock(session, plan_id)
    if plan is None:
        raise errors.SupportPlanNotFound
    await organisations.demand(session, actor, Scope.TRAINING_ENROL, plan.organisation_id)
    _demand_state(plan, rules.VISITED)
    if looks_personal(body.title):
        raise errors.LooksPersonal(pointer="/title")
    if len(await repository.evidence(session, plan.id)) >= _MOST_EVIDENCE:
        raise errors.EvidenceFull(most=_MOST_EVIDENCE)
    session.add(
        SupportEvidence(
            plan_id=plan.id,
            title=body.title,
            url=body.url,
            digest=body.digest,
            added_by=authorship(session).subject,
            created_at=now,
            updated_at=now,
        )
    )
    return await _changed(session, plan, now=now)


async def review_evidence(
    session: WriteSession, actor: Actor, plan_id: UUID, evidence_id: UUID, body: EvidenceReview, *, now: datetime
) -> SupportPlanDetail:
    """Say of evidence whether it shows what it is to show.

    Raises `EvidenceNotFound`, `AlreadyReviewed`, `ReviewBySamePerson`, `LooksPersonal`.
    """
    plan = await _open(session, actor, plan_id, rules.VISITED)
    item = next((one for one in await repository.evidence(session, plan.id) if one.id == evidence_id), None)
    if item is None:
        raise errors.EvidenceNotFound
    if item.reviewed_by is not None:
        raise errors.AlreadyReviewed
    reviewer = authorship(session).subject
    if reviewer == item.added_by:
        raise errors.ReviewBySamePerson
    if looks_personal(body.remark):
        raise errors.LooksPersonal(pointer="/remark")
    item.reviewed_by = reviewer
    item.reviewed_at = now
    item.accepted = body.accepted
    item.remark = body.remark
    item.updated_at = now
    return await _changed(session, plan, now=now)


async def _open(session: WriteSession, actor: Actor, plan_id: UUID, states: tuple[SupportStatus, ...]) -> SupportPlan:
    plan = await claim(session, actor, plan_id)
    _demand_state(plan, states)
    return plan


def _demand_state(plan: SupportPlan, states: tuple[SupportStatus, ...]) -> None:
    if plan.status not in states:
        allowed = ", ".join(rules.MACHINE.commands(plan.status)) or "—"
        raise errors.SupportActionNotAllowed(status=plan.status, allowed=allowed)


def _visit(visits: list[SupportVisit], visit_id: UUID) -> SupportVisit:
    visit = next((one for one in visits if one.id == visit_id), None)
    if visit is None:
        raise errors.SupportVisitNotFound
    if visit.held_on is not None:
        raise errors.VisitHeld
    return visit


def _free_day(others: list[SupportVisit], body: SupportVisitCreate | SupportVisitUpdate) -> None:
    if any(one.planned_on == body.planned_on for one in others):
        raise errors.VisitOnDay(pointer="/planned_on")


async def _changed(session: WriteSession, plan: SupportPlan, *, now: datetime) -> SupportPlanDetail:
    """The plan with its part that changed: whoever holds its ETag reads it again."""
    plan.updated_at = now
    await session.flush()
    return await detail(session, plan)
