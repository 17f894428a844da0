"""The doorkeeper: knows the caller before a byte of the body is read."""

import re
from collections.abc import Awaitable, Callable, Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.auth.actor import Actor
from shared.auth.errors import TokenInvalid, Unauthenticated
from shared.auth.tokens import TokenVerifier
from shared.errors import Problem

Refuse = Callable[[Scope, Receive, Send, Problem], Awaitable[None]]
"""Answers a request with a problem document; given by the web layer."""

OPEN_PATHS = frozenset({"/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/problems"})
"""Paths (and all below them) where a token is not even looked at, so that a broken one never hides a probe."""
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Authentication:
    """Puts the caller, an `Actor` or `None`, into `scope["state"]["actor"]`.

    A token that does not hold is 401 everywhere. Without a token, whatever changes something is 401, unless its path
    is one of `public_writes` (templates such as `/v1/simulations` or `/v1/surveys/{id}/ballots`).
    """

    def __init__(
        self, app: ASGIApp, *, verifier: TokenVerifier, refuse: Refuse, public_writes: Collection[str] = ()
    ) -> None:
        self._app = app
        self._verifier = verifier
        self._refuse = refuse
        self._public_writes = [_pattern(template) for template in public_writes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["actor"] = None
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if not _is_open(path):
            try:
                state["actor"] = await self._caller(scope)
                if state["actor"] is None and scope["method"] in _UNSAFE and not self._is_public_write(path):
                    raise Unauthenticated
            except Problem as problem:
                await self._refuse(scope, receive, send, problem)
                return
        await self._app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Actor | None:
        values = [value for name, value in scope["headers"] if name == b"authorization"]
        if not values:
            return None
        if len(values) > 1:
            raise TokenInvalid("repeated")
        scheme, _, token = values[0].strip().partition(b" ")
        token = token.strip()
        if scheme.lower() != b"bearer":
            raise TokenInvalid("scheme")
        if not token or not token.isascii():
            raise TokenInvalid("malformed")
        return await self._verifier.verify(token.decode("ascii"))

    def _is_public_write(self, path: str) -> bool:
        return any(pattern.fullmatch(path) for pattern in self._public_writes)


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or f"/{path[1:].partition('/')[0]}" in OPEN_PATHS


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))
