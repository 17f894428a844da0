"""Asking for runs, carrying them out, reading what came of them."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog

from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.runs import doubts, repository, rules, stages
from services.rating_engine.runs.artefacts import decompress, pack, unpack
from services.rating_engine.runs.compute import ENGINE_VERSION, MANY, Computed, compute, since
from services.rating_engine.runs.errors import MethodologyRetired, ResultNotFound, RunNotFinished, RunNotFound
from services.rating_engine.runs.models import Run, RunResult
from services.rating_engine.runs.rules import Sight
from services.rating_engine.snapshots import service as snapshots
from shared import clock, jobs, outbox
from shared.db.engine import Database
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.errors import Problem
from shared.ids import new_id
from shared.jobs import JobCancelled, JobContext, JobOutcome
from shared.schemas.rating.methodology import MethodologyDocument
from shared.schemas.rating.stages import RunStage

__all__ = [
    "JOB_KIND",
    "Run",
    "RunResult",
    "artefact",
    "artefact_contents",
    "artefacts",
    "carry_out",
    "count_results",
    "count_shown",
    "forsake",
    "get",
    "get_finished",
    "of_other_type",
    "page",
    "request",
    "result",
    "results",
    "results_in_parts",
    "spreads",
    "withheld",
]

_log = structlog.get_logger(__name__)
JOB_KIND = "run"
_Written = tuple[str, list[tuple[str, str, bytes]]]
_AFTER: Mapping[str, float] = {
    "score": 0.45, "standing": 0.5, "uncertainty": 0.6, "sensitivity": 0.7, "coherence": 0.72, "reach": 0.78,
    "disclosure": 0.8, "rows": 0.85,
}  # fmt: skip
"""How much of a run is done when a stage has ended."""


async def request(
    session: WriteSession,
    *,
    methodology_id: UUID,
    period: str,
    as_of: date,
    known_at: datetime | None,
    area: str | None,
    corrects: UUID | None = None,
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
        stage="draft",
        requested_by=authorship(session).subject,
        corrects=corrects and await stages.correctable(session, corrects, code=methodology.code, period=period),
        appeal_days=rules.appeal_days(methodology.document),
        needs_correction=False,
        open_appeals=0,
        job_id=job_id,
        not_rated={},
        created_at=now,
        updated_at=now,
    )
    session.add(run)
    await session.flush()
    return run


async def carry_out(context: JobContext, source: snapshots.Source) -> JobOutcome:
    """Freeze, compute, keep. The data are kept as soon as they are frozen, so that an attempt after a killed one
    computes on the very same; the effect and the job end in one transaction."""
    run_id = UUID(str(context.arguments["run_id"]))
    seconds: dict[str, float] = {}
    try:
        frozen, document, earlier = await _frozen(context, run_id, source, seconds)
        computed = await asyncio.to_thread(compute, frozen, document, told=_progress(context))
        if earlier is not None:
            await _compare(computed, earlier, seconds)
    except (Problem, JobCancelled):
        await _fail(context, run_id)
        raise
    seconds |= computed.seconds
    begun = time.perf_counter()
    writing = asyncio.create_task(asyncio.to_thread(_written, computed))
    async with context.writing() as session:
        now = clock.now()
        run = await _keep(session, run_id, computed, writing, now=now)
        seconds["keep"] = round(time.perf_counter() - begun, 3)
        outcome = JobOutcome(
            result={
                "run_id": str(run_id),
                "organisations": len(computed.rows),
                "rated": computed.rated,
                "snapshot_digest": run.snapshot_digest,
                "result_digest": run.result_digest,
                "stages": [{"stage": name, "seconds": taken} for name, taken in seconds.items()],
            },
            location=f"/v1/runs/{run_id}",
        )
        await context.finish_in(session, outcome)
    return outcome


def _progress(context: JobContext) -> Callable[[str], None]:
    """Pulling is the first third, keeping the last tenth; the stages between them share the rest."""

    def told(stage: str) -> None:
        if context.cancelled():
            raise JobCancelled
        context.progress(_AFTER.get(stage, context.fraction))

    return told


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The edition in force when the data were frozen."""

    run_id: UUID
    frozen: snapshots.Frozen
    document: MethodologyDocument
    bands: Mapping[UUID, str]


