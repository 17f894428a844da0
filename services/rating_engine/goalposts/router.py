"""`/v1/methodologies/{id}/freeze`: HTTP only."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from services.rating_engine.goalposts import service
from shared.auth import requires
from shared.schemas.rating.goalposts import FreezeCreate, FrozenGoalposts
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/methodologies", tags=["methodologies"])
routers: tuple[Router, ...] = (router,)
MethodologyPath = Annotated[
    UUID, Path(description="The version of the methodology", examples=["01a20034-2d1f-7898-9107-6c99dd5368c3"])
]


@router.post(
    "/{methodology_id}/freeze",
    summary="Fix the posts of a methodology",
    dependencies=[requires("rating:run")],
    responses={409: {}},
)
async def freeze_methodology(methodology_id: MethodologyPath, body: FreezeCreate, session: Reading) -> FrozenGoalposts:
    """The document with everything that depends on the population fixed at what the data of a run give: extremes,
    means, places, winsorised ends, what a gap is charged with. Nothing is stored: write the answer down as the next
    version, and from then on another organisation never reorders the others. What is about the others by its nature,
    such as places within peers or wins, is answered with 422 and its place."""
    return await service.freeze(session, methodology_id, body.run_id)
