"""Putting together what a run was computed from and what came of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.rating_engine.bundles import packing
from services.rating_engine.bundles.errors import BundleUnavailable
from services.rating_engine.bundles.rules import holds_back, tells_small_figures
from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.methodologies.service import Methodology
from services.rating_engine.publications import service as publications
from services.rating_engine.runs import service as runs
from services.rating_engine.runs.compute import RESULT
from services.rating_engine.runs.errors import RunNotFound
from services.rating_engine.runs.rules import PUBLIC, sight
from services.rating_engine.runs.service import Run
from services.rating_engine.snapshots import service as snapshots
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.db.sessions import AnySession
from shared.schemas.rating.methodology import MethodologyDocument, canonical

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bundle that this caller may have."""

    run: Run
    is_full: bool
    """With the data, whatever they tell; else only what everybody may know."""

    @property
    def facets(self) -> tuple[str, ...]:
        """What decides its bytes beside the result."""
        return (str(self.run.id), "full" if self.is_full else "public")


async def wanted(session: AnySession, actor: Actor | None, run_id: UUID) -> Wanted:
    """Those who work on ratings have all of any finished run; everybody else what is public of a published one."""
    run = await runs.get(session, run_id)
    is_full = actor is not None and actor.has(Scope.RATING_READ) and sight(actor).is_whole
    if not is_full and run.stage not in PUBLIC:
        if actor is None or not actor.has(Scope.RATING_READ):
            raise RunNotFound
        raise OutOfReach
    return Wanted(await runs.get_finished(session, run_id), is_full)


async def packed(session: AnySession, asked: Wanted) -> tuple[str, bytes]:
    """The name of the file and its bytes: the same each time. Raises `BundleUnavailable`."""
    run = asked.run
    methodology = await methodologies.get(session, run.methodology_id)
    if methodology.digest != run.methodology_digest:
        raise BundleUnavailable(part=packing.METHODOLOGY)
    document = MethodologyDocument.model_validate(methodology.document)
    kept = await runs.artefact_contents(session, run.id)
    if run.snapshot_digest is None or RESULT not in kept:
        raise BundleUnavailable(part=packing.RESULT)
    content = await snapshots.content(session, run.snapshot_digest)
    parts = {
        packing.METHODOLOGY: canonical(document).encode(),
        packing.SNAPSHOT: content,
        **{packing.part_of(kind): told for kind, told in kept.items()},
    }
    is_open = asked.is_full or (
        await asyncio.to_thread(_may_be_told, parts[packing.RESULT], content, document)
        and await _edition_before_may_be_told(session, run)
    )
    if not is_open:
        parts = {packing.METHODOLOGY: parts[packing.METHODOLOGY], packing.ENTRIES: await _entries(session, run)}
    about = _about(run, methodology, document, is_recomputable=is_open)
    name = f"{methodology.code}-{run.period}-{run.id}"
    return name, await asyncio.to_thread(lambda: packing.pack(packing.bundle(about, parts)))


def _may_be_told(result: bytes, content: bytes, document: MethodologyDocument) -> bool:
    return not holds_back(result) and not tells_small_figures(snapshots.parse(content), document)


async def _edition_before_may_be_told(session: AnySession, run: Run) -> bool:
    """The data hold the values and bands of the edition they were compared with as well."""
    if run.compared_with is None:
        return True
    before = await runs.get(session, run.compared_with)
    kept = await runs.artefact_contents(session, before.id)
    if before.snapshot_digest is None or RESULT not in kept:
        return False
    methodology = await methodologies.get(session, before.methodology_id)
    document = MethodologyDocument.model_validate(methodology.document)
    content = await snapshots.content(session, before.snapshot_digest)
    return await asyncio.to_thread(_may_be_told, kept[RESULT], content, document)


def _about(
    run: Run, methodology: Methodology, document: MethodologyDocument, *, is_recomputable: bool
) -> Mapping[str, Any]:
    """What the manifest says of the run: nothing that changes after it."""
    return {
        "recomputable": is_recomputable,
        "run": {
            "id": str(run.id),
            "period": run.period,
            "as_of": run.as_of.isoformat(),
            "known_at": run.known_at.isoformat() if run.known_at else None,
            "area": run.area,
            "corrects": str(run.corrects) if run.corrects else None,
        },
        "methodology": {"code": methodology.code, "edition": methodology.edition},
        "engine_version": run.engine_version,
        "seed": document.uncertainty.seed if document.uncertainty else None,
        "methodology_digest": run.methodology_digest,
        "snapshot_digest": run.snapshot_digest,
        "result_digest": run.result_digest,
    }


async def _entries(session: AnySession, run: Run) -> bytes:
    """What was published of every organisation, one a line, by organisation."""
    publication = await publications.of_run(session, run.id)
    asked = publications.EntryFilter(publication_id=publication.id)
    lines: list[bytes] = []
    after: UUID | None = None
    while page := await publications.documents(session, asked, after=after, limit=_PAGE):
        lines += [document + b"\n" for _, document in page]
        after = page[-1][0]
    return b"".join(lines)
