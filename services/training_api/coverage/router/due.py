"""HTTP of who is due for a course."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

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
from shared.web.sessions import Reading

reports = Router("/v1/reports/due", tags=["reports"])
needed = Router("/v1/reports/needs", tags=["reports"])
routers = (reports, needed)
_READER = [requires("training:read")]
_WORKPLACES = TypeAdapter(Page[DueWorkplace])
_EDUCATORS = TypeAdapter(Page[DueEducator])
_COUNTS = ("teachers", "met", "due", "out", "uncounted", "never", "share", "level")
_WORKPLACE_COLUMNS = ("organisation_id", "name_kk", "name_ru", "name_en", "type", "area", *_COUNTS)
_PERSON_COLUMNS = (
    *("educator_id", "family_kk", "given_kk", "patronymic_kk", "family_ru", "given_ru", "patronymic_ru"),
    *("organisation_id", "subjects", "category", "state", "last_on", "expires_on"),
)
_NAMELESS_COLUMNS = tuple(column for column in _PERSON_COLUMNS if not column.endswith(("_kk", "_ru")))
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
    "`state=never` are those who were never trained. Names are personal data. As CSV, XLSX or NDJSON by `Accept`, then "
    "all of them, and with names only if one workplace is asked for.",
    response_model=Page[DueEducator],
    responses={403: {}},
    dependencies=_READER,
)
async def list_due_educators(
    request: Request, session: Reading, actor: Caller, query: Annotated[DueEducatorQuery, Query()]
) -> Response:
    now = clock.now()
    format_ = export.wanted(request)
    if format_ != "json":
        organisations.sight(actor)
        columns = _NAMELESS_COLUMNS if query.organisation_id is None else _PERSON_COLUMNS
        return await export.respond(format_, columns, _educators(request, actor, query, columns), filename="due")
    return await answer_list(
        request,
        query,
        _EDUCATORS,
        of={"list": "due-educators", **seen_by(actor)},
        parse=[date.fromisoformat, UUID],
        fetch=lambda after: coverage.educators(session, actor, query, after=after, now=now),
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


def _educators(
    request: Request, actor: Actor, query: DueEducatorQuery, columns: Sequence[str]
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    whole = query.model_copy(update={"limit": FILE_CHUNK})
    now = clock.now()

    def line(row: tuple[DueEducator, Sequence[object]]) -> Mapping[str, Any]:
        told = row[0].model_dump(mode="json")
        named = told.pop("name") or {}
        for language in ("kk", "ru"):
            told |= {f"{part}_{language}": value for part, value in (named.get(language) or {}).items()}
        return {column: told.get(column) for column in columns}

    return rows_of(
        request,
        lambda session, after: coverage.educators(session, actor, whole, after=after, now=now),
        keys=lambda row: row[1],
        line=line,
    )


async def _needs(found: NeedsRead) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    yield [need.model_dump(mode="json") for need in found.needs]
