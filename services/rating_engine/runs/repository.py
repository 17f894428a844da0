"""Every SQL statement about runs and their results."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVarTuple, cast
from uuid import UUID

from sqlalchemy import Select, Table, Text, func, or_, select
from sqlalchemy import cast as cast_as

from services.rating_engine.methodologies.service import Methodology
from services.rating_engine.runs.models import Run, RunArtefact, RunCorrection, RunResult, RunStep
from services.rating_engine.runs.rules import Sight
from shared.db import bulk, keyset
from shared.db.sessions import AnySession, WriteSession
from shared.jobs.tables import jobs

Row = TypeVarTuple("Row")

RESULT_COLUMNS = (
    "run_id",
    "organisation_id",
    "name",
    "sort_key",
    "search_key",
    "area",
    "area_path",
    "score",
    "rank",
    "band",
    "coverage",
    "reason",
    "nodes",
    "indicators",
    "attributes",
    "standing",
    "spread",
    "reach",
    "peers",
    "changes",
    "limited",
    "withheld",
)
_ROWS_A_PART = 400
_ROWS_A_STATEMENT = 2_000
_LATEST = (keyset.Key(Run.created_at, descending=True), keyset.Key(Run.id, descending=True))
_BY_PLACE = (
    keyset.Key(RunResult.rank, nullable=True),
    keyset.Key(RunResult.sort_key.collate("C")),
    keyset.Key(RunResult.organisation_id),
)


async def get(session: AnySession, run_id: UUID) -> Run | None:
    """One run."""
    return await session.get(Run, run_id)


async def in_force(session: AnySession, code: str, area: str | None) -> Run | None:
    """The run of this area, or of the country, that the edition in force of a code shows."""
    statement = (
        select(Run)
        .join(Methodology, Methodology.id == Run.methodology_id)
        .where(Methodology.code == code, Run.stage == "published", Run.area.is_not_distinct_from(area))
        .order_by(Run.created_at.desc(), Run.id)
        .limit(1)
    )
    return await session.scalar(statement)


async def forsaken(session: WriteSession) -> Sequence[Run]:
    """Runs that wait for a job that has ended without them, locked; those another holds wait for the next turn."""
    ended = select(jobs.c.id).where(jobs.c.status.in_(("failed", "cancelled")))
    statement = select(Run).where(Run.status == "queued", Run.job_id.in_(ended)).order_by(Run.id).limit(100)
    return (await session.scalars(statement.with_for_update(skip_locked=True))).all()


async def bands(session: AnySession, run_id: UUID) -> Mapping[UUID, str]:
    """The band of every organisation that a run has one for."""
    statement = select(RunResult.organisation_id, RunResult.band).where(
        RunResult.run_id == run_id, RunResult.band.is_not(None)
    )
    return {row.organisation_id: row.band for row in await session.execute(statement)}


async def withheld(session: AnySession, run_id: UUID) -> Mapping[UUID, Mapping[str, Any]]:
    """What the public is not told of a run, by organisation of which there is such."""
    statement = select(RunResult.organisation_id, RunResult.withheld).where(
        RunResult.run_id == run_id, func.jsonb_typeof(RunResult.withheld) == "object"
    )
    return {row.organisation_id: row.withheld for row in await session.execute(statement)}


async def get_for_change(session: WriteSession, run_id: UUID) -> Run | None:
    """One run, locked until the transaction ends."""
    return await session.get(Run, run_id, with_for_update=True)


async def page(
    session: AnySession, *, methodology_id: UUID | None, stage: str | None, after: Sequence[Any] | None, limit: int
) -> Sequence[Run]:
    """Up to `limit` runs, the latest first."""
    statement = select(Run).order_by(*keyset.order_by(_LATEST)).limit(limit)
    if stage is not None:
        statement = statement.where(Run.stage == stage)
    if methodology_id is not None:
        statement = statement.where(Run.methodology_id == methodology_id)
    if after is not None:
        statement = statement.where(keyset.after(_LATEST, after))
    return (await session.scalars(statement)).all()


async def keep_results(session: WriteSession, rows: Iterable[Sequence[Any]]) -> None:
    """Write all results of a run; `rows` in the order of `RESULT_COLUMNS`.

    A country takes seconds, and one statement for all might run out of its time.
    """
    left = iter(rows)
    while part := list(islice(left, _ROWS_A_STATEMENT)):
        await bulk.copy_rows(session, cast(Table, RunResult.__table__), RESULT_COLUMNS, part)


async def results(
    session: AnySession, run_id: UUID, *, sight: Sight, is_public: bool, after: Sequence[Any] | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Up to `limit` results by place, those without one last; `is_public`: none whose score is not published."""
    statement = _within(
        select(
            RunResult.organisation_id,
            RunResult.name,
            RunResult.sort_key,
            RunResult.score,
            RunResult.rank,
            RunResult.band,
            RunResult.coverage,
            RunResult.reason,
            RunResult.nodes,
            RunResult.withheld,
        ),
        run_id,
        sight,
        is_public=is_public,
    )
    statement = statement.order_by(*keyset.order_by(_BY_PLACE)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(_BY_PLACE, after))
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def results_in_parts(session: AnySession, run_id: UUID) -> AsyncGenerator[Sequence[RunResult]]:
    """Every result of a run, by organisation: to be read only, so rows and no objects that are watched for changes."""
    columns = cast(Table, RunResult.__table__).columns
    everyone = select(*columns).where(RunResult.run_id == run_id).order_by(RunResult.organisation_id)
    statement = everyone.limit(_ROWS_A_PART)
    while part := cast(Sequence[RunResult], (await session.execute(statement)).all()):
        yield part
        statement = everyone.where(RunResult.organisation_id > part[-1].organisation_id).limit(_ROWS_A_PART)


