"""`/v1/compare`, `/v1/runs/{id}/movers` and `/v1/runs/{id}/what-if`: HTTP only."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.rating_engine.comparisons import moving, service
from services.rating_engine.runs import rules, stages
from services.rating_engine.runs import service as runs
from shared.auth import Caller, requires
from shared.auth.errors import OutOfReach
from shared.schemas.pages import Page
from shared.schemas.rating.comparisons import (
    CompareQuery,
    ComparisonRead,
    Mover,
    MoversQuery,
    WhatIfCreate,
    WhatIfRead,
)
from shared.web import pages
from shared.web.routing import Router
from shared.web.sessions import Reading

comparisons = Router("/v1/compare", tags=["comparisons"])
of_runs = Router("/v1/runs", tags=["comparisons"])
routers: tuple[Router, ...] = (comparisons, of_runs)
RunPath = Annotated[UUID, Path(description="The run", examples=["01a20034-2d1f-7e31-9195-f778672b15af"])]
_MOVERS = TypeAdapter(Page[Mover])


@comparisons.get("", summary="Compare two organisations", responses={404: {}})
async def compare_organisations(query: Annotated[CompareQuery, Query()], session: Reading) -> ComparisonRead:
    """Both profiles side by side, what each indicator brought more, how likely it is that the first is truly above,
    and for how many of the weights it would be. Only two of one edition are compared: without `publication_id` or
    `code` the latest edition in force that speaks of both."""
    return await service.compare(session, query)


@of_runs.get(
    "/{run_id}/movers",
    response_model=Page[Mover],
    summary="List who moved",
    dependencies=[requires("rating:read")],
    responses={404: {}, 409: {}},
)
async def list_run_movers(
    run_id: RunPath, request: Request, query: Annotated[MoversQuery, Query()], session: Reading, actor: Caller
) -> Response:
    """By how many places, the farthest first, against another run or edition; by default the edition in force. The
    change of a score is parted into data, methodology and population. Whoever answers for an area or a school sees
    that."""
    run = await runs.get_finished(session, run_id)
    sight = stages.seen_of(run, actor)
    sees_all = rules.sight(actor).is_whole
    moved = await service.movers(session, actor, run, against=query.against, sight=sight, sees_all=sees_all)
    of = {"list": "movers", "run": run.id, "against": query.against, "sight": sight, "all": sees_all}
    after = pages.start(request, query.cursor, of=of, length=3)
    if after is not None:
        last = (int(str(after[0])), str(after[1]), str(after[2]))
        rows = [row for row in moved if moving.order(row) > last]
    else:
        rows = list(moved)
    page, cursor = pages.cut(request, rows[: query.limit + 1], limit=query.limit, of=of, keys=moving.order)
    return pages.answer(
        request, _MOVERS, page, next_cursor=cursor, total=len(moved) if query.count is not None else None
    )


@of_runs.post(
    "/{run_id}/what-if",
    response_model=WhatIfRead,
    summary="Ask what would be if",
    dependencies=[requires("rating:read")],
    responses={404: {}, 409: {}},
)
async def suppose_run(run_id: RunPath, body: WhatIfCreate, session: Reading, actor: Caller) -> Response:
    """The frozen data of the run, rated with other weights, other values, another methodology (a whole draft or a
    version), or for some of its organisations only. Nothing is stored. For those who work on ratings as a whole."""
    run = await runs.get_finished(session, run_id)
    if not rules.sight(actor).is_whole:
        raise OutOfReach
    told = await service.what_if(session, run, body)
    return Response(told.model_dump_json(), media_type="application/json")
