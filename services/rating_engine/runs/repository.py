"""Every SQL statement about runs and their results."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, select

from services.rating_engine.runs.artefacts import pack
from services.rating_engine.runs.models import Run, RunArtefact, RunResult
from shared.db import bulk, keyset
from shared.db.sessions import AnySession, WriteSession

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
    "changes",
    "limited",
    "document",
)
_LATEST = (keyset.Key(Run.created_at, descending=True), keyset.Key(Run.id, descending=True))
_BY_PLACE = (
    keyset.Key(RunResult.rank, nullable=True),
    keyset.Key(RunResult.sort_key.collate("C")),
    keyset.Key(RunResult.organisation_id),
)


async def get(session: AnySession, run_id: UUID) -> Run | None:
    """One run."""
    return await session.get(Run, run_id)


async def get_for_change(session: WriteSession, run_id: UUID) -> Run | None:
    """One run, locked until the transaction ends."""
    return await session.get(Run, run_id, with_for_update=True)


async def page(
    session: AnySession, *, methodology_id: UUID | None, after: Sequence[Any] | None, limit: int
) -> Sequence[Run]:
    """Up to `limit` runs, the latest first."""
    statement = select(Run).order_by(*keyset.order_by(_LATEST)).limit(limit)
    if methodology_id is not None:
        statement = statement.where(Run.methodology_id == methodology_id)
    if after is not None:
        statement = statement.where(keyset.after(_LATEST, after))
    return (await session.scalars(statement)).all()


async def keep_results(session: WriteSession, rows: Iterable[Sequence[Any]]) -> None:
    """Write all results of a run; `rows` in the order of `RESULT_COLUMNS`."""
    await bulk.copy_rows(session, cast(Table, RunResult.__table__), RESULT_COLUMNS, rows)


async def results(
    session: AnySession, run_id: UUID, *, after: Sequence[Any] | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Up to `limit` results by place, those without one last."""
    statement = (
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
        )
        .where(RunResult.run_id == run_id)
        .order_by(*keyset.order_by(_BY_PLACE))
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(keyset.after(_BY_PLACE, after))
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def all_results(session: AnySession, run_id: UUID) -> Sequence[RunResult]:
    """Every result of a run, by organisation."""
    statement = select(RunResult).where(RunResult.run_id == run_id).order_by(RunResult.organisation_id)
    return (await session.scalars(statement)).all()


async def count_results(session: AnySession, run_id: UUID) -> int:
    """How many organisations a run speaks of."""
    return int(await session.scalar(select(func.count()).where(RunResult.run_id == run_id)) or 0)


async def keep_artefacts(session: WriteSession, run_id: UUID, made: Sequence[tuple[str, str, bytes]]) -> None:
    """Write what the steps of a run left behind: kind, digest, content."""
    session.add_all(
        [RunArtefact(run_id=run_id, kind=kind, digest=digest, content=pack(content)) for kind, digest, content in made]
    )
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
