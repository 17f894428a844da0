"""Tokens of services: made or fetched once, renewed in time, kept while the issuer is away."""

import asyncio
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import SecretStr

from shared.auth import LocalKey, Scope, TokenVerifier, tokens_from
from shared.clients.credentials import ClientCredentials, LocalTokens
from shared.clients.errors import RemoteAnswerInvalid, RemoteProblem, RemoteUnavailable
from shared.settings import ServiceSettings

START = datetime(2026, 2, 3, 9, tzinfo=UTC)


class Issuer:
    def __init__(self) -> None:
        self.forms: list[dict[str, list[str]]] = []
        self.logins: list[str] = []
        self.answer: Any = None
        self.moment = 0.0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        self.forms.append(parse_qs(request.content.decode()))
        self.logins.append(b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode())
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer is not None:
            return httpx.Response(self.answer.status_code, content=self.answer.content)
        return httpx.Response(200, json={"access_token": f"token-{len(self.forms)}", "expires_in": 100})

    def source(self, **options: Any) -> ClientCredentials:
        return ClientCredentials(
            "https://id.example.kz/token",
            "rating",
            SecretStr("hush"),
            transport=httpx.MockTransport(self),
            monotonic=lambda: self.moment,
            **options,
        )


async def test_a_token_is_fetched_once_for_a_hundred_callers() -> None:
    issuer = Issuer()
    source = issuer.source(scope="registry:read training:read")

    tokens = await asyncio.gather(*(source.token() for _ in range(100)))

    assert set(tokens) == {"token-1"}
    assert issuer.forms == [{"grant_type": ["client_credentials"], "scope": ["registry:read training:read"]}]
    assert issuer.logins == ["rating:hush"]


async def test_a_token_is_renewed_before_it_ends() -> None:
    issuer = Issuer()
    source = issuer.source()
    await source.token()

    issuer.moment = 79
    before = await source.token()
    issuer.moment = 81
    after = await source.token()

    assert (before, after) == ("token-1", "token-2")


async def test_the_token_at_hand_serves_while_the_issuer_is_away_until_its_last_second() -> None:
    issuer = Issuer()
    source = issuer.source()
    await source.token()
    issuer.answer = httpx.ConnectError("refused")

    issuer.moment = 99
    assert await source.token() == "token-1"
    issuer.moment = 101
    with pytest.raises(RemoteUnavailable):
        await source.token()


async def test_a_refused_token_is_not_given_again() -> None:
    issuer = Issuer()
    source = issuer.source()
    first = await source.token()

    source.forget("some other token")
    assert await source.token() == first
    source.forget(first)
    assert await source.token() == "token-2"


async def test_a_wrong_secret_is_told_by_the_issuers_code_and_never_shown() -> None:
    issuer = Issuer()
    issuer.answer = httpx.Response(401, json={"error": "invalid_client"})

    with pytest.raises(RemoteProblem) as raised:
        await issuer.source().token()

    assert (raised.value.remote_status, raised.value.remote_code) == (401, "invalid_client")
    assert "hush" not in repr(raised.value)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_overloaded_issuer_is_an_absent_one(status: int) -> None:
    issuer = Issuer()
    issuer.answer = httpx.Response(status)

    with pytest.raises(RemoteUnavailable):
        await issuer.source().token()


@pytest.mark.parametrize(
    "answer",
    [{}, {"access_token": 7}, {"access_token": "x", "expires_in": "long"}, {"access_token": "x", "expires_in": 0}, []],
)
async def test_an_answer_that_holds_no_token_is_told(answer: Any) -> None:
    issuer = Issuer()
    issuer.answer = httpx.Response(200, json=answer)

    with pytest.raises(RemoteAnswerInvalid):
        await issuer.source().token()


async def test_a_local_token_is_signed_once_and_renewed_before_it_ends(tmp_path: Path) -> None:
    moment = START
    key = LocalKey.ensure(tmp_path / "key.pem")
    source = LocalTokens(key, subject="rating-service", lifetime=timedelta(seconds=100), now=lambda: moment)

    first = await source.token()
    moment = START + timedelta(seconds=79)
    second = await source.token()
    moment = START + timedelta(seconds=81)
    third = await source.token()

    assert first == second != third


async def test_a_service_presents_itself_with_no_more_rights_than_it_uses(tmp_path: Path) -> None:
    key_file = tmp_path / "key.pem"
    key = LocalKey.ensure(key_file)
    settings = ServiceSettings(service="rating", database_url=SecretStr("postgresql://x"), local_key_file=key_file)
    source = tokens_from(settings, scopes=[Scope.REGISTRY_READ, Scope.TRAINING_READ])

    assert source is not None
    actor = await TokenVerifier([key]).verify(await source.token())

    assert actor.principal == "bilim-local#rating-service"
    assert actor.scopes == {Scope.REGISTRY_READ, Scope.TRAINING_READ}
    assert actor.reaches(["750000000"])


def test_the_issuer_is_preferred_to_the_local_key_and_nothing_to_a_guess(tmp_path: Path) -> None:
    LocalKey.ensure(tmp_path / "key.pem")
    database = SecretStr("postgresql://x")
    client = ServiceSettings(
        service="rating",
        database_url=database,
        local_key_file=tmp_path / "key.pem",
        token_url="https://id.example.kz/token",
        client_id="rating",
        client_secret=SecretStr("hush"),
    )

    assert isinstance(tokens_from(client), ClientCredentials)
    assert tokens_from(ServiceSettings(service="rating", database_url=database)) is None
