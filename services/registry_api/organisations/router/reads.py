"""HTTP of reading organisations."""

import difflib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Annotated, Any, cast

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.areas import service as areas
from services.registry_api.organisations import errors, rules
from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.repository import listing
from services.registry_api.organisations.repository.listing import Order, SortField, Wanted
from services.registry_api.organisations.router.rendering import OrganisationPath, answer
from shared import clock
from shared.auth import Actor, MaybeCaller
from shared.clock import day_in_kazakhstan
from shared.db.sessions import ReadSession
from shared.errors import FieldError
from shared.schemas.registry.organisation_lists import (
    AsOfQuery,
    HistoryQuery,
    OrganisationHistory,
    OrganisationPage,
    OrganisationProfile,
    OrganisationQuery,
    Resolution,
    ResolveQuery,
)
from shared.schemas.registry.organisation_words import OrganisationStatus
from shared.schemas.registry.organisations import OrganisationRead, OrganisationSummary
from shared.web import export, languages, pages
from shared.web.errors import ValidationFailed
from shared.web.messages import UNKNOWN, UNKNOWN_WITH_SUGGESTION
from shared.web.routing import Router
from shared.web.sessions import Reading, database_of

router = Router("/v1/organisations", tags=["organisations"])
resolve = Router("/v1/resolve", tags=["organisations"])

_PAGE = TypeAdapter(OrganisationPage)
_HISTORY = TypeAdapter(OrganisationHistory)
_PROFILE = TypeAdapter(OrganisationProfile)
_RESOLUTION = TypeAdapter(Resolution)
_CHUNK = 1000
_TEXTS = ("name", "short_name")
_NOT_OF_THE_LIST = {"limit", "cursor", "count", "fields", "facets"}


@router.get(
    "",
    summary="List organisations",
    description="Finds organisations by words and numbers of their names, by what they are and where, as of any day. "
    "Public: what is only proposed is shown with `registry:read`. As CSV, XLSX or NDJSON by `Accept`, then all of "
    "them.",
    response_model=OrganisationPage,
)
async def list_organisations(
    request: Request, session: Reading, actor: MaybeCaller, query: Annotated[OrganisationQuery, Query()]
) -> Response:
    fields = _names(query.fields, OrganisationSummary.model_fields, "?fields")
    facets = _names(query.facets, listing.FACETS, "?facets")
    wanted = await _wanted(session, query, actor)
    order = _order(query, russian=languages.preferred(request.headers.get("accept-language")) == "ru")
    format_ = export.wanted(request)
    if format_ != "json":
        columns = _columns(fields)
        return await export.respond(format_, columns, _all(request, wanted, order, columns), filename="organisations")
    of = {**query.model_dump(mode="json", exclude=_NOT_OF_THE_LIST), "russian": order.russian}
    after = pages.start(request, query.cursor, of=of, length=listing.depth(order))
    rows = await organisations.page(session, wanted, order, after=after, limit=query.limit)
    cut, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: listing.position(row, order))
    return pages.answer(
        request,
        _PAGE,
        [organisations.summary(row) for row in cut],
        next_cursor=next_cursor,
        total=await organisations.count(session, wanted) if query.count else None,
        fields={"id", *fields} if fields else None,
        headers={"Vary": "Accept, Accept-Language"},
        facets=await organisations.facets(session, wanted, facets) if facets else None,
    )


@router.get(
    "/{organisation_id}",
    summary="Read an organisation",
    description="An organisation as it is today, or as it was or will be on a day, as it is known now or was known "
    "at a moment. Public; callers with `registry:read` also see its version and the identifiers of other systems.",
    response_model=OrganisationRead,
    responses={304: {"description": "Not changed since it was read"}, 410: {}},
)
async def get_organisation(
    request: Request,
    session: Reading,
    actor: MaybeCaller,
    organisation_id: OrganisationPath,
    query: Annotated[AsOfQuery, Query()],
) -> Response:
    seen = await organisations.get(
        session, organisation_id, actor=actor, now=clock.now(), as_of=query.as_of, known_at=query.known_at
    )
    return answer(request, seen)


@router.get(
    "/{organisation_id}/history",
    summary="Read the history of an organisation",
    description="Its life period by period, and what changed from one to the next, field by field. Public as far as it "
    "is believed; with `superseded=true` also what was believed before.",
    response_model=OrganisationHistory,
    responses={410: {}},
)
async def get_organisation_history(
    session: Reading,
    actor: MaybeCaller,
    organisation_id: OrganisationPath,
    query: Annotated[HistoryQuery, Query()],
) -> Response:
    found = await organisations.history(
        session, organisation_id, actor=actor, known_at=query.known_at, superseded=query.superseded
    )
    return _json(_HISTORY, found)


