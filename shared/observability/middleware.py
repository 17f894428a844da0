"""The outermost layers of a service: name each request, write one line about it, count it."""

import hashlib
from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.observability import context
from shared.observability.metrics import Metrics

_QUIET = frozenset({"/livez", "/readyz", "/metrics"})
_log = structlog.get_logger("bilim.request")


class RequestContext:
    """Gives every request its names, returns them as `X-Request-ID` and `traceresponse`, and logs its end.

    The line holds the route template, never the path or the query string; the caller is a digest.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        identity = context.begin(scope)
        headers = [
            (b"x-request-id", identity.request_id.encode("ascii")),
            (b"traceresponse", context.traceparent(identity).encode("ascii")),
        ]
        status = 500
        answered = False

        async def named(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *headers]
            await send(message)
            answered = message["type"] == "http.response.body" and not message.get("more_body", False)

        with context.working(identity):
            try:
                await self._app(scope, receive, named)
            except Exception as failure:
                _log.error("request_failed", exc_info=failure, **_described(scope, status, started))
                if answered:
                    return  # told here with the request's name; the server would tell it again without
                raise
            _written(scope, status, started)


class RequestMetrics:
    """Records duration and number of requests by method, route template and status."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._metrics.in_flight.inc()
        try:
            await self._app(scope, receive, noted)
        finally:
            self._metrics.in_flight.dec()
            self._metrics.observe(
                method=scope["method"],
                route=context.route_template(scope),
                status=status,
                seconds=perf_counter() - started,
            )


def _written(scope: Scope, status: int, started: float) -> None:
    if scope["path"] in _QUIET and status < 500:
        return
    write = _log.error if status >= 500 and status != 503 else _log.info
    write("request", **_described(scope, status, started))


def _described(scope: Scope, status: int, started: float) -> dict[str, object]:
    principal = getattr(scope.get("state", {}).get("actor"), "principal", None)
    return {
        "method": scope["method"],
        "route": context.route_template(scope),
        "status": status,
        "ms": round((perf_counter() - started) * 1000, 1),
        "actor": None if principal is None else digest(principal),
    }


def digest(principal: str) -> str:
    """A short name for a caller that tells one from another and is not the caller's identifier."""
    return hashlib.blake2b(principal.encode(), digest_size=6, person=b"bilim-log").hexdigest()
