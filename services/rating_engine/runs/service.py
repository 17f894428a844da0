"""Asking for runs, carrying them out, reading what came of them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.runs import repository
from services.rating_engine.runs.compute import ENGINE_VERSION, Computed, compute
from services.rating_engine.runs.errors import MethodologyRetired, RunNotFinished, RunNotFound
from services.rating_engine.runs.models import Run, RunResult
from services.rating_engine.snapshots import service as snapshots
from shared import clock, jobs, outbox
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.jobs import JobContext, JobOutcome
from shared.schemas.rating.methodology import MethodologyDocument, indicators

__all__ = [
    "JOB_KIND",
    "Run",
    "RunResult",
    "all_results",
    "carry_out",
    "get",
    "get_finished",
    "page",
    "request",
    "results",
]

JOB_KIND = "run"


async def request(
    session: WriteSession,
    *,
    methodology_id: UUID,
    period: str,
    as_of: date,
    known_at: datetime | None,
    area: str | None,
    now: datetime,
) -> Run:
    """Note that a run is wanted and queue its job."""
    methodology = await methodologies.get(session, methodology_id)
    if methodology.status == "retired":
        raise MethodologyRetired
    run_id = new_id()
    job_id = await jobs.enqueue(session, kind=JOB_KIND, arguments={"run_id": str(run_id)}, now=now)
    run = Run(
        id=run_id,
        methodology_id=methodology.id,
        methodology_digest=methodology.digest,
        period=period,
        as_of=as_of,
        known_at=known_at,
        area=area,
        status="queued",
        job_id=job_id,
        not_rated={},
        created_at=now,
        updated_at=now,
    )
    session.add(run)
    await session.flush()
    return run


async def carry_out(context: JobContext, source: snapshots.Source) -> JobOutcome:
    """Freeze, compute, keep. The data are fetched before the transaction; the effect and the job end in one."""
    run_id = UUID(str(context.arguments["run_id"]))
    async with context.database.reading() as reading:
        run = await get(reading, run_id)
        methodology = await methodologies.get(reading, run.methodology_id)
    document = MethodologyDocument.model_validate(methodology.document)
    try:
        frozen = await source.freeze(
            snapshots.Wanted(
                indicators=indicators(document),
                organisation_type=methodology.organisation_types[0],
                period=run.period,
                as_of=run.as_of,
                known_at=run.known_at,
                area=run.area,
            )
        )
        context.progress(0.5)
        digest, content = await asyncio.to_thread(snapshots.named, frozen)
        computed = await asyncio.to_thread(compute, frozen, document)
    except Exception:
        await _fail(context, run_id)
        raise
    context.progress(0.8)
    outcome = JobOutcome(
        result={"run_id": str(run_id), "rated": computed.rated, "result_digest": computed.digest},
        location=f"/v1/runs/{run_id}",
    )
    async with context.database.writing(context.authorship) as session:
        now = clock.now()
        await snapshots.keep(session, frozen, digest=digest, content=content, now=now)
        await _keep(session, run_id, computed, snapshot_digest=digest, now=now)
        await context.finish_in(session, outcome)
    return outcome


async def get(session: AnySession, run_id: UUID) -> Run:
    """One run; raises `RunNotFound`."""
    run = await repository.get(session, run_id)
    if run is None:
        raise RunNotFound
    return run


async def get_finished(session: AnySession, run_id: UUID) -> Run:
    """A run that has a result; raises `RunNotFound` and `RunNotFinished`."""
    run = await get(session, run_id)
    if run.status != "succeeded":
        raise RunNotFinished(status=run.status)
    return run


async def page(
    session: AnySession, *, methodology_id: UUID | None, after: Sequence[Any] | None, limit: int
) -> Sequence[Run]:
    """Up to `limit` runs, the latest first."""
    return await repository.page(session, methodology_id=methodology_id, after=after, limit=limit)


async def results(
    session: AnySession, run_id: UUID, *, after: Sequence[Any] | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Up to `limit` results by place."""
    return await repository.results(session, run_id, after=after, limit=limit)


async def all_results(session: AnySession, run_id: UUID) -> Sequence[RunResult]:
    """Every result of a run, by organisation."""
    return await repository.all_results(session, run_id)


async def _keep(
    session: WriteSession, run_id: UUID, computed: Computed, *, snapshot_digest: str, now: datetime
) -> None:
    run = await repository.get_for_change(session, run_id)
    if run is None:
        raise RunNotFound
    run.status = "succeeded"
    run.snapshot_digest, run.result_digest, run.engine_version = snapshot_digest, computed.digest, ENGINE_VERSION
    run.organisations, run.rated, run.not_rated = len(computed.rows), computed.rated, dict(computed.not_rated)
    run.finished_at = run.updated_at = now
    columns = repository.RESULT_COLUMNS[1:]
    await session.flush()
    await repository.keep_results(session, ((run_id, *(row[name] for name in columns)) for row in computed.rows))
    await outbox.add(
        session,
        outbox.Event(
            kind="run.succeeded",
            subject="run",
            subject_id=run_id,
            data={"methodology_id": str(run.methodology_id), "result_digest": computed.digest, "rated": computed.rated},
        ),
    )


async def _fail(context: JobContext, run_id: UUID) -> None:
    """Note on the run that it came to nothing; the job keeps the reason."""
    async with context.database.writing(context.authorship) as session:
        run = await repository.get_for_change(session, run_id)
        if run is not None and run.status == "queued":
            run.status, run.finished_at, run.updated_at = "failed", clock.now(), clock.now()
