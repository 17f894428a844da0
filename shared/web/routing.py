"""Routers that find their way quickly; routes that answer the same request once and know their parameters."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from shared.web import fields, idempotency
from shared.web.errors import ValidationFailed
from shared.web.validation import has_query_model, query_names, unknown_parameters


class Route(APIRoute):
    """A route that refuses query parameters it does not know and answers the same request once.

    A model of the query refuses strange names itself, along with whatever else is wrong; here it is done for the rest.
    The answer to a request with an `Idempotency-Key` is kept in the transaction of its effect: the wrapped handler
    runs while the session is still open, since FastAPI closes function-scoped dependencies (and so commits) after the
    answer has been rendered and before it is sent.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        fields.make_frugal(self)
        original = super().get_route_handler()
        known = query_names(self.dependant)
        checks_itself = has_query_model(self.dependant)

        async def handle(request: Request) -> Response:
            if request.path_params and request.scope["path"] in request.app.state.fixed_paths:
                raise HTTPException(405)  # `/things/totals` is no thing, whatever is done to things
            if request.scope["query_string"] and not checks_itself:
                unknown = request.query_params.keys() - known
                if unknown:
                    raise ValidationFailed(errors=unknown_parameters(sorted(unknown), self))
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
