"""HTTP of observations and of the table made of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.observations import service as observations
from services.registry_api.observations import tables
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.observations import (
    ObservationRead,
    ObservationsCreate,
    ObservationsQuery,
    ObservationsRecorded,
    ObservationTable,
    ObservationTableQuery,
)
from shared.web import conditional, export, languages, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/observations", tags=["observations"])
table_router = Router("/v1/observation-table", tags=["observations"])

_PAGE = TypeAdapter(Page[ObservationRead])
_COLUMNS = tuple(ObservationRead.model_fields)
_CHUNK = 1000


@router.get(
    "",
    summary="List observations",
    description="Observations in the order in which they were recorded; by default those that stand. `known_at` gives "
    "what stood at a moment, `revisions=all` also what was superseded. As CSV, XLSX or NDJSON by `Accept`, then all.",
    response_model=Page[ObservationRead],
    dependencies=[requires("registry:read")],
)
async def list_observations(
    request: Request, session: Reading, query: Annotated[ObservationsQuery, Query()]
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, query), filename="observations")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await observations.page(session, query, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["id"],))
    total = await observations.count(session, query) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "",
    summary="Record observations",
    description="Records up to 10,000 observations together or not at all. What a source says again of the same "
    "subject, indicator and period becomes a new revision; what it says again unchanged changes nothing. A value out "
    "of its plausible range is accepted with a warning.",
    status_code=201,
    response_model=ObservationsRecorded,
    dependencies=[requires("registry:write")],
)
async def record_observations(
    request: Request,
    asked: ObservationsCreate,
    session: Writing,
    actor: Caller,
    _key: IdempotencyKey = None,
) -> ObservationsRecorded:
    recorded = await observations.record(session, actor, asked.observations, clock.now())
    language = languages.preferred(request.headers.get("accept-language"))
    counts = dict.fromkeys(("created", "changed", "unchanged"), 0)
    for one in recorded.outcomes:
        counts[one.outcome] += 1
    return ObservationsRecorded.model_validate(
        {
            **counts,
            "items": recorded.outcomes,
            "warnings": [
                {"pointer": one.pointer, "code": one.code, "message": one.message.in_language(language)}
                for one in recorded.warnings
            ],
        }
    )


@table_router.get(
    "",
    summary="Read a table of indicators",
    description="Indicators of all organisations of a type, column by column, the whole country in one answer, ordered "
    "by organisation id. An organisation without an observation has null and the reason `not_reported`. Equal content "
    "gives an equal `digest`, which is also the ETag.",
    response_model=ObservationTable,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=[requires("registry:read")],
)
async def read_observation_table(
    request: Request, session: Reading, query: Annotated[ObservationTableQuery, Query()]
) -> Response:
    table = await observations.table(session, query, clock.now())
    body, digest = tables.written(
        organisations=table.organisations,
        attributes=table.attributes,
        columns={
            code: {"value": column.value, "n": column.n, "variance": column.variance, "reason": column.reason}
            for code, column in table.columns.items()
        },
        as_of=table.as_of,
        period=query.period,
        known_at=table.known_at,
    )
    tag = conditional.etag(digest)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(body, media_type="application/json", headers={"ETag": tag})


async def _all(request: Request, query: ObservationsQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: tuple[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await observations.page(session, query, after=after, limit=_CHUNK)
            yield rows[:_CHUNK]
            if len(rows) <= _CHUNK:
                return
            after = (rows[_CHUNK - 1]["id"],)
