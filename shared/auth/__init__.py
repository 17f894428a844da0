"""Who is calling and what that caller may do: tokens, roles, scopes, reach."""

from shared.auth.actor import Actor, Role, Scope
from shared.auth.dependencies import Caller, MaybeCaller, requires
from shared.auth.middleware import Authentication
from shared.auth.setup import tokens_from, verifier_from
from shared.auth.tokens import LocalKey, TokenVerifier

__all__ = [
    "Actor",
    "Authentication",
    "Caller",
    "LocalKey",
    "MaybeCaller",
    "Role",
    "Scope",
    "TokenVerifier",
    "requires",
    "tokens_from",
    "verifier_from",
]
