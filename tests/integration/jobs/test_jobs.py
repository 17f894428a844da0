"""A job is asked for, seen, done, stopped or failed, and always tells which."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text, update

from shared import jobs
from shared.auth import Actor
from shared.db.engine import Database
from shared.db.sessions import Authorship, authorship
from shared.errors import Conflict, FieldError, Text
from shared.jobs import (
    JobCancelled,
    JobContext,
    JobFinished,
    JobNotFound,
    JobOutcome,
    problems,
    tables,
)
from shared.schemas.jobs import JobStatus
from tests.integration.jobs.conftest import NOW, Ended, Enqueue, StartWorker, Until


async def _done(context: JobContext) -> JobOutcome:
    return JobOutcome({"doubled": context.arguments["n"] * 2}, location="/v1/things/1")


async def test_a_job_is_done_and_gives_its_result(start_worker: StartWorker, enqueue: Enqueue, ended: Ended) -> None:
    await start_worker({"count": _done})

    job = await ended(await enqueue(n=21))

    assert job.status is JobStatus.succeeded
    assert (job.result, job.location, job.progress, job.attempts, job.problem) == (
        {"doubled": 42},
        "/v1/things/1",
        1.0,
        1,
        None,
    )
    assert job.created_at == NOW
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.started_at <= job.finished_at


async def test_a_job_that_waits_is_queued(database: Database, enqueue: Enqueue) -> None:
    job_id = await enqueue(n=1)

    async with database.reading() as session:
        job = await jobs.get(session, job_id)
    assert (job.status, job.progress, job.attempts, job.started_at) == (JobStatus.queued, 0, 0, None)


async def test_a_job_asked_for_in_a_transaction_that_rolls_back_never_was(database: Database) -> None:
    async with database.writing() as session:
        await jobs.enqueue(session, kind="count", arguments={}, now=NOW)
        await session.rollback()

    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(tables.jobs)) == 0


async def test_a_waiting_worker_begins_at_once(start_worker: StartWorker, enqueue: Enqueue, ended: Ended) -> None:
    await start_worker({"count": _done})
    await ended(await enqueue(n=1))
    await asyncio.sleep(0.3)

    job = await ended(await enqueue(n=1))

    assert job.finished_at is not None
    assert job.started_at is not None
    async with asyncio.timeout(1):
        await ended(await enqueue(n=1))


async def test_jobs_begin_in_the_order_they_were_asked_for(
    database: Database, start_worker: StartWorker, ended: Ended
) -> None:
    begun: list[int] = []

    async def note(context: JobContext) -> JobOutcome:
        begun.append(context.arguments["n"])
        return JobOutcome()

    asked = []
    for n in (3, 1, 2, 0):
        async with database.writing() as session:
            asked.append(await jobs.enqueue(session, kind="note", arguments={"n": n}, now=NOW + timedelta(seconds=n)))
    await start_worker({"note": note}, concurrency=1)
    for job_id in asked:
        await ended(job_id)

    assert begun == [0, 1, 2, 3]


async def test_a_worker_leaves_kinds_it_does_not_know(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    unknown = await enqueue("of a later version")
    await start_worker({"count": _done})
    await ended(await enqueue(n=1))

    async with database.reading() as session:
        assert (await jobs.get(session, unknown)).status is JobStatus.queued


async def test_progress_is_seen_while_the_job_runs(start_worker: StartWorker, enqueue: Enqueue, until: Until) -> None:
    go_on = asyncio.Event()

    async def half(context: JobContext) -> JobOutcome:
        context.progress(0.5)
        context.progress(0.4)
        await go_on.wait()
        return JobOutcome()

    await start_worker({"half": half})
    job_id = await enqueue("half")

    job = await until(job_id, lambda job: job.progress > 0)
    go_on.set()
    assert (job.status, job.progress) == (JobStatus.running, 0.5)
    assert (await until(job_id, lambda job: job.status is JobStatus.succeeded)).progress == 1


class OutOfSeats(Conflict):
    code = "out_of_seats"
    title = Text(kk="Орын жоқ", ru="Мест нет", en="No seats")
    detail = Text(kk="{seats} орын бос емес", ru="Заняты все места: {seats}", en="All {seats} seats are taken")


async def test_a_problem_is_kept_in_all_languages(start_worker: StartWorker, enqueue: Enqueue, ended: Ended) -> None:
    async def refuse(_context: JobContext) -> JobOutcome:
        raise OutOfSeats(seats=20, errors=[FieldError("/rows/7/seat", "taken", Text("Бос емес", "Занято", "Taken"))])

    await start_worker({"refuse": refuse})
    job = await ended(await enqueue("refuse"))

    assert job.status is JobStatus.failed
    assert job.problem is not None
    shown = problems.shown(job.problem, "ru")
    assert (shown.code, shown.status, shown.title, shown.detail, shown.context) == (
        "out_of_seats",
        409,
        "Мест нет",
        "Заняты все места: 20",
        {"seats": 20},
    )
    assert [(field.pointer, field.code, field.message) for field in shown.errors] == [
        ("/rows/7/seat", "taken", "Занято")
    ]
    assert problems.shown(job.problem, "kk").detail == "20 орын бос емес"


async def test_a_fault_of_ours_is_internal_and_tells_nothing(
    start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    async def crash(_context: JobContext) -> JobOutcome:
        raise ZeroDivisionError("secret 900101300123")

    await start_worker({"crash": crash})
    job = await ended(await enqueue("crash"))

    assert job.status is JobStatus.failed
    assert job.problem is not None
    assert job.problem["code"] == "internal"
    assert "secret" not in str(job.problem)


@pytest.mark.parametrize("result", [{"when": object()}, {"share": float("nan")}, {"text": "\x00"}])
async def test_a_result_that_is_no_json_fails_the_job(
    start_worker: StartWorker, enqueue: Enqueue, ended: Ended, result: dict[str, object]
) -> None:
    async def nonsense(_context: JobContext) -> JobOutcome:
        return JobOutcome(result)

    await start_worker({"nonsense": nonsense})

    assert (await ended(await enqueue("nonsense"))).status is JobStatus.failed


async def test_a_failed_job_does_not_stop_the_next(start_worker: StartWorker, enqueue: Enqueue, ended: Ended) -> None:
    async def crash(_context: JobContext) -> JobOutcome:
        raise ZeroDivisionError

    await start_worker({"crash": crash, "count": _done}, concurrency=1)
    await ended(await enqueue("crash"))

    assert (await ended(await enqueue(n=1))).status is JobStatus.succeeded


async def test_a_job_that_has_not_begun_is_cancelled_at_once(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    job_id = await enqueue(n=1)

    async with database.writing() as session:
        job = await jobs.cancel(session, job_id)

    assert job.status is JobStatus.cancelled
    await start_worker({"count": _done})
    await ended(await enqueue(n=1))
    async with database.reading() as session:
        assert (await jobs.get(session, job_id)).attempts == 0


async def test_a_running_job_is_asked_to_stop(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended, until: Until
) -> None:
    async def patient(context: JobContext) -> JobOutcome:
        while not context.cancelled():  # noqa: ASYNC110 -- as a handler looks between two pieces of work
            await asyncio.sleep(0.01)
        raise JobCancelled

    await start_worker({"patient": patient})
    job_id = await enqueue("patient")
    await until(job_id, lambda job: job.status is JobStatus.running)

    async with database.writing() as session:
        asked = await jobs.cancel(session, job_id)

    assert (asked.status, asked.cancel_requested) == (JobStatus.running, True)
    async with asyncio.timeout(2):
        assert (await ended(job_id)).status is JobStatus.cancelled


async def test_cancelling_twice_is_the_same_as_once_and_what_has_ended_stays(
    database: Database, start_worker: StartWorker, enqueue: Enqueue, ended: Ended
) -> None:
    cancelled = await enqueue("unknown")
    await start_worker({"count": _done})
    done = await enqueue(n=1)
    await ended(done)

    async with database.writing() as session:
        first = await jobs.cancel(session, cancelled)
        assert await jobs.cancel(session, cancelled) == first
        with pytest.raises(JobFinished):
            await jobs.cancel(session, done)
        with pytest.raises(JobNotFound):
            await jobs.cancel(session, uuid4())


async def test_a_job_belongs_to_its_author_and_overseers_see_all(database: Database) -> None:
    officer = Actor.of("region_officer", subject="officer-17")
    other = Actor.of("region_officer", subject="officer-18")
    async with database.writing(Authorship(officer.principal)) as session:
        mine = await jobs.enqueue(session, kind="a", arguments={}, now=NOW)
        theirs = await jobs.enqueue(session, kind="b", arguments={}, now=NOW, actor=other)

    async with database.reading() as session:
        job = await jobs.get(session, mine)
        seen = {
            actor.subject: [found.id for found in await jobs.find(session, actor)]
            for actor in (officer, other, Actor.of("auditor", subject="aud"), Actor.of("director", subject="dir"))
        }
        assert [found.id for found in await jobs.find(session, officer, kind="b")] == []
        assert [found.id for found in await jobs.find(session, Actor.of("admin", subject="x"), before=theirs)] == [mine]
        assert await jobs.find(session, officer, status=JobStatus.failed) == []
        assert await jobs.count(session, officer) == 1
        assert await jobs.count(session, Actor.of("admin", subject="x"), kind="a", status=JobStatus.queued) == 1

    assert job.created_by == "bilim-local#officer-17"
    assert (jobs.visible(job, officer), jobs.visible(job, other)) == (True, False)
    assert (jobs.cancellable(job, officer), jobs.cancellable(job, Actor.of("auditor", subject="aud"))) == (True, False)
    assert seen == {"officer-17": [mine], "officer-18": [theirs], "aud": [theirs, mine], "dir": []}


async def test_a_handler_writes_under_the_name_of_who_asked(
    database: Database, start_worker: StartWorker, ended: Ended
) -> None:
    found: list[Authorship] = []

    async def note(context: JobContext) -> JobOutcome:
        async with context.writing() as session:
            found.append(authorship(session))
        return JobOutcome()

    author = Authorship("officer-17", ("region_officer",), "September load", "r1")
    async with database.writing(author, reason=author.reason, request_id=author.request_id) as session:
        job_id = await jobs.enqueue(session, kind="note", arguments={}, now=NOW)
    await start_worker({"note": note})
    await ended(job_id)

    assert found == [author]


async def test_the_table_refuses_a_state_that_cannot_be(database: Database, enqueue: Enqueue) -> None:
    await enqueue(n=1)

    with pytest.raises(Exception, match="ck_jobs_problem_when_failed"):
        async with database.writing() as session:
            await session.execute(update(tables.jobs).values(status="failed", finished_at=text("now()")))
