"""HTTP of lists of organisations: pages, files, maps, and suggestions while somebody types."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.finding import service as finding
from services.registry_api.finding.router import asking, maps
from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.service import lists
from services.registry_api.organisations.service.lists import Listed, Order, Wanted
from shared.auth import MaybeCaller
from shared.schemas.registry.organisation_lists import (
    OrganisationPage,
    OrganisationQuery,
    OrganisationSuggestions,
    SuggestionQuery,
)
from shared.schemas.registry.organisations import OrganisationSummary
from shared.web import export, languages, pages
from shared.web.routing import Router
from shared.web.sessions import Reading, database_of

router = Router("/v1/organisations", tags=["organisations"])

_SUGGESTIONS = TypeAdapter(OrganisationSuggestions)
_CHUNK = 1000
_TEXTS = ("name", "short_name")
_NOT_OF_THE_LIST = {"limit", "cursor", "count", "fields", "facets"}


@router.get(
    "",
    summary="List organisations",
    description="Finds organisations by words and numbers of their names and places, by what they are and where, as "
    "of any day. Words are understood as people type them: in Kazakh, Russian or Latin letters, abbreviated, with a "
    "letter or two wrong. Public: what is only proposed is shown with `registry:read`. As CSV, XLSX, NDJSON or "
    "GeoJSON by `Accept`, then all of them.",
    response_model=OrganisationPage,
    responses={404: {}},
)
async def list_organisations(
    request: Request, session: Reading, actor: MaybeCaller, query: Annotated[OrganisationQuery, Query()]
) -> Response:
    fields = asking.names(query.fields, OrganisationSummary.model_fields, "?fields")
    facets = asking.names(query.facets, lists.FACETS, "?facets")
    told, listed = await finding.resolved(session, query, actor=actor)
    wanted = asking.wanted(told, actor, among=finding.among(told, known=query.known_at is not None, listed=listed))
    order = asking.order(told, query.sort, russian=_russian(request))
    format_ = export.wanted(request, offered=("json", "csv", "xlsx", "ndjson", "geojson"))
    if format_ == "geojson":
        return maps.respond(_chunks(request, wanted, order))
    if format_ != "json":
        columns = _columns(fields)
        return await export.respond(format_, columns, _lines(request, wanted, order, columns), filename="organisations")
    of = {**told.model_dump(mode="json", exclude=_NOT_OF_THE_LIST), "russian": order.russian}
    after = pages.start(request, query.cursor, of=of, length=lists.depth(order))
    rows = await organisations.page(session, wanted, order, after=after, limit=query.limit)
    cut, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lists.position)
    items = lists.told(cut)
    if fields:
        chosen = {"id", *fields}
        items = [{name: value for name, value in item.items() if name in chosen} for item in items]
    return pages.ready(
        request,
        items,
        next_cursor=next_cursor,
        total=await organisations.count(session, wanted) if query.count else None,
        headers={"Vary": "Accept, Accept-Language"},
        facets=await organisations.facets(session, wanted, facets) if facets else None,
    )


@router.get(
    "/suggest",
    summary="Suggest organisations while somebody types",
    description="The few organisations that fit best what has been typed so far, with their places. Public.",
    response_model=OrganisationSuggestions,
    responses={404: {}},
)
async def suggest_organisations(
    request: Request, session: Reading, actor: MaybeCaller, query: Annotated[SuggestionQuery, Query()]
) -> Response:
    told, listed = await finding.resolved(session, query, actor=actor)
    wanted = asking.wanted(told, actor, among=finding.among(told, known=query.known_at is not None, listed=listed))
    if not wanted.words:
        found: Sequence[Listed] = ()
    else:
        order = asking.order(told, None, russian=_russian(request))
        found = (await organisations.page(session, wanted, order, after=None, limit=query.limit))[: query.limit]
    document = _SUGGESTIONS.validate_python({"items": lists.told(found)})
    return Response(_SUGGESTIONS.dump_json(document), media_type="application/json")


def _russian(request: Request) -> bool:
    return languages.preferred(request.headers.get("accept-language")) == "ru"


def _columns(fields: Sequence[str]) -> list[str]:
    """The columns of a file: one for each field, texts and places taken apart."""
    columns: list[str] = []
    for field in ("id", *(name for name in fields or OrganisationSummary.model_fields if name != "id")):
        if field in _TEXTS:
            columns += [f"{field}_{language}" for language in languages.LANGUAGES]
        elif field == "location":
            columns += ["latitude", "longitude"]
        else:
            columns.append(field)
    return columns


async def _lines(
    request: Request, wanted: Wanted, order: Order, columns: Sequence[str]
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    async for rows in _chunks(request, wanted, order):
        lines = [{**row, "area": row["area_code"]} for row in map(lists.mapping, rows)]
        yield [{column: line.get(column) for column in columns} for line in lines]


async def _chunks(request: Request, wanted: Wanted, order: Order) -> AsyncIterator[Sequence[Listed]]:
    """All rows of a list, in a session of its own, because the request's is closed before the answer is sent."""
    after: Sequence[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await organisations.page(session, wanted, order, after=after, limit=_CHUNK)
            yield rows[:_CHUNK]
            if len(rows) <= _CHUNK:
                return
            after = lists.position(rows[_CHUNK - 1])