async def spreads(session: AnySession, run_id: UUID) -> Sequence[tuple[UUID, Mapping[str, Any]]]:
    """How far the choices of the method move each rated organisation, by id; none where no choices are declared."""
    statement = (
        select(RunResult.organisation_id, RunResult.spread)
        .where(RunResult.run_id == run_id, func.jsonb_typeof(RunResult.spread) == "object")
        .order_by(RunResult.organisation_id)
    )
    return [(row.organisation_id, row.spread) for row in await session.execute(statement)]


async def count_shown(session: AnySession, run_id: UUID) -> int:
    """How many organisations have a score that is told."""
    is_hidden = RunResult.withheld["unpublished"].as_boolean()
    statement = select(func.count(RunResult.organisation_id)).where(
        RunResult.run_id == run_id, RunResult.score.is_not(None), is_hidden.is_not(True)
    )
    return int(await session.scalar(statement) or 0)


async def of_other_type(session: AnySession, run_id: UUID, expected: str) -> tuple[int, UUID | None]:
    """How many organisations are not of a type, and the first of them."""
    of_type = RunResult.attributes["type"].as_string()
    statement = select(func.count(RunResult.organisation_id), func.min(cast_as(RunResult.organisation_id, Text))).where(
        RunResult.run_id == run_id, of_type.is_distinct_from(expected)
    )
    count, first = (await session.execute(statement)).one()
    return count, UUID(first) if first else None


async def count_results(session: AnySession, run_id: UUID, *, sight: Sight, is_public: bool) -> int:
    """Of how many organisations within sight a run speaks."""
    statement = _within(select(func.count(RunResult.organisation_id)), run_id, sight, is_public=is_public)
    return int(await session.scalar(statement) or 0)


def _within(statement: Select[*Row], run_id: UUID, sight: Sight, *, is_public: bool) -> Select[*Row]:
    """Only results of this run, and of the organisations that may be seen."""
    statement = statement.where(RunResult.run_id == run_id)
    if is_public:
        statement = statement.where(RunResult.withheld["unpublished"].as_boolean().is_not(True))
    if sight.is_whole:
        return statement
    return statement.where(
        or_(RunResult.area_path.contains([sight.area or ""]), RunResult.organisation_id == sight.organisation)
    )


