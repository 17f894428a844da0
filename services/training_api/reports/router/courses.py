"""HTTP of what providers gave and of the seats there are."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import FILE_CHUNK, answer_list, rows_of
from services.training_api.reports import service as reports
from shared import clock
from shared.auth import requires
from shared.schemas.pages import Page
from shared.schemas.training.reports import (
    StatementLine,
    StatementQuery,
    StatementsRead,
    VenueReport,
    VenueReportQuery,
)
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading

statements = Router("/v1/reports/provider-statements", tags=["reports"])
venues = Router("/v1/reports/venues", tags=["reports"])
routers = (statements, venues)
_READER = [requires("training:read")]
_VENUES = TypeAdapter(Page[VenueReport])
_LINE_COLUMNS = ("provider_id", "provider_code", *StatementLine.model_fields)
_VENUE_COLUMNS = (
    "name_kk",
    "name_ru",
    "name_en",
    *(name for name in VenueReport.model_fields if name not in {"name", "attendance_gaps"}),
)


@statements.get(
    "",
    summary="Report what providers gave",
    description="For each provider and contract, as of any day: places bought, seats held by the educators they are "
    "for, how many completed and got a certificate, unused places, and the price of one completion. A seat is paid for "
    "by the contract of the narrowest area that holds the workplace. A contract belongs to the period in which it "
    "begins. As CSV, XLSX or NDJSON by `Accept`: one line for each contract.",
    response_model=StatementsRead,
    dependencies=_READER,
)
async def report_provider_statements(
    request: Request, session: Reading, query: Annotated[StatementQuery, Query()]
) -> Response:
    found = await reports.statements(session, query, now=clock.now())
    format_ = export.wanted(request)
    if format_ == "json":
        return Response(found.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})
    return await export.respond(format_, _LINE_COLUMNS, _lines(found), filename="provider-statements")


@venues.get(
    "",
    summary="Report seats by venue",
    description="Venues of cohorts that are open, closed or under way, as they are now: seats free, offered and taken, "
    "people who wait, the subjects taught there, and where missed hours are told. As CSV, XLSX or NDJSON by `Accept`, "
    "then all of them.",
    response_model=Page[VenueReport],
    dependencies=_READER,
)
async def report_venues(request: Request, session: Reading, query: Annotated[VenueReportQuery, Query()]) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        whole = query.model_copy(update={"limit": FILE_CHUNK})
        lines = rows_of(
            request,
            lambda session, after: reports.venues(session, whole, after=after),
            keys=lambda row: [row.starts_on, row.venue_id],
            line=_venue,
        )
        return await export.respond(format_, _VENUE_COLUMNS, lines, filename="venues")
    return await answer_list(
        request,
        query,
        _VENUES,
        of={"list": "report-venues"},
        parse=[date.fromisoformat, UUID],
        fetch=lambda after: reports.venues(session, query, after=after),
        count=lambda: reports.venues_count(session, query),
        keys=lambda row: [row.starts_on, row.venue_id],
    )


async def _lines(found: StatementsRead) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    for one in found.providers:
        whose = {"provider_id": str(one.provider_id), "provider_code": one.code}
        yield [{**whose, **line.model_dump(mode="json")} for line in one.lines]


def _venue(row: VenueReport) -> Mapping[str, Any]:
    names = {f"name_{language}": getattr(row.name, language) for language in ("kk", "ru", "en")}
    return {**row.model_dump(mode="json", exclude={"name", "attendance_gaps"}), **names}
