"""HTTP of development plans."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.projects.service import plans
from services.registry_api.rendering import answer
from shared import clock
from shared.auth import Caller, requires
from shared.db.sessions import WriteSession
from shared.schemas.pages import Page
from shared.schemas.registry.development_plans import (
    DevelopmentPlanCreate,
    DevelopmentPlanQuery,
    DevelopmentPlanRead,
    DevelopmentPlansQuery,
    DevelopmentPlanSummary,
    DevelopmentPlanVersionCreate,
)
from shared.web import pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/development-plans", tags=["projects"])

PlanPath = Annotated[UUID, Path(description="The plan", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4a01"])]
_PAGE = TypeAdapter(Page[DevelopmentPlanSummary])
_PLAN = TypeAdapter(DevelopmentPlanRead)
_WRITER = [requires("registry:write")]


@router.get(
    "",
    summary="List development plans",
    description="Plans of organisations as their versions in force have them, the latest entered first. Public.",
    response_model=Page[DevelopmentPlanSummary],
)
async def list_development_plans(
    request: Request, session: Reading, query: Annotated[DevelopmentPlansQuery, Query()]
) -> Response:
    wanted = await plans.wanted_by(session, query, now=clock.now())
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await plans.page(session, wanted, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row["id"]])
    total = await plans.count(session, wanted) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "",
    summary="Enter a development plan",
    description="Enters version 1 of the plan an organisation designed for itself.",
    status_code=201,
    response_model=DevelopmentPlanRead,
    dependencies=_WRITER,
)
async def enter_development_plan(
    request: Request, asked: DevelopmentPlanCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    plan_id = await plans.enter(session, actor, asked, now=clock.now())
    return await _made(request, session, plan_id)


@router.get(
    "/{plan_id}",
    summary="Read a development plan",
    description="The version in force, or the one asked for: a version never changes, and says which one took its "
    "place. Public.",
    response_model=DevelopmentPlanRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_development_plan(
    request: Request, session: Reading, plan_id: PlanPath, query: Annotated[DevelopmentPlanQuery, Query()]
) -> Response:
    seen = await plans.get(session, plan_id, number=query.number, now=clock.now())
    return answer(request, _PLAN, seen.document, version=seen.version)


@router.post(
    "/{plan_id}/versions",
    summary="Supersede a development plan",
    description="Enters the next version, which takes the place of the one before; both stay readable.",
    status_code=201,
    response_model=DevelopmentPlanRead,
    dependencies=_WRITER,
)
async def supersede_development_plan(
    request: Request,
    session: Writing,
    actor: Caller,
    plan_id: PlanPath,
    asked: DevelopmentPlanVersionCreate,
    _key: IdempotencyKey = None,
) -> Response:
    plan = await plans.lock(session, plan_id)
    await plans.supersede(session, actor, plan, asked, now=clock.now())
    return await _made(request, session, plan_id)


async def _made(request: Request, session: WriteSession, plan_id: UUID) -> Response:
    seen = await plans.get(session, plan_id, number=None, now=clock.now())
    location = f"/v1/development-plans/{plan_id}?number={seen.document['number']}"
    return answer(request, _PLAN, seen.document, version=seen.version, status_code=201, headers={"Location": location})
