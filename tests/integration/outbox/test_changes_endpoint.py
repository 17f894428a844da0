"""`GET /v1/changes` as a caller sees it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from shared import clock, outbox
from shared.auth import LocalKey
from shared.clients.base import ServiceClient
from shared.clients.credentials import LocalTokens
from shared.db.engine import Database
from shared.db.sessions import WriteSession
from shared.outbox import Event, Follower, Stamper
from shared.schemas.changes import ChangeRead
from tests.support import plumbing, probe


@pytest.fixture
async def app(database: Database, tmp_path: Path) -> AsyncIterator[FastAPI]:
    LocalKey.ensure(tmp_path / "key.pem")
    app = plumbing.build(database.url.render_as_string(hide_password=False), tmp_path / "key.pem")
    listener = app.state.listener
    running = [asyncio.create_task(listener.run()), asyncio.create_task(Stamper(app.state.database, listener).run())]
    yield app
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await app.state.database.close()


@pytest.fixture
async def http(app: FastAPI, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    token = LocalKey.load(tmp_path / "key.pem", audience="bilim").issue("auditor", subject="reader", now=clock.now())
    async with probe.client(app) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


async def _write(database: Database, *names: str) -> None:
    async with database.writing() as session:
        await outbox.add_many(
            session,
            [Event(kind="thing.changed", subject="thing", subject_id=name, data={}) for name in names],
        )


async def test_the_feed_is_read_page_by_page(http: httpx.AsyncClient, database: Database) -> None:
    await _write(database, "a", "b", "c")
    first = (await http.get("/v1/changes", params={"limit": 2, "wait": 5})).json()

    second = (await http.get("/v1/changes", params={"after": first["next_after"], "limit": 2})).json()

    assert [item["position"] for item in first["items"]] == [1, 2]
    assert [item["subject_id"] for item in second["items"]] == ["c"]
    assert (second["next_after"], second["head"]) == (3, 3)
    assert set(second["items"][0]) == {"position", "kind", "subject", "subject_id", "data", "occurred_at"}


async def test_a_reader_that_waits_is_answered_when_something_happens(
    http: httpx.AsyncClient, database: Database
) -> None:
    waiting = asyncio.create_task(http.get("/v1/changes", params={"wait": 15}))
    await asyncio.sleep(0.5)
    assert not waiting.done()

    await _write(database, "news")
    written = time.monotonic()
    answer = await waiting

    assert [item["subject_id"] for item in answer.json()["items"]] == ["news"]
    assert time.monotonic() - written < 2


async def test_a_reader_that_waits_in_vain_gets_an_empty_page(http: httpx.AsyncClient) -> None:
    began = time.monotonic()

    answer = await http.get("/v1/changes", params={"wait": 1})

    assert answer.json() == {"items": [], "next_after": 0, "head": 0}
    assert 0.9 < time.monotonic() - began < 5


async def test_readers_that_wait_hold_no_connection(app: FastAPI, http: httpx.AsyncClient, database: Database) -> None:
    waiting = [asyncio.create_task(http.get("/v1/changes", params={"wait": 20})) for _ in range(60)]
    await asyncio.sleep(1)
    async with asyncio.timeout(15):
        while app.state.database.reader.pool.checkedout():  # noqa: ASYNC110 -- until each has looked once
            await asyncio.sleep(0.05)

    assert not any(one.done() for one in waiting)
    await _write(database, "news")

    answers = await asyncio.gather(*waiting)
    assert {answer.json()["head"] for answer in answers} == {1}


async def test_a_position_beyond_the_end_is_answered_at_once(http: httpx.AsyncClient) -> None:
    began = time.monotonic()

    answer = await http.get("/v1/changes", params={"after": 9, "wait": 15})

    assert answer.json() == {"items": [], "next_after": 9, "head": 0}
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "query", ["after=-1", "limit=0", "limit=1001", "wait=21", "after=9223372036854775808", "ofter=1", "after=x"]
)
async def test_a_question_that_makes_no_sense_is_refused(http: httpx.AsyncClient, query: str) -> None:
    answer = await http.get(f"/v1/changes?{query}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("?")


async def test_the_feed_is_not_for_strangers(app: FastAPI) -> None:
    async with probe.client(app) as http:
        assert (await http.get("/v1/changes")).status_code == 401


async def test_a_follower_reads_the_feed_through_the_typed_client(
    app: FastAPI, database: Database, tmp_path: Path
) -> None:
    await _write(database, *(str(n) for n in range(30)))
    seen: list[str] = []

    async def apply(_session: WriteSession, changes: Sequence[ChangeRead]) -> None:
        seen.extend(change.subject_id for change in changes)

    tokens = LocalTokens(LocalKey.load(tmp_path / "key.pem", audience="bilim"), subject="follower")
    async with ServiceClient("http://probe", tokens, name="registry", transport=httpx.ASGITransport(app)) as client:
        await client.changes(after=0, limit=1, wait=20)
        await Follower(database, "registry", client.changes, apply, batch=7).catch_up()

    assert seen == [str(n) for n in range(30)]
