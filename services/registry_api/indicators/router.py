"""HTTP of indicators."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.rules import Difference
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.indicators import (
    IndicatorCode,
    IndicatorCreate,
    IndicatorQuery,
    IndicatorRead,
    IndicatorsQuery,
)
from shared.web import conditional, export, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/indicators", tags=["indicators"])

_PAGE = TypeAdapter(Page[IndicatorRead])
_COLUMNS = (
    *("code", "level", "organisation_types", "pillar", "name_kk", "name_ru", "name_en", "unit", "polarity", "formula"),
    *("period_kind", "as_of_rule", "source_system", "plausible_min", "plausible_max", "typical", "min_n", "age_from"),
    *("age_to", "disaggregation", "source_note", "note", "valid_from", "valid_to"),
)
_CHUNK = 1000


@router.get(
    "",
    summary="List indicators",
    description="Definitions in the order of their codes. Public. `versions=all` adds superseded versions. As CSV, "
    "XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[IndicatorRead],
)
async def list_indicators(request: Request, session: Reading, query: Annotated[IndicatorsQuery, Query()]) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, query), filename="indicators")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await indicators.page(session, query, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=_position)
    total = await indicators.count(session, query) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "",
    summary="Define an indicator",
    description="Defines a new indicator, or adds a version to one whose measure (formula, unit, polarity, period, "
    "ages, types of organisation) differs: a value always says by which formula it was computed. Where only names, "
    "notes or orientation differ, the latest version is edited (200); what is already so changes nothing (200).",
    status_code=201,
    response_model=IndicatorRead,
    responses={200: {"model": IndicatorRead, "description": "No version was added"}},
    dependencies=[requires("registry:write")],
)
async def define_indicator(
    asked: IndicatorCreate,
    session: Writing,
    actor: Caller,
    response: Response,
    _key: IdempotencyKey = None,
) -> IndicatorRead:
    defined = await indicators.define(session, actor, asked, clock.now())
    indicator = defined.indicator
    response.status_code = 201 if defined.difference is Difference.VERSION else 200
    response.headers["Location"] = f"/v1/indicators/{indicator.code}?version={indicator.version}"
    response.headers["ETag"] = _tag(indicator)
    return indicator


@router.get(
    "/{code}",
    summary="Read an indicator",
    description="The latest version of a definition, or the one asked for. Public.",
    response_model=IndicatorRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_indicator(
    request: Request,
    response: Response,
    session: Reading,
    code: Annotated[IndicatorCode, Path(description="The indicator's code", examples=["SCH_UNT_MEAN"])],
    query: Annotated[IndicatorQuery, Query()],
) -> IndicatorRead | Response:
    indicator = await indicators.get(session, code, query.version)
    if conditional.is_unchanged(request, _tag(indicator)):
        return conditional.not_modified(_tag(indicator))
    response.headers["ETag"] = _tag(indicator)
    return indicator


def _tag(indicator: IndicatorRead) -> str:
    return conditional.etag(
        f"{indicator.version}.{indicator.edition}", "current" if indicator.is_current else "superseded"
    )


def _position(indicator: IndicatorRead) -> tuple[str, int]:
    return indicator.code, indicator.version


async def _all(request: Request, query: IndicatorsQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: tuple[str, int] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await indicators.page(session, query, after=after, limit=_CHUNK)
            yield [_line(row) for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = _position(rows[_CHUNK - 1])


def _line(indicator: IndicatorRead) -> Mapping[str, Any]:
    """The columns of our own file of definitions, so that what was taken out can be handed in again."""
    told = indicator.model_dump(mode="json")
    names = {f"name_{language}": name for language, name in told["name"].items()}
    ages = told["age_band"] or {"youngest": None, "oldest": None}
    return told | names | {"age_from": ages["youngest"], "age_to": ages["oldest"]}
