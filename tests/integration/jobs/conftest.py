"""A database with the table of jobs, workers that stop with the test, and a place to count effects in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import pytest
from sqlalchemy import text

from shared import jobs
from shared.db.engine import Database
from shared.db.listening import Listener
from shared.jobs import Handlers, Job, Worker
from shared.schemas.jobs import JobStatus
from tests.support import plumbing

NOW = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
ENDED = (JobStatus.succeeded, JobStatus.failed, JobStatus.cancelled)


@pytest.fixture
async def database(empty_database: str) -> AsyncIterator[Database]:
    database = Database(empty_database, application_name="jobs-test", write_lanes=12)
    await plumbing.create_tables(database)
    async with database.writer.begin() as connection:
        await connection.execute(text("CREATE TABLE effects (job uuid NOT NULL, attempt int NOT NULL)"))
    yield database
    await database.close()


class StartWorker(Protocol):
    async def __call__(
        self,
        handlers: Handlers,
        *,
        concurrency: int = ...,
        heartbeat: timedelta = ...,
        stale: timedelta = ...,
    ) -> asyncio.Task[None]: ...


@pytest.fixture
async def start_worker(database: Database) -> AsyncIterator[StartWorker]:
    running: list[asyncio.Task[None]] = []

    async def start(
        handlers: Handlers,
        *,
        concurrency: int = 2,
        heartbeat: timedelta = timedelta(seconds=0.2),
        stale: timedelta = timedelta(seconds=10),
    ) -> asyncio.Task[None]:
        listener = Listener(database)
        worker = Worker(database, handlers, listener, concurrency=concurrency, heartbeat=heartbeat, stale=stale)
        running.append(asyncio.create_task(listener.run()))
        running.append(asyncio.create_task(worker.run()))
        return running[-1]

    yield start
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


Enqueue = Callable[..., Awaitable[UUID]]


@pytest.fixture
def enqueue(database: Database) -> Enqueue:
    async def enqueue(kind: str = "count", **arguments: Any) -> UUID:
        async with database.writing() as session:
            return await jobs.enqueue(session, kind=kind, arguments=arguments, now=NOW)

    return enqueue


Until = Callable[[UUID, Callable[[Job], bool]], Awaitable[Job]]


@pytest.fixture
def until(database: Database) -> Until:
    async def until(job_id: UUID, reached: Callable[[Job], bool]) -> Job:
        async with asyncio.timeout(60):
            while True:
                async with database.reading() as session:
                    job = await jobs.get(session, job_id)
                if reached(job):
                    return job
                await asyncio.sleep(0.02)

    return until


Ended = Callable[[UUID], Awaitable[Job]]


@pytest.fixture
def ended(until: Until) -> Ended:
    async def ended(job_id: UUID) -> Job:
        return await until(job_id, lambda job: job.status in ENDED)

    return ended


async def effects(database: Database) -> list[tuple[UUID, int]]:
    async with database.reading() as session:
        return [(row.job, row.attempt) for row in await session.execute(text("SELECT job, attempt FROM effects"))]
