"""`/v1/snapshots`: HTTP only."""

from typing import Annotated

from fastapi import Path, Response

from services.rating_engine.snapshots import service
from shared.auth import Caller, Scope, requires
from shared.auth.errors import OutOfReach
from shared.schemas.rating.snapshots import SnapshotRead
from shared.web import conditional
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/snapshots", tags=["runs"])
_DIGEST = Path(
    pattern=r"^sha256:[0-9a-f]{64}$",
    max_length=71,
    description="Digest of the snapshot, as a run or a publication names it",
    examples=["sha256:" + "0" * 64],
)


@router.get(
    "/{digest}", summary="Read a snapshot", dependencies=[requires("rating:read")], responses={403: {}, 404: {}}
)
async def get_snapshot(
    digest: Annotated[str, _DIGEST], session: Reading, actor: Caller, response: Response
) -> SnapshotRead:
    """The data a rating was computed on, exactly as they were frozen; for those who work on ratings. What of a
    published rating is for everybody is in its bundle."""
    if not actor.reaches(None, None, scope=Scope.RATING_READ):
        raise OutOfReach
    frozen = await service.read(session, digest)
    response.headers["ETag"] = conditional.etag(digest)
    return SnapshotRead(
        organisations=list(frozen.organisations),
        attributes={name: list(values) for name, values in frozen.attributes.items()},
        columns=dict(frozen.columns),
        as_of=frozen.as_of,
        digest=digest,
        carried={
            code: {organisation: one.period for organisation, one in cells.items()}
            for code, cells in frozen.carried.items()
        },
    )
