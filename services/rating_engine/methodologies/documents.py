"""From a methodology document to the words of the core; what could not be computed for some data is refused here."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import assert_never

from services.rating_engine.core import aggregate, normalise
from services.rating_engine.core import types as core
from services.rating_engine.methodologies import refusals
from services.rating_engine.methodologies.errors import MethodologyRefused
from shared.errors import FieldError
from shared.schemas.rating import methodology as wire
from shared.schemas.rating import methods

LEAST_WEIGHT = 1e-9
"""Of the weights above zero: with a smaller one the quotients of weights would leave the doubles."""


def read(document: wire.MethodologyDocument, *, data_at_hand: bool = False, at: str = "") -> core.Methodology:
    """The document as the core takes it; raises `MethodologyRefused` with every reason and its pointer.

    `data_at_hand`: the values to be rated come with the document, as in a simulation. `identity` has then no bound of
    its own under a mean that is not defined below zero: the values themselves are looked at when they are computed.
    `at` is the pointer of the document in the body.
    """
    found = [*_tree(document, data_at_hand), *_bands(document.bands), *_uncertainty(document)]
    if found:
        raise MethodologyRefused(
            errors=[FieldError(at + pointer, refusal.code, refusal.message) for pointer, refusal in found]
        )
    return core.Methodology(
        code=document.code,
        tree=node(document.tree),
        missing=core.Missing(
            core.MissingPolicy(document.missing.policy),
            document.missing.min_coverage,
            document.missing.min_node_coverage,
        ),
        peer_groups=peer_groups(document.peer_groups),
        precision=core.Precision(
            document.precision.shrink, document.precision.min_n, document.precision.suppress_below
        ),
        bands=bands(document.bands),
        uncertainty=None if document.uncertainty is None else uncertainty(document.uncertainty),
    )


Found = tuple[str, refusals.Refusal]


def _tree(document: wire.MethodologyDocument, data_at_hand: bool) -> Iterator[Found]:
    indicators: set[str] = set()
    nodes: set[str] = set()

    def visit(item: wire.Node, at: str) -> Iterator[Found]:
        if item.code in nodes:
            yield f"{at}/code", refusals.NODE_REPEATED.of(code=item.code)
        nodes.add(item.code)
        if all(child.weight == 0 for child in item.children):
            yield f"{at}/children", refusals.WEIGHTS_ALL_ZERO.of(code=item.code)
        elif aggregate.needs_non_negative(aggregation(item.aggregation)):
            for child in item.children:
                if child.weight > 0 and lower_bound(child, data_at_hand=data_at_hand) < 0:
                    name = child.indicator if isinstance(child, wire.Leaf) else child.code
                    yield f"{at}/aggregation", refusals.BELOW_ZERO.of(kind=item.aggregation.kind, child=name)
        for place, child in enumerate(item.children):
            below = f"{at}/children/{place}"
            if 0 < child.weight < LEAST_WEIGHT:
                yield f"{below}/weight", refusals.WEIGHT_TOO_SMALL.of(weight=child.weight, least=LEAST_WEIGHT)
            if isinstance(child, wire.Node):
                yield from visit(child, below)
                continue
            if child.indicator in indicators:
                yield f"{below}/indicator", refusals.INDICATOR_REPEATED.of(code=child.indicator)
            indicators.add(child.indicator)
            yield from _treatment(child.treatment, f"{below}/treatment")
            yield from _normalisation(child.normalisation, f"{below}/normalisation")

    yield from visit(document.tree, "/tree")


def lower_bound(child: wire.Node | wire.Leaf, *, data_at_hand: bool) -> float:
    """The least value a child can have, whatever the data; means lie within their children, Copeland counts from 0."""
    if isinstance(child, wire.Node):
        if child.aggregation.kind == "copeland":
            return 0.0
        return min(
            (lower_bound(one, data_at_hand=data_at_hand) for one in child.children if one.weight > 0), default=0.0
        )
    method = normalisation(child.normalisation)
    if isinstance(method, core.Identity):
        if data_at_hand:
            return 0.0
        cap = child.treatment if isinstance(child.treatment, methods.Cap) else methods.Cap(kind="cap")
        worst = cap.low if child.direction is wire.Direction.HIGHER else cap.high
        if worst is None:
            return -math.inf
        return worst if child.direction is wire.Direction.HIGHER else -worst
    return normalise.lower_bound(method)


def _treatment(item: methods.Treatment, at: str) -> Iterator[Found]:
    if isinstance(item, methods.Cap):
        if item.low is None and item.high is None:
            yield at, refusals.CAP_EMPTY.of()
        elif item.low is not None and item.high is not None and item.low > item.high:
            yield f"{at}/low", refusals.NOT_BELOW.of(low=item.low, high=item.high)


def _normalisation(item: methods.Normalisation, at: str) -> Iterator[Found]:
    if isinstance(item, methods.Goalposts | methods.LogGoalposts):
        if item.low >= item.high:
            yield f"{at}/low", refusals.NOT_BELOW.of(low=item.low, high=item.high)
        elif isinstance(item, methods.LogGoalposts) and item.low <= 0:
            yield f"{at}/low", refusals.NOT_POSITIVE.of(low=item.low)
        elif not math.isfinite(item.high - item.low):
            yield f"{at}/low", refusals.TOO_FAR_APART.of(low=item.low, high=item.high)
        elif isinstance(item, methods.LogGoalposts) and math.log(item.low) == math.log(item.high):
            yield f"{at}/low", refusals.NOT_BELOW.of(low=item.low, high=item.high)
    if isinstance(item, methods.Goalposts | methods.LogGoalposts | methods.MinMax):
        low, high = item.scale
        if low >= high:
            yield f"{at}/scale", refusals.NOT_BELOW.of(low=low, high=high)
        elif max(abs(low), abs(high)) > 1e9:
            yield f"{at}/scale", refusals.TOO_FAR_APART.of(low=low, high=high)
    if isinstance(item, methods.Thresholds):
        if not _ascending(item.cuts):
            yield f"{at}/cuts", refusals.NOT_ASCENDING.of()
        if len(item.levels) != len(item.cuts) + 1:
            yield f"{at}/levels", refusals.ONE_MORE.of(expected=len(item.cuts) + 1, given=len(item.levels))


def _bands(item: wire.Bands) -> Iterator[Found]:
    if isinstance(item, wire.NoBands):
        return
    if len(set(item.labels)) < len(item.labels):
        yield "/bands/labels", refusals.LABEL_REPEATED.of()
    if isinstance(item, wire.CutBands):
        if not _ascending(item.cuts):
            yield "/bands/cuts", refusals.NOT_ASCENDING.of()
        if len(item.labels) != len(item.cuts) + 1:
            yield "/bands/labels", refusals.ONE_MORE.of(expected=len(item.cuts) + 1, given=len(item.labels))


def _uncertainty(document: wire.MethodologyDocument) -> Iterator[Found]:
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


def _ascending(numbers: Sequence[float]) -> bool:
    return all(first < second for first, second in pairwise(numbers))


def node(item: wire.Node) -> core.Node:
    """The node and everything below."""
    return core.Node(
        code=item.code,
        weight=item.weight,
        aggregation=aggregation(item.aggregation),
        children=tuple(node(child) if isinstance(child, wire.Node) else leaf(child) for child in item.children),
    )


def leaf(item: wire.Leaf) -> core.Leaf:
    """One indicator."""
    return core.Leaf(
        indicator=item.indicator,
        weight=item.weight,
        direction=core.Direction(item.direction),
        treatment=treatment(item.treatment),
        normalisation=normalisation(item.normalisation),
    )


def aggregation(item: methods.Aggregation) -> core.Aggregation:
    """How children become one."""
    match item:
        case methods.WeightedArithmetic():
            return core.WeightedArithmetic()
        case methods.WeightedGeometric():
            return core.WeightedGeometric()
        case methods.WeightedHarmonic():
            return core.WeightedHarmonic()
        case methods.PowerMean():
            return core.PowerMean(item.power)
        case methods.Copeland():
            return core.Copeland()
        case _:
            assert_never(item)


def treatment(item: methods.Treatment) -> core.Treatment:
    """What is done to outliers."""
    match item:
        case methods.NoTreatment():
            return core.NoTreatment()
        case methods.Cap():
            return core.Cap(item.low, item.high)
        case methods.Winsorise():
            return core.Winsorise(item.max_points, item.skew, item.kurtosis)
        case methods.Log():
            return core.Log()
        case methods.BoxCox():
            return core.BoxCox(item.power)
        case _:
            assert_never(item)


def normalisation(item: methods.Normalisation) -> core.Normalisation:
    """How values come onto the common scale."""
    match item:
        case methods.Goalposts():
            return core.Goalposts(item.low, item.high, _scale(item.scale), item.cap)
        case methods.LogGoalposts():
            return core.LogGoalposts(item.low, item.high, _scale(item.scale), item.cap)
        case methods.MinMax():
            return core.MinMax(_scale(item.scale))
        case methods.ZScore():
            return core.ZScore(item.mean, item.sd)
        case methods.Rank():
            return core.Rank()
        case methods.PercentileRank():
            return core.PercentileRank()
        case methods.DistanceToTarget():
            return core.DistanceToTarget(item.target, item.cap)
        case methods.DistanceToMaximum():
            return core.DistanceToMaximum()
        case methods.DistanceToReference():
            return core.DistanceToReference(item.reference, item.cap)
        case methods.FractionOfMaximum():
            return core.FractionOfMaximum()
        case methods.Thresholds():
            return core.Thresholds(tuple(item.cuts), tuple(item.levels))
        case methods.Identity():
            return core.Identity()
        case _:
            assert_never(item)


def _scale(ends: Sequence[float]) -> core.Scale:
    return ends[0], ends[1]


def peer_groups(item: wire.PeerGroups | None) -> core.PeerGroups | None:
    """Who is compared with whom, or everyone."""
    return None if item is None else core.PeerGroups(tuple(item.by), item.minimum)


def bands(item: wire.Bands) -> core.Bands | None:
    """The groups, or none."""
    match item:
        case wire.NoBands():
            return None
        case wire.QuantileBands():
            return core.QuantileBands(tuple(item.labels))
        case wire.CutBands():
            return core.CutBands(tuple(item.labels), tuple(item.cuts))
        case wire.PairwiseLossBands():
            return core.PairwiseLossBands(tuple(item.labels), item.loss)
        case _:
            assert_never(item)


def uncertainty(item: wire.Uncertainty) -> core.Uncertainty:
    """What could have been chosen otherwise."""
    return core.Uncertainty(
        replicates=item.replicates,
        seed=item.seed,
        spread=item.weights.spread if item.weights else 0.0,
        normalisations=tuple(kind.value for kind in item.alternatives.normalisation),
        aggregations=tuple(kind.value for kind in item.alternatives.aggregation),
    )
