"""An issuer of tokens and a clock, both in the hands of the test."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

ISSUER = "https://id.example.kz/realms/bilim"
START = datetime(2026, 2, 3, 9, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    present: datetime = START

    def __call__(self) -> datetime:
        return self.present

    def monotonic(self) -> float:
        return self.present.timestamp()

    def move(self, seconds: float) -> None:
        self.present += timedelta(seconds=seconds)


@dataclass
class Issuer:
    """An OpenID Connect issuer: its keys, and its pages over a transport that can be cut."""

    url: str = ISSUER
    keys: dict[str, Any] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    is_away: bool = False
    answer: httpx.Response | None = None

    def add_key(self, kid: str, *, algorithm: str = "RS256") -> None:
        match algorithm:
            case "RS256":
                self.keys[kid] = _rsa_key(kid)
            case "ES256":
                self.keys[kid] = ec.generate_private_key(ec.SECP256R1())
            case _:
                self.keys[kid] = ed25519.Ed25519PrivateKey.generate()

    def jwk(self, kid: str) -> dict[str, Any]:
        key = self.keys[kid]
        algorithm: Any = jwt.get_algorithm_by_name(_algorithm_of(key))
        return {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"}

    def token(self, kid: str, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
        key = self.keys[kid]
        return jwt.encode(
            {**self.claims(), **claims}, key, algorithm=_algorithm_of(key), headers={"kid": kid, **(header or {})}
        )

    def claims(self) -> dict[str, Any]:
        now = int(START.timestamp())
        return {
            "iss": self.url,
            "aud": "bilim",
            "sub": "5f0c",
            "iat": now,
            "exp": now + 600,
            "realm_access": {"roles": ["auditor"]},
        }

    def transport(self) -> httpx.MockTransport:
        async def handle(request: httpx.Request) -> httpx.Response:
            self.requests.append(request.url.path)
            if self.is_away:
                raise httpx.ConnectError("refused", request=request)
            if self.answer is not None:
                return self.answer
            if request.url.path.endswith("/.well-known/openid-configuration"):
                return httpx.Response(200, json={"issuer": self.url, "jwks_uri": f"{self.url}/keys"})
            return httpx.Response(200, json={"keys": [self.jwk(kid) for kid in self.keys]})

        return httpx.MockTransport(handle)


@cache
def _rsa_key(kid: str) -> rsa.RSAPrivateKey:
    """Made once a name: an RSA key costs a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _algorithm_of(key: Any) -> str:
    return {"RSAPrivateKey": "RS256", "ECPrivateKey": "ES256"}.get(type(key).__name__.removeprefix("_"), "EdDSA")
