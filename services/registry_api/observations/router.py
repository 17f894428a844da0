"""HTTP of observations and of the table made of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.observations import approvals, public, tables, veils
from services.registry_api.observations import service as observations
from shared import clock
from shared.auth import Actor, Caller, MaybeCaller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.figures import (
    AreaTable,
    AreaTableQuery,
    OrganisationFigure,
    OrganisationFiguresQuery,
)
from shared.schemas.registry.observation_life import (
    ObservationsApprove,
    ObservationsApproved,
    ObservationTransition,
)
from shared.schemas.registry.observations import (
    ObservationRead,
    ObservationRevisions,
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
figures_router = Router("/v1", tags=["observations"])

ObservationPath = Annotated[
    UUID, Path(description="A revision of an observation", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
]

_PAGE = TypeAdapter(Page[ObservationRead])
_FIGURES = TypeAdapter(Page[OrganisationFigure])
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
    request: Request, session: Reading, actor: Caller, query: Annotated[ObservationsQuery, Query()]
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, actor, query), filename="observations")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await observations.page(session, query, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["id"],))
    items = await veils.upon(session, actor, items, now=clock.now())
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


@router.post(
    "/approve",
    summary="Approve what others reported",
    description="Makes provisional values of an indicator and a period final: all that lie in the caller's reach, or "
    "in the area named. What the caller reported is left to somebody else. A locked period refuses all of it.",
    response_model=ObservationsApproved,
    dependencies=[requires("registry:approve")],
)
async def approve_observations(
    asked: ObservationsApprove, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> ObservationsApproved:
    return await approvals.approve(session, actor, asked, clock.now())


@router.get(
    "/{observation_id}",
    summary="Read an observation",
    description="One revision, whether it still stands or not.",
    response_model=ObservationRead,
    dependencies=[requires("registry:read")],
)
async def read_observation(session: Reading, actor: Caller, observation_id: ObservationPath) -> dict[str, Any]:
    found = await approvals.get(session, observation_id)
    return (await veils.upon(session, actor, [found], now=clock.now()))[0]


@router.get(
    "/{observation_id}/revisions",
    summary="List the revisions of an observation",
    description="All that the same source said of the same subject, indicator and period, oldest first: who reported "
    "it, who approved it, what was corrected and why.",
    response_model=ObservationRevisions,
    dependencies=[requires("registry:read")],
)
async def list_observation_revisions(
    session: Reading, actor: Caller, observation_id: ObservationPath
) -> dict[str, Any]:
    found = await approvals.history(session, observation_id)
    return {"items": await veils.upon(session, actor, found, now=clock.now())}


@router.post(
    "/{observation_id}/transitions",
    summary="Approve, correct or withdraw an observation",
    description="The next step in the life of the revision that stands: provisional, final, corrected, withdrawn. Who "
    "recorded it can neither approve nor correct it. The path names the revision the caller has seen; where another "
    "stands by now, it is refused.",
    response_model=ObservationRead,
    dependencies=[requires("registry:write")],
)
async def move_observation(
    asked: ObservationTransition,
    session: Writing,
    actor: Caller,
    observation_id: ObservationPath,
    _key: IdempotencyKey = None,
) -> dict[str, Any]:
    return await approvals.step(session, actor, observation_id, asked, clock.now())


@figures_router.get(
    "/area-table",
    summary="Read an indicator by areas",
    description="An area and the areas right below it, or the regions. Public. Where few people stand behind a figure "
    "it is hidden, and so is another that would give it away by subtraction; a caller with `registry:read` sees those "
    "of its own area. Shares come with their Wilson interval.",
    response_model=AreaTable,
)
async def read_area_table(
    session: Reading, actor: MaybeCaller, query: Annotated[AreaTableQuery, Query()]
) -> dict[str, Any]:
    return await public.area_table(session, query, actor=actor, now=clock.now())


@figures_router.get(
    "/organisation-figures",
    summary="List an indicator by organisations",
    description="What is shown to anybody of each organisation that reported, in the order of the values. Public. "
    "Figures of few people, and results that rest on fewer units than the definition asks for, are hidden and come "
    "after the others; those with nothing to divide by, such as no psychologist, come last.",
    response_model=Page[OrganisationFigure],
)
async def list_organisation_figures(
    request: Request, session: Reading, actor: MaybeCaller, query: Annotated[OrganisationFiguresQuery, Query()]
) -> Response:
    of = {
        **query.model_dump(mode="json", exclude={"limit", "cursor", "count"}),
        "for": actor.principal if actor else None,
    }
    keys = pages.start(request, query.cursor, of=of, length=3)
    now = clock.now()
    rows = await public.organisation_figures(
        session, query, actor=actor, now=now, after=public.position(keys) if keys else None, limit=query.limit
    )
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: row["_position"])
    total = await public.count_organisation_figures(session, query, actor=actor, now=now) if query.count else None
    return pages.answer(request, _FIGURES, items, next_cursor=next_cursor, total=total)


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
    request: Request, session: Reading, actor: Caller, query: Annotated[ObservationTableQuery, Query()]
) -> Response:
    table = await observations.table(session, query, clock.now())
    table = await veils.upon_table(session, actor, table)
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


async def _all(request: Request, actor: Actor, query: ObservationsQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: tuple[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await observations.page(session, query, after=after, limit=_CHUNK)
            yield await veils.upon(session, actor, rows[:_CHUNK], now=clock.now())
            if len(rows) <= _CHUNK:
                return
            after = (rows[_CHUNK - 1]["id"],)
