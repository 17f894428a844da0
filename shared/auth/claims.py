"""From the claims of a verified token to an actor."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.auth.actor import Actor, Role, Scope, scopes_of
from shared.auth.errors import TokenInvalid

_SUBJECT = re.compile(r"[\x21-\x7e]{1,255}")
_KATO = re.compile(r"[0-9]{9}")
_ROLES = {role.value: role for role in Role}
_SCOPES = {scope.value: scope for scope in Scope}
_OUR_SCOPE_FAMILIES = frozenset(scope.split(":")[0] for scope in Scope)


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Where an issuer writes what we need; dots go inwards (`realm_access.roles`)."""

    roles: tuple[str, ...] = ("roles", "realm_access.roles")
    area: str = "area"
    organisation: str = "organisation"


def actor_from(claims: Mapping[str, Any], *, issuer: str, names: ClaimNames) -> Actor:
    """The actor of a token whose signature, issuer, audience and times are already checked.

    Roles we do not know are left aside. A `scope` claim that names at least one right of this system narrows the
    rights of the roles; one that names none of them (`openid email`) says nothing about us.
    Raises `TokenInvalid` where a claim is of the wrong shape.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise TokenInvalid("sub")
    roles = frozenset(_ROLES[name] for name in _roles(claims, names.roles) if name in _ROLES)
    scopes = scopes_of(roles)
    asked = _scopes_asked(claims)
    if asked is not None:
        scopes &= asked
    return Actor(
        subject=subject,
        roles=roles,
        scopes=scopes,
        area=_area(_inside(claims, names.area)),
        organisation=_organisation(_inside(claims, names.organisation)),
        issuer=issuer,
    )


def _inside(claims: Mapping[str, Any], path: str) -> Any:
    """The value of a claim; a name that itself holds dots (`https://x.kz/roles`) is tried whole first."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _roles(claims: Mapping[str, Any], paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        match _inside(claims, path):
            case str(text):
                yield from text.split()
            case list(names):
                yield from (name for name in names if isinstance(name, str))


def _scopes_asked(claims: Mapping[str, Any]) -> frozenset[Scope] | None:
    match claims.get("scope", claims.get("scp")):
        case str(text):
            words = text.split()
        case list(names):
            words = [name for name in names if isinstance(name, str)]
        case _:
            return None
    if not any(word.split(":")[0] in _OUR_SCOPE_FAMILIES and ":" in word for word in words):
        return None
    return frozenset(_SCOPES[word] for word in words if word in _SCOPES)


def _area(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _KATO.fullmatch(value):
        raise TokenInvalid("area")
    return value


def _organisation(value: Any) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise TokenInvalid("organisation") from None