@router.get(
    "/{organisation_id}/profile",
    summary="Read the profile of an organisation",
    description="What a parent wants to see at once: the organisation, its district and region by name, what it "
    "belongs to, its branches, its former names. Public.",
    response_model=OrganisationProfile,
    responses={410: {}},
)
async def get_organisation_profile(session: Reading, actor: MaybeCaller, organisation_id: OrganisationPath) -> Response:
    return _json(_PROFILE, await organisations.profile(session, organisation_id, actor=actor, now=clock.now()))


@resolve.get(
    "",
    summary="Resolve an identifier",
    description="Whose identifier it is or was: any BIN, code or id an organisation ever had leads to what it is "
    "today. 410 with `successors` if it was merged into others. Public, but for identifiers of other systems.",
    response_model=Resolution,
    responses={404: {}, 410: {}},
)
async def resolve_identifier(session: Reading, actor: MaybeCaller, query: Annotated[ResolveQuery, Query()]) -> Response:
    found = await organisations.resolve(
        session, query.scheme, query.value, actor=actor, as_of=query.as_of, now=clock.now()
    )
    return _json(_RESOLUTION, found)


async def _wanted(session: ReadSession, query: OrganisationQuery, actor: Actor | None) -> Wanted:
    on = query.as_of or day_in_kazakhstan(clock.now())
    hidden: Collection[OrganisationStatus] = () if query.status else (OrganisationStatus.CREATED_IN_ERROR,)
    if not organisations.trusts(actor):
        hidden = rules.HIDDEN_FROM_STRANGERS
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=on, known_at=query.known_at)
    return Wanted(
        on=on,
        known_at=query.known_at,
        words=rules.patterns(query.q or ""),
        one_of={
            name: [one.value for one in getattr(query, name)]
            for name in ("type", "kind", "ownership", "setting", "status", "head_held")
        },
        not_in_status=[status.value for status in hidden],
        areas=inside,
        languages=query.language,
        programme=query.programme,
        parent_id=query.parent_id,
        near=_point(query.near),
        radius_km=query.radius_km,
        box=_box(query.bbox),
    )


def _order(query: OrganisationQuery, *, russian: bool) -> Order:
    asked = (query.sort or ("distance" if query.near else "name")).split(",")
    sorted_by = tuple((cast(SortField, name.removeprefix("-")), name.startswith("-")) for name in asked)
    if query.near is None and any(name == "distance" for name, _ in sorted_by):
        raise errors.PointNeeded(pointer="?sort")
    return Order(sorted_by, russian=russian)


def _point(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    latitude, longitude = (float(part) for part in text.split(","))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise errors.PlaceMalformed(pointer="?near")
    return latitude, longitude


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    west, south, east, north = (float(part) for part in text.split(","))
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90 or south > north:
        raise errors.PlaceMalformed(pointer="?bbox")
    return west, south, east, north


def _names(text: str | None, known: Collection[str], pointer: str) -> list[str]:
    """The names in a list of them; each must be known, or the nearest one is suggested."""
    names = list(dict.fromkeys(text.split(","))) if text else []
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValidationFailed(errors=[_unknown(name, known, pointer) for name in unknown])
    return names


def _unknown(name: str, known: Collection[str], pointer: str) -> FieldError:
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    message = UNKNOWN_WITH_SUGGESTION.filled({"suggestion": close[0]}) if close else UNKNOWN
    return FieldError(pointer, "unknown_field", message)


def _columns(fields: Sequence[str]) -> list[str]:
    """The columns of a file: one for each field, texts and places taken apart."""
    columns: list[str] = []
    for field in ("id", *(name for name in fields or OrganisationSummary.model_fields if name != "id")):
        if field in _TEXTS:
            columns += [f"{field}_{language}" for language in languages.LANGUAGES]
        elif field == "location":
            columns += ["latitude", "longitude"]
        elif field == "head_post":
            columns += ["head_held", "head_since"]
        else:
            columns.append(field)
    return columns


async def _all(
    request: Request, wanted: Wanted, order: Order, columns: Sequence[str]
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await organisations.page(session, wanted, order, after=after, limit=_CHUNK)
            lines = [{**row, "area": row["area_code"]} for row in rows[:_CHUNK]]
            yield [{column: line.get(column) for column in columns} for line in lines]
            if len(rows) <= _CHUNK:
                return
            after = listing.position(rows[_CHUNK - 1], order)


def _json(adapter: TypeAdapter[Any], document: Mapping[str, Any]) -> Response:
    return Response(adapter.dump_json(adapter.validate_python(document)), media_type="application/json")
