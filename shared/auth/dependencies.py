"""What an endpoint asks for: a caller, perhaps a caller, or a right."""

from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase

from shared.auth.actor import Actor, Scope
from shared.auth.errors import ScopeMissing, Unauthenticated

_DESCRIPTION = (
    "Token of the OpenID Connect issuer, or of the local key (`make -s token ROLE=…`). "
    "The permissions an operation needs are listed with it: " + ", ".join(f"`{scope}`" for scope in Scope) + "."
)


class RequiredCaller(SecurityBase):
    """Gives the caller the middleware has found; refuses strangers, and those without `scope` if one is named.

    It is a security scheme for FastAPI, so the document says which operations need a token and which permission.
    """

    def __init__(self, scope: Scope | None = None) -> None:
        self.scheme_name = "bearer"
        self.model = HTTPBearer(bearerFormat="JWT", description=_DESCRIPTION)
        self.scope = scope

    async def __call__(self, request: Request) -> Actor:
        actor = actor_of(request)
        if actor is None:
            raise Unauthenticated
        if self.scope is not None and not actor.has(self.scope):
            raise ScopeMissing(self.scope)
        return actor


def actor_of(request: Request) -> Actor | None:
    """The caller as `Authentication` left it in the request's state."""
    actor = request.scope.get("state", {}).get("actor")
    return actor if isinstance(actor, Actor) else None


async def _maybe(request: Request) -> Actor | None:
    return actor_of(request)


def requires(scope: Scope | str) -> Any:
    """A dependency for `dependencies=[requires("registry:write")]`: 401 for strangers, 403 without the scope.

    Raises `ValueError` at once for a scope that does not exist.
    """
    known = Scope(scope)
    return Security(RequiredCaller(known), scopes=[known.value])


Caller = Annotated[Actor, Depends(RequiredCaller())]
"""The caller; 401 for strangers."""
MaybeCaller = Annotated[Actor | None, Depends(_maybe)]
"""The caller, or `None` for a stranger."""
