"""HTTP of study visits."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.projects.service import visits
from services.registry_api.rendering import answer
from shared import clock
from shared.auth import Caller, requires
from shared.db.sessions import WriteSession
from shared.schemas.pages import Page
from shared.schemas.registry.study_visits import (
    StudyVisitCreate,
    StudyVisitRead,
    StudyVisitReport,
    StudyVisitReportQuery,
    StudyVisitsQuery,
    StudyVisitSummary,
    StudyVisitUpdate,
)
from shared.web import conditional, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/study-visits", tags=["projects"])
report = Router("/v1/reports/study-visits", tags=["reports"])

VisitPath = Annotated[UUID, Path(description="The visit", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4b01"])]
_PAGE = TypeAdapter(Page[StudyVisitSummary])
_VISIT = TypeAdapter(StudyVisitRead)
_WRITER = [requires("registry:write")]


@router.get(
    "",
    summary="List study visits",
    description="Visits in the country and abroad, the latest first. Public.",
    response_model=Page[StudyVisitSummary],
)
async def list_study_visits(
    request: Request, session: Reading, query: Annotated[StudyVisitsQuery, Query()]
) -> Response:
    now = clock.now()
    wanted = await visits.wanted_by(session, query, now=now)
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await visits.page(session, wanted, after=after, limit=query.limit, now=now)
    items, next_cursor = pages.cut(
        request, rows, limit=query.limit, of=of, keys=lambda row: [row["departs_on"].isoformat(), row["id"]]
    )
    total = await visits.count(session, wanted) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "",
    summary="Enter a study visit",
    description="Who went where and when. The caller must reach the organisation that sends the team.",
    status_code=201,
    response_model=StudyVisitRead,
    dependencies=_WRITER,
)
async def enter_study_visit(
    request: Request, asked: StudyVisitCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    visit_id = await visits.enter(session, actor, asked, now=clock.now())
    return await _as_it_is(request, session, visit_id, created=True)


@router.get(
    "/{visit_id}",
    summary="Read a study visit",
    description="A visit with its team, its purpose and its outcomes. Public.",
    response_model=StudyVisitRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_study_visit(request: Request, session: Reading, visit_id: VisitPath) -> Response:
    seen = await visits.get(session, visit_id, now=clock.now())
    return answer(request, _VISIT, seen.document, version=seen.version)


@router.patch(
    "/{visit_id}",
    summary="Change a study visit",
    description="A JSON Merge Patch; the team is replaced as a whole list. Outcomes are written so when the team is "
    "back.",
    response_model=StudyVisitRead,
    dependencies=_WRITER,
)
async def change_study_visit(
    request: Request,
    session: Writing,
    actor: Caller,
    visit_id: VisitPath,
    patch: Annotated[StudyVisitUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    visit = await visits.lock(session, visit_id)
    conditional.check_match(request, visit.version)
    await visits.change(session, actor, visit, patch, now=clock.now())
    return await _as_it_is(request, session, visit_id)


@report.get(
    "",
    summary="See what study visits gave",
    description="How many visits, people and organisations, and how many visits have their outcomes written down, as a "
    "whole and by country. Public.",
    response_model=StudyVisitReport,
)
async def report_study_visits(session: Reading, query: Annotated[StudyVisitReportQuery, Query()]) -> StudyVisitReport:
    wanted = await visits.wanted_by(session, query, now=clock.now())
    return StudyVisitReport.model_validate(await visits.report(session, wanted))


async def _as_it_is(request: Request, session: WriteSession, visit_id: UUID, *, created: bool = False) -> Response:
    seen = await visits.get(session, visit_id, now=clock.now())
    return answer(
        request,
        _VISIT,
        seen.document,
        version=seen.version,
        status_code=201 if created else 200,
        headers={"Location": f"/v1/study-visits/{visit_id}"} if created else None,
    )
