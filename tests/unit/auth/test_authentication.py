"""The doorkeeper: what is refused before a byte of the body is read, and who is let in."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.types import Message, Receive, Scope, Send

from shared.auth.actor import Actor
from shared.auth.keys import LocalKey
from shared.auth.middleware import Authentication
from shared.auth.oidc import OidcKeys
from shared.auth.tokens import TokenVerifier
from shared.errors import Problem
from tests.unit.auth.issuers import START, Clock, Issuer

LEEWAY = 45
Forge = Callable[[LocalKey, Issuer], str]


@dataclass
class House:
    """The middleware before an application that only notes whom it was given."""

    middleware: Authentication
    seen: list[Actor | None]
    refused: list[Problem]
    body_reads: int = 0

    async def call(
        self, *authorization: str | bytes, method: str = "POST", path: str = "/v1/organisations", root_path: str = ""
    ) -> None:
        async def receive() -> Message:
            self.body_reads += 1
            return {"type": "http.request", "body": b"{}", "more_body": False}

        async def send(message: Message) -> None:
            return None

        values = [value.encode() if isinstance(value, str) else value for value in authorization]
        scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "root_path": root_path,
            "headers": [(b"authorization", value) for value in values],
        }
        await self.middleware(scope, receive, send)


@dataclass
class Ready:
    house: House
    key: LocalKey
    issuer: Issuer
    clock: Clock
    extra: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def ready(local_key: LocalKey, issuer: Issuer, clock: Clock) -> Ready:
    seen: list[Actor | None] = []
    refused: list[Problem] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["state"]["actor"])
        await receive()

    async def refuse(scope: Scope, receive: Receive, send: Send, problem: Problem) -> None:
        refused.append(problem)

    keys = OidcKeys(issuer.url, audience="bilim", transport=issuer.transport(), monotonic=clock.monotonic)
    verifier = TokenVerifier([local_key, keys], leeway_seconds=LEEWAY, now=clock)
    middleware = Authentication(
        app,
        verifier=verifier,
        refuse=refuse,
        public_writes=("/v1/simulations", "/v1/surveys/{survey}/ballots"),
    )
    return Ready(House(middleware, seen, refused), local_key, issuer, clock)


def _encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _local_claims(**changes: Any) -> dict[str, Any]:
    now = int(START.timestamp())
    claims = {"iss": "bilim-local", "aud": "bilim", "sub": "x", "iat": now, "exp": now + 600, "roles": ["admin"]}
    return {name: value for name, value in {**claims, **changes}.items() if value is not ...}


def _signed(key: LocalKey, *, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A token really signed with the local key, its claims or header changed; `...` leaves a claim out."""
    return jwt.encode(
        _local_claims(**changes),
        key._private,
        algorithm="EdDSA",
        headers={"kid": key.kid, "typ": "at+jwt", **(header or {})},
    )


def _raw_signed(key: LocalKey, payload: bytes) -> str:
    """Any bytes at all as the payload of a well-signed token."""
    header = _encoded({"alg": "EdDSA", "kid": key.kid, "typ": "at+jwt"})
    signing = f"{header}.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}".encode()
    return (signing + b"." + base64.urlsafe_b64encode(key._private.sign(signing)).rstrip(b"=")).decode()


def _without_signature(key: LocalKey, issuer: Issuer) -> str:
    return f"{_encoded({'alg': 'none', 'kid': key.kid, 'typ': 'JWT'})}.{_encoded(_local_claims())}."


