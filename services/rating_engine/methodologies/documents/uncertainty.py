"""What a document lets vary, for the core, and what is wrong with it."""

from collections.abc import Iterator

from services.rating_engine.core import types as core
from services.rating_engine.methodologies import refusals
from services.rating_engine.methodologies.documents.checks import Found
from shared.schemas.rating import methodology as wire
from shared.schemas.rating import methods
from shared.schemas.rating.uncertainty import Uncertainty


def check(document: wire.MethodologyDocument) -> Iterator[Found]:
    """An alternative that would silently change nothing is refused: it would look like robustness."""
    if document.uncertainty is None:
        return
    declared = {leaf.normalisation.kind for _, leaf in wire.leaves(document)}
    for place, kind in enumerate(document.uncertainty.alternatives.normalisation):
        if kind not in _WITHOUT_PARAMETERS and kind not in declared:
            at = f"/uncertainty/alternatives/normalisation/{place}"
            yield at, refusals.ALTERNATIVE_WITHOUT_PARAMETERS.of(kind=kind.value)
    for place, mean in enumerate(document.uncertainty.alternatives.aggregation):
        if mean is methods.AggregationKind.POWER_MEAN:
            at = f"/uncertainty/alternatives/aggregation/{place}"
            yield at, refusals.ALTERNATIVE_WITHOUT_PARAMETERS.of(kind=mean.value)


_WITHOUT_PARAMETERS = frozenset(
    {
        methods.NormalisationKind.MIN_MAX,
        methods.NormalisationKind.Z_SCORE,
        methods.NormalisationKind.RANK,
        methods.NormalisationKind.PERCENTILE_RANK,
        methods.NormalisationKind.DISTANCE_TO_MAXIMUM,
        methods.NormalisationKind.FRACTION_OF_MAXIMUM,
        methods.NormalisationKind.IDENTITY,
    }
)
"""Kinds that need nothing but the column, and so can stand in for any other."""


def uncertainty(item: Uncertainty) -> core.Uncertainty:
    """What could have been chosen otherwise."""
    return core.Uncertainty(
        replicates=item.replicates,
        seed=item.seed,
        spread=item.weights.spread if item.weights else 0.0,
        normalisations=tuple(kind.value for kind in item.alternatives.normalisation),
        aggregations=tuple(kind.value for kind in item.alternatives.aggregation),
    )
