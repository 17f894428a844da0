"""Whatever is killed, a job is done, and done once in effect."""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from shared import jobs
from shared.db.engine import Database
from shared.db.listening import Listener
from shared.errors import Problem
from shared.jobs import JobContext, JobLost, JobOutcome, Worker, problems, queue, tables
from shared.schemas.jobs import JobStatus
from tests.integration.jobs.conftest import ENDED, Ended, Enqueue, StartWorker, Until, effects
from tests.integration.jobs.process import STALE


async def _effect(context: JobContext) -> JobOutcome:
    """An effect and the end of its job, in one transaction."""
    outcome = JobOutcome({"attempt": context.attempt})
    async with context.writing() as session:
        await session.execute(
            text("INSERT INTO effects VALUES (:job, :attempt)"),
            {"job": context.job_id, "attempt": context.attempt},
        )
        await context.finish_in(session, outcome)
    return outcome


@asynccontextmanager
async def _process(database: Database, seconds: float) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker in a process of its own; killed with -9 at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.jobs.process",
        database.url.render_as_string(hide_password=False),
        str(seconds),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_job_whose_process_is_killed_is_taken_again(database: Database, enqueue: Enqueue, until: Until) -> None:
    job_id = await enqueue()
    async with _process(database, seconds=60):
        await until(job_id, lambda job: job.status is JobStatus.running)

    async with _process(database, seconds=0.1):
        job = await until(job_id, lambda job: job.status in ENDED)

    assert (job.status, job.attempts, job.result) == (JobStatus.succeeded, 2, {"attempt": 2})
    assert await effects(database) == [(job_id, 2)]


async def test_jobs_are_done_once_in_effect_under_many_kills(database: Database, enqueue: Enqueue) -> None:
    asked = [await enqueue() for _ in range(8)]
    chance = random.Random(9)
    strikes = 0

    async with asyncio.timeout(240):
        while await _open(database):
            async with _process(database, seconds=0.2):
                await _first_attempt(database)
                while strikes >= 3 and await _open(database):  # noqa: ASYNC110 -- another process works
                    await asyncio.sleep(0.05)
                await asyncio.sleep(chance.uniform(0.1, 0.6))
            strikes += 1
            await asyncio.sleep(STALE.total_seconds())

    async with database.reading() as session:
        ended = {job_id: await jobs.get(session, job_id) for job_id in asked}
    done = await effects(database)
    assert strikes >= 2
    assert {job.status for job in ended.values()} == {JobStatus.succeeded}
    assert max(job.attempts for job in ended.values()) > 1
    assert Counter(job_id for job_id, _ in done) == Counter(asked)
    assert all(ended[job_id].attempts == attempt for job_id, attempt in done)


async def _open(database: Database) -> int:
    async with database.reading() as session:
        rows = await session.execute(select(tables.jobs.c.id).where(tables.jobs.c.finished_at.is_(None)))
        return len(rows.all())


async def _first_attempt(database: Database) -> None:
    """Wait until the process that was just started has taken something (or there is nothing left to take)."""
    fresh = select(tables.jobs.c.id).where(tables.jobs.c.heartbeat_at > text("clock_timestamp() - interval '0.3 s'"))
    for _ in range(1500):
        async with database.reading() as session:
            if (await session.execute(fresh)).first() or not await _open(database):
                return
        await asyncio.sleep(0.02)


