"""Putting a run before the public, and reading what was put there."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.rating_engine.appeals import service as appeals
from services.rating_engine.explanations import entries as explained
from services.rating_engine.explanations import service as explanations
from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.publications import repository
from services.rating_engine.publications.errors import (
    EditionNotInForce,
    EditionOfAnotherArea,
    EntryNotFound,
    MethodologyChanged,
    MethodologyNotAgreed,
    NoteNeeded,
    OrganisationOfAnotherType,
    PublicationNotFound,
    RunPublished,
    WaiverPointless,
)
from services.rating_engine.publications.models import Publication, PublicationEntry
from services.rating_engine.publications.repository import EntryFilter
from services.rating_engine.runs import service as runs
from services.rating_engine.runs import stages
from services.rating_engine.runs.service import Run, RunResult
from services.rating_engine.snapshots import service as snapshots
from shared import outbox
from shared.ahead import ahead
from shared.clock import end_of_day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.rating.methodology import MethodologyDocument
from shared.schemas.rating.publications import PublicationCreate
from shared.schemas.registry.indicators import IndicatorRead

__all__ = [
    "EntryFilter",
    "Publication",
    "PublicationEntry",
    "count_entries",
    "current",
    "documents",
    "entries",
    "entry",
    "get",
    "of_run",
    "page",
    "publish",
    "trajectory",
]


async def publish(
    session: WriteSession, asked: PublicationCreate, *, catalogue: Mapping[str, IndicatorRead], now: datetime
) -> Publication:
    """Freeze a run as the next edition of its code; the one in force until now is superseded.

    Raises problems when the run has no result, has been published, is not of an agreed methodology, has not been where
    its methodology promises to show it, needs correction, or speaks of organisations of another type.
    """
    named = await runs.get_finished(session, asked.run_id)
    methodology = await methodologies.get(session, named.methodology_id)
    if methodology.status == "draft":
        raise MethodologyNotAgreed(status=methodology.status)
    if methodology.digest != named.methodology_digest:
        raise MethodologyChanged
    await repository.lock_code(session, methodology.code)
    if await repository.of_run(session, named.id) is not None:
        raise RunPublished
    run = await stages.locked(session, named.id)
    waived = _waived(run, asked)
    await stages.demand_publishable(session, run, code=methodology.code, waived=waived is not None, now=now)
    previous = await repository.current(session, methodology.code)
    await _demand_same_area(session, previous, run)
    document = MethodologyDocument.model_validate(methodology.document)
    await _demand_type(session, run, document.organisation_types[0])
    publication = Publication(
        id=new_id(),
        code=methodology.code,
        edition=await repository.next_edition(session, methodology.code),
        title=asked.title.model_dump() if asked.title else methodology.title,
        note=asked.note.model_dump() if asked.note else None,
        status="current",
        period=run.period,
        as_of=run.as_of,
        published_at=now,
        corrects=_corrected(previous, asked),
        appeals_waived=waived,
        checked_by_another=run.checked_by_another,
        run_id=run.id,
        methodology_id=methodology.id,
        methodology_digest=run.methodology_digest,
        snapshot_digest=run.snapshot_digest,
        result_digest=run.result_digest,
        organisations=run.organisations,
        rated=await runs.count_shown(session, run.id),
        created_at=now,
        updated_at=now,
    )
    if previous is not None:
        previous.status, previous.superseded_by, previous.updated_at = "superseded", publication.id, now
        previous.superseded_at = now
        await session.flush()
        await stages.supersede(session, previous.run_id, now=now)
    session.add(publication)
    await stages.publish(session, run, code=methodology.code, now=now)
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
                "corrects": str(publication.corrects) if publication.corrects else None,
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


async def of_run(session: AnySession, run_id: UUID) -> Publication:
    """The edition that shows a run; raises `PublicationNotFound`."""
    publication = await repository.of_run(session, run_id)
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
    session: AnySession, *, code: str | None, on: date | None, after: Sequence[Any] | None, limit: int
) -> Sequence[Publication]:
    """Up to `limit` editions, the latest first; `on`: only what was in force at the end of that day in Kazakhstan."""
    end = end_of_day_in_kazakhstan(on) if on else None
    return await repository.page(session, code=code, in_force_at=end, after=after, limit=limit)


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


async def _demand_same_area(session: AnySession, previous: Publication | None, run: Run) -> None:
    """An edition follows one of the same area."""
    if previous is None:
        return
    area = (await runs.get(session, previous.run_id)).area
    if area != run.area:
        raise EditionOfAnotherArea(in_force=area or "KZ", given=run.area or "KZ")


def _waived(run: Run, asked: PublicationCreate) -> dict[str, Any] | None:
    """What the edition says of appeals it did not wait for; nothing where it waited, or none are promised."""
    if asked.waive_appeals is None:
        return None
    if run.appeal_days is None:
        raise WaiverPointless(pointer="/waive_appeals")
    return asked.waive_appeals.model_dump()


def _corrected(previous: Publication | None, asked: PublicationCreate) -> UUID | None:
    """The edition that is put right: the one in force, and with a word on what changed."""
    if asked.corrects is None:
        return None
    if previous is None or previous.id != asked.corrects:
        raise EditionNotInForce
    if asked.note is None:
        raise NoteNeeded(pointer="/note")
    return previous.id


async def _keep_entries(
    session: WriteSession,
    publication: Publication,
    run: Run,
    document: MethodologyDocument,
    catalogue: Mapping[str, IndicatorRead],
) -> None:
    """Explain every organisation once and for all, some of them in another thread while the next ones are read."""
    sources = await snapshots.sources(session, publication.snapshot_digest)
    tree = explanations.places(document, catalogue, sources)
    disputed = await appeals.disputed(session, run.id) if run.open_appeals else {}
    before = await runs.withheld(session, run.compared_with) if run.compared_with else {}

    def rows(results: Sequence[RunResult]) -> list[tuple[Any, ...]]:
        told = (
            explained.body(
                run,
                publication.code,
                result,
                tree,
                disputed,
                lights=document.lights,
                of=publication.rated,
                before=before.get(result.organisation_id),
            )
            for result in results
        )
        return [_row(publication.id, result, one) for result, one in zip(results, told, strict=True)]

    async with aclosing(ahead(runs.results_in_parts(session, run.id), rows)) as parts:
        async for part in parts:
            await repository.keep_entries(session, part)


async def _demand_type(session: AnySession, run: Run, expected: str) -> None:
    count, first = await runs.of_other_type(session, run.id, expected)
    if first is not None:
        raise OrganisationOfAnotherType(expected=expected, count=count, organisation_id=str(first))


def _row(publication_id: UUID, result: RunResult, told: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        publication_id,
        result.organisation_id,
        result.name,
        result.sort_key,
        result.search_key,
        result.area,
        result.area_path,
        *(told[name] for name in ("status", "reason", "score", "rank", "band", "coverage", "nodes")),
        explained.document(told, publication_id),
    )
