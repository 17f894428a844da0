"""Routers that find their way quickly and routes that answer the same request once."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from shared.web import idempotency


class Route(APIRoute):
    """A route whose answer, if the caller gave an `Idempotency-Key`, is kept in the transaction of its effect.

    The wrapped handler runs while the request's session is still open: FastAPI closes function-scoped dependencies
    (and so commits) after the answer has been rendered and before it is sent.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                response = await original(request)
            except idempotency.Replayed as replayed:
                return replayed.response()
            await idempotency.remember(request, response)
            return response

        return handle


class Router(APIRouter):
    """A capability's router: one prefix, and no look at its routes unless the path begins with it.

    FastAPI asks every included router in turn; without the check the last of 200 routes costs four times as much
    (PLATFORM measurements in docs/decisions).
    """

    def __init__(self, prefix: str, *, tags: list[str], **more: Any) -> None:
        super().__init__(prefix=prefix, tags=list(tags), route_class=Route, redirect_slashes=False, **more)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not scope["path"].startswith(self.prefix):
            return Match.NONE, {}
        return super().matches(scope)
