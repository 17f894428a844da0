"""HTTP of the matrix of regions and themes, and of the way from the application to the certificate."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.training_api.reports import service as reports
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.reports import (
    FunnelGroup,
    FunnelQuery,
    FunnelRead,
    FunnelStage,
    MatrixCell,
    MatrixQuery,
    MatrixRead,
    MatrixRow,
)
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading

matrix = Router("/v1/reports/matrix", tags=["reports"])
funnel = Router("/v1/reports/funnel", tags=["reports"])
routers = (matrix, funnel)
_READER = [requires("training:read")]
_MATRIX_COLUMNS = ("area", "name_kk", "name_ru", "name_en", "theme", *MatrixCell.model_fields)
_FUNNEL_COLUMNS = ("key", "name", *FunnelStage.model_fields)


@matrix.get(
    "",
    summary="Report regions by themes",
    description="Every region with every theme, as of any day: venues and cohorts that had begun, by the place of the "
    "venue; persons and certificates, by the place of work at issue. A region without a course shows zeros and is not "
    "left out. Persons of regions outside your reach are not shown where fewer than five could be recognised, or "
    "others by subtraction. As CSV, XLSX or NDJSON by `Accept`: one line for each cell.",
    response_model=MatrixRead,
    dependencies=_READER,
)
async def report_matrix(
    request: Request, session: Reading, actor: Caller, query: Annotated[MatrixQuery, Query()]
) -> Response:
    found = await reports.matrix(session, actor, query, now=clock.now())
    format_ = export.wanted(request)
    if format_ == "json":
        return Response(found.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})
    return await export.respond(format_, _MATRIX_COLUMNS, _cells(found), filename="matrix")


@funnel.get(
    "",
    summary="Report the way of applications",
    description="From the application to the certificate, as of any day, counted from the transitions that held by "
    "then: how many enrolments came to each step, went on, ended there (and why) or are still there, with the "
    "conversion and the median of days between steps. Who moves to another cohort ends here and applies there. Groups "
    "with persons outside your reach tell no reasons, and no figures of few. As CSV, XLSX or NDJSON by `Accept`: one "
    "line for each step.",
    response_model=FunnelRead,
    responses={403: {}},
    dependencies=_READER,
)
async def report_funnel(
    request: Request, session: Reading, actor: Caller, query: Annotated[FunnelQuery, Query()]
) -> Response:
    found = await reports.funnel(session, actor, query, now=clock.now())
    format_ = export.wanted(request)
    if format_ == "json":
        return Response(found.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})
    return await export.respond(format_, _FUNNEL_COLUMNS, _stages(found), filename="funnel")


async def _cells(found: MatrixRead) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    yield [line for row in [*found.rows, found.total] for line in _row(row, found.themes)]


def _row(row: MatrixRow, themes: Sequence[str]) -> list[Mapping[str, Any]]:
    names = {f"name_{language}": getattr(row.name, language) for language in ("kk", "ru", "en")}
    told = [*zip(themes, row.cells, strict=True), ("without_theme", row.without_theme), ("total", row.total)]
    return [{"area": row.area, **names, "theme": theme, **cell.model_dump()} for theme, cell in told]


async def _stages(found: FunnelRead) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    for group in [*(found.groups or []), found.total]:
        yield _group(group)


def _group(group: FunnelGroup) -> list[Mapping[str, Any]]:
    return [{"key": group.key, "name": group.name, **stage.model_dump(mode="json")} for stage in group.stages]
