"""HTTP of directives and school years."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.directives import service as directives
from services.registry_api.directives.models import AcademicYear
from shared import clock
from shared.auth import Caller, requires
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.pages import Page, PageQuery
from shared.schemas.registry.directives import (
    AcademicYearBody,
    AcademicYearCreate,
    AcademicYearRead,
    DirectiveCreate,
    DirectiveRead,
    DirectivesQuery,
    DirectiveSummary,
    DirectiveUpdate,
    ItemCreate,
    ItemPeriod,
    ItemUpdate,
    RollOver,
    SchoolYear,
)
from shared.schemas.registry.targets import TargetMoment
from shared.web import conditional, export, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/directives", tags=["directives"])
years = Router("/v1/academic-years", tags=["directives"])

_PAGE = TypeAdapter(Page[DirectiveSummary])
_YEARS = TypeAdapter(Page[AcademicYearRead])
_DIRECTIVE = TypeAdapter(DirectiveRead)
_COLUMNS = tuple(DirectiveSummary.model_fields)
_CHUNK = 1000
_WRITER = [requires("registry:write")]
_EXAMPLE = "01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"

DirectivePath = Annotated[UUID, Path(description="The directive", examples=[_EXAMPLE])]
ItemPath = Annotated[UUID, Path(description="The item", examples=[_EXAMPLE])]
YearPath = Annotated[SchoolYear, Path(description="The school year", examples=["2026-2027"])]


@years.get(
    "",
    summary="List school years",
    description="School years with their terms and breaks as orders set them. Public.",
    response_model=Page[AcademicYearRead],
)
async def list_academic_years(request: Request, session: Reading, query: Annotated[PageQuery, Query()]) -> Response:
    after = pages.start(request, query.cursor, of={}, length=1)
    rows = await directives.years(session, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of={}, keys=lambda row: (row.code,))
    total = await directives.count_years(session) if query.count else None
    return pages.answer(request, _YEARS, items, next_cursor=next_cursor, total=total)


@years.post(
    "",
    summary="Enter a school year",
    description="Enters the dates of a school year by the order that set them. They are the country's: only a caller "
    "without bounds may enter them.",
    status_code=201,
    response_model=AcademicYearRead,
    responses={409: {}},
    dependencies=_WRITER,
)
async def enter_academic_year(
    asked: AcademicYearCreate, session: Writing, actor: Caller, response: Response, _key: IdempotencyKey = None
) -> AcademicYear:
    row = await directives.enter_year(session, actor, asked, now=clock.now())
    response.headers["Location"] = f"/v1/academic-years/{row.code}"
    response.headers["ETag"] = conditional.etag(row.version)
    return row


@years.get(
    "/{code}",
    summary="Read a school year",
    description="Its first and last day, terms and breaks. Public.",
    response_model=AcademicYearRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_academic_year(
    request: Request, session: Reading, code: YearPath, response: Response
) -> AcademicYear | Response:
    row = await directives.get_year(session, code)
    tag = conditional.etag(row.version)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    response.headers["ETag"] = tag
    return row


@years.put(
    "/{code}",
    summary="Set the dates of a school year anew",
    description="Replaces all its dates, terms and breaks, as a later order does.",
    response_model=AcademicYearRead,
    dependencies=_WRITER,
)
async def replace_academic_year(
    request: Request,
    session: Writing,
    actor: Caller,
    code: YearPath,
    asked: AcademicYearBody,
    response: Response,
    _if_match: IfMatch = None,
) -> AcademicYear:
    row = await directives.lock_year(session, code)
    conditional.check_match(request, row.version)
    await directives.replace_year(session, actor, row, asked, now=clock.now())
    response.headers["ETag"] = conditional.etag(row.version)
    return row


@router.get(
    "",
    summary="List directives",
    description="Directives in the order in which they were entered. Public. As CSV, XLSX or NDJSON by `Accept`, then "
    "all of them.",
    response_model=Page[DirectiveSummary],
)
async def list_directives(request: Request, session: Reading, query: Annotated[DirectivesQuery, Query()]) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, query), filename="directives")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await directives.page(session, query, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["id"],))
    total = await directives.count(session, query) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "",
    summary="Set a directive",
    description="Enters what a conference or an order told to do for a school year, with its items in order. Where the "
    "source does not number them, the numbers are ours (`mapping=ours`). The caller must reach the area.",
    status_code=201,
    response_model=DirectiveRead,
    dependencies=_WRITER,
)
async def set_directive(
    request: Request, asked: DirectiveCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    directive_id = await directives.set_directive(session, actor, asked, now=clock.now())
    return await _as_it_is(request, session, directive_id, TargetMoment(), created=True)


@router.get(
    "/{directive_id}",
    summary="Read a directive",
    description="A directive with its items as they stand on a day, as is known now or was known at a moment. Public.",
    response_model=DirectiveRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_directive(
    request: Request, session: Reading, directive_id: DirectivePath, query: Annotated[TargetMoment, Query()]
) -> Response:
    return await _as_it_is(request, session, directive_id, query)


@router.patch(
    "/{directive_id}",
    summary="Change a directive",
    description="A JSON Merge Patch of what it is called and where it comes from.",
    response_model=DirectiveRead,
    dependencies=_WRITER,
)
async def change_directive(
    request: Request,
    session: Writing,
    actor: Caller,
    directive_id: DirectivePath,
    patch: Annotated[DirectiveUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    directive = await directives.lock(session, directive_id)
    conditional.check_match(request, directive.version)
    await directives.update(session, actor, directive, patch, now=clock.now())
    return await _as_it_is(request, session, directive_id, TargetMoment())


@router.post(
    "/{directive_id}/items",
    summary="Add an item to a directive",
    description="An item that stands from today on.",
    status_code=201,
    response_model=DirectiveRead,
    responses={409: {}},
    dependencies=_WRITER,
)
async def add_direction_item(
    request: Request,
    session: Writing,
    actor: Caller,
    directive_id: DirectivePath,
    asked: ItemCreate,
    _key: IdempotencyKey = None,
) -> Response:
    directive = await directives.lock(session, directive_id)
    await directives.add_item(session, actor, directive, asked, now=clock.now())
    return await _as_it_is(request, session, directive_id, TargetMoment(), created=True)


@router.patch(
    "/{directive_id}/items/{item_id}",
    summary="Change an item of a directive",
    description="A JSON Merge Patch that is true from `effective_from` (today) on. `If-Match` names the directive's "
    "version.",
    response_model=DirectiveRead,
    responses={409: {}},
    dependencies=_WRITER,
)
async def change_direction_item(
    request: Request,
    session: Writing,
    actor: Caller,
    directive_id: DirectivePath,
    item_id: ItemPath,
    patch: Annotated[ItemUpdate, Body(media_type="application/merge-patch+json")],
    period: Annotated[ItemPeriod, Query()],
    _if_match: IfMatch = None,
) -> Response:
    directive = await directives.lock(session, directive_id)
    conditional.check_match(request, directive.version)
    await directives.change_item(
        session, actor, directive, item_id, patch, since=period.effective_from, now=clock.now()
    )
    return await _as_it_is(request, session, directive_id, TargetMoment(as_of=period.effective_from))


@router.post(
    "/{directive_id}/roll-over",
    summary="Take open items over into a later year",
    description="Sets the directive of a later school year with copies of the items still open, each linked to its "
    "origin; what is closed stays where it is. Once for each year.",
    status_code=201,
    response_model=DirectiveRead,
    responses={409: {}},
    dependencies=_WRITER,
)
async def roll_over_directive(
    request: Request,
    session: Writing,
    actor: Caller,
    directive_id: DirectivePath,
    asked: RollOver,
    _key: IdempotencyKey = None,
) -> Response:
    directive = await directives.lock(session, directive_id)
    following = await directives.roll_over(session, actor, directive, asked, now=clock.now())
    return await _as_it_is(request, session, following, TargetMoment(), created=True)


async def _as_it_is(
    request: Request, session: AnySession, directive_id: UUID, moment: TargetMoment, *, created: bool = False
) -> Response:
    on = moment.as_of or day_in_kazakhstan(clock.now())
    document = await directives.get(session, directive_id, on=on, known_at=moment.known_at)
    body = _DIRECTIVE.dump_json(_DIRECTIVE.validate_python(document))
    tag = conditional.etag(document["version"], hashlib.sha256(body).hexdigest()[:16])
    if request.method == "GET" and conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    headers = {"ETag": tag, **({"Location": f"/v1/directives/{directive_id}"} if created else {})}
    return Response(body, status_code=201 if created else 200, media_type="application/json", headers=headers)


async def _all(request: Request, query: DirectivesQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: tuple[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await directives.page(session, query, after=after, limit=_CHUNK)
            yield rows[:_CHUNK]
            if len(rows) <= _CHUNK:
                return
            after = (rows[_CHUNK - 1]["id"],)


routers = (router, years)