async def keep_artefacts(session: WriteSession, run_id: UUID, made: Sequence[tuple[str, str, bytes]]) -> None:
    """Write what the steps of a run left behind: kind, digest, content as it is stored."""
    for kind, digest, packed in made:
        session.add(RunArtefact(run_id=run_id, kind=kind, digest=digest, content=packed))
    await session.flush()


async def artefact(session: AnySession, run_id: UUID, kind: str) -> bytes | None:
    """The stored content of one."""
    return await session.scalar(
        select(RunArtefact.content).where(RunArtefact.run_id == run_id, RunArtefact.kind == kind)
    )


async def artefacts(session: AnySession, run_id: UUID) -> Mapping[str, str]:
    """The digests of all of a run, by kind."""
    statement = select(RunArtefact.kind, RunArtefact.digest).where(RunArtefact.run_id == run_id)
    return {row.kind: row.digest for row in await session.execute(statement)}


async def artefact_contents(session: AnySession, run_id: UUID) -> Mapping[str, bytes]:
    """The stored contents of all of a run, by kind."""
    statement = select(RunArtefact.kind, RunArtefact.content).where(RunArtefact.run_id == run_id)
    return {row.kind: row.content for row in await session.execute(statement.order_by(RunArtefact.kind))}


async def next_step(session: WriteSession, run_id: UUID) -> int:
    """The number after the last step of a run, which the caller holds locked."""
    return (await session.scalar(select(func.max(RunStep.number)).where(RunStep.run_id == run_id)) or 0) + 1


async def steps(session: AnySession, run_id: UUID) -> Sequence[RunStep]:
    """The history of a run."""
    return (await session.scalars(select(RunStep).where(RunStep.run_id == run_id).order_by(RunStep.number))).all()


async def awaiting_correction(session: AnySession, *, code: str, period: str) -> Sequence[UUID]:
    """Runs of a rating and period that decisions ask to correct, and that were not corrected yet."""
    statement = _of(select(Run.id), code, period).where(Run.needs_correction, Run.corrected_by.is_(None))
    return (await session.scalars(statement.order_by(Run.id))).all()


async def may_be_corrected(session: AnySession, run_id: UUID, *, code: str, period: str) -> bool:
    """Whether decisions ask to correct this run, and it is of this rating and period."""
    statement = _of(select(Run.id), code, period).where(Run.id == run_id, Run.needs_correction)
    return await session.scalar(statement) is not None


async def last_correction(session: AnySession, *, code: str, period: str) -> datetime | None:
    """When the last decision that puts something right in this rating and period was taken."""
    statement = select(func.max(RunCorrection.decided_at)).join(Run, Run.id == RunCorrection.run_id)
    return await session.scalar(_of(statement, code, period))


async def corrected_cells(session: AnySession, *, code: str, period: str, remedy: str) -> Sequence[tuple[UUID, str]]:
    """The organisations and indicators that decisions put right in this way."""
    statement = select(RunCorrection.organisation_id, RunCorrection.indicator).join(Run, Run.id == RunCorrection.run_id)
    statement = _of(statement, code, period).where(RunCorrection.remedy == remedy).distinct()
    ordered = statement.order_by(RunCorrection.organisation_id, RunCorrection.indicator)
    return [(row.organisation_id, row.indicator) for row in await session.execute(ordered)]


def _of(statement: Select[*Row], code: str, period: str) -> Select[*Row]:
    """Only runs of this rating and period."""
    return statement.join(Methodology, Methodology.id == Run.methodology_id).where(
        Methodology.code == code, Run.period == period
    )


async def result(session: AnySession, run_id: UUID, organisation_id: UUID) -> RunResult | None:
    """What a run says of one organisation."""
    return await session.get(RunResult, (run_id, organisation_id))