def _hmac_with_the_public_key(key: LocalKey, issuer: Issuer) -> str:
    public = (
        issuer.keys["first"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    signing = f"{_encoded({'alg': 'HS256', 'kid': 'first', 'typ': 'JWT'})}.{_encoded(issuer.claims())}"
    signature = hmac.new(public, signing.encode(), hashlib.sha256).digest()
    return f"{signing}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _tampered(key: LocalKey, issuer: Issuer) -> str:
    header, _, signature = _signed(key, roles=["auditor"]).split(".")
    return f"{header}.{_encoded(_local_claims(roles=['admin']))}.{signature}"


def _with_my_own_key(key: LocalKey, issuer: Issuer) -> str:
    return jwt.encode(
        _local_claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": key.kid, "typ": "at+jwt"}
    )


def _with_the_key_in_its_header(key: LocalKey, issuer: Issuer) -> str:
    mine = Ed25519PrivateKey.generate()
    public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(mine.public_key()))
    return jwt.encode(_local_claims(), mine, algorithm="EdDSA", headers={"kid": "mine", "jwk": public, "typ": "at+jwt"})


def _issuer_token_under_the_local_name(key: LocalKey, issuer: Issuer) -> str:
    return issuer.token("first", iss="bilim-local", roles=["admin"])


def _local_token_under_the_issuers_name(key: LocalKey, issuer: Issuer) -> str:
    return _signed(key, iss=issuer.url)


NOW = int(START.timestamp())
FORGED: dict[str, tuple[str, Forge]] = {
    "algorithm none": ("alg", _without_signature),
    "HS256 with the public key as secret": ("alg", _hmac_with_the_public_key),
    "payload tampered with": ("signature", _tampered),
    "signed with another key": ("signature", _with_my_own_key),
    "key brought along in the header": ("kid", _with_the_key_in_its_header),
    "issuer's key, local name": ("kid", _issuer_token_under_the_local_name),
    "local key, issuer's name": ("kid", _local_token_under_the_issuers_name),
    "unknown kid": ("kid", lambda key, issuer: _signed(key, header={"kid": "other"})),
    "empty kid": ("kid", lambda key, issuer: _signed(key, header={"kid": ""})),
    "kid that is a path": ("kid", lambda key, issuer: _signed(key, header={"kid": "../../dev/null"})),
    "unknown kid of the issuer": ("kid", lambda key, issuer: issuer.token("first", header={"kid": "other"})),
    "wrong audience": ("aud", lambda key, issuer: _signed(key, aud="another")),
    "audience of other services only": ("aud", lambda key, issuer: _signed(key, aud=["a", "b"])),
    "audience that is a number": ("aud", lambda key, issuer: _signed(key, aud=[1])),
    "wrong issuer": ("iss", lambda key, issuer: _signed(key, iss="https://evil.example")),
    "issuer that is a list": ("iss", lambda key, issuer: _raw_signed(key, b'{"iss": ["bilim-local"]}')),
    "no issuer": ("iss", lambda key, issuer: _signed(key, iss=...)),
    "no audience": ("aud", lambda key, issuer: _signed(key, aud=...)),
    "no expiry": ("exp", lambda key, issuer: _signed(key, exp=...)),
    "no issue time": ("iat", lambda key, issuer: _signed(key, iat=...)),
    "no subject": ("sub", lambda key, issuer: _signed(key, sub=...)),
    "empty subject": ("sub", lambda key, issuer: _signed(key, sub="")),
    "subject that is a number": (
        "sub",
        lambda key, issuer: _raw_signed(key, json.dumps(_local_claims(sub=7)).encode()),
    ),
    "subject with NUL": ("sub", lambda key, issuer: _signed(key, sub="a\0b")),
    "subject with a lone surrogate": ("sub", lambda key, issuer: _signed(key, sub="\ud800")),
    "subject of 256 characters": ("sub", lambda key, issuer: _signed(key, sub="x" * 256)),
    "expiry that is true": ("exp", lambda key, issuer: _signed(key, exp=True)),
    "expiry that is text": ("exp", lambda key, issuer: _signed(key, exp="tomorrow")),
    "expiry that is infinite": (
        "exp",
        lambda key, issuer: _raw_signed(key, json.dumps(_local_claims(exp=float("inf"))).encode()),
    ),
    "expiry that is no number": (
        "exp",
        lambda key, issuer: _raw_signed(key, json.dumps(_local_claims(exp=float("nan"))).encode()),
    ),
    "not yet valid beyond leeway": ("nbf", lambda key, issuer: _signed(key, nbf=NOW + LEEWAY + 1)),
    "issued in the future beyond leeway": ("iat", lambda key, issuer: _signed(key, iat=NOW + LEEWAY + 1)),
    "identity token": ("typ", lambda key, issuer: _signed(key, typ="ID")),
    "refresh token": ("typ", lambda key, issuer: _signed(key, typ="Refresh")),
    "signed thing that is no token": ("typ", lambda key, issuer: _signed(key, header={"typ": "secevent+jwt"})),
    "type that is a number": ("typ", lambda key, issuer: _signed(key, typ=1)),
    "critical extension": ("crit", lambda key, issuer: _raw_header(key, crit=["b64"], b64=True)),
    "area that is no KATO code": ("area", lambda key, issuer: _signed(key, area="75")),
    "area that is a number": ("area", lambda key, issuer: _signed(key, area=750000000)),
    "organisation that is no UUID": ("organisation", lambda key, issuer: _signed(key, organisation="school")),
    "organisation that is a number": ("organisation", lambda key, issuer: _signed(key, organisation=1)),
    "payload that is a list": ("malformed", lambda key, issuer: _raw_signed(key, b"[]")),
    "payload that is no JSON": ("malformed", lambda key, issuer: _raw_signed(key, b"\xff\xfe")),
    "payload nested without end": ("malformed", lambda key, issuer: _raw_signed(key, b"[" * 5000)),
    "two segments": ("malformed", lambda key, issuer: "a.b"),
    "garbage": ("malformed", lambda key, issuer: "%%%.%%%.%%%"),
    "empty": ("malformed", lambda key, issuer: ""),
    "oversized": ("length", lambda key, issuer: _signed(key, padding="x" * 9000)),
}


def _raw_header(key: LocalKey, **header: Any) -> str:
    signing = f"{_encoded({'alg': 'EdDSA', 'kid': key.kid, **header})}.{_encoded(_local_claims())}".encode()
    return (signing + b"." + base64.urlsafe_b64encode(key._private.sign(signing)).rstrip(b"=")).decode()


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_forged_token_is_401_and_the_body_stays_unread(ready: Ready, name: str, method: str) -> None:
    reason, forge = FORGED[name]

    await ready.house.call(f"Bearer {forge(ready.key, ready.issuer)}", method=method)

    [problem] = ready.house.refused
    assert (problem.status, problem.code, problem.values["reason"]) == (401, "token_invalid", reason)
    assert problem.headers["WWW-Authenticate"].startswith("Bearer ")
    assert ready.house.body_reads == 0
    assert ready.house.seen == []


async def test_an_expired_token_is_401_with_a_code_of_its_own(ready: Ready) -> None:
    token = _signed(ready.key, exp=NOW + 10)

    ready.clock.move(10 + LEEWAY)
    await ready.house.call(f"Bearer {token}")

    assert ready.house.refused[0].code == "token_expired"
    assert ready.house.body_reads == 0


@pytest.mark.parametrize(
    "claims",
    [{"nbf": NOW + LEEWAY}, {"iat": NOW + LEEWAY}, {"exp": NOW - LEEWAY + 1}, {"exp": NOW + 0.5}, {"iat": NOW + 3}],
)
async def test_clocks_may_differ_by_the_leeway(ready: Ready, claims: dict[str, Any]) -> None:
    await ready.house.call(f"Bearer {_signed(ready.key, **claims)}")

    assert ready.house.refused == []


async def test_a_remembered_token_still_expires(ready: Ready) -> None:
    token = _signed(ready.key, exp=NOW + 10)
    await ready.house.call(f"Bearer {token}")

    ready.clock.move(10 + LEEWAY - 1)
    await ready.house.call(f"Bearer {token}")
    ready.clock.move(1)
    await ready.house.call(f"Bearer {token}")

    assert len(ready.house.seen) == 2
    assert [problem.code for problem in ready.house.refused] == ["token_expired"]


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_the_issuers_token_is_let_in(ready: Ready, algorithm: str) -> None:
    ready.issuer.add_key("second", algorithm=algorithm)

    await ready.house.call(f"Bearer {ready.issuer.token('second', typ='Bearer')}")

    [actor] = ready.house.seen
    assert actor == Actor.of("auditor", subject="5f0c", issuer=ready.issuer.url)


async def test_the_local_token_is_let_in_beside_the_issuers(ready: Ready) -> None:
    await ready.house.call(f"bearer  {_signed(ready.key)} ")

    assert ready.house.seen == [Actor.of("admin", subject="x")]
    assert ready.house.body_reads == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (("Basic YTpi",), "scheme"),
        (("Token abc",), "scheme"),
        ((b"Bearer \xd1\x82\xd0\xbe\xd0\xba",), "malformed"),
        (("Bearer",), "malformed"),
        (("Bearer a.b.c", "Bearer a.b.c"), "repeated"),
    ],
)
async def test_a_header_that_is_no_single_bearer_token_is_401(ready: Ready, values: Any, reason: str) -> None:
    await ready.house.call(*values, method="GET")

    assert ready.house.refused[0].values == {"reason": reason}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_stranger_changes_nothing(ready: Ready, method: str) -> None:
    await ready.house.call(method=method)

    assert ready.house.refused[0].code == "unauthenticated"
    assert ready.house.body_reads == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
