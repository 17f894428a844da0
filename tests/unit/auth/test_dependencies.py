"""What endpoints ask of a caller, as a request and as the document tells it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from shared.auth import Authentication, Caller, LocalKey, MaybeCaller, TokenVerifier, requires
from shared.errors import Problem
from tests.unit.auth.issuers import START


async def _refuse(scope: Scope, receive: Receive, send: Send, problem: Problem) -> None:
    answer = JSONResponse({"code": problem.code}, status_code=problem.status, headers=problem.headers)
    await answer(scope, receive, send)


@pytest.fixture
def app(local_key: LocalKey) -> FastAPI:
    verifier = TokenVerifier([local_key], now=lambda: START)
    app = FastAPI(middleware=[Middleware(Authentication, verifier=verifier, refuse=_refuse)])

    @app.exception_handler(Problem)
    async def answer(request: Request, error: Problem) -> Response:
        return JSONResponse({"code": error.code}, status_code=error.status, headers=error.headers)

    @app.get("/v1/me")
    async def me(caller: Caller) -> str:
        return caller.subject

    @app.get("/v1/perhaps")
    async def perhaps(caller: MaybeCaller) -> str:
        return caller.subject if caller else "stranger"

    @app.get("/v1/audit", dependencies=[requires("audit:read")])
    async def audit() -> str:
        return "trail"

    @app.post("/v1/runs", dependencies=[requires("rating:run"), requires("registry:read")])
    async def run(caller: Caller) -> str:
        return caller.subject

    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


def _as(key: LocalKey, role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key.issue(role, subject='gulnara', now=START)}"}


async def test_a_stranger_is_asked_who_it_is(client: httpx.AsyncClient) -> None:
    for path in ("/v1/me", "/v1/audit"):
        answer = await client.get(path)

        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="bilim"'


async def test_a_caller_is_known(client: httpx.AsyncClient, local_key: LocalKey) -> None:
    assert (await client.get("/v1/me", headers=_as(local_key, "director"))).json() == "gulnara"
    assert (await client.get("/v1/perhaps", headers=_as(local_key, "director"))).json() == "gulnara"


async def test_an_endpoint_may_be_content_with_a_stranger(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/perhaps")).json() == "stranger"


async def test_a_missing_right_is_named(client: httpx.AsyncClient, local_key: LocalKey) -> None:
    answer = await client.get("/v1/audit", headers=_as(local_key, "director"))

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert 'scope="audit:read"' in answer.headers["WWW-Authenticate"]


async def test_a_right_that_is_held_opens(client: httpx.AsyncClient, local_key: LocalKey) -> None:
    assert (await client.get("/v1/audit", headers=_as(local_key, "auditor"))).json() == "trail"


async def test_all_rights_that_are_asked_for_are_needed(client: httpx.AsyncClient, local_key: LocalKey) -> None:
    assert (await client.post("/v1/runs", headers=_as(local_key, "rating_analyst"))).status_code == 200
    assert (await client.post("/v1/runs", headers=_as(local_key, "auditor"))).status_code == 403


def test_a_right_that_does_not_exist_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="registry:wirte"):
        requires("registry:wirte")


def test_the_document_tells_who_may_call(app: FastAPI) -> None:
    document = app.openapi()
    security = {path: next(iter(item.values())).get("security") for path, item in document["paths"].items()}

    assert security == {
        "/v1/me": [{"bearer": []}],
        "/v1/perhaps": None,
        "/v1/audit": [{"bearer": ["audit:read"]}],
        "/v1/runs": [{"bearer": ["rating:run", "registry:read"]}],
    }
    scheme = document["components"]["securitySchemes"]["bearer"]
    assert (scheme["type"], scheme["scheme"], scheme["bearerFormat"]) == ("http", "bearer", "JWT")
