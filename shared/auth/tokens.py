"""Tokens: from the text after `Bearer` to a caller we can trust."""

import hashlib
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import jwt
from jwt.exceptions import InvalidSubjectError

from shared import clock
from shared.auth.actor import Actor
from shared.auth.claims import ClaimNames, actor_from
from shared.auth.errors import TokenExpired, TokenInvalid
from shared.auth.keys import LocalKey, LocalKeyUnusable

__all__ = ["ALGORITHMS", "KeySource", "LocalKey", "LocalKeyUnusable", "TokenVerifier"]

ALGORITHMS = frozenset({"RS256", "ES256", "EdDSA"})
"""The only signatures we accept; each key further pins the one it was made for."""
MAX_TOKEN_LENGTH = 8192
REMEMBERED_SECONDS = 300
"""How long a verified token is believed without another look, so that a withdrawn key counts before long."""
_REMEMBERED_TOKENS = 1024
_TOKEN_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
_REASONS: Mapping[type[jwt.PyJWTError], str] = {
    jwt.InvalidSignatureError: "signature",
    jwt.InvalidAudienceError: "aud",
    jwt.InvalidIssuerError: "iss",
    InvalidSubjectError: "sub",
    jwt.InvalidAlgorithmError: "alg",
    jwt.InvalidKeyError: "key",
}


class KeySource(Protocol):
    """One issuer whose tokens are accepted."""

    issuer: str
    audience: str

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """The issuer's public key of that name; raises `IdentityUnavailable` when it cannot be asked for."""


class TokenVerifier:
    """Checks tokens of one or more issuers and remembers those it has checked (a check costs about 0.1 ms)."""

    def __init__(
        self,
        sources: Sequence[KeySource],
        *,
        leeway_seconds: float = 45,
        names: ClaimNames | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._sources = {source.issuer: source for source in sources}
        self._leeway = leeway_seconds
        self._names = names or ClaimNames()
        self._now = now
        self._remembered: OrderedDict[bytes, tuple[float, Actor]] = OrderedDict()

    async def verify(self, token: str) -> Actor:
        """The caller; raises `TokenInvalid`, `TokenExpired` or `IdentityUnavailable`."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise TokenInvalid("length")
        now = self._now().timestamp()
        digest = hashlib.sha256(token.encode()).digest()
        remembered = self._remembered.get(digest)
        if remembered is not None and now < remembered[0]:
            self._remembered.move_to_end(digest)
            return remembered[1]
        issuer, claims = await self._verified_claims(token)
        expires = self._check_times(claims, now)
        actor = actor_from(claims, issuer=issuer, names=self._names)
        self._remembered[digest] = (min(expires, now + REMEMBERED_SECONDS), actor)
        self._remembered.move_to_end(digest)
        if len(self._remembered) > _REMEMBERED_TOKENS:
            self._remembered.popitem(last=False)
        return actor

    async def _verified_claims(self, token: str) -> tuple[str, Mapping[str, Any]]:
        header, said = _unverified(token)
        issuer, kid = said.get("iss"), header.get("kid")
        # What the token says of its issuer chooses only whose key it is held against; the signature then decides.
        source = self._sources.get(issuer) if isinstance(issuer, str) else None
        if source is None:
            raise TokenInvalid("iss")
        if not isinstance(kid, str) or not kid:
            raise TokenInvalid("kid")
        if header.get("alg") not in ALGORITHMS:
            raise TokenInvalid("alg")
        if "crit" in header or "b64" in header:
            raise TokenInvalid("crit")
        if not _is_access_token(header, said):
            raise TokenInvalid("typ")
        key = await source.key(kid)
        if key is None:
            raise TokenInvalid("kid")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=sorted(ALGORITHMS),
                audience=source.audience,
                issuer=source.issuer,
                options={
                    "require": ["exp", "iat", "iss", "aud", "sub"],
                    # Times are checked below, against the clock that was given to us.
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "enforce_minimum_key_length": True,
                },
            )
        except jwt.MissingRequiredClaimError as error:
            raise TokenInvalid(error.claim) from error
        except (jwt.PyJWTError, ValueError) as error:
            raise TokenInvalid(_reason(error)) from error
        return source.issuer, claims

    def _check_times(self, claims: Mapping[str, Any], now: float) -> float:
        """The moment after which the token is no longer good, leeway included."""
        for name in ("iat", "nbf"):
            if name in claims and _seconds(claims, name) > now + self._leeway:
                raise TokenInvalid(name)
        expires = _seconds(claims, "exp") + self._leeway
        if expires <= now:
            raise TokenExpired
        return expires


def _unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        parts = jwt.decode_complete(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenInvalid("malformed") from error
    return parts["header"], parts["payload"]


def _reason(error: Exception) -> str:
    return next((reason for kind, reason in _REASONS.items() if isinstance(error, kind)), "malformed")


def _is_access_token(header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    """Neither an identity token, nor a refresh token, nor some other signed thing of the same issuer."""
    header_type, claimed_type = header.get("typ", "JWT"), claims.get("typ", "Bearer")
    return (
        isinstance(header_type, str)
        and header_type.lower() in _TOKEN_TYPES
        and isinstance(claimed_type, str)
        and claimed_type.lower() == "bearer"
    )


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TokenInvalid(name)
    return float(value)
