"""HTTP of what happens in a support plan: visits and evidence."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from services.training_api.dependencies import Key, answer_written
from services.training_api.support import service as support
from services.training_api.support.router.plans import PlanPath, answer
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.support import (
    EvidenceCreate,
    EvidenceReview,
    SupportPlanDetail,
    SupportVisitCreate,
    SupportVisitRecord,
    SupportVisitUpdate,
)
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/support-plans", tags=["support"])
_MANAGER = [requires("training:manage")]
_WORKPLACE = [requires("training:enrol")]
VisitPath = Annotated[UUID, Path(description="The visit", examples=["0198c0de-0000-7000-8000-000000000821"])]
EvidencePath = Annotated[UUID, Path(description="The evidence", examples=["0198c0de-0000-7000-8000-000000000831"])]


@router.post(
    "/{plan_id}/visits",
    summary="Plan another visit",
    description="Adds a visit to a plan that is not over; it then has to be held too.",
    status_code=201,
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def plan_support_visit(
    body: SupportVisitCreate, session: Writing, actor: Caller, plan_id: PlanPath, _key: Key = None
) -> Response:
    plan = await support.plan_visit(session, actor, plan_id, body, now=clock.now())
    return answer_written(plan, status=201, location=f"/v1/support-plans/{plan.id}", version=plan.version)


@router.post(
    "/{plan_id}/visits/{visit_id}/move",
    summary="Move a visit",
    description="Another day for a visit that was not held yet.",
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def move_support_visit(
    body: SupportVisitUpdate,
    session: Writing,
    actor: Caller,
    plan_id: PlanPath,
    visit_id: VisitPath,
    _key: Key = None,
) -> Response:
    return answer(await support.move_visit(session, actor, plan_id, visit_id, body, now=clock.now()))


@router.post(
    "/{plan_id}/visits/{visit_id}/record",
    summary="Record a visit",
    description="The day, the minutes, and the level of every criterion. Notes hold no personal data of pupils; what "
    "looks like an IIN, a telephone or an address of mail is refused.",
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def record_support_visit(
    body: SupportVisitRecord,
    session: Writing,
    actor: Caller,
    plan_id: PlanPath,
    visit_id: VisitPath,
    _key: Key = None,
) -> Response:
    return answer(await support.record_visit(session, actor, plan_id, visit_id, body, now=clock.now()))


@router.post(
    "/{plan_id}/evidence",
    summary="Add evidence",
    description="A title, and a link or the digest of a file that is kept elsewhere. The workplace may add it.",
    status_code=201,
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_WORKPLACE,
)
async def add_support_evidence(
    body: EvidenceCreate, session: Writing, actor: Caller, plan_id: PlanPath, _key: Key = None
) -> Response:
    plan = await support.add_evidence(session, actor, plan_id, body, now=clock.now())
    return answer_written(plan, status=201, location=f"/v1/support-plans/{plan.id}", version=plan.version)


@router.post(
    "/{plan_id}/evidence/{evidence_id}/review",
    summary="Review evidence",
    description="Somebody else than who added it says whether it shows what it is to show.",
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def review_support_evidence(
    body: EvidenceReview,
    session: Writing,
    actor: Caller,
    plan_id: PlanPath,
    evidence_id: EvidencePath,
    _key: Key = None,
) -> Response:
    return answer(await support.review_evidence(session, actor, plan_id, evidence_id, body, now=clock.now()))