async def test_a_stranger_may_read(ready: Ready, method: str) -> None:
    await ready.house.call(method=method)

    assert ready.house.seen == [None]


@pytest.mark.parametrize("path", ["/v1/simulations", "/v1/surveys/7/ballots"])
async def test_a_stranger_may_write_where_that_is_said(ready: Ready, path: str) -> None:
    await ready.house.call(path=path)
    await ready.house.call(path=f"/api{path}", root_path="/api")

    assert ready.house.seen == [None, None]


@pytest.mark.parametrize(
    "path",
    ["/v1/simulations/", "/v1/simulations/x", "/v1/surveys//ballots", "/v1/surveys/a/b/ballots", "/v1/surveys/7"],
)
async def test_a_public_write_opens_no_other_path(ready: Ready, path: str) -> None:
    await ready.house.call(path=path)

    assert ready.house.refused[0].code == "unauthenticated"


async def test_a_bad_token_is_refused_even_where_strangers_may_write(ready: Ready) -> None:
    await ready.house.call("Bearer a.b.c", path="/v1/simulations")

    assert ready.house.refused[0].code == "token_invalid"


@pytest.mark.parametrize(
    "path", ["/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/swagger.js", "/problems/not_found"]
)
async def test_probes_and_documents_never_look_at_a_token(ready: Ready, path: str) -> None:
    await ready.house.call("Bearer broken", method="GET", path=path)

    assert ready.house.seen == [None]


