"""Calls between services: what is repeated, what is not, and how failures are told."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import StreamingResponse

from shared.clients.base import ServiceClient
from shared.clients.breaker import CircuitBreaker
from shared.clients.errors import RemoteAnswerInvalid, RemoteProblem, RemoteUnavailable
from shared.observability import context
from shared.schemas.base import Out

Handler = Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]


class Area(Out):
    code: str
    name: str


AREA = {"code": "750000000", "name": "Алматы"}


class Tokens:
    """Gives `t1`, and after each refusal the next."""

    def __init__(self) -> None:
        self.number = 1

    async def token(self) -> str:
        return f"t{self.number}"

    def forget(self, token: str) -> None:
        assert token == f"t{self.number}"
        self.number += 1


class Peer:
    """The other service: answers from a list, the last answer for ever, and keeps what it was sent."""

    def __init__(self, *answers: httpx.Response | Exception | float) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return httpx.Response(200, json=AREA)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def _client(peer: Handler, **options: Any) -> ServiceClient:
    given: dict[str, Any] = {"first_wait_seconds": 0.001, "deadline_seconds": 2, **options}
    return ServiceClient("http://registry", name="registry", transport=httpx.MockTransport(peer), **given)


def _problem(status: int, code: str = "some_code", **headers: str) -> httpx.Response:
    return httpx.Response(
        status,
        content=json.dumps({"code": code, "title": "t", "errors": [{"pointer": "/x", "code": "y"}]}).encode(),
        headers={"Content-Type": "application/problem+json", **{k.replace("_", "-"): v for k, v in headers.items()}},
    )


OK = httpx.Response(200, json=AREA)
AWAY = httpx.ConnectError("refused")
CUT = httpx.ReadError("cut")


async def test_an_answer_is_read_as_the_contract_says() -> None:
    async with _client(Peer(OK)) as client:
        area = await client.get("/v1/areas/750000000", Area)

    assert area == Area(code="750000000", name="Алматы")


async def test_parameters_are_written_as_the_services_read_them() -> None:
    peer = Peer(OK)
    async with _client(peer) as client:
        await client.get(
            "/v1/x",
            Area,
            params={
                "as_of": date(2026, 2, 3),
                "exact": True,
                "organisation": UUID(int=1),
                "limit": 200,
                "type": ["school", "college"],
                "q": "№46 & «Абай»",
                "nothing": None,
            },
        )

    assert list(peer.requests[0].url.params.multi_items()) == [
        ("as_of", "2026-02-03"),
        ("exact", "true"),
        ("organisation", str(UUID(int=1))),
        ("limit", "200"),
        ("type", "school"),
        ("type", "college"),
        ("q", "№46 & «Абай»"),
    ]


async def test_a_call_bears_the_token_and_the_names_of_the_request_it_serves() -> None:
    peer = Peer(OK)
    with context.working() as identity:
        async with _client(peer, tokens=Tokens()) as client:
            await client.get("/v1/x", Area)

    headers = peer.requests[0].headers
    assert headers["Authorization"] == "Bearer t1"
    assert headers["X-Request-ID"] == identity.request_id
    assert headers["traceparent"].split("-")[1:3] == [identity.trace_id, identity.span_id]


async def test_outside_of_any_request_a_call_bears_no_names() -> None:
    peer = Peer(OK)
    async with _client(peer) as client:
        await client.get("/v1/x", Area)

    assert "X-Request-ID" not in peer.requests[0].headers
    assert "Authorization" not in peer.requests[0].headers


async def test_a_refused_token_is_replaced_once() -> None:
    peer = Peer(_problem(401, "token_expired"), OK)
    async with _client(peer, tokens=Tokens()) as client:
        await client.get("/v1/x", Area)

    assert [request.headers["Authorization"] for request in peer.requests] == ["Bearer t1", "Bearer t2"]


async def test_a_token_refused_twice_is_told() -> None:
    peer = Peer(_problem(401, "token_invalid"))
    async with _client(peer, tokens=Tokens()) as client:
        with pytest.raises(RemoteProblem) as raised:
            await client.get("/v1/x", Area)

    assert raised.value.remote_code == "token_invalid"
    assert len(peer.requests) == 2


@pytest.mark.parametrize("failure", [AWAY, CUT, httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("torn")])
async def test_a_read_is_repeated_after_a_broken_connection(failure: Exception) -> None:
    peer = Peer(failure, failure, OK)
    async with _client(peer) as client:
        await client.get("/v1/x", Area)

    assert len(peer.requests) == 3


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_read_is_repeated_after_overload(status: int) -> None:
    peer = Peer(_problem(status), OK)
    async with _client(peer) as client:
        await client.get("/v1/x", Area)

    assert len(peer.requests) == 2


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 412, 422, 500, 501])
async def test_a_refusal_is_told_at_once_with_its_code(status: int) -> None:
    peer = Peer(_problem(status, "organisation_unknown"))
    async with _client(peer) as client:
        with pytest.raises(RemoteProblem) as raised:
            await client.get("/v1/x", Area)

    problem = raised.value
    assert len(peer.requests) == 1
    assert (problem.remote_status, problem.remote_code) == (status, "organisation_unknown")
    assert problem.document["errors"] == [{"pointer": "/x", "code": "y"}]
    assert (problem.status, problem.code) == (502, "remote_refused")


@pytest.mark.parametrize("failure", [CUT, _problem(503), _problem(503, Retry_After="0")])
async def test_a_write_without_a_key_is_sent_once(failure: Any) -> None:
    peer = Peer(failure, OK)
    async with _client(peer) as client:
        with pytest.raises(RemoteUnavailable):
            await client.post("/v1/x", Area(**AREA), Area)

    assert len(peer.requests) == 1


@pytest.mark.parametrize("failure", [CUT, AWAY, _problem(503), _problem(409, "idempotency_in_flight", Retry_After="0")])
async def test_a_write_with_a_key_is_repeated_with_the_same_key_and_body(failure: Any) -> None:
    peer = Peer(failure, OK)
    async with _client(peer) as client:
        await client.post("/v1/x", Area(**AREA), Area, idempotency_key="k-1")

    assert [request.headers["Idempotency-Key"] for request in peer.requests] == ["k-1", "k-1"]
    assert [json.loads(request.content) for request in peer.requests] == [AREA, AREA]
    assert peer.requests[0].headers["Content-Type"] == "application/json"


async def test_a_conflict_without_a_time_to_come_back_is_final_even_with_a_key() -> None:
    peer = Peer(_problem(409, "already_exists"))
    async with _client(peer) as client:
        with pytest.raises(RemoteProblem):
            await client.post("/v1/x", Area(**AREA), Area, idempotency_key="k-1")

    assert len(peer.requests) == 1


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
async def test_whatever_never_reached_the_other_side_is_repeated(method: str) -> None:
    peer = Peer(AWAY, httpx.ConnectTimeout("slow"), OK)
    async with _client(peer) as client:
        await client.send(method, "/v1/x")

    assert len(peer.requests) == 3


async def test_tries_come_to_an_end() -> None:
    peer = Peer(AWAY)
    async with _client(peer, attempts=3) as client:
        with pytest.raises(RemoteUnavailable) as raised:
            await client.get("/v1/x", Area)

    assert len(peer.requests) == 3
    assert (raised.value.status, raised.value.code) == (503, "remote_unavailable")
    assert raised.value.headers["Retry-After"] == "1"


async def test_the_time_to_come_back_is_kept() -> None:
    peer = Peer(_problem(503, Retry_After="1"), OK)
    started = time.monotonic()
    async with _client(peer, deadline_seconds=5) as client:
        await client.get("/v1/x", Area)

    assert 1 <= time.monotonic() - started < 2


async def test_a_time_to_come_back_beyond_the_deadline_is_passed_on_at_once() -> None:
    peer = Peer(_problem(503, Retry_After="30"))
    started = time.monotonic()
    async with _client(peer) as client:
        with pytest.raises(RemoteUnavailable) as raised:
            await client.get("/v1/x", Area)

    assert time.monotonic() - started < 0.5
    assert raised.value.headers["Retry-After"] == "30"
    assert len(peer.requests) == 1


@pytest.mark.parametrize("nonsense", ["-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "1e3", "999999999"])
async def test_a_time_to_come_back_that_is_no_number_is_as_none(nonsense: str) -> None:
    peer = Peer(_problem(503, Retry_After=nonsense), OK)
    async with _client(peer) as client:
        await client.get("/v1/x", Area)

    assert len(peer.requests) == 2


async def test_a_call_ends_at_its_deadline_whatever_the_other_side_does() -> None:
    peer = Peer(30.0)
    started = time.monotonic()
    async with _client(peer, deadline_seconds=0.1) as client:
        with pytest.raises(RemoteUnavailable) as raised:
            await client.get("/v1/x", Area)

    assert time.monotonic() - started < 1
    assert raised.value.values["reason"] == "deadline"


async def test_one_call_may_take_longer_than_the_others() -> None:
    async with _client(Peer(0.2), deadline_seconds=0.05) as client:
        area = await client.get("/v1/x", Area, deadline_seconds=2)

    assert area.code == "750000000"


async def test_a_problem_that_is_no_document_is_told_by_its_status() -> None:
    for body in (b"<html>", b"[]", b"\xff", b"x" * 400_000, b'{"code": "Not A Code"}', b'{"code": 7}'):
        async with _client(Peer(httpx.Response(404, content=body))) as client:
            with pytest.raises(RemoteProblem) as raised:
                await client.get("/v1/x", Area)

        assert (raised.value.remote_status, raised.value.remote_code) == (404, "unknown")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"code": "1"}', b'{"code": 1, "name": 2}', b"\xff"])
async def test_an_answer_against_the_contract_is_told_without_its_values(body: bytes) -> None:
    async with _client(Peer(httpx.Response(200, content=body))) as client:
        with pytest.raises(RemoteAnswerInvalid) as raised:
            await client.get("/v1/x", Area)

    assert raised.value.status == 502
    assert "Area" in str(raised.value.values["reason"])


async def test_fields_we_do_not_know_yet_are_no_fault() -> None:
    async with _client(Peer(httpx.Response(200, json={**AREA, "new_in_july": 1}))) as client:
        assert (await client.get("/v1/x", Area)).name == "Алматы"


async def test_redirects_are_not_followed() -> None:
    peer = Peer(httpx.Response(307, headers={"Location": "http://evil.example/"}))
    async with _client(peer, tokens=Tokens()) as client:
        with pytest.raises(RemoteAnswerInvalid):
            await client.get("/v1/x", Area)

    assert len(peer.requests) == 1


async def test_a_compressed_answer_is_read_and_a_broken_one_is_told() -> None:
    packed = httpx.Response(200, content=gzip.compress(json.dumps(AREA).encode()))
    packed.headers["Content-Encoding"] = "gzip"

    async def peer(request: httpx.Request) -> httpx.Response:
        content = gzip.compress(json.dumps(AREA).encode())
        if request.url.path == "/broken":
            content = b"not gzip"
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=_Bytes(content))

    async with _client(peer) as client:
        assert (await client.get("/v1/x", Area)).name == "Алматы"
        with pytest.raises(RemoteAnswerInvalid):
            await client.get("/broken", Area)


async def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.clients.base.MAX_ANSWER_BYTES", 10_000)

    async def peer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=_Bytes(*[b"x" * 1000] * 10_000))

    async with _client(peer) as client:
        with pytest.raises(RemoteAnswerInvalid, match="length"):
            await client.get("/v1/x", Area)


class _Bytes(httpx.AsyncByteStream):
    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces = pieces
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def aclose(self) -> None:
        self.closed = True


async def test_a_list_is_read_page_after_page() -> None:
    asked: list[str] = []

    async def peer(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        asked.append(f"{cursor}/{request.url.params['limit']}/{request.url.params['level']}")
        number = int(cursor or 0)
        items = [{"code": str(number * 2 + one), "name": "x"} for one in range(2)]
        return httpx.Response(200, json={"items": items, "next_cursor": str(number + 1) if number < 2 else None})

    async with _client(peer) as client:
        codes = [area.code async for area in client.items("/v1/areas", Area, params={"level": 1})]

    assert codes == ["0", "1", "2", "3", "4", "5"]
    assert asked == ["None/200/1", "1/200/1", "2/200/1"]


async def test_a_list_that_leads_in_a_circle_is_told() -> None:
    peer = Peer(httpx.Response(200, json={"items": [AREA], "next_cursor": "same"}))
    async with _client(peer) as client:
        with pytest.raises(RemoteAnswerInvalid, match="cursor"):
            [area async for area in client.items("/v1/areas", Area)]


async def test_a_page_that_fails_for_a_moment_is_asked_for_again() -> None:
    peer = Peer(
        httpx.Response(200, json={"items": [AREA], "next_cursor": "n"}),
        AWAY,
        httpx.Response(200, json={"items": [AREA], "next_cursor": None}),
    )
    async with _client(peer) as client:
        assert len([area async for area in client.items("/v1/areas", Area)]) == 2


async def test_lines_may_be_cut_anywhere_and_hold_odd_line_ends() -> None:
    areas = [{"code": str(number), "name": f"Ә\u2028\u0085{number}"} for number in range(50)]
    whole = b"\n".join(json.dumps(area, ensure_ascii=False).encode() for area in areas) + b"\n\n"

    async def peer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Accept"] == "application/x-ndjson"
        return httpx.Response(200, stream=_Bytes(*(whole[at : at + 7] for at in range(0, len(whole), 7))))

    async with _client(peer) as client:
        read = [area async for area in client.lines("/v1/areas", Area)]

    assert [(area.code, area.name) for area in read] == [(area["code"], area["name"]) for area in areas]


async def test_lines_are_not_gathered_before_they_are_given() -> None:
    given: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(10**9):
            given.append(number)
            yield json.dumps({"code": str(number), "name": "x"}).encode() + b"\n"

    class Endless(httpx.AsyncByteStream):
        def __aiter__(self) -> AsyncIterator[bytes]:
            return endless()

    async def peer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Endless())

    async with _client(peer) as client:
        lines = client.lines("/v1/areas", Area)
        first = [(await anext(lines)).code for _ in range(3)]
        await lines.aclose()

    assert first == ["0", "1", "2"]
    assert len(given) <= 4


async def test_lines_that_break_off_are_told_and_not_repeated() -> None:
    asked = 0

    async def peer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(200, stream=_Bytes(json.dumps(AREA).encode() + b"\n", httpx.ReadError("cut")))

    read: list[Area] = []
    async with _client(peer) as client:
        lines = client.lines("/v1/areas", Area)
        read.append(await anext(lines))
        with pytest.raises(RemoteUnavailable):
            await anext(lines)

    assert (len(read), asked) == (1, 1)


async def test_lines_whose_first_answer_fails_are_asked_for_again() -> None:
    peer = Peer(_problem(503), AWAY, httpx.Response(200, content=json.dumps(AREA).encode()))
    async with _client(peer) as client:
        assert len([area async for area in client.lines("/v1/areas", Area)]) == 1


async def test_a_line_against_the_contract_is_told() -> None:
    async with _client(Peer(httpx.Response(200, content=b'{"code": 1}\n'))) as client:
        with pytest.raises(RemoteAnswerInvalid):
            [area async for area in client.lines("/v1/areas", Area)]


async def test_a_service_that_does_not_answer_is_left_alone_for_a_while() -> None:
    moment = 0.0
    peer = Peer(AWAY)
    breaker = CircuitBreaker(failures=4, pause_seconds=5, monotonic=lambda: moment)
    async with _client(peer, attempts=2, breaker=breaker) as client:
        for _ in range(2):
            with pytest.raises(RemoteUnavailable):
                await client.get("/v1/x", Area)
        for _ in range(50):
            with pytest.raises(RemoteUnavailable) as raised:
                await client.get("/v1/x", Area)
        assert raised.value.values["reason"] == "circuit"
        assert raised.value.headers["Retry-After"] == "5"
        assert len(peer.requests) == 4

        moment = 5.1
        peer.answers = [OK]
        assert (await client.get("/v1/x", Area)).code == "750000000"
        assert (await client.get("/v1/x", Area)).code == "750000000"


async def test_refusals_do_not_open_the_circuit() -> None:
    peer = Peer(_problem(404))
    async with _client(peer, breaker=CircuitBreaker(failures=2)) as client:
        for _ in range(10):
            with pytest.raises(RemoteProblem):
                await client.get("/v1/x", Area)


async def test_many_calls_share_one_client() -> None:
    async with _client(Peer(0.01)) as client:
        areas = await asyncio.gather(*(client.get(f"/v1/areas/{number}", Area) for number in range(100)))

    assert len(areas) == 100


@pytest.fixture
def application() -> FastAPI:
    app = FastAPI()

    @app.post("/v1/echo")
    async def echo(body: Area, request: Request) -> dict[str, str]:
        return {"code": body.code, "name": request.headers["X-Request-ID"]}

    @app.get("/v1/lines")
    async def lines() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            for number in range(1000):
                yield json.dumps({"code": str(number), "name": "x"}).encode() + b"\n"

        return StreamingResponse(pieces(), media_type="application/x-ndjson")

    return app


async def test_a_real_application_is_called_in_memory(application: FastAPI) -> None:
    transport = httpx.ASGITransport(application)
    with context.working() as identity:
        async with ServiceClient("http://registry", name="registry", transport=transport) as client:
            answer = await client.post("/v1/echo", Area(**AREA), Area)
            read = [area.code async for area in client.lines("/v1/lines", Area)]

    assert (answer.code, answer.name) == ("750000000", identity.request_id)
    assert read == [str(number) for number in range(1000)]


async def test_nobody_listening_is_told_quickly(unused_tcp_port: int) -> None:
    started = time.monotonic()
    async with ServiceClient(f"http://127.0.0.1:{unused_tcp_port}", name="registry", deadline_seconds=2) as client:
        with pytest.raises(RemoteUnavailable):
            await client.get("/v1/x", Area)

    assert time.monotonic() - started < 2


async def test_a_black_hole_is_left_at_the_deadline(unused_tcp_port: int) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(swallow, "127.0.0.1", unused_tcp_port):
        started = time.monotonic()
        async with ServiceClient(f"http://127.0.0.1:{unused_tcp_port}", name="x", deadline_seconds=0.3) as client:
            with pytest.raises(RemoteUnavailable):
                await client.get("/v1/x", Area)

        assert time.monotonic() - started < 1
