"""HTTP of the reports on the quality of data."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.quality.service import reports
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.quality import (
    CompletenessQuery,
    CompletenessReport,
    Outliers,
    OutliersQuery,
    ScoreRead,
    ScoresQuery,
    SilentQuery,
    SilentRead,
)
from shared.web import pages
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/data-quality", tags=["data-quality"])

_SILENT = TypeAdapter(Page[SilentRead])
_SCORES = TypeAdapter(Page[ScoreRead])


@router.get(
    "/completeness",
    summary="Report how complete and plausible a period is",
    description="What was expected of organisations that work at the end of the period (or today, while it lasts), "
    "what was reported, and how much of it is plausible: by indicator, by area or by owner of the data.",
    response_model=CompletenessReport,
    dependencies=[requires("registry:read")],
)
async def report_completeness(session: Reading, query: Annotated[CompletenessQuery, Query()]) -> dict[str, Any]:
    return await reports.completeness(session, query, now=clock.now())


@router.get(
    "/not-reported",
    summary="List who has not reported",
    description="Organisations the indicator is meant for that said nothing for the period.",
    response_model=Page[SilentRead],
    dependencies=[requires("registry:read")],
)
async def list_not_reported(request: Request, session: Reading, query: Annotated[SilentQuery, Query()]) -> Response:
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    keys = pages.start(request, query.cursor, of=of, length=1)
    now = clock.now()
    rows = await reports.silent(session, query, now=now, after=reports.organisation_key(keys), limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["organisation_id"],))
    total = await reports.count_silent(session, query, now=now) if query.count else None
    return pages.answer(request, _SILENT, items, next_cursor=next_cursor, total=total)


@router.get(
    "/scores",
    summary="List how well organisations report",
    description="100 · reported / expected · (1 - implausible / valued) of every organisation, worst first.",
    response_model=Page[ScoreRead],
    dependencies=[requires("registry:read")],
)
async def list_quality_scores(request: Request, session: Reading, query: Annotated[ScoresQuery, Query()]) -> Response:
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=2)
    now = clock.now()
    rows = await reports.scores(session, query, now=now, after=after, limit=query.limit)
    items, next_cursor = pages.cut(
        request, rows, limit=query.limit, of=of, keys=lambda row: (row["score"], row["organisation_id"])
    )
    total = await reports.count_scores(session, query, now=now) if query.count else None
    return pages.answer(request, _SCORES, items, next_cursor=next_cursor, total=total)


@router.get(
    "/outliers",
    summary="List values far from those of their peers",
    description="Robust z: 0.6745 times the distance from the median, in median absolute deviations, among "
    "organisations of the same type (B. Iglewicz, D. Hoaglin, 1993: 3.5 and more deserves a look).",
    response_model=Outliers,
    dependencies=[requires("registry:read")],
)
async def list_outliers(session: Reading, actor: Caller, query: Annotated[OutliersQuery, Query()]) -> dict[str, Any]:
    return {"items": await reports.outliers(session, query, actor=actor, now=clock.now())}
