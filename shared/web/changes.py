"""`GET /v1/changes`: the service's change feed, read page by page and waited for."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from shared.auth import Scope, requires
from shared.outbox import Waiter
from shared.schemas.changes import ChangePage, ChangesQuery
from shared.web.routing import Router


def router(scope: Scope | str) -> Router:
    """The feed of a service, for callers who hold `scope`."""
    changes = Router("/v1/changes", tags=["changes"])

    # No session is asked for: a reader that waits for news must not keep a connection from anyone.
    @changes.get("", dependencies=[requires(scope)], response_model=ChangePage, summary="Read the change feed")
    async def list_changes(request: Request, query: Annotated[ChangesQuery, Query()]) -> Response:
        """The changes behind position `after`, in order. Positions are integers without gaps.

        With `wait` the answer comes when there is a change, or empty after so many seconds.
        """
        waiter: Waiter = request.app.state.waiter
        page = await waiter.page(after=query.after, limit=query.limit, wait=query.wait)
        return Response(page.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})

    return changes
