"""No input whatever makes a 5xx, and no answer repeats what was sent."""

import json

import httpx
import pytest
from fastapi import FastAPI

from tests.support import probe

CANARY = "870101300123"
POISON = [
    b'{"word": "a\\u0000b"}',
    b'{"word": "\\ud800"}',
    b'{"word": "x", "share": NaN}',
    b'{"word": "x", "share": 1e999}',
    b'{"word": "x", "share": -Infinity}',
    b'{"word": "x", "pupils": 9223372036854775808}',
    b'{"word": "x", "pupils": true}',
    b'{"word": "x", "pupils": "7"}',
    b'{"word": "x", "pupils": ' + b"9" * 5000 + b"}",
    b'{"word": "x", "on": 0}',
    b'{"word": "x", "on": 1.5e12}',
    b'{"word": "x", "on": "0001-01-01"}',
    b'{"word": "   "}',
    b'{"word": "x", "title": {}}',
    b'{"word": "x", "other": 1}',
    b'{"word": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    b'{"word": "' + b"x" * 301 + b'"}',
    b"[]",
    b"null",
    b"",
    b"\xff\xfe",
    b"{",
]


@pytest.mark.parametrize("body", POISON, ids=range(len(POISON)))
async def test_poison_is_the_callers_mistake(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/v1/notes", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] in {"validation_failed", "body_unreadable"}


@pytest.mark.parametrize(
    "address",
    [
        "/v1/notes?limit=0",
        "/v1/notes?limit=-5",
        "/v1/notes?limit=1000000",
        "/v1/notes?limit=x",
        "/v1/notes?cursor=AAAA.BBBB",
        "/v1/notes?cursor=%00",
        "/v1/notes?word=%00",
        "/v1/notes?count=all",
        "/v1/notes?unknown=1",
        "/v1/notes/not-a-uuid",
        "/v1/notes/%00",
    ],
)
async def test_a_poisoned_address_is_422(http: httpx.AsyncClient, address: str) -> None:
    answer = await http.get(address)

    assert answer.status_code == 422
    assert answer.json()["errors"] or answer.json()["code"] == "cursor_invalid"


async def test_a_misspelt_parameter_is_told_the_right_one(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/notes?limt=3")

    assert answer.json()["errors"] == [
        {"pointer": "?limt", "code": "unknown_field", "message": "There is no such name; did you mean «limit»?"}
    ]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("kk-KZ", "Жіберілген деректерде қате бар"),
        ("ru;q=0.9, en;q=0.1", "В присланных данных есть ошибки"),
        ("en", "The data sent has mistakes in it"),
    ],
)
async def test_a_problem_speaks_the_readers_language(http: httpx.AsyncClient, language: str, title: str) -> None:
    answer = await http.post("/v1/notes", json={}, headers={"Accept-Language": language})

    assert answer.json()["title"] == title
    assert answer.headers["content-language"] == language[:2]


async def test_all_wrong_places_are_told_at_once(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/notes", json={"word": 3, "pupils": "x", "titel": 1, "title": {"kk": 4}})

    assert {error["pointer"] for error in answer.json()["errors"]} == {"/word", "/pupils", "/titel", "/title/kk"}


async def test_what_was_sent_is_never_repeated(http: httpx.AsyncClient) -> None:
    sent = {"word": 3, "pupils": CANARY, "on": CANARY, "title": {"kk": {"a": CANARY}}}

    answers = [
        await http.post("/v1/notes", json=sent),
        await http.get(f"/v1/notes/{CANARY}"),
        await http.get("/v1/notes", params={"limit": CANARY}),
        await http.get("/v1/notes/crash/now"),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 500]
    assert not [answer.text for answer in answers if CANARY in answer.text]


async def test_many_mistakes_get_a_short_answer(http: httpx.AsyncClient) -> None:
    sent = {f"unknown_{number}": number for number in range(30_000)}

    answer = await http.post("/v1/notes", json=sent)

    assert answer.status_code == 422
    assert len(answer.content) < 20_000


async def test_the_frameworks_own_errors_are_problem_documents(http: httpx.AsyncClient) -> None:
    unknown = await http.get("/v1/nothing")
    method = await http.delete("/v1/notes")
    media_type = await http.post("/v1/notes", content=b"word=x", headers={"Content-Type": "text/plain"})

    assert [a.json()["code"] for a in (unknown, method, media_type)] == [
        "not_found",
        "method_not_allowed",
        "media_type_unsupported",
    ]
    assert method.headers["allow"] == "GET, POST"


async def test_a_body_too_large_is_refused_before_it_is_read(http: httpx.AsyncClient) -> None:
    declared = await http.post("/v1/notes", content=b"x" * (1 << 20 | 1))

    async def endless() -> object:
        for _ in range(64):
            yield b"x" * (1 << 16)

    streamed = await http.post("/v1/notes", content=endless(), headers={"Content-Type": "application/json"})  # type: ignore[arg-type]

    assert [declared.status_code, streamed.status_code] == [413, 413]
    assert declared.json()["context"] == {"limit_bytes": 1 << 20}


async def test_a_stranger_is_refused_before_the_body_is_read(app: FastAPI) -> None:
    taken = 0

    async def body() -> object:
        nonlocal taken
        taken += 1
        yield b"{"

    async with probe.client(app) as http:
        answer = await http.post("/v1/notes", content=body(), headers={"Content-Type": "application/json"})  # type: ignore[arg-type]

    assert answer.status_code == 401
    assert taken == 0


async def test_a_request_that_takes_too_long_is_504(empty_database: str) -> None:
    await probe.create_tables(empty_database)
    app = probe.build(empty_database, request_deadline_seconds=0.2)
    async with probe.client(app) as http:
        answer = await http.get("/v1/notes/sleep/5")

    assert (answer.status_code, answer.json()["code"]) == (504, "deadline_exceeded")


@pytest.mark.parametrize("address", ["/docs", "/redoc"])
async def test_the_documentation_loads_nothing_from_elsewhere(http: httpx.AsyncClient, address: str) -> None:
    page = await http.get(address)

    assert page.status_code == 200
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js"):
        assert (await http.get(f"/docs/assets/{asset}")).status_code == 200


async def test_every_problem_has_a_page(http: httpx.AsyncClient) -> None:
    kinds = (await http.get("/problems")).json()["items"]

    assert len(kinds) > 20
    for kind in kinds:
        page = await http.get(kind["type"])
        assert page.status_code == 200
        assert all(page.json()["title"][language] for language in ("kk", "ru", "en"))
