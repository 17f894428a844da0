"""The issuer's keys: rotation, outage, floods of made-up names, and lists with strange things in them."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from shared.auth.errors import IdentityUnavailable
from shared.auth.oidc import OidcKeys
from tests.unit.auth.issuers import ISSUER, Clock, Issuer


@pytest.fixture
def keys(issuer: Issuer, clock: Clock) -> OidcKeys:
    return OidcKeys(
        issuer.url,
        audience="bilim",
        jwks_url=f"{issuer.url}/keys",
        transport=issuer.transport(),
        lifetime_seconds=600,
        pause_seconds=10,
        monotonic=clock.monotonic,
    )


async def _settle(keys: OidcKeys) -> None:
    """Let a refresh that goes on behind the requests come to its end."""
    if keys._refreshing is not None:
        await keys._refreshing


async def test_nothing_is_asked_before_a_key_is_needed(keys: OidcKeys, issuer: Issuer) -> None:
    assert issuer.requests == []
    assert await keys.key("first") is not None
    assert len(issuer.requests) == 1


async def test_a_known_key_is_not_asked_for_again(keys: OidcKeys, issuer: Issuer) -> None:
    for _ in range(5):
        await keys.key("first")

    assert len(issuer.requests) == 1


async def test_a_hundred_first_callers_ask_once(keys: OidcKeys, issuer: Issuer) -> None:
    found = await asyncio.gather(*(keys.key("first") for _ in range(100)))

    assert all(key is not None for key in found)
    assert len(issuer.requests) == 1


async def test_a_new_key_of_the_issuer_is_found_at_once(keys: OidcKeys, issuer: Issuer, clock: Clock) -> None:
    await keys.key("first")
    clock.move(11)

    issuer.add_key("second", algorithm="ES256")

    assert await keys.key("second") is not None
    assert await keys.key("first") is not None


async def test_made_up_names_do_not_make_us_flood_the_issuer(keys: OidcKeys, issuer: Issuer, clock: Clock) -> None:
    await keys.key("first")

    found = [await keys.key(f"made-up-{number}") for number in range(200)]
    clock.move(11)
    found += [await keys.key(f"made-up-{number}") for number in range(200)]

    assert found == [None] * 400
    assert len(issuer.requests) == 2


async def test_a_withdrawn_key_is_forgotten_after_its_lifetime(keys: OidcKeys, issuer: Issuer, clock: Clock) -> None:
    await keys.key("first")
    issuer.add_key("second", algorithm="EdDSA")
    del issuer.keys["first"]

    clock.move(601)
    served_while_refreshing = await keys.key("first")
    await _settle(keys)

    assert served_while_refreshing is not None
    assert await keys.key("first") is None
    assert await keys.key("second") is not None


async def test_a_key_withdrawn_during_a_long_silence_is_not_believed_once_more(
    keys: OidcKeys, issuer: Issuer, clock: Clock
) -> None:
    await keys.key("first")
    del issuer.keys["first"]
    issuer.add_key("second", algorithm="EdDSA")

    clock.move(3600)

    assert await keys.key("first") is None


async def test_known_keys_stay_good_while_the_issuer_is_away(keys: OidcKeys, issuer: Issuer, clock: Clock) -> None:
    await keys.key("first")
    issuer.is_away = True

    for _ in range(50):
        clock.move(120)
        assert await keys.key("first") is not None
        await _settle(keys)

    issuer.is_away = False
    issuer.add_key("second", algorithm="EdDSA")
    clock.move(11)
    assert await keys.key("second") is not None


async def test_an_issuer_that_was_never_reached_is_503_and_not_401(
    keys: OidcKeys, issuer: Issuer, clock: Clock
) -> None:
    issuer.is_away = True

    for _ in range(20):
        with pytest.raises(IdentityUnavailable) as raised:
            await keys.key("first")

    assert raised.value.status == 503
    assert "Retry-After" in raised.value.headers
    assert len(issuer.requests) == 1


async def test_an_issuer_that_came_back_is_heard(keys: OidcKeys, issuer: Issuer, clock: Clock) -> None:
    issuer.is_away = True
    with pytest.raises(IdentityUnavailable):
        await keys.key("first")

    issuer.is_away = False
    clock.move(11)

    assert await keys.key("first") is not None


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(302, headers={"Location": "https://evil.example/keys"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"keys": []}),
        httpx.Response(200, json={"keys": "none"}),
        httpx.Response(200, json={"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "first"}]}),
        httpx.Response(200, text=json.dumps({"keys": ["x" * 1_100_000]})),
    ],
    ids=["500", "redirect", "html", "list", "empty", "text", "unusable", "huge"],
)
async def test_a_broken_answer_does_not_cost_us_the_keys_we_have(
    keys: OidcKeys, issuer: Issuer, clock: Clock, answer: httpx.Response
) -> None:
    await keys.key("first")

    issuer.answer = answer
    clock.move(601)
    await keys.key("first")
    await _settle(keys)

    assert await keys.key("first") is not None


@pytest.mark.parametrize("url", ["http://[", "not a url", "ftp://id.example.kz/keys"])
async def test_an_address_that_is_none_is_503(url: str) -> None:
    keys = OidcKeys(ISSUER, audience="bilim", jwks_url=url)

    with pytest.raises(IdentityUnavailable):
        await keys.key("first")


async def test_a_slow_issuer_is_not_waited_for_longer_than_said(issuer: Issuer, clock: Clock) -> None:
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        raise AssertionError

    keys = OidcKeys(
        ISSUER, audience="bilim", jwks_url=f"{ISSUER}/keys", transport=httpx.MockTransport(never), timeout_seconds=0.05
    )

    async with asyncio.timeout(2):
        with pytest.raises(IdentityUnavailable):
            await keys.key("first")


@pytest.mark.parametrize(
    "strange",
    [
        {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "kid": "strange"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "strange", "alg": "HS256"},
        {"kty": "RSA", "kid": "strange"},
        {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA", "kid": "strange"},
        {"kid": "strange"},
        {"kty": "RSA", "kid": ["strange"]},
        "strange",
        None,
    ],
)
async def test_a_strange_key_in_the_list_is_passed_over(keys: OidcKeys, issuer: Issuer, strange: Any) -> None:
    issuer.answer = httpx.Response(200, json={"keys": [strange, issuer.jwk("first")]})

    assert await keys.key("strange") is None
    assert await keys.key("first") is not None


@pytest.mark.parametrize("change", [{"use": "enc"}, {"alg": "RS512"}, {"alg": "PS256"}, {"alg": "RSA-OAEP"}])
async def test_a_key_for_another_use_or_algorithm_does_not_verify(
    keys: OidcKeys, issuer: Issuer, change: dict[str, str]
) -> None:
    issuer.add_key("second", algorithm="EdDSA")
    issuer.answer = httpx.Response(200, json={"keys": [{**issuer.jwk("first"), **change}, issuer.jwk("second")]})

    assert await keys.key("first") is None
    assert await keys.key("second") is not None


async def test_the_address_of_the_keys_is_asked_of_the_issuer(issuer: Issuer) -> None:
    keys = OidcKeys(issuer.url, audience="bilim", transport=issuer.transport())

    assert await keys.key("first") is not None
    assert issuer.requests == ["/realms/bilim/.well-known/openid-configuration", "/realms/bilim/keys"]


@pytest.mark.parametrize("named", ["https://evil.example", None, f"{ISSUER}/"])
async def test_a_discovery_page_of_another_issuer_is_not_believed(issuer: Issuer, named: str | None) -> None:
    async def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/openid-configuration"):
            return httpx.Response(200, json={"issuer": named, "jwks_uri": "https://evil.example/keys"})
        return httpx.Response(200, json={"keys": [issuer.jwk("first")]})

    keys = OidcKeys(issuer.url, audience="bilim", transport=httpx.MockTransport(handle))

    with pytest.raises(IdentityUnavailable):
        await keys.key("first")


async def test_keys_come_over_a_real_socket_too(issuer: Issuer, unused_tcp_port: int) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps({"keys": [issuer.jwk("first")]}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", unused_tcp_port):
        keys = OidcKeys(issuer.url, audience="bilim", jwks_url=f"http://127.0.0.1:{unused_tcp_port}/keys")

        assert await keys.key("first") is not None
