"""Putting a run before the public, and reading what was put there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.explanations import service as explanations
from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.publications import repository
from services.rating_engine.publications.errors import (
    EntryNotFound,
    MethodologyChanged,
    MethodologyNotAgreed,
    PublicationNotFound,
    RunPublished,
)
from services.rating_engine.publications.models import Publication
from services.rating_engine.publications.repository import EntryFilter
from services.rating_engine.runs import service as runs
from services.rating_engine.runs.service import Run, RunResult
from services.rating_engine.snapshots import service as snapshots
from shared import outbox
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.base import FullText, TextOut
from shared.schemas.rating.methodology import MethodologyDocument
from shared.schemas.rating.publications import EntryExplained
from shared.schemas.registry.indicators import IndicatorRead

__all__ = [
    "EntryFilter",
    "count_entries",
    "current",
    "documents",
    "entries",
    "entry",
    "get",
    "page",
    "publish",
    "trajectory",
]


async def publish(
    session: WriteSession,
    *,
    run_id: UUID,
    title: FullText | None,
    note: FullText | None,
    catalogue: Mapping[str, IndicatorRead],
    now: datetime,
) -> Publication:
    """Freeze a run as the next edition of its code; the one in force until now is superseded.

    Raises problems when the run has no result, has been published, or is not of an agreed methodology.
    """
    run = await runs.get_finished(session, run_id)
    methodology = await methodologies.get(session, run.methodology_id)
    if methodology.status == "draft":
        raise MethodologyNotAgreed(status=methodology.status)
    if methodology.digest != run.methodology_digest:
        raise MethodologyChanged
    await repository.lock_code(session, methodology.code)
    if await repository.of_run(session, run_id) is not None:
        raise RunPublished
    previous = await repository.current(session, methodology.code)
    publication = Publication(
        id=new_id(),
        code=methodology.code,
        edition=await repository.next_edition(session, methodology.code),
        title=title.model_dump() if title else methodology.title,
        note=note.model_dump() if note else None,
        status="current",
        period=run.period,
        as_of=run.as_of,
        published_at=now,
        run_id=run.id,
        methodology_id=methodology.id,
        methodology_digest=run.methodology_digest,
        snapshot_digest=run.snapshot_digest,
        result_digest=run.result_digest,
        organisations=run.organisations,
        rated=run.rated,
        created_at=now,
        updated_at=now,
    )
    if previous is not None:
        previous.status, previous.superseded_by, previous.updated_at = "superseded", publication.id, now
        await session.flush()
    session.add(publication)
    await session.flush()
    document = MethodologyDocument.model_validate(methodology.document)
    await _keep_entries(session, publication, run, document, catalogue)
    await outbox.add(
        session,
        outbox.Event(
            kind="publication.published",
            subject="publication",
            subject_id=publication.id,
            data={
                "code": publication.code,
                "edition": publication.edition,
                "supersedes": str(previous.id) if previous else None,
                "result_digest": publication.result_digest,
            },
        ),
    )
    return publication


async def get(session: AnySession, publication_id: UUID) -> Publication:
    """One edition; raises `PublicationNotFound`."""
    publication = await repository.get(session, publication_id)
    if publication is None:
        raise PublicationNotFound
    return publication


async def current(session: AnySession, code: str) -> Publication:
    """The edition in force of a code; raises `PublicationNotFound`."""
    publication = await repository.current(session, code)
    if publication is None:
        raise PublicationNotFound
    return publication


async def page(
    session: AnySession, *, code: str | None, after: Sequence[Any] | None, limit: int
) -> Sequence[Publication]:
    """Up to `limit` editions, the latest first."""
    return await repository.page(session, code=code, after=after, limit=limit)


async def entries(
    session: AnySession, wanted: EntryFilter, *, order: str, after: Sequence[Any] | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Up to `limit` entries of an edition."""
    return await repository.entries(session, wanted, order=order, after=after, limit=limit)


async def count_entries(session: AnySession, wanted: EntryFilter) -> int:
    """How many entries the filter lets through."""
    return await repository.count_entries(session, wanted)


async def entry(session: AnySession, publication_id: UUID, organisation_id: UUID) -> bytes:
    """The explanation of one entry as it was rendered; raises `EntryNotFound`."""
    document = await repository.entry(session, publication_id, organisation_id)
    if document is None:
        raise EntryNotFound
    return document


async def documents(
    session: AnySession, wanted: EntryFilter, *, after: UUID | None, limit: int
) -> Sequence[tuple[UUID, bytes]]:
    """Up to `limit` rendered explanations, by organisation."""
    return await repository.documents(session, wanted, after=after, limit=limit)


async def trajectory(session: AnySession, organisation_id: UUID) -> Sequence[Mapping[str, Any]]:
    """An organisation in every edition that speaks of it, oldest first."""
    return await repository.trajectory(session, organisation_id)


async def _keep_entries(
    session: WriteSession,
    publication: Publication,
    run: Run,
    document: MethodologyDocument,
    catalogue: Mapping[str, IndicatorRead],
) -> None:
    frozen = await snapshots.read(session, publication.snapshot_digest)
    tree = explanations.places(document)
    results = await runs.all_results(session, run.id)
    explained = (_explained(publication, result, tree, catalogue, frozen.sources) for result in results)
    await repository.keep_entries(
        session,
        (_row(publication.id, result, entry) for result, entry in zip(results, explained, strict=True)),
    )


def _explained(
    publication: Publication,
    result: RunResult,
    tree: Sequence[explanations.Place],
    catalogue: Mapping[str, IndicatorRead],
    sources: Mapping[str, str],
) -> EntryExplained:
    return EntryExplained(
        publication_id=publication.id,
        code=publication.code,
        period=publication.period,
        as_of=publication.as_of,
        of=publication.rated,
        organisation_id=result.organisation_id,
        name=TextOut.model_validate(result.name),
        area=result.area,
        status="rated" if result.score is not None else "not_rated",
        reason=result.reason,
        score=result.score,
        rank=result.rank,
        band=result.band,
        coverage=result.coverage,
        nodes=result.nodes,
        attributes=result.attributes,
        contributions=explanations.contributions(result, tree, catalogue, sources),
        missing=explanations.missing(result),
        methodology_digest=publication.methodology_digest,
        snapshot_digest=publication.snapshot_digest,
    )


def _row(publication_id: UUID, result: RunResult, entry: EntryExplained) -> tuple[Any, ...]:
    return (
        publication_id,
        result.organisation_id,
        result.name,
        result.sort_key,
        result.search_key,
        result.area,
        result.area_path,
        entry.status,
        result.reason,
        result.score,
        result.rank,
        result.band,
        result.coverage,
        result.nodes,
        entry.model_dump_json().encode(),
    )
