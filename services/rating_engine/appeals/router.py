"""`/v1/appeals`: HTTP only."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.rating_engine.appeals import service
from services.rating_engine.appeals.models import Appeal
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.rating.appeals import (
    AppealCreate,
    AppealDecision,
    AppealQuery,
    AppealRead,
    AppealRemark,
    AppealStepRead,
    AppealSteps,
)
from shared.web import conditional, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/appeals", tags=["appeals"])
routers: tuple[Router, ...] = (router,)
AppealPath = Annotated[UUID, Path(description="The appeal", examples=["01a20034-2d1f-7b02-8c11-3a1f0f6a7d10"])]
_PAGE = TypeAdapter(Page[AppealRead])
_READER = [requires("rating:read")]
_DECIDES = [requires("rating:publish")]


@router.post(
    "",
    status_code=201,
    response_model=AppealRead,
    summary="Appeal against a preview",
    dependencies=_READER,
    responses={403: {}, 404: {}, 409: {}},
)
async def create_appeal(
    body: AppealCreate, session: Writing, actor: Caller, response: Response, key: IdempotencyKey = None
) -> object:
    """Object to what a run in preview says of an organisation: by its director, or by whoever answers for its area,
    until the window closes. The value stands until the decision, and its explanation says `under_appeal`. The answer
    is due within ten working days."""
    now = clock.now()
    appeal = await service.submit(session, actor, body, now=now)
    response.headers["Location"] = f"/v1/appeals/{appeal.id}"
    return _written(appeal, response, now)


@router.get("", response_model=Page[AppealRead], summary="List appeals", dependencies=_READER)
async def list_appeals(
    request: Request, query: Annotated[AppealQuery, Query()], session: Reading, actor: Caller
) -> Response:
    """Appeals of the organisations you answer for, or all for those who work on ratings; the oldest first.
    `overdue=true` gives those whose answer is late."""
    now = clock.now()
    asked = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    of = {"list": "appeals", "by": actor.principal, **asked}
    start = pages.start(request, query.cursor, of=of, length=2)
    after = [datetime.fromisoformat(str(start[0])), UUID(str(start[1]))] if start else None
    rows = await service.page(session, actor, query, now=now, after=after)
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.submitted_at, row.id])
    total = await service.count(session, actor, query, now=now) if query.count else None
    items = [service.shown(appeal, now=now) for appeal in page]
    return pages.answer(request, _PAGE, items, next_cursor=cursor, total=total)


@router.get("/{appeal_id}", response_model=AppealRead, summary="Read an appeal", dependencies=_READER)
async def get_appeal(
    appeal_id: AppealPath, request: Request, session: Reading, actor: Caller, response: Response
) -> object:
    """One appeal with its deadline, its decision and what may be done to it."""
    now = clock.now()
    shown = service.shown(await service.get(session, actor, appeal_id), now=now)
    tag = conditional.etag(shown.version, "late" if shown.overdue else "in-time")
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    response.headers["ETag"] = tag
    return shown


@router.get("/{appeal_id}/steps", summary="Read the history of an appeal", dependencies=_READER)
async def list_appeal_steps(appeal_id: AppealPath, session: Reading, actor: Caller) -> AppealSteps:
    """Who did what to it, when and why, from the first step."""
    found = await service.steps(session, actor, appeal_id)
    return AppealSteps(items=[AppealStepRead.model_validate(step) for step in found])


@router.post(
    "/{appeal_id}/review",
    response_model=AppealRead,
    summary="Take up an appeal",
    dependencies=_DECIDES,
    responses={409: {}},
)
async def review_appeal(
    appeal_id: AppealPath, body: AppealRemark, session: Writing, response: Response, key: IdempotencyKey = None
) -> object:
    """From now on somebody looks into it."""
    now = clock.now()
    return _written(await service.review(session, appeal_id, comment=body.comment, now=now), response, now)


@router.post(
    "/{appeal_id}/decide",
    response_model=AppealRead,
    summary="Decide upon an appeal",
    dependencies=_DECIDES,
    responses={409: {}},
)
async def decide_appeal(
    appeal_id: AppealPath, body: AppealDecision, session: Writing, response: Response, key: IdempotencyKey = None
) -> object:
    """Uphold it, wholly or in part, and name what is put right; or reject it. With the reason in Kazakh and Russian.
    A run against which an appeal was upheld is not published: a run asked for with `corrects` after the last decision
    is. What the decision invalidates is left out of the data of every later run of the same rating and period."""
    now = clock.now()
    return _written(await service.decide(session, appeal_id, body, now=now), response, now)


@router.post(
    "/{appeal_id}/withdraw",
    response_model=AppealRead,
    summary="Withdraw an appeal",
    dependencies=_READER,
    responses={403: {}, 409: {}},
)
async def withdraw_appeal(
    appeal_id: AppealPath,
    body: AppealRemark,
    session: Writing,
    actor: Caller,
    response: Response,
    key: IdempotencyKey = None,
) -> object:
    """The organisation objects no longer; by those who could have made the appeal."""
    now = clock.now()
    return _written(await service.withdraw(session, actor, appeal_id, comment=body.comment, now=now), response, now)


def _written(appeal: Appeal, response: Response, now: datetime) -> AppealRead:
    shown = service.shown(appeal, now=now)
    response.headers["ETag"] = conditional.etag(shown.version, "late" if shown.overdue else "in-time")
    return shown
