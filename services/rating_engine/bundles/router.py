"""`/v1/runs/{id}/bundle`: HTTP only."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response

from services.rating_engine.bundles import service
from shared.auth import MaybeCaller
from shared.web import conditional
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/runs", tags=["runs"])
routers: tuple[Router, ...] = (router,)
RunPath = Annotated[UUID, Path(description="The run", examples=["01a20034-2d1f-7e31-9195-f778672b15af"])]
_ZIP = "application/zip"


@router.get(
    "/{run_id}/bundle",
    summary="Download everything a run was computed from",
    response_class=Response,
    responses={
        200: {"content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}}},
        304: {"description": "Not changed since it was read"},
        403: {},
        404: {},
        409: {},
    },
)
async def get_run_bundle(run_id: RunPath, request: Request, session: Reading, actor: MaybeCaller) -> Response:
    """Methodology, data, result and what each step left behind, with a manifest of their digests, the seed and the
    version of the engine, as a ZIP that never changes. `python -m services.rating_engine recompute BUNDLE` computes the
    same bytes from it, or tells what differs.

    Of a published run everybody may have it. Where the data hold values that rest on too few to be published, only
    those who work on ratings have them; everybody else gets the methodology and the published entries instead."""
    asked = await service.wanted(session, actor, run_id)
    tag = conditional.etag(asked.run.result_digest or "", *asked.facets)
    headers = {"ETag": tag, "Vary": "Authorization"}
    if conditional.is_unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    name, content = await service.packed(session, asked)
    headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return Response(content, media_type=_ZIP, headers=headers)