@pytest.mark.parametrize("path", ["/docsx", "/livezz", "/v1/docs", "//docs", "/metrics2"])
async def test_paths_that_only_look_like_probes_are_guarded(ready: Ready, path: str) -> None:
    await ready.house.call("Bearer broken", method="GET", path=path)

    assert ready.house.refused[0].code == "token_invalid"


async def test_an_actor_cannot_be_smuggled_in_by_the_server_state(ready: Ready) -> None:
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/organisations",
        "headers": [],
        "state": {"actor": Actor.of("admin", subject="ghost")},
    }

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        return None

    await ready.house.middleware(scope, receive, send)

    assert ready.house.seen == [None]


async def test_a_remembered_token_ends_soon_after_its_key_is_withdrawn(ready: Ready) -> None:
    token = ready.issuer.token("first", exp=NOW + 86_400)
    await ready.house.call(f"Bearer {token}")
    ready.issuer.keys.clear()
    ready.issuer.add_key("second", algorithm="EdDSA")

    for _ in range(20):
        ready.clock.move(60)
        await ready.house.call(f"Bearer {token}")
        await asyncio.sleep(0.001)  # the keys are fetched behind the requests

    assert ready.house.refused[-1].values == {"reason": "kid"}
    assert len(ready.house.seen) <= 10


async def test_only_so_many_tokens_are_remembered(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.auth.tokens._REMEMBERED_TOKENS", 3)

    for number in range(10):
        await ready.house.call(f"Bearer {_signed(ready.key, sub=f'caller-{number}')}")

    assert len(ready.house.seen) == 10
    assert len(ready.house.middleware._verifier._remembered) == 3
