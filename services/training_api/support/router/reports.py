"""HTTP of what is counted about support: visits that are overdue, and who has a plan."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import answer_list, seen_by
from services.training_api.support import service as support
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.support_reports import SupportReport, SupportReportQuery, VisitDue, VisitsDueQuery
from shared.web.routing import Router
from shared.web.sessions import Reading

visits_due = Router("/v1/reports/support-visits-due", tags=["support"])
reports = Router("/v1/reports/support", tags=["support"])
_DUE = TypeAdapter(Page[VisitDue])
_READER = [requires("training:read")]


@visits_due.get(
    "",
    summary="List overdue visits",
    description="Visits of agreed and running plans that should have been held by the day, the oldest first; within "
    "your reach.",
    response_model=Page[VisitDue],
    dependencies=_READER,
)
async def list_overdue_visits(
    request: Request, session: Reading, actor: Caller, query: Annotated[VisitsDueQuery, Query()]
) -> Response:
    today = clock.day_in_kazakhstan(clock.now())
    return await answer_list(
        request,
        query,
        _DUE,
        of={"list": "support-visits-due", "today": today.isoformat(), **seen_by(actor)},
        parse=[date.fromisoformat, UUID],
        fetch=lambda after: support.due(session, actor, query, today=today, after=after),
        count=lambda: support.count_due(session, actor, query, today=today),
        keys=lambda visit: [visit.planned_on.isoformat(), visit.visit_id],
    )


@reports.get(
    "",
    summary="Report support after courses",
    description="Of those who ended a course and are owed support: how many have a plan, by programme, cohort or area. "
    "Numbers only.",
    dependencies=_READER,
)
async def report_support(session: Reading, query: Annotated[SupportReportQuery, Query()]) -> SupportReport:
    return await support.report(session, query, today=clock.day_in_kazakhstan(clock.now()))
