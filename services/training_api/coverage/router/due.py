"""HTTP of who is due for a course."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.access_log import service as access_log
from services.training_api.coverage import service as coverage
from services.training_api.dependencies import FILE_CHUNK, answer_list, rows_of, seen_by
from services.training_api.organisations import service as organisations
from shared import clock
from shared.auth import Actor, Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.due import (
    DueEducator,
    DueEducatorQuery,
    DueQuery,
    DueRead,
    DueWorkplace,
    DueWorkplaceQuery,
    NeedQuery,
    NeedsRead,
)
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

reports = Router("/v1/reports/due", tags=["reports"])
needed = Router("/v1/reports/needs", tags=["reports"])
routers = (reports, needed)
_READER = [requires("training:read")]
_WORKPLACES = TypeAdapter(Page[DueWorkplace])
_EDUCATORS = TypeAdapter(Page[DueEducator])
_COUNTS = ("teachers", "met", "due", "out", "uncounted", "never", "share", "level")
_WORKPLACE_COLUMNS = ("organisation_id", "name_kk", "name_ru", "name_en", "type", "area", *_COUNTS)
_PERSON_COLUMNS = ("educator_id", "organisation_id", "subjects", "category", "state", "last_on", "expires_on")
"""Of a file: no name is among them."""
_NEED_COLUMNS = ("subject", "area", "teachers", "seats", "gap", "suppressed")


@reports.get(
    "",
    summary="Report who is due",
    description="Of the teachers employed on the day: how many meet the norm (a certificate that counts, issued within "
    "the window), how many of them cease to within `days`, how many are out already and why; by district, and by the "
    "month in which windows end. The share is given its level of attestation. Counts only; figures of persons outside "
    "your reach are not shown where fewer than five could be recognised, or others by subtraction.",
    responses={403: {}},
    dependencies=_READER,
)
async def report_due(session: Reading, actor: Caller, query: Annotated[DueQuery, Query()]) -> DueRead:
    return await coverage.report(session, actor, query, now=clock.now())


@reports.get(
    "/workplaces",
    summary="List workplaces by who is due",
    description="The same counts for each workplace within your reach. As CSV, XLSX or NDJSON by `Accept`, then all of "
    "them.",
    response_model=Page[DueWorkplace],
    responses={403: {}},
    dependencies=_READER,
)
async def list_due_workplaces(
    request: Request, session: Reading, actor: Caller, query: Annotated[DueWorkplaceQuery, Query()]
) -> Response:
    now = clock.now()
    format_ = export.wanted(request)
    if format_ != "json":
        organisations.sight(actor)
        whole = query.model_copy(update={"limit": FILE_CHUNK})
        lines = rows_of(
            request,
            lambda session, after: coverage.workplaces(
                session, actor, whole, after=after[0] if after else None, now=now
            ),
            keys=lambda row: [row.organisation_id],
            line=_workplace,
        )
        return await export.respond(format_, _WORKPLACE_COLUMNS, lines, filename="due-workplaces")
    return await answer_list(
        request,
        query,
        _WORKPLACES,
        of={"list": "due-workplaces", **seen_by(actor)},
        parse=[UUID],
        fetch=lambda after: coverage.workplaces(session, actor, query, after=after[0] if after else None, now=now),
        count=lambda: coverage.workplaces_count(session, actor, query, now=now),
        keys=lambda row: [row.organisation_id],
    )


@reports.get(
    "/educators",
    summary="List teachers who are due",
    description="Teachers within your reach who do not meet the norm or cease to within `days`, longest first; "
    "`state=never` are those who were never trained. Names are personal data: who was shown is written down for them "
    "to see, with `X-Reason` if you say why. As CSV, XLSX or NDJSON by `Accept`, then all of them and without names.",
    response_model=Page[DueEducator],
    responses={403: {}},
    dependencies=_READER,
)
async def list_due_educators(
    request: Request, session: Reading, trail: Writing, actor: Caller, query: Annotated[DueEducatorQuery, Query()]
) -> Response:
    now = clock.now()
    format_ = export.wanted(request)
    if format_ != "json":
        organisations.sight(actor)
        return await export.respond(format_, _PERSON_COLUMNS, _educators(request, actor, query), filename="due")

    async def fetch(after: Sequence[Any] | None) -> Sequence[tuple[DueEducator, Sequence[object]]]:
        rows = await coverage.educators(session, actor, query, after=after, now=now)
        shown = [row[0].educator_id for row in rows[: query.limit]]
        await access_log.note(trail, shown, shown="due_educators", now=now)
        return rows

    return await answer_list(
        request,
        query,
        _EDUCATORS,
        of={"list": "due-educators", **seen_by(actor)},
        parse=[date.fromisoformat, UUID],
        fetch=fetch,
        count=lambda: coverage.educators_count(session, actor, query, now=now),
        keys=lambda row: row[1],
        item=lambda row: row[0],
    )


@needed.get(
    "",
    summary="Report the need of courses",
    description="By subject and district: teachers who do not meet the norm on the last of the days looked at, the "
    "free seats of courses that begin within these days, and the gap. As CSV, XLSX or NDJSON by `Accept`.",
    response_model=NeedsRead,
    responses={403: {}},
    dependencies=_READER,
)
async def report_needs(
    request: Request, session: Reading, actor: Caller, query: Annotated[NeedQuery, Query()]
) -> Response:
    found = await coverage.needs(session, actor, query, now=clock.now())
    format_ = export.wanted(request)
    if format_ == "json":
        return Response(found.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})
    return await export.respond(format_, _NEED_COLUMNS, _needs(found), filename="needs")


def _workplace(row: DueWorkplace) -> Mapping[str, Any]:
    names = {f"name_{language}": getattr(row.name, language) for language in ("kk", "ru", "en")}
    return {**row.model_dump(mode="json", exclude={"name", "suppressed"}), **names}


def _educators(request: Request, actor: Actor, query: DueEducatorQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    now, whole = clock.now(), query.model_copy(update={"limit": FILE_CHUNK})
    return rows_of(
        request,
        lambda session, after: coverage.educators(session, actor, whole, after=after, now=now),
        keys=lambda row: row[1],
        line=lambda row: row[0].model_dump(mode="json", include=set(_PERSON_COLUMNS)),
    )


async def _needs(found: NeedsRead) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    yield [need.model_dump(mode="json") for need in found.needs]
