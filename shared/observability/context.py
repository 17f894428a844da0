"""Which request this is: its identifier and its place in a trace, carried through logs, problems and calls."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from starlette.types import Scope

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,256})?")


@dataclass(frozen=True, slots=True)
class RequestIdentity:
    """The names of one piece of work."""

    request_id: str
    trace_id: str
    """W3C trace identifier: the caller's, or a new one."""
    span_id: str
    """This service's own step in the trace."""
    flags: str = "00"


_current: ContextVar[RequestIdentity | None] = ContextVar("bilim_request", default=None)


def current() -> RequestIdentity | None:
    """The work that is being done, or `None` outside of any."""
    return _current.get()


def current_request_id() -> str | None:
    """The identifier of the request that is being answered."""
    identity = _current.get()
    return None if identity is None else identity.request_id


def current_trace_id() -> str | None:
    """The trace the request belongs to; stands in problem documents."""
    identity = _current.get()
    return None if identity is None else identity.trace_id


def outgoing_headers() -> dict[str, str]:
    """Headers that carry the present request's names on to another service."""
    identity = _current.get()
    if identity is None:
        return {}
    return {"X-Request-ID": identity.request_id, "traceparent": traceparent(identity)}


def traceparent(identity: RequestIdentity) -> str:
    """The W3C header of this step."""
    return f"00-{identity.trace_id}-{identity.span_id}-{identity.flags}"


def begin(scope: Scope) -> RequestIdentity:
    """The names of a request: those that came with it where they are well formed, else new ones."""
    request_ids = [value for name, value in scope["headers"] if name == b"x-request-id"]
    parents = [value for name, value in scope["headers"] if name == b"traceparent"]
    trace_id, flags = _trace(parents[0]) if len(parents) == 1 else (None, "00")
    asked = request_ids[0] if len(request_ids) == 1 and _REQUEST_ID.fullmatch(request_ids[0]) else None
    return RequestIdentity(
        request_id=asked.decode("ascii") if asked else secrets.token_hex(16),
        trace_id=trace_id or secrets.token_hex(16),
        span_id=secrets.token_hex(8),
        flags=flags,
    )


@contextmanager
def working(identity: RequestIdentity | None = None) -> Iterator[RequestIdentity]:
    """Names for work that no request started, such as a job or a feed reader."""
    named = identity or RequestIdentity(secrets.token_hex(16), secrets.token_hex(16), secrets.token_hex(8))
    token = _current.set(named)
    try:
        yield named
    finally:
        _current.reset(token)


def route_template(scope: Scope) -> str:
    """The path with its parameters unfilled (`/v1/areas/{area}`), or `unmatched`: bounded, and no one's data."""
    effective: Any = scope.get("fastapi", {}).get("effective_route_context")
    for route in (effective, scope.get("route")):
        path = getattr(route, "path_format", None) or getattr(route, "path", None)
        if isinstance(path, str):
            return path
    return "unmatched"


def _trace(header: bytes) -> tuple[str | None, str]:
    found = _TRACEPARENT.fullmatch(header)
    if found is None:
        return None, "00"
    version, trace_id, parent, flags, rest = found.groups()
    malformed = version == b"ff" or (version == b"00" and rest is not None)
    if malformed or not trace_id.strip(b"0") or not parent.strip(b"0"):
        return None, "00"
    return trace_id.decode("ascii"), flags.decode("ascii")
