"""What is told of one organisation of a run: to itself in the preview, to everybody once it is published."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.rating_engine.explanations import service as explanations
from services.rating_engine.explanations.service import Place
from services.rating_engine.runs.service import Run, RunResult
from shared.schemas.base import TextOut
from shared.schemas.rating.publications import ContributionRead, EntryBody
from shared.schemas.registry.indicators import IndicatorRead
from shared.schemas.tables import MissingReason

Disputed = Mapping[UUID, Collection[str]]
"""By organisation, the indicators against whose values an appeal is open."""


def body(
    run: Run,
    code: str,
    result: RunResult,
    tree: Sequence[Place],
    catalogue: Mapping[str, IndicatorRead],
    sources: Mapping[str, str],
    disputed: Disputed,
) -> dict[str, Any]:
    """The fields of `EntryBody`; a value under appeal stands until the decision, and says that it is disputed."""
    contested = disputed.get(result.organisation_id, ())
    told = EntryBody(
        code=code,
        period=run.period,
        as_of=run.as_of,
        of=run.rated or 0,
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
        contributions=[_marked(one, contested) for one in explanations.contributions(result, tree, catalogue, sources)],
        missing=explanations.missing(result),
        methodology_digest=run.methodology_digest,
        snapshot_digest=run.snapshot_digest or "",
    )
    return {name: getattr(told, name) for name in EntryBody.model_fields}


def _marked(told: ContributionRead, contested: Collection[str]) -> ContributionRead:
    if told.indicator not in contested:
        return told
    return told.model_copy(update={"reason": MissingReason.UNDER_APPEAL.value})
