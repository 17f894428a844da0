"""Comparing: two organisations of an edition, a run with another, a run with what would be if."""

import asyncio
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.rating_engine.comparisons import moving, pairs, repository, supposing
from services.rating_engine.comparisons.errors import (
    NotComparable,
    NothingToCompareWith,
    RunsOfDifferentTypes,
    SameOrganisation,
    WhatIfContradictory,
)
from services.rating_engine.methodologies import documents
from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.methodologies.service import Methodology
from services.rating_engine.publications import service as publications
from services.rating_engine.publications.errors import EntryNotFound, PublicationNotFound
from services.rating_engine.publications.service import Publication
from services.rating_engine.runs import service as runs
from services.rating_engine.runs import stages
from services.rating_engine.runs.errors import RunNotFound
from services.rating_engine.runs.rules import Sight
from services.rating_engine.runs.service import Run
from services.rating_engine.snapshots import service as snapshots
from shared.auth import Actor
from shared.db.sessions import AnySession
from shared.schemas.rating.comparisons import CompareQuery, ComparisonRead, WhatIfCreate, WhatIfRead
from shared.schemas.rating.methodology import MethodologyDocument, digest

__all__ = ["compare", "movers", "what_if"]


async def compare(session: AnySession, asked: CompareQuery) -> ComparisonRead:
    """Two organisations of one edition; refused where no edition speaks of both."""
    if asked.a == asked.b:
        raise SameOrganisation(pointer="?b")
    publication = await _edition(session, asked)
    first, second = [await _entry(session, publication, asked, one) for one in (asked.a, asked.b)]
    methodology = await methodologies.get(session, publication.methodology_id)
    document = MethodologyDocument.model_validate(methodology.document)
    core = documents.read(document)
    seed = core.uncertainty.seed if core.uncertainty else 0
    share, turns = await asyncio.to_thread(pairs.weights, core.tree, first, second, spread=asked.spread, seed=seed)
    told = pairs.indicators(first, second)
    scores = first["score"], second["score"]
    difference = None if None in scores else float(scores[0] - scores[1])
    return ComparisonRead(
        publication_id=publication.id,
        code=publication.code,
        a=pairs.side(first),
        b=pairs.side(second),
        difference=difference,
        indicators=told,
        not_told=_not_told(difference, [one.difference for one in told]),
        probability=pairs.probability(first, second),
        weights_share=share.value if share else None,
        weights_error=share.error if share else None,
        spread=asked.spread,
        turns=turns,
    )


def _not_told(difference: float | None, parts: Sequence[float | None]) -> float | None:
    """What is left for the indicators of which nothing may be told; nothing is left where all is told."""
    if difference is None:
        return None
    if all(part is not None for part in parts):
        return 0.0
    return difference - math.fsum(part for part in parts if part is not None)


async def _edition(session: AnySession, asked: CompareQuery) -> Publication:
    if asked.publication_id is not None:
        return await publications.get(session, asked.publication_id)
    if asked.code is not None:
        return await publications.current(session, asked.code)
    found = await repository.editions_in_force_of(session, [asked.a, asked.b])
    if found:
        return await publications.get(session, found[0])
    if {asked.a, asked.b} <= await repository.known(session, [asked.a, asked.b]):
        raise NotComparable(pointer="?b")
    raise EntryNotFound


async def _entry(
    session: AnySession, publication: Publication, asked: CompareQuery, organisation_id: UUID
) -> Mapping[str, Any]:
    try:
        document = await publications.entry(session, publication.id, organisation_id)
    except EntryNotFound:
        if {asked.a, asked.b} <= await repository.known(session, [asked.a, asked.b]):
            raise NotComparable(pointer="?a" if organisation_id == asked.a else "?b") from None
        raise
    told: Mapping[str, Any] = json.loads(document)
    return told


async def movers(
    session: AnySession, actor: Actor, run: Run, *, against: UUID | None, sight: Sight, sees_all: bool
) -> Sequence[moving.Moved]:
    """Everyone within sight, who moved the farthest first; whoever does not work on ratings is not shown what the
    public is not told, nor the places of a run that is not shown to them."""
    methodology = await methodologies.get(session, run.methodology_id)
    earlier = await _against(session, against, methodology)
    seen = stages.seen_of(earlier, actor)
    sight = sight if seen.is_whole else seen
    other = await methodologies.get(session, earlier.methodology_id)
    if other.organisation_types != methodology.organisation_types:
        raise RunsOfDifferentTypes(pointer="?against")
    now = await repository.standings(session, run.id)
    before = await repository.standings(session, earlier.id)
    parts = None
    if run.compared_with != earlier.id and run.snapshot_digest and earlier.snapshot_digest:
        data = [await snapshots.read(session, one) for one in (run.snapshot_digest, earlier.snapshot_digest)]
        methods = [MethodologyDocument.model_validate(one.document) for one in (methodology, other)]
        parts = await asyncio.to_thread(moving.parts, data[0], methods[0], data[1], methods[1])
    found = moving.moved(now, before, parts, sight)
    return found if sees_all else moving.public(found)


async def _against(session: AnySession, against: UUID | None, methodology: Methodology) -> Run:
    try:
        if against is None:
            publication = await publications.current(session, methodology.code)
            return await runs.get_finished(session, publication.run_id)
        try:
            return await runs.get_finished(session, against)
        except RunNotFound:
            publication = await publications.get(session, against)
            return await runs.get_finished(session, publication.run_id)
    except PublicationNotFound:
        raise NothingToCompareWith from None


async def what_if(session: AnySession, run: Run, asked: WhatIfCreate) -> WhatIfRead:
    """The run's data by another method, with other weights or values; nothing is stored."""
    if asked.methodology is not None and asked.methodology_id is not None:
        raise WhatIfContradictory(pointer="/methodology_id")
    wanted = asked.methodology_id or run.methodology_id
    document = asked.methodology
    if document is None:
        methodology = await methodologies.get(session, wanted)
        document = MethodologyDocument.model_validate(methodology.document)
    assert run.snapshot_digest is not None, "a finished run has its data"
    content = await snapshots.content(session, run.snapshot_digest)
    before = await repository.standings(session, run.id)
    told = await asyncio.to_thread(supposing.suppose, content, document, asked, before)
    return WhatIfRead(
        run_id=run.id,
        snapshot_digest=run.snapshot_digest,
        methodology_digest=digest(told.document),
        summary=told.summary,
        movers=told.movers,
        standings=told.standings,
    )
