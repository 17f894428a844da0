"""Names of requests: what is accepted from outside, what is returned, what is written down."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.testing import capture_logs

from shared.auth.actor import Actor
from shared.observability import context
from shared.observability.metrics import Metrics
from shared.observability.middleware import RequestContext, RequestMetrics, digest

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class _KnownCaller:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if b"x-test-caller" in dict(scope.get("headers", ())):
            scope.setdefault("state", {})["actor"] = Actor.of("director", subject="aigul@example.kz")
        await self._app(scope, receive, send)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("registry")


@pytest.fixture
async def client(metrics: Metrics) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(
        middleware=[Middleware(RequestContext), Middleware(RequestMetrics, metrics=metrics), Middleware(_KnownCaller)]
    )
    areas = APIRouter(prefix="/areas")
    version = APIRouter(prefix="/v1")

    @areas.get("/{area}/schools/{school}")
    async def schools(area: str, school: str) -> dict[str, str | None]:
        return {"request_id": context.current_request_id(), "trace_id": context.current_trace_id()}

    @app.get("/livez")
    async def alive() -> str:
        return "ok"

    @app.get("/broken")
    async def broken() -> None:
        raise ValueError("850101300123")

    @app.get("/torn")
    async def torn() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"half"
            raise ValueError("torn")

        return StreamingResponse(pieces())

    version.include_router(areas)
    app.include_router(version)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


SCHOOL = "/v1/areas/750000000/schools/46"


async def test_a_request_gets_names_that_its_answer_repeats(client: httpx.AsyncClient) -> None:
    answer = await client.get(SCHOOL)

    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["traceresponse"].split("-")[1] == answer.json()["trace_id"]
    assert len(answer.json()["trace_id"]) == 32


async def test_two_requests_have_different_names(client: httpx.AsyncClient) -> None:
    first, second = await client.get(SCHOOL), await client.get(SCHOOL)

    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


@pytest.mark.parametrize("given", ["a", "A-b_c.9", "x" * 64])
async def test_a_well_formed_name_is_kept(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get(SCHOOL, headers={"X-Request-ID": given})

    assert answer.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", "a;b", '{"a":1}', "а", "a\x7f"])
async def test_a_name_that_could_harm_a_log_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get(SCHOOL, headers=[(b"X-Request-ID", given.encode())])

    assert answer.headers["X-Request-ID"] != given
    assert len(answer.headers["X-Request-ID"]) == 32


async def test_a_name_given_twice_is_replaced(client: httpx.AsyncClient) -> None:
    answer = await client.get(SCHOOL, headers=[(b"X-Request-ID", b"a"), (b"X-Request-ID", b"b")])

    assert answer.headers["X-Request-ID"] not in {"a", "b"}


@pytest.mark.parametrize("given", [f"00-{TRACE}-{PARENT}-01", f"01-{TRACE}-{PARENT}-01-more"])
async def test_a_trace_is_carried_on(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get(SCHOOL, headers={"traceparent": given})

    version, trace, span, flags = answer.headers["traceresponse"].split("-")
    assert (version, trace, flags) == ("00", TRACE, "01")
    assert span != PARENT


@pytest.mark.parametrize(
    "given",
    [
        "",
        "00",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01-more",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{TRACE[:-1]}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-0g",
        f"01-{TRACE}-{PARENT}-01-{'x' * 300}",
    ],
)
async def test_a_malformed_trace_is_begun_anew(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get(SCHOOL, headers={"traceparent": given})

    assert answer.headers["traceresponse"].split("-")[1] != TRACE
    assert answer.headers["traceresponse"].endswith("-00")


async def test_the_line_of_a_request_holds_no_path_no_query_and_no_name(client: httpx.AsyncClient) -> None:
    with capture_logs() as written:
        await client.get(f"{SCHOOL}?iin=850101300123", headers={"X-Test-Caller": "1", "Authorization": "Bearer x"})

    [line] = written
    assert line["event"] == "request"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/areas/{area}/schools/{school}", 200)
    assert line["actor"] == digest("bilim-local#aigul@example.kz")
    assert not any(secret in str(line) for secret in ("850101300123", "aigul", "Bearer", "750000000"))


async def test_a_stranger_on_an_unknown_path_is_written_without_the_path(client: httpx.AsyncClient) -> None:
    with capture_logs() as written:
        await client.get("/people/850101300123")

    assert [(line["route"], line["status"], line["actor"]) for line in written] == [("unmatched", 404, None)]


async def test_a_wrong_method_is_counted_under_its_route(client: httpx.AsyncClient) -> None:
    with capture_logs() as written:
        await client.delete(SCHOOL)

    assert [(line["route"], line["status"]) for line in written] == [("/v1/areas/{area}/schools/{school}", 405)]


async def test_probes_leave_no_lines(client: httpx.AsyncClient) -> None:
    with capture_logs() as written:
        await client.get("/livez")

    assert written == []


async def test_a_failure_is_written_once_with_its_cause(client: httpx.AsyncClient) -> None:
    with capture_logs() as written:
        answer = await client.get("/broken")

    assert answer.status_code == 500
    [line] = written
    assert (line["event"], line["status"], line["log_level"]) == ("request_failed", 500, "error")
    assert isinstance(line["exc_info"], ValueError)


async def test_an_answer_that_breaks_off_is_told_to_the_server(metrics: Metrics) -> None:
    async def torn(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError("torn")

    with pytest.raises(ValueError, match="torn"):
        await _call(RequestContext(torn))


async def test_a_failure_after_the_answer_is_not_told_twice() -> None:
    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"whole"})
        raise ValueError("late")

    with capture_logs() as written:
        await _call(RequestContext(late))

    assert [line["event"] for line in written] == ["request_failed"]


async def test_names_end_with_the_request(client: httpx.AsyncClient) -> None:
    await client.get(SCHOOL)
    await client.get("/broken")

    assert context.current() is None
    assert context.outgoing_headers() == {}


async def test_other_scopes_pass_untouched() -> None:
    passed: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])

    await _call(RequestContext(RequestMetrics(app, metrics=Metrics("x"))), type="lifespan")

    assert passed == ["lifespan"]


async def test_requests_are_counted_by_route_method_and_status(client: httpx.AsyncClient, metrics: Metrics) -> None:
    for number in range(3):
        await client.get(f"/v1/areas/{number}/schools/{number}")
    await client.get("/no/such/path")
    await client.get("/broken")
    await client.request("MADEUP", SCHOOL)

    def count(method: str, route: str, status: str) -> float | None:
        labels = {"method": method, "route": route, "status": status}
        return metrics.registry.get_sample_value("http_server_request_duration_seconds_count", labels)

    assert count("GET", "/v1/areas/{area}/schools/{school}", "200") == 3
    assert count("GET", "unmatched", "404") == 1
    assert count("GET", "/broken", "500") == 1
    assert count("OTHER", "/v1/areas/{area}/schools/{school}", "405") == 1
    assert metrics.registry.get_sample_value("http_server_active_requests") == 0


async def _call(app: ASGIApp, **scope: Any) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        return None

    await app({"type": "http", "method": "GET", "path": "/x", "headers": [], **scope}, receive, send)
