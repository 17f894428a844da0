"""`/v1/jobs` as a caller sees it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from shared import clock, jobs
from shared.auth import Actor, LocalKey
from shared.db.engine import Database
from shared.jobs import JobContext, JobOutcome
from tests.integration.jobs.conftest import NOW, Ended, StartWorker
from tests.integration.jobs.test_jobs import OutOfSeats
from tests.support import plumbing, probe

As = Callable[[str], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
async def app(database: Database, tmp_path: Path) -> AsyncIterator[FastAPI]:
    LocalKey.ensure(tmp_path / "key.pem")
    app = plumbing.build(database.url.render_as_string(hide_password=False), tmp_path / "key.pem")
    yield app
    await app.state.database.close()


@pytest.fixture
def as_role(app: FastAPI, tmp_path: Path) -> As:
    """A client with the token of a role; the subject is named like it."""

    @asynccontextmanager
    async def as_role(role: str) -> AsyncIterator[httpx.AsyncClient]:
        token = LocalKey.load(tmp_path / "key.pem", audience="bilim").issue(
            role, subject=role, area="750000000", now=clock.now()
        )
        async with probe.client(app) as http:
            http.headers["Authorization"] = f"Bearer {token}"
            yield http

    return as_role


async def _ask(database: Database, kind: str = "count", *, role: str = "region_officer") -> UUID:
    async with database.writing() as session:
        return await jobs.enqueue(session, kind=kind, arguments={}, now=NOW, actor=Actor.of(role, subject=role))


async def test_a_job_tells_how_far_it_is(database: Database, as_role: As) -> None:
    job_id = await _ask(database)

    async with as_role("region_officer") as http:
        answer = await http.get(jobs.link(job_id))

    assert answer.status_code == 200
    assert answer.headers["retry-after"] == "1"
    assert answer.json() == {
        "id": str(job_id),
        "kind": "count",
        "status": "queued",
        "progress": 0.0,
        "attempts": 0,
        "cancel_requested": False,
        "created_by": "bilim-local#region_officer",
        "created_at": "2026-09-01T04:00:00Z",
        "started_at": None,
        "finished_at": None,
        "location": None,
        "result": None,
        "problem": None,
    }


async def test_a_failed_job_tells_why_in_the_readers_language(
    database: Database, as_role: As, start_worker: StartWorker, ended: Ended
) -> None:
    async def refuse(_context: JobContext) -> JobOutcome:
        raise OutOfSeats(seats=20)

    await start_worker({"refuse": refuse})
    job_id = await _ask(database, "refuse")
    await ended(job_id)

    async with as_role("region_officer") as http:
        kazakh = await http.get(jobs.link(job_id), headers={"Accept-Language": "kk"})
        russian = await http.get(jobs.link(job_id), headers={"Accept-Language": "ru"})
        again = await http.get(
            jobs.link(job_id), headers={"Accept-Language": "ru", "If-None-Match": russian.headers["etag"]}
        )

    assert kazakh.json()["problem"]["detail"] == "20 орын бос емес"
    assert russian.json()["problem"]["detail"] == "Заняты все места: 20"
    assert russian.json()["problem"]["code"] == "out_of_seats"
    assert "retry-after" not in russian.headers
    assert again.status_code == 304


async def test_the_job_of_another_is_not_there_but_an_auditor_sees_it(database: Database, as_role: As) -> None:
    job_id = await _ask(database)

    seen = {}
    for role in ("region_officer", "director", "auditor", "admin"):
        async with as_role(role) as http:
            one, many = await http.get(jobs.link(job_id)), await http.get("/v1/jobs")
            seen[role] = (one.status_code, len(many.json()["items"]))

    assert seen == {"region_officer": (200, 1), "director": (404, 0), "auditor": (200, 1), "admin": (200, 1)}


async def test_a_job_is_cancelled_by_its_author_or_an_admin(database: Database, as_role: As) -> None:
    answers = {}
    for role in ("region_officer", "director", "auditor", "admin"):
        job_id = await _ask(database)
        async with as_role(role) as http:
            answer = await http.post(f"{jobs.link(job_id)}/cancel")
            answers[role] = (answer.status_code, answer.json().get("status"))

    assert answers == {
        "region_officer": (200, "cancelled"),
        "director": (404, 404),
        "auditor": (403, 403),
        "admin": (200, "cancelled"),
    }


async def test_a_job_that_has_ended_cannot_be_cancelled(
    database: Database, as_role: As, start_worker: StartWorker, ended: Ended
) -> None:
    async def done(_context: JobContext) -> JobOutcome:
        return JobOutcome({"applied": 5516}, location="/v1/things/1")

    await start_worker({"count": done})
    job_id = await _ask(database)
    await ended(job_id)

    async with as_role("region_officer") as http:
        answer = await http.post(f"{jobs.link(job_id)}/cancel")
        job = (await http.get(jobs.link(job_id))).json()

    assert (answer.status_code, answer.json()["code"], answer.json()["context"]) == (
        409,
        "job_finished",
        {"status": "succeeded"},
    )
    assert (job["result"], job["location"], job["progress"]) == ({"applied": 5516}, "/v1/things/1", 1.0)


async def test_jobs_are_listed_newest_first_page_by_page(database: Database, as_role: As) -> None:
    asked = [str(await _ask(database, kind)) for kind in ("a", "b", "a", "a")]

    async with as_role("region_officer") as http:
        first = (await http.get("/v1/jobs", params={"limit": 2, "count": "exact"})).json()
        second = (await http.get("/v1/jobs", params={"limit": 2, "cursor": first["next_cursor"]})).json()
        kind_b = (await http.get("/v1/jobs", params={"kind": "b", "status": "queued"})).json()

    assert [job["id"] for job in first["items"] + second["items"]] == sorted(asked, reverse=True)
    assert (first["total"], second["next_cursor"]) == (4, None)
    assert [job["id"] for job in kind_b["items"]] == [asked[1]]


async def test_a_job_that_never_was_is_not_found(as_role: As) -> None:
    async with as_role("admin") as http:
        answers = [await http.get(jobs.link(uuid4())), await http.post(f"{jobs.link(uuid4())}/cancel")]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "job_not_found")] * 2


async def test_jobs_are_not_for_strangers(app: FastAPI) -> None:
    async with probe.client(app) as http:
        assert (await http.get("/v1/jobs")).status_code == 401
