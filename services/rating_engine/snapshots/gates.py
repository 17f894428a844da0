"""What the documents of a construction project prove of the school it became."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from shared.clients.registry import RegistryClient
from shared.schemas.rating.population import Gate
from shared.schemas.registry.construction import ConstructionProjectRead
from shared.schemas.registry.construction_history import StageChangeRead
from shared.schemas.registry.construction_words import EvidenceKind, Stage
from shared.schemas.tables import IndicatorColumn, MissingReason

_AT_ONCE = 8
"""Histories asked for side by side."""
_DOCUMENTS: Mapping[Gate, EvidenceKind] = {
    Gate.LICENCE_ANNEX: EvidenceKind.LICENCE_ANNEX,
    Gate.SANITARY_CERTIFICATE: EvidenceKind.SANITARY_CERTIFICATE,
    Gate.FIRE_CERTIFICATE: EvidenceKind.FIRE_CERTIFICATE,
}
_PASSED = frozenset({Stage.COMMISSIONED, Stage.OPERATING})


async def columns(
    registry: RegistryClient, organisations: Sequence[UUID], gates: Iterable[Gate], *, as_of: date
) -> dict[str, IndicatorColumn]:
    """A column a gate: 1 proven, 0 not; a school without a construction project of its own has reported nothing."""
    wanted = frozenset(organisations)
    projects = [
        project
        async for project in registry.construction_projects(as_of=as_of)
        if project.organisation_id is not None and project.organisation_id in wanted
    ]
    limit = asyncio.Semaphore(_AT_ONCE)

    async def proven(project: ConstructionProjectRead) -> tuple[UUID, frozenset[Gate]]:
        assert project.organisation_id is not None
        async with limit:
            history = await registry.stage_changes(project.id)
        return project.organisation_id, passed(history.items, as_of=as_of)

    known = dict(await asyncio.gather(*map(proven, projects)))
    return {gate.value: _column(gate, organisations, known) for gate in gates}


def passed(steps: Iterable[StageChangeRead], *, as_of: date) -> frozenset[Gate]:
    """The gates that the steps up to that day prove."""
    done = [step for step in steps if step.effective_on <= as_of]
    documents = {evidence.kind for step in done for evidence in step.evidence}
    found = {gate for gate, document in _DOCUMENTS.items() if document in documents}
    if any(step.to_stage in _PASSED for step in done):
        found.add(Gate.COMMISSIONED)
    return frozenset(found)


def _column(gate: Gate, organisations: Sequence[UUID], known: Mapping[UUID, frozenset[Gate]]) -> IndicatorColumn:
    nothing: list[None] = [None] * len(organisations)
    return IndicatorColumn(
        value=[float(gate in known[one]) if one in known else None for one in organisations],
        n=list(nothing),
        variance=list(nothing),
        reason=[None if one in known else MissingReason.NOT_REPORTED for one in organisations],
    )