async def test_two_workers_never_run_a_job_at_once(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    active: Counter[UUID] = Counter()
    together: list[UUID] = []

    async def alone(context: JobContext) -> JobOutcome:
        active[context.job_id] += 1
        if active[context.job_id] > 1:
            together.append(context.job_id)
        await asyncio.sleep(0.01)
        outcome = await _effect(context)
        active[context.job_id] -= 1
        return outcome

    for _ in range(3):
        await start_worker({"alone": alone}, concurrency=3)
    asked = [await enqueue("alone") for _ in range(120)]
    for job_id in asked:
        await ended(job_id)

    assert together == []
    assert Counter(job_id for job_id, _ in await effects(database)) == Counter(asked)


async def test_a_long_job_keeps_its_lease_by_its_heartbeat(
    start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    async def long(_context: JobContext) -> JobOutcome:
        await asyncio.sleep(1.5)
        return JobOutcome()

    for _ in range(2):
        await start_worker({"long": long}, heartbeat=timedelta(seconds=0.1), stale=timedelta(seconds=0.5))

    assert (await ended(await enqueue("long"))).attempts == 1


async def test_an_attempt_believed_dead_cannot_commit_its_effect(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    """As after a long pause of a process: it wakes up when another has done the job."""
    job_id = await enqueue()
    async with database.writing() as session:
        claimed = await queue.claim(session, kinds=["count"], stale=timedelta(minutes=1), mine=[])
    assert claimed is not None
    await asyncio.sleep(0.3)
    await start_worker({"count": _effect}, stale=timedelta(seconds=0.2))
    await ended(job_id)

    with pytest.raises(JobLost):
        await _effect(JobContext(claimed, database))

    async with database.writing() as session:
        assert not await queue.fail(session, job_id, claimed.lease, problems.stored(Problem()))
    assert await effects(database) == [(job_id, 2)]


async def test_an_attempt_that_lost_its_job_is_told_to_stop(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, until: Until
) -> None:
    stopped = asyncio.Event()

    async def endless(context: JobContext) -> JobOutcome:
        try:
            await asyncio.sleep(60)
        finally:
            assert context.cancelled()
            stopped.set()
        return JobOutcome()

    await start_worker({"endless": endless}, heartbeat=timedelta(seconds=0.1))
    job_id = await enqueue("endless")
    await until(job_id, lambda job: job.status is JobStatus.running)
    async with database.writing() as session:
        await session.execute(update(tables.jobs).values(lease=text("gen_random_uuid()")))

    async with asyncio.timeout(5):
        await stopped.wait()


async def test_a_worker_that_is_stopped_puts_its_job_back(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, until: Until, ended: Ended
) -> None:
    async def patient(_context: JobContext) -> JobOutcome:
        await asyncio.sleep(60)
        return JobOutcome()

    worker = await start_worker({"patient": patient})
    job_id = await enqueue("patient")
    await until(job_id, lambda job: job.status is JobStatus.running)

    worker.cancel()
    await asyncio.wait({worker})

    async with database.reading() as session:
        job = await jobs.get(session, job_id)
    assert (job.status, job.attempts) == (JobStatus.queued, 0)
    await start_worker({"patient": _effect})
    assert (await ended(job_id)).status is JobStatus.succeeded


async def test_a_job_whose_every_attempt_dies_is_given_up(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    job_id = await enqueue()
    async with database.writing() as session:
        await session.execute(
            update(tables.jobs).values(
                status="running",
                attempts=5,
                lease=text("gen_random_uuid()"),
                heartbeat_at=text("now() - interval '1 hour'"),
            )
        )

    await start_worker({"count": _effect})
    job = await ended(job_id)

    assert job.status is JobStatus.failed
    assert job.problem is not None
    assert (job.problem["code"], job.problem["context"]) == ("job_abandoned", {"attempts": 5})
    assert await effects(database) == []


async def test_a_job_that_is_to_be_cancelled_is_not_taken_again(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    job_id = await enqueue()
    async with database.writing() as session:
        await session.execute(
            update(tables.jobs).values(
                status="running",
                attempts=1,
                cancel_requested=True,
                lease=text("gen_random_uuid()"),
                heartbeat_at=text("now() - interval '1 hour'"),
            )
        )

    await start_worker({"count": _effect})

    assert (await ended(job_id)).status is JobStatus.cancelled
    assert await effects(database) == []


async def test_a_job_interrupted_by_the_database_is_done_again(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    async def shaken(context: JobContext) -> JobOutcome:
        if context.attempt == 1:
            async with context.writing() as session:
                await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return await _effect(context)

    await start_worker({"shaken": shaken})
    job_id = await enqueue("shaken")
    job = await ended(job_id)

    assert (job.status, job.attempts) == (JobStatus.succeeded, 2)
    assert await effects(database) == [(job_id, 2)]


async def test_workers_outlive_their_connections(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    await start_worker({"count": _effect})
    await ended(await enqueue())

    for _ in range(3):
        async with database.reading() as session:
            await session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        job_id = await _eventually_enqueue(enqueue)
        assert (await ended(job_id)).status is JobStatus.succeeded


async def _eventually_enqueue(enqueue: Enqueue) -> UUID:
    async with asyncio.timeout(10):
        while True:
            try:
                return await enqueue()
            except Exception:
                await asyncio.sleep(0.05)


async def test_a_worker_whose_loop_was_blocked_does_not_begin_its_own_job_again(
    database: Database, enqueue: Enqueue, ended: Ended
) -> None:
    """A handler that forgot to compute in a thread stops the heartbeat of its process, too."""
    listener = Listener(database)

    begun: list[int] = []

    async def selfish(context: JobContext) -> JobOutcome:
        begun.append(context.attempt)
        time.sleep(0.8)  # noqa: ASYNC251 -- this is the fault
        await asyncio.sleep(0.2)
        return await _effect(context)

    worker = Worker(
        database,
        {"selfish": selfish},
        listener,
        concurrency=3,
        heartbeat=timedelta(seconds=0.1),
        stale=timedelta(seconds=0.4),
    )
    running = [asyncio.create_task(listener.run()), asyncio.create_task(worker.run())]
    jobs_ended = [await ended(await enqueue("selfish")) for _ in range(4)]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)

    assert [job.status for job in jobs_ended] == [JobStatus.succeeded] * 4
    assert begun == [1] * 4
