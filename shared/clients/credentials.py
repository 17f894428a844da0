"""Tokens with which a service presents itself to another."""

import asyncio
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx
from pydantic import SecretStr

from shared import clock
from shared.clients.errors import RemoteAnswerInvalid, RemoteProblem, RemoteUnavailable

_RENEW_AT = 0.8
"""Part of a token's life after which a new one is fetched."""
_ISSUER = "issuer"


class TokenSource(Protocol):
    """Gives a token that is good now."""

    async def token(self) -> str:
        """The token; raises a `Problem` when none can be had."""

    def forget(self, token: str) -> None:
        """This token was refused: do not give it again."""


class Signer(Protocol):
    """What signs local tokens (`shared.auth.LocalKey`)."""

    def issue(
        self,
        role: str,
        *,
        subject: str,
        now: datetime,
        scopes: Collection[str] | None = None,
        lifetime: timedelta = ...,
    ) -> str: ...


class LocalTokens:
    """Tokens this machine signs for itself with the local key."""

    def __init__(
        self,
        key: Signer,
        *,
        subject: str,
        role: str = "integration",
        scopes: Collection[str] | None = None,
        lifetime: timedelta = timedelta(minutes=10),
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._key = key
        self._subject = subject
        self._role = role
        self._scopes = scopes
        self._lifetime = lifetime
        self._now = now
        self._held: tuple[str, datetime] | None = None

    async def token(self) -> str:
        """A token with at least a fifth of its life left."""
        now = self._now()
        if self._held is None or now >= self._held[1]:
            token = self._key.issue(
                self._role, subject=self._subject, now=now, scopes=self._scopes, lifetime=self._lifetime
            )
            self._held = (token, now + self._lifetime * _RENEW_AT)
        return self._held[0]

    def forget(self, token: str) -> None:
        """Sign a new one next time."""
        if self._held is not None and self._held[0] == token:
            self._held = None


class ClientCredentials:
    """Tokens from the issuer by the client-credentials grant: one fetch at a time, renewed before they end.

    While the issuer is away, the token at hand serves until its last second.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: SecretStr,
        *,
        scope: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout_seconds: float = 3,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token_url = token_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._scope = scope
        self._transport = transport
        # Reading the certificates takes 30 ms: once, and from SSL_CERT_FILE where that is set.
        self._trust = httpx.create_ssl_context() if transport is None else True
        self._timeout = timeout_seconds
        self._monotonic = monotonic
        self._held: tuple[str, float, float] | None = None
        """Token, when to renew it, when it ends."""
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """A token that is good now; raises `RemoteUnavailable`, or `RemoteProblem` when the secret is refused."""
        if self._held is not None and self._monotonic() < self._held[1]:
            return self._held[0]
        async with self._lock:
            now = self._monotonic()
            if self._held is not None and now < self._held[1]:
                return self._held[0]
            try:
                token, seconds = await self._fetch()
            except RemoteUnavailable:
                if self._held is not None and now < self._held[2]:
                    return self._held[0]
                raise
            self._held = (token, now + seconds * _RENEW_AT, now + seconds)
            return token

    def forget(self, token: str) -> None:
        """Fetch a new one next time."""
        if self._held is not None and self._held[0] == token:
            self._held = None

    async def _fetch(self) -> tuple[str, float]:
        form = {"grant_type": "client_credentials", **({"scope": self._scope} if self._scope else {})}
        login = httpx.BasicAuth(self._client_id, self._client_secret.get_secret_value())
        try:
            async with (
                asyncio.timeout(self._timeout),
                httpx.AsyncClient(
                    transport=self._transport, verify=self._trust, timeout=self._timeout, trust_env=False
                ) as http,
            ):
                answer = await http.post(self._token_url, data=form, auth=login)
        except (httpx.TransportError, httpx.InvalidURL, TimeoutError) as error:
            raise RemoteUnavailable(_ISSUER, reason=type(error).__name__) from error
        if answer.status_code >= 500 or answer.status_code == 429:
            raise RemoteUnavailable(_ISSUER, reason=str(answer.status_code))
        document = _object(answer)
        if answer.status_code != 200:
            raise RemoteProblem(_ISSUER, status=answer.status_code, document=document)
        token, seconds = document.get("access_token"), document.get("expires_in", 60)
        if not isinstance(token, str) or not isinstance(seconds, int | float) or seconds <= 0:
            raise RemoteAnswerInvalid(_ISSUER, reason="access_token")
        return token, float(seconds)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
