"""HTTP of plans of events."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.events.service import plan_reads, plans
from services.registry_api.rendering import answer
from shared import clock
from shared.auth import Actor, Caller, MaybeCaller, requires
from shared.db.sessions import WriteSession
from shared.schemas.pages import Page
from shared.schemas.registry.event_plans import (
    EventPlanApprove,
    EventPlanCreate,
    EventPlanItemCreate,
    EventPlanItemUpdate,
    EventPlanQuery,
    EventPlanRead,
    EventPlanReport,
    EventPlansQuery,
    EventPlanSummary,
)
from shared.web import conditional, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/event-plans", tags=["events"])

PlanPath = Annotated[UUID, Path(description="The plan", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4802"])]
ItemPath = Annotated[
    UUID, Path(description="The item; the same in all revisions", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4801"])
]
_PAGE = TypeAdapter(Page[EventPlanSummary])
_PLAN = TypeAdapter(EventPlanRead)
_WRITER = [requires("registry:write")]


@router.get(
    "",
    summary="List plans of events",
    description="Plans, those of the latest school year first. Public as far as they were approved.",
    response_model=Page[EventPlanSummary],
)
async def list_event_plans(
    request: Request, session: Reading, actor: MaybeCaller, query: Annotated[EventPlansQuery, Query()]
) -> Response:
    now = clock.now()
    wanted = await plan_reads.wanted_by(session, query, actor=actor, now=now)
    of = {**query.model_dump(mode="json", exclude={"limit", "cursor", "count"}), "approved": wanted.only_approved}
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await plan_reads.page(session, wanted, after=after, limit=query.limit, now=now)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=_position)
    total = await plan_reads.count(session, wanted) if query.count else None
    return pages.answer(
        request, _PAGE, items, next_cursor=next_cursor, total=total, headers={"Vary": "Accept, Authorization"}
    )


@router.post(
    "",
    summary="Draft a plan of events",
    description="Drafts revision 1 of the plan of a school year, with its first items. It is in force once approved.",
    status_code=201,
    response_model=EventPlanRead,
    dependencies=_WRITER,
)
async def draft_event_plan(
    request: Request, asked: EventPlanCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    plan_id = await plans.draft(session, actor, asked, now=clock.now())
    return await _as_it_is(request, session, actor, plan_id, location=f"/v1/event-plans/{plan_id}")


@router.get(
    "/{plan_id}",
    summary="Read a plan of events",
    description="The plan with the items of its latest revision, or of the one asked for: an approved revision never "
    "changes. Public as far as it was approved.",
    response_model=EventPlanRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_event_plan(
    request: Request,
    session: Reading,
    actor: MaybeCaller,
    plan_id: PlanPath,
    query: Annotated[EventPlanQuery, Query()],
) -> Response:
    seen = await plan_reads.get(session, plan_id, actor=actor, revision=query.revision, now=clock.now())
    return answer(request, _PLAN, seen.document, version=seen.version)


@router.post(
    "/{plan_id}/items",
    summary="Plan one event more",
    description="Adds an item. If the latest revision is approved, a new one is begun with the item in it, and the "
    "approved one stays as it is.",
    status_code=201,
    response_model=EventPlanRead,
    dependencies=_WRITER,
)
async def add_event_plan_item(
    request: Request,
    session: Writing,
    actor: Caller,
    plan_id: PlanPath,
    asked: EventPlanItemCreate,
    _key: IdempotencyKey = None,
) -> Response:
    plan = await plans.lock(session, plan_id)
    await plans.add_item(session, actor, plan, asked, now=clock.now())
    return await _as_it_is(request, session, actor, plan_id, location=f"/v1/event-plans/{plan_id}")


@router.patch(
    "/{plan_id}/items/{item_id}",
    summary="Change an item of a plan",
    description="A JSON Merge Patch of an item of the latest revision; `If-Match` names the version of the plan. If "
    "that revision is approved, a new one is begun.",
    response_model=EventPlanRead,
    dependencies=_WRITER,
)
async def change_event_plan_item(
    request: Request,
    session: Writing,
    actor: Caller,
    plan_id: PlanPath,
    item_id: ItemPath,
    patch: Annotated[EventPlanItemUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    plan = await plans.lock(session, plan_id)
    conditional.check_match(request, plan.version)
    await plans.change_item(session, actor, plan, item_id, patch, now=clock.now())
    return await _as_it_is(request, session, actor, plan_id)


@router.delete(
    "/{plan_id}/items/{item_id}",
    summary="Take an item out of a plan",
    description="Removes an item from the latest revision; if that is approved, from a new one. `If-Match` names the "
    "version of the plan.",
    status_code=204,
    dependencies=_WRITER,
)
async def remove_event_plan_item(
    request: Request,
    session: Writing,
    actor: Caller,
    plan_id: PlanPath,
    item_id: ItemPath,
    _if_match: IfMatch = None,
) -> None:
    plan = await plans.lock(session, plan_id)
    conditional.check_match(request, plan.version)
    await plans.remove_item(session, actor, plan, item_id, now=clock.now())


@router.post(
    "/{plan_id}/approve",
    summary="Approve a plan of events",
    description="Puts the latest revision in force, by the office that is named; needs `registry:approve` over the "
    "plan's owner.",
    response_model=EventPlanRead,
    dependencies=[requires("registry:approve")],
)
async def approve_event_plan(
    request: Request,
    session: Writing,
    actor: Caller,
    plan_id: PlanPath,
    asked: EventPlanApprove,
    _key: IdempotencyKey = None,
) -> Response:
    plan = await plans.lock(session, plan_id)
    await plans.approve(session, actor, plan, asked, now=clock.now())
    return await _as_it_is(request, session, actor, plan_id)


@router.get(
    "/{plan_id}/report",
    summary="See how far a plan is carried out",
    description="Month by month how many items were planned, how many of them were held, and the rate. By default of "
    "the revision in force. Public as far as it was approved.",
    response_model=EventPlanReport,
)
async def report_event_plan(
    session: Reading, actor: MaybeCaller, plan_id: PlanPath, query: Annotated[EventPlanQuery, Query()]
) -> EventPlanReport:
    found = await plan_reads.report(session, plan_id, actor=actor, revision=query.revision)
    return EventPlanReport.model_validate(found)


def _position(summary: dict[str, Any]) -> list[Any]:
    return [summary["academic_year"], summary["id"]]


async def _as_it_is(
    request: Request, session: WriteSession, actor: Actor, plan_id: UUID, *, location: str | None = None
) -> Response:
    seen = await plan_reads.get(session, plan_id, actor=actor, revision=None, now=clock.now())
    return answer(
        request,
        _PLAN,
        seen.document,
        version=seen.version,
        status_code=201 if location else 200,
        headers={"Location": location} if location else None,
    )
