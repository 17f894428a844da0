"""`GET /v1/changes`: the service's change feed, read page by page and waited for."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any

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
        page = await _while_connected(request, waiter.page(after=query.after, limit=query.limit, wait=query.wait))
        if page is None:
            return Response(status_code=204)  # nobody reads it
        return Response(page.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})

    return changes


async def _while_connected(request: Request, work: Coroutine[Any, Any, ChangePage]) -> ChangePage | None:
    """What `work` gives, or None as soon as the caller has hung up: else a stopping server waits for them in vain."""
    working, leaving = asyncio.create_task(work), asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