async def _compare(computed: Computed, earlier: _Earlier, seconds: dict[str, float]) -> None:
    """Tell every organisation what moved its score since the edition in force."""
    begun = time.perf_counter()
    moved = await asyncio.to_thread(since, computed.edition, earlier.frozen, earlier.document)
    for row, told in zip(computed.rows, moved, strict=True):
        row["changes"] = told
    seconds["changes"] = round(time.perf_counter() - begun, 3)


async def _frozen(
    context: JobContext, run_id: UUID, source: snapshots.Source, seconds: dict[str, float]
) -> tuple[snapshots.Frozen, MethodologyDocument, _Earlier | None]:
    """The data of the run: those an earlier attempt has kept, or those the services give now."""
    async with context.database.reading() as reading:
        run = await get(reading, run_id)
        methodology = await methodologies.get(reading, run.methodology_id)
        document = MethodologyDocument.model_validate(methodology.document)
        if run.snapshot_digest is not None:
            kept = await repository.get(reading, run.compared_with) if run.compared_with else None
            earlier = await _earlier(reading, kept)
            return await snapshots.read(reading, run.snapshot_digest), document, earlier
        earlier = await _earlier(reading, await repository.in_force(reading, methodology.code, run.area))
        taken_out = await stages.invalidated(reading, code=methodology.code, period=run.period)
    begun = time.perf_counter()
    frozen = await source.freeze(
        snapshots.Wanted.by(document, period=run.period, as_of=run.as_of, known_at=run.known_at, area=run.area)
    )
    if taken_out:
        frozen = frozen.without(taken_out)
    if earlier is not None:
        frozen = frozen.after(earlier.frozen, earlier.bands)
    seconds["pull"] = round(time.perf_counter() - begun, 3)
    context.progress(0.3)
    if document.uncertainty is not None and len(frozen.organisations) * document.uncertainty.replicates > MANY:
        asyncio.get_running_loop().run_in_executor(None, doubts.warm)
    begun = time.perf_counter()
    digest, packed = await asyncio.to_thread(snapshots.named, frozen)
    async with context.writing() as session:
        now = clock.now()
        await snapshots.keep(session, frozen, digest=digest, packed=packed, now=now)
        held = await repository.get_for_change(session, run_id)
        if held is None:
            raise RunNotFound
        held.snapshot_digest, held.updated_at = digest, now
        held.compared_with = earlier.run_id if earlier else None
    seconds["freeze"] = round(time.perf_counter() - begun, 3)
    context.progress(0.35)
    return frozen, document, earlier


async def _earlier(session: AnySession, run: Run | None) -> _Earlier | None:
    """What an edition was computed from, and what it said."""
    if run is None or run.snapshot_digest is None:
        return None
    methodology = await methodologies.get(session, run.methodology_id)
    return _Earlier(
        run.id,
        await snapshots.read(session, run.snapshot_digest),
        MethodologyDocument.model_validate(methodology.document),
        await repository.bands(session, run.id),
    )


async def forsake(database: Database, *, now: datetime) -> None:
    """Runs whose job was cancelled before it began, given up, or broken off by a fault of ours have come to nothing."""
    async with database.writing() as session:
        for run in await repository.forsaken(session):
            run.status, run.finished_at, run.updated_at = "failed", now, now
            _log.warning("run_forsaken", run_id=str(run.id))


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
    session: AnySession,
    *,
    methodology_id: UUID | None,
    stage: RunStage | None = None,
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Run]:
    """Up to `limit` runs, the latest first."""
    return await repository.page(session, methodology_id=methodology_id, stage=stage, after=after, limit=limit)


