"""`/v1/runs/{id}/check|preview|withdraw|steps`: HTTP only."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from services.rating_engine.dependencies import Catalogue
from services.rating_engine.previews import service
from services.rating_engine.runs import service as runs
from services.rating_engine.runs import stages
from services.rating_engine.runs.service import Run
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.rating.previews import PreviewRead
from shared.schemas.rating.runs import RunRead
from shared.schemas.rating.stages import RunRemark, RunStepRead, RunSteps, RunWithdrawal
from shared.web import conditional
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/runs", tags=["runs"])
routers: tuple[Router, ...] = (router,)
RunPath = Annotated[UUID, Path(description="The run", examples=["01a20034-2d1f-7e31-9195-f778672b15af"])]
OrganisationPath = Annotated[
    UUID, Path(description="The organisation, as in the registry", examples=["01a20034-2d1f-77a4-b618-84a4220ed269"])
]
_DECIDES = [requires("rating:publish")]


@router.post(
    "/{run_id}/check",
    response_model=RunRead,
    summary="Check a run",
    dependencies=_DECIDES,
    responses={409: {}},
)
async def check_run(
    run_id: RunPath, body: RunRemark, session: Writing, response: Response, key: IdempotencyKey = None
) -> object:
    """Somebody who may publish has looked at it. That it was somebody other than who asked for the run is kept, and
    the edition tells it."""
    now = clock.now()
    return _written(await stages.check(session, run_id, comment=body.comment, now=now), response, now)


@router.post(
    "/{run_id}/preview",
    response_model=RunRead,
    summary="Show a run to its organisations",
    dependencies=_DECIDES,
    responses={409: {}},
)
async def preview_run(
    run_id: RunPath, body: RunRemark, session: Writing, response: Response, key: IdempotencyKey = None
) -> object:
    """From now on each organisation sees itself. Where the methodology declares `appeals`, the window opens: it closes
    at the end of the last of its working days in Kazakhstan, and `appeals_until` does not move afterwards."""
    now = clock.now()
    return _written(await stages.preview(session, run_id, comment=body.comment, now=now), response, now)


@router.post(
    "/{run_id}/withdraw",
    response_model=RunRead,
    summary="Withdraw a run",
    dependencies=_DECIDES,
    responses={409: {}},
)
async def withdraw_run(
    run_id: RunPath, body: RunWithdrawal, session: Writing, response: Response, key: IdempotencyKey = None
) -> object:
    """It will not be published. What it computed stays readable to those who work on ratings."""
    now = clock.now()
    return _written(await stages.withdraw(session, run_id, reason=body.reason, now=now), response, now)


@router.get("/{run_id}/steps", summary="Read the history of a run", dependencies=[requires("rating:read")])
async def list_run_steps(run_id: RunPath, session: Reading) -> RunSteps:
    """Who moved it from stage to stage, when and why, from the first step."""
    run = await runs.get(session, run_id)
    return RunSteps(items=[RunStepRead.model_validate(step) for step in await stages.steps(session, run.id)])


@router.get(
    "/{run_id}/preview/{organisation_id}",
    summary="See an organisation in a preview",
    dependencies=[requires("rating:read")],
    responses={403: {}, 404: {}, 409: {}},
)
async def get_preview(
    run_id: RunPath, organisation_id: OrganisationPath, catalogue: Catalogue, session: Reading, actor: Caller
) -> PreviewRead:
    """What will be said of the organisation, with the explanation of every score, and the appeals it has made. A
    director sees the own school, a department its area, those who work on ratings all."""
    return await service.read(session, actor, run_id, organisation_id, catalogue=catalogue, now=clock.now())


def _written(run: Run, response: Response, now: datetime) -> RunRead:
    shown = stages.shown(run, now=now)
    response.headers["ETag"] = conditional.etag(run.version, *shown.allowed_actions)
    return shown
