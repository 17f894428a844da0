"""HTTP of support plans and their life."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_one, answer_written, seen_by
from services.training_api.support import service as support
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.support import (
    ReasonedSupportCommand,
    SupportCommand,
    SupportPlanCreate,
    SupportPlanDetail,
    SupportPlanQuery,
    SupportPlanRead,
    SupportPlanUpdate,
    SupportSteps,
)
from shared.schemas.training.support_reports import SupportProgress
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/support-plans", tags=["support"])
_PLANS = TypeAdapter(Page[SupportPlanRead])
_READER = [requires("training:read")]
_MANAGER = [requires("training:manage")]
PlanPath = Annotated[UUID, Path(description="The plan", examples=["0198c0de-0000-7000-8000-000000000801"])]
Said = Annotated[SupportCommand, Body(description="Why, and from which day", examples=[{"reason_code": "agreed"}])]


@router.post(
    "",
    summary="Draft a support plan",
    description="For one who has ended a course, passed or attended: a mentor (another educator), goals, a rubric of "
    "the programme and the days of visits. An enrolment has one plan that was not cancelled.",
    status_code=201,
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def draft_support_plan(body: SupportPlanCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    plan = await support.draft(session, actor, body, now=clock.now())
    return answer_written(plan, status=201, location=f"/v1/support-plans/{plan.id}", version=plan.version)


@router.get(
    "",
    summary="List support plans",
    description="Plans of people within your reach, the oldest first, with how far each has come.",
    response_model=Page[SupportPlanRead],
    dependencies=_READER,
)
async def list_support_plans(
    request: Request, session: Reading, actor: Caller, query: Annotated[SupportPlanQuery, Query()]
) -> Response:
    return await answer_list(
        request,
        query,
        _PLANS,
        of={"list": "support-plans", **seen_by(actor)},
        parse=[UUID],
        fetch=lambda after: support.page(session, actor, query, after=after),
        count=lambda: support.count(session, actor, query),
        keys=lambda plan: [plan.id],
    )


@router.get(
    "/{plan_id}",
    summary="Read a support plan",
    description="One plan with its visits and evidence, what may be done to it, and why the rest may not.",
    response_model=SupportPlanDetail,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_support_plan(request: Request, session: Reading, actor: Caller, plan_id: PlanPath) -> Response:
    plan = await support.get(session, actor, plan_id)
    return answer_one(request, plan, plan.version)


@router.patch(
    "/{plan_id}",
    summary="Change a support plan",
    description="A JSON Merge Patch: goals and rubric while it is a draft, the mentor as long as it lasts.",
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def change_support_plan(
    request: Request,
    session: Writing,
    actor: Caller,
    plan_id: PlanPath,
    patch: Annotated[SupportPlanUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    return answer(
        await support.change(
            session,
            actor,
            plan_id,
            patch,
            check=lambda version: conditional.check_match(request, version),
            now=clock.now(),
        )
    )


@router.post(
    "/{plan_id}/agree",
    summary="Agree upon a support plan",
    description="Mentor and learner agree; from here goals and rubric stand, and visits may fall due.",
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def agree_support_plan(
    session: Writing, actor: Caller, plan_id: PlanPath, body: Said, _key: Key = None
) -> Response:
    return answer(await support.agree(session, actor, plan_id, body, now=clock.now()))


@router.post(
    "/{plan_id}/start",
    summary="Start the support",
    description="The support has begun; visits may be recorded.",
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def start_support_plan(
    session: Writing, actor: Caller, plan_id: PlanPath, body: Said, _key: Key = None
) -> Response:
    return answer(await support.start(session, actor, plan_id, body, now=clock.now()))


@router.post(
    "/{plan_id}/complete",
    summary="Complete a support plan",
    description="Once every planned visit was held, and evidence was added and looked at by a second person; else 409 "
    "`support_incomplete`, whose `errors` name all that is missing.",
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def complete_support_plan(
    session: Writing, actor: Caller, plan_id: PlanPath, body: Said, _key: Key = None
) -> Response:
    return answer(await support.complete(session, actor, plan_id, body, now=clock.now()))


@router.post(
    "/{plan_id}/cancel",
    summary="Cancel a support plan",
    description="Gives the plan up, with a reason of the list `participation`; another may be drafted.",
    response_model=SupportPlanDetail,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def cancel_support_plan(
    session: Writing, actor: Caller, plan_id: PlanPath, body: ReasonedSupportCommand, _key: Key = None
) -> Response:
    return answer(await support.cancel(session, actor, plan_id, body, now=clock.now()))


@router.get(
    "/{plan_id}/transitions",
    summary="Read the steps of a support plan",
    description="Every step, from the first: who, why, from which day.",
    dependencies=_READER,
)
async def list_support_steps(session: Reading, actor: Caller, plan_id: PlanPath) -> SupportSteps:
    return SupportSteps(items=await support.steps(session, actor, plan_id))


@router.get(
    "/{plan_id}/progress",
    summary="Read the progress of a support plan",
    description="By criterion of the rubric: the level at the first visit, at the last, and the change.",
    dependencies=_READER,
)
async def read_support_progress(session: Reading, actor: Caller, plan_id: PlanPath) -> SupportProgress:
    return await support.progress(session, actor, plan_id)


def answer(plan: SupportPlanDetail) -> Response:
    """The plan after a command, with the ETag it has now."""
    return answer_written(plan, version=plan.version)
