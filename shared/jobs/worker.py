"""The task that carries out jobs inside a service's process."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from shared.db.engine import Database
from shared.db.failures import classify, conceal
from shared.db.listening import Listener
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.jobs import queue
from shared.jobs.context import Handlers, JobCancelled, JobContext, JobLost, JobOutcome
from shared.jobs.errors import JobAbandoned
from shared.jobs.problems import stored
from shared.observability.backoff import Backoff
from shared.observability.context import RequestIdentity, working

HEARTBEAT = timedelta(seconds=4)
STALE = timedelta(seconds=20)
"""After so long without a heartbeat a job is taken again: what a kill -9 costs."""
MOST_ATTEMPTS = 5
"""A job whose every attempt kills the process must not kill it for ever."""
_POLL = timedelta(seconds=5)
"""Should a notification be lost (the listening connection was down), a job waits no longer than this."""
_PROGRESS = timedelta(seconds=1)
_GOODBYE = timedelta(seconds=5)

_log = structlog.get_logger(__name__)

Ending = Callable[[WriteSession], Awaitable[bool]]


@dataclass(slots=True)
class _Attempt:
    job: queue.Claimed
    context: JobContext
    task: asyncio.Task[JobOutcome] | None = None
    told: float = 0.0
    """The progress that is written in the database."""


class Worker:
    """Takes jobs in the order they were asked for, `concurrency` at a time.

    Any number of workers in any number of processes may run: `FOR UPDATE SKIP LOCKED` gives each job to one of them,
    and a new lease for each attempt keeps one that was believed dead from ending a job that another has taken.
    """

    def __init__(
        self,
        database: Database,
        handlers: Handlers,
        listener: Listener,
        *,
        concurrency: int = 2,
        heartbeat: timedelta = HEARTBEAT,
        stale: timedelta = STALE,
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._changed = listener.bell(queue.CHANGED)
        self._concurrency = concurrency
        self._heartbeat = heartbeat
        self._stale = stale
        self._attempts: dict[UUID, _Attempt] = {}
        self._taking = asyncio.Lock()
        self._backoff = Backoff("job worker")

    @property
    def failing(self) -> str | None:
        """The class of the error it is failing with now, if it is."""
        return self._backoff.last_error

    async def run(self) -> None:
        """Work for ever; the database may come and go. When cancelled, it puts back what it had begun."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_alive())
            for _ in range(self._concurrency):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            next_ring = self._changed.next_ring()
            try:
                # One at a time, because what a claim must leave alone is told when it sets out: between the claim of
                # a neighbour and its entry in `_attempts`, a blocked loop could make the neighbour's job look stale.
                async with self._taking:
                    attempt = await self._take()
                if attempt is not None:
                    await self._carry_out(attempt)
            except Exception as error:
                await self._backoff.failed(error)
                continue
            self._backoff.succeeded()
            if attempt is None:
                await next_ring.within(min(_POLL, self._stale).total_seconds())

    async def _take(self) -> _Attempt | None:
        async with self._database.writing() as session:
            job = await queue.claim(session, kinds=self._handlers.keys(), stale=self._stale, mine=self._attempts.keys())
        if job is None:
            return None
        attempt = _Attempt(job, JobContext(job, self._database))
        self._attempts[job.id] = attempt
        return attempt

    async def _carry_out(self, attempt: _Attempt) -> None:
        job = attempt.job
        with (
            working(_identity(job)),
            structlog.contextvars.bound_contextvars(job_id=str(job.id), job_kind=job.kind),
        ):
            try:
                if job.cancel_requested:
                    await self._end(lambda session: queue.stop(session, job.id, job.lease))
                elif job.attempts > MOST_ATTEMPTS:
                    await self._fail(job, JobAbandoned(attempts=MOST_ATTEMPTS))
                else:
                    await self._handle(job, attempt)
            finally:
                del self._attempts[job.id]

    async def _handle(self, job: queue.Claimed, attempt: _Attempt) -> None:
        _log.info("job_started", attempt=job.attempts)
        task = attempt.task = asyncio.create_task(self._handlers[job.kind](attempt.context))
        try:
            await asyncio.wait({task})
            pause = _pause_before_another_attempt(task)
            if pause is not None:
                _log.warning("job_interrupted", exc_info=task.exception())
                await asyncio.sleep(pause.total_seconds())
        except asyncio.CancelledError:
            attempt.context.stop()
            task.cancel()
            await asyncio.wait({task}, timeout=_GOODBYE.total_seconds())
            await self._say_goodbye(job)
            raise
        if pause is not None:
            await self._end(lambda session: queue.release(session, job.id, job.lease))
        else:
            await self._conclude(job, attempt.context, task)

    async def _conclude(self, job: queue.Claimed, context: JobContext, task: asyncio.Task[JobOutcome]) -> None:
        """Write down how the attempt ended."""
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        match error:
            case None:
                ended = await self._succeed(job, task.result())
            case JobCancelled():
                ended = await self._end(lambda session: queue.stop(session, job.id, job.lease))
            case JobLost():
                ended = False
            case asyncio.CancelledError() if context.cancelled():
                ended = False
            case Problem():
                ended = await self._fail(job, error)
            case _:
                ended = await self._crash(job, error)
        if ended or context.finishing:
            _log.info("job_ended")
        else:
            _log.warning("job_lost")

    async def _succeed(self, job: queue.Claimed, outcome: JobOutcome) -> bool:
        try:
            return await self._end(
                lambda session: queue.succeed(
                    session, job.id, job.lease, result=outcome.result, location=outcome.location
                )
            )
        except Exception as error:  # a result that is no JSON
            return await self._crash(job, error)

    async def _crash(self, job: queue.Claimed, error: BaseException) -> bool:
        conceal(error)
        _log.error("job_crashed", exc_info=error)
        return await self._fail(job, Problem())

    async def _fail(self, job: queue.Claimed, problem: Problem) -> bool:
        _log.warning("job_failed", code=problem.code)
        return await self._end(lambda session: queue.fail(session, job.id, job.lease, stored(problem)))

    async def _end(self, ending: Ending) -> bool:
        """Carry `ending` out, again and again while the database is away."""
        backoff = Backoff("job ending")
        while True:
            try:
                async with self._database.writing() as session:
                    ended = await ending(session)
            except Exception as error:
                failure = classify(error)
                if failure is None or failure.retry_after is None:
                    raise
                await backoff.failed(error)
            else:
                backoff.succeeded()
                return ended

    async def _say_goodbye(self, job: queue.Claimed) -> None:
        """Put the job back so that the next process need not wait until it is stale."""
        try:
            async with asyncio.timeout(_GOODBYE.total_seconds()), self._database.writing() as session:
                await queue.release(session, job.id, job.lease, counted=False)
        except Exception as error:
            _log.warning("job_left_behind", exc_info=error)

    async def _keep_alive(self) -> None:
        """Write signs of life and progress, and hear of cancellations."""
        backoff = Backoff("job heartbeat", longest_seconds=self._heartbeat.total_seconds())
        last = float("-inf")
        while True:
            rang = await self._changed.next_ring().within(min(_PROGRESS, self._heartbeat).total_seconds())
            held = dict(self._attempts)
            moved = any(attempt.context.fraction != attempt.told for attempt in held.values())
            due = time.monotonic() - last >= self._heartbeat.total_seconds()
            if not held or not (rang or moved or due):
                continue
            try:
                await self._beat(held)
            except Exception as error:
                await backoff.failed(error)
                continue
            backoff.succeeded()
            last = time.monotonic()

    async def _beat(self, held: dict[UUID, _Attempt]) -> None:
        fractions = {job_id: attempt.context.fraction for job_id, attempt in held.items()}
        async with self._database.writing() as session:
            alive = await queue.beat(
                session, [(job_id, attempt.job.lease, fractions[job_id]) for job_id, attempt in held.items()]
            )
        for job_id, attempt in held.items():
            attempt.told = fractions[job_id]
            if alive.get(job_id, False):
                attempt.context.stop()
            lost = job_id not in alive and not attempt.context.finishing
            if lost and self._attempts.get(job_id) is attempt:
                attempt.context.stop()
                if attempt.task is not None:
                    attempt.task.cancel()


def _identity(job: queue.Claimed) -> RequestIdentity:
    """The work goes on under the name of the request that asked for it, so that one search finds all its log lines."""
    request_id = job.authorship.request_id or secrets.token_hex(16)
    return RequestIdentity(request_id, trace_id=secrets.token_hex(16), span_id=secrets.token_hex(8))


def _pause_before_another_attempt(task: asyncio.Task[JobOutcome]) -> timedelta | None:
    """How long to wait before the job is tried again; None unless the database interrupted it."""
    error = None if task.cancelled() else task.exception()
    failure = classify(error) if isinstance(error, Exception) else None
    return failure.retry_after if failure else None
