"""`/v1/runs`: HTTP only."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.rating_engine.runs import rules, service, stages
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page, PageQuery
from shared.schemas.rating.runs import ResultRead, RunCreate, RunQuery, RunRead
from shared.web import conditional, pages
from shared.web.cursors import Key
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/runs", tags=["runs"])
RunPath = Annotated[UUID, Path(description="The run", examples=["01a20034-2d1f-7e31-9195-f778672b15af"])]
_PAGE = TypeAdapter(Page[RunRead])
_RESULTS = TypeAdapter(Page[ResultRead])


@router.post(
    "", status_code=202, response_model=RunRead, summary="Compute a rating", dependencies=[requires("rating:run")]
)
async def create_run(body: RunCreate, session: Writing, response: Response, key: IdempotencyKey = None) -> object:
    """Queue a run: the data are pulled from the registry and training as of one day, frozen, and rated. The job tells
    how far it is; the same data and the same document give the same `result_digest`."""
    now = clock.now()
    run = await service.request(
        session,
        methodology_id=body.methodology_id,
        period=body.period,
        as_of=body.as_of or clock.day_in_kazakhstan(now),
        known_at=body.known_at,
        area=body.area,
        corrects=body.corrects,
        now=now,
    )
    response.headers["Location"] = f"/v1/jobs/{run.job_id}"
    return stages.shown(run, now=now)


@router.get("", response_model=Page[RunRead], summary="List runs", dependencies=[requires("rating:read")])
async def list_runs(request: Request, query: Annotated[RunQuery, Query()], session: Reading) -> Response:
    """All runs, the latest first."""
    of = {"list": "runs", "methodology_id": query.methodology_id, "stage": query.stage}
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await service.page(
        session, methodology_id=query.methodology_id, stage=query.stage, after=_typed(after), limit=query.limit + 1
    )
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.created_at, row.id])
    now = clock.now()
    return pages.answer(request, _PAGE, [stages.shown(run, now=now) for run in page], next_cursor=cursor)


@router.get("/{run_id}", response_model=RunRead, summary="Read a run", dependencies=[requires("rating:read")])
async def get_run(run_id: RunPath, request: Request, session: Reading, response: Response) -> object:
    """What went into a run and, once it has succeeded, what came of it in short, and what may be done to it."""
    run = stages.shown(await service.get(session, run_id), now=clock.now())
    tag = conditional.etag(run.version, *run.allowed_actions)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    response.headers["ETag"] = tag
    return run


@router.get(
    "/{run_id}/results",
    response_model=Page[ResultRead],
    summary="Read the results of a run",
    dependencies=[requires("rating:read")],
    responses={409: {}},
)
async def list_run_results(
    run_id: RunPath, request: Request, query: Annotated[PageQuery, Query()], session: Reading, actor: Caller
) -> Response:
    """By place; organisations that are not rated come last, each with its reason. Before it is published, whoever
    answers for a school or an area sees that, and only while the run is in preview; once it is, they see what the
    public is told."""
    run = await service.get_finished(session, run_id)
    sight = stages.seen_of(run, actor)
    is_public = run.stage in rules.PUBLIC and not rules.sight(actor).is_whole
    of = {"list": "results", "run": run.id, "sight": sight, "public": is_public}
    after = pages.start(request, query.cursor, of=of, length=3)
    rows = await service.results(
        session, run_id, sight=sight, is_public=is_public, after=_placed(after), limit=query.limit + 1
    )
    page, cursor = pages.cut(
        request,
        rows,
        limit=query.limit,
        of=of,
        keys=lambda row: [row["rank"], row["sort_key"], row["organisation_id"]],
    )
    told = [rules.publicly(row) for row in page] if is_public else page
    items = [{**row, "status": "rated" if row["score"] is not None else "not_rated"} for row in told]
    total = None
    if query.count:
        total = await service.count_results(session, run_id, sight=sight, is_public=is_public)
    return pages.answer(request, _RESULTS, items, next_cursor=cursor, total=total)


def _typed(after: list[Key] | None) -> list[object] | None:
    return None if after is None else [datetime.fromisoformat(str(after[0])), UUID(str(after[1]))]


def _placed(after: list[Key] | None) -> list[object] | None:
    return None if after is None else [after[0], after[1], UUID(str(after[2]))]