async def results(
    session: AnySession, run_id: UUID, *, sight: Sight, is_public: bool, after: Sequence[Any] | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Up to `limit` results by place, of the organisations within sight; `is_public`: only of published scores."""
    return await repository.results(session, run_id, sight=sight, is_public=is_public, after=after, limit=limit)


async def count_results(session: AnySession, run_id: UUID, *, sight: Sight, is_public: bool) -> int:
    """How many results there are within sight."""
    return await repository.count_results(session, run_id, sight=sight, is_public=is_public)


async def result(session: AnySession, run_id: UUID, organisation_id: UUID) -> RunResult:
    """What a run says of one organisation; raises `ResultNotFound`."""
    found = await repository.result(session, run_id, organisation_id)
    if found is None:
        raise ResultNotFound
    return found


def results_in_parts(session: AnySession, run_id: UUID) -> AsyncGenerator[Sequence[RunResult]]:
    """Every result of a run, by organisation, some hundreds at a time."""
    return repository.results_in_parts(session, run_id)


async def spreads(session: AnySession, run_id: UUID) -> Sequence[tuple[UUID, Mapping[str, Any]]]:
    """How far the choices of the method move each rated organisation, by id."""
    return await repository.spreads(session, run_id)


async def count_shown(session: AnySession, run_id: UUID) -> int:
    """How many organisations have a score that is told."""
    return await repository.count_shown(session, run_id)


async def of_other_type(session: AnySession, run_id: UUID, expected: str) -> tuple[int, UUID | None]:
    """How many organisations of a run are not of a type, and the first of them."""
    return await repository.of_other_type(session, run_id, expected)


async def withheld(session: AnySession, run_id: UUID) -> Mapping[UUID, Mapping[str, Any]]:
    """What the public is not told of a run, by organisation of which there is such."""
    return await repository.withheld(session, run_id)


async def artefact(session: AnySession, run_id: UUID, kind: str) -> Mapping[str, Any] | None:
    """What the step of that name left behind, or nothing where the method does not take it."""
    stored = await repository.artefact(session, run_id, kind)
    return None if stored is None else unpack(stored)


async def artefacts(session: AnySession, run_id: UUID) -> Mapping[str, str]:
    """The digests of what the steps left behind, by kind."""
    return await repository.artefacts(session, run_id)


async def artefact_contents(session: AnySession, run_id: UUID) -> Mapping[str, bytes]:
    """What every step of a run left behind, and the result itself, as canonical JSON by kind."""
    stored = await repository.artefact_contents(session, run_id)
    return {kind: decompress(content) for kind, content in stored.items()}


async def _keep(
    session: WriteSession, run_id: UUID, computed: Computed, writing: Awaitable[_Written], *, now: datetime
) -> Run:
    run = await repository.get_for_change(session, run_id)
    if run is None:
        raise RunNotFound
    stages.demand_computable(run)
    columns = repository.RESULT_COLUMNS[1:]
    rows = ((run_id, *(row.get(name) for name in columns)) for row in computed.rows)
    await repository.keep_results(session, rows)
    digest, artefacts = await writing
    run.status = "succeeded"
    run.result_digest, run.engine_version = digest, ENGINE_VERSION
    run.organisations, run.rated, run.not_rated = len(computed.rows), computed.rated, dict(computed.not_rated)
    run.finished_at = now
    await stages.computed(session, run, now=now)
    await repository.keep_artefacts(session, run_id, artefacts)
    await outbox.add(
        session,
        outbox.Event(
            kind="run.succeeded",
            subject="run",
            subject_id=run_id,
            data={"methodology_id": str(run.methodology_id), "result_digest": digest, "rated": computed.rated},
        ),
    )
    return run


def _written(computed: Computed) -> _Written:
    """The name of the result, and every artefact by kind and digest as it is stored."""
    named = computed.named()
    return named.digest, [(one.kind, one.digest, pack(one.content)) for one in named.artefacts]


async def _fail(context: JobContext, run_id: UUID) -> None:
    """Note on the run that it came to nothing; the job keeps the reason."""
    async with context.writing() as session:
        run = await repository.get_for_change(session, run_id)
        if run is not None and run.status == "queued":
            run.status, run.finished_at, run.updated_at = "failed", clock.now(), clock.now()
