"""`/v1/runs/{id}/…`: what a run tells of itself."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response

from services.rating_engine.diagnostics import service
from shared.auth import Caller, requires
from shared.schemas.rating.diagnostics import RunDiagnostics, RunSensitivity, RunUncertainty
from shared.web import conditional
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/runs", tags=["runs"])
routers: tuple[Router, ...] = (router,)
_RunPath = Annotated[UUID, Path(description="The run", examples=["01a20034-2d1f-7e31-9195-f778672b15af"])]
_Kind = Annotated[
    str,
    Path(
        pattern=r"^[a-z_]+$",
        max_length=40,
        description="The step: `coherence`, `uncertainty`, `sensitivity`, `standing`, `disclosure`, or `result`",
        examples=["coherence"],
    ),
]
_READER = [requires("rating:read")]


@router.get(
    "/{run_id}/uncertainty",
    summary="Read how sure a run is",
    responses={403: {}, 404: {}, 409: {}},
    dependencies=_READER,
)
async def get_run_uncertainty(run_id: _RunPath, session: Reading, actor: Caller) -> RunUncertainty:
    """How much the places owe to the noise of the data and to choices of the method: two answers, never mixed."""
    return await service.uncertainty(session, actor, run_id)


@router.get(
    "/{run_id}/sensitivity",
    summary="Read which choices move a run",
    responses={403: {}, 404: {}, 409: {}},
    dependencies=_READER,
)
async def get_run_sensitivity(run_id: _RunPath, session: Reading, actor: Caller) -> RunSensitivity:
    """Sobol' indices of every declared choice with their intervals, and for each organisation the choice that moves it
    most."""
    return await service.sensitivity(session, actor, run_id)


@router.get(
    "/{run_id}/diagnostics",
    summary="Read whether the parts of a run hang together",
    responses={403: {}, 404: {}, 409: {}},
    dependencies=_READER,
)
async def get_run_diagnostics(run_id: _RunPath, session: Reading, actor: Caller) -> RunDiagnostics:
    """Correlations, consistency and influence of every indicator and node, what was remarked, and how much is withheld
    from the public."""
    return await service.diagnostics(session, actor, run_id)


@router.get(
    "/{run_id}/artefacts/{kind}",
    summary="Read what one step of a run left behind",
    response_model=dict[str, object],
    responses={304: {"description": "Not changed since it was read"}, 403: {}, 404: {}, 409: {}},
    dependencies=_READER,
)
async def get_run_artefact(
    run_id: _RunPath, kind: _Kind, request: Request, session: Reading, actor: Caller
) -> Response:
    """The canonical JSON that the digest names: what a statistician computes with. The bytes never change."""
    content, digest = await service.artefact(session, actor, run_id, kind)
    tag = conditional.etag(digest)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(content, media_type="application/json", headers={"ETag": tag})
