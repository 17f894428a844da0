"""The public keys of an OpenID Connect issuer: fetched without blocking, remembered, kept when the issuer is away."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import structlog

from shared.auth.errors import IdentityUnavailable

_ACCEPTED = frozenset({"RS256", "ES256", "EdDSA"})
_MAX_ANSWER_BYTES = 1_048_576
_MAX_KEYS = 100
_log = structlog.get_logger(__name__)


class OidcKeys:
    """Verifying keys by `kid`.

    Keys older than `lifetime_seconds` are refreshed behind the requests, which go on with what is known; after a
    silence of twice that time the first request waits for the news, so that a withdrawn key is not believed. A `kid`
    never seen is looked up at once, but the issuer is asked no oftener than every `pause_seconds`, so that made-up
    names cost it nothing. When the issuer cannot be reached, known keys stay good.
    """

    def __init__(
        self,
        issuer: str,
        *,
        audience: str,
        jwks_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        lifetime_seconds: float = 300,
        pause_seconds: float = 10,
        timeout_seconds: float = 3,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer = issuer
        self.audience = audience
        self._jwks_url = jwks_url
        self._transport = transport
        # Reading the certificates takes 30 ms: once, and from SSL_CERT_FILE where that is set.
        self._trust = httpx.create_ssl_context() if transport is None else True
        self._lifetime = lifetime_seconds
        self._pause = pause_seconds
        self._timeout = timeout_seconds
        self._monotonic = monotonic
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = 0.0
        self._tried: float | None = None
        self._reachable = False
        self._lock = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """The key of that name, or `None` when the issuer has none; raises `IdentityUnavailable` if it can't tell."""
        known = self._keys.get(kid)
        if known is not None:
            age = self._monotonic() - self._fetched
            if age < self._lifetime or not self._may_ask():
                return known
            if age < 2 * self._lifetime:
                self._refresh_behind()
                return known
        await self._refresh()
        known = self._keys.get(kid)
        if known is None and not self._reachable:
            raise IdentityUnavailable
        return known

    def _refresh_behind(self) -> None:
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh(), name="oidc-keys")

    def _may_ask(self) -> bool:
        return self._tried is None or self._monotonic() - self._tried >= self._pause

    async def _refresh(self) -> None:
        async with self._lock:  # those who waited find `_tried` set and go on with what the first one brought
            if not self._may_ask():
                return
            self._tried = self._monotonic()
            try:
                async with asyncio.timeout(self._timeout):
                    keys = await self._fetch()
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
                self._reachable = False
                _log.warning("oidc_keys_not_fetched", issuer=self.issuer, error=type(error).__name__)
                return
            self._keys = keys
            self._fetched = self._tried
            self._reachable = True

    async def _fetch(self) -> dict[str, jwt.PyJWK]:
        async with httpx.AsyncClient(
            transport=self._transport, verify=self._trust, timeout=self._timeout, trust_env=False
        ) as http:
            url = self._jwks_url or await self._discover(http)
            document = await _get_json(http, url)
        listed = document.get("keys")
        if not isinstance(listed, list) or not listed:
            raise ValueError("no keys")
        keys = dict(pair for pair in map(_usable, listed[:_MAX_KEYS]) if pair is not None)
        if not keys:
            raise ValueError("no usable keys")
        return keys

    async def _discover(self, http: httpx.AsyncClient) -> str:
        document = await _get_json(http, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self.issuer or not isinstance(document.get("jwks_uri"), str):
            raise ValueError("discovery page of another issuer")
        return str(document["jwks_uri"])


async def _get_json(http: httpx.AsyncClient, url: str) -> dict[str, Any]:
    body = bytearray()
    async with http.stream("GET", url, headers={"Accept": "application/json"}) as answer:
        if answer.status_code != 200:
            raise ValueError(f"status {answer.status_code}")
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > _MAX_ANSWER_BYTES:
                raise ValueError("answer is too long")
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError("answer is not an object")
    return document


def _usable(listed: Any) -> tuple[str, jwt.PyJWK] | None:
    """One listed key if it can verify our signatures; keys of other kinds and uses stand in the same list."""
    if not isinstance(listed, dict) or listed.get("use", "sig") != "sig":
        return None
    kid = listed.get("kid")
    if not isinstance(kid, str) or not kid:
        return None
    public = {name: value for name, value in listed.items() if name != "d"}
    try:
        key = jwt.PyJWK(public)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return (kid, key) if key.algorithm_name in _ACCEPTED else None
