"""From the words of a document to the words of the core: trees and their steps."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from services.rating_engine.core import types as core
from services.rating_engine.methodologies.documents import weighting
from shared.schemas.rating import evidence, methods
from shared.schemas.rating import methodology as wire
from shared.schemas.rating.gaps import LeafMissing


def node(item: wire.Node) -> core.Node:
    """The node and everything below."""
    return core.Node(
        code=item.code,
        weight=item.weight,
        aggregation=aggregation(item.aggregation),
        children=tuple(
            replace(node(child) if isinstance(child, wire.Node) else leaf(child), weight=weight)
            for child, weight in zip(item.children, weighting.weights(item), strict=True)
        ),
    )


def leaf(item: wire.Leaf) -> core.Leaf:
    """One indicator."""
    return core.Leaf(
        indicator=item.indicator,
        weight=item.weight,
        direction=core.Direction(item.direction),
        treatment=treatment(item.treatment),
        normalisation=normalisation(item.normalisation),
        actionable=item.actionable,
        missing=missing(item.missing),
        denominator=item.denominator,
        sampling=sampling(item.sampling),
        prior=prior(item.prior),
        widen=item.carry_forward.widen if item.carry_forward is not None else 0.0,
        min_n=item.min_n,
    )


def sampling(item: evidence.Sampling | None) -> core.Sampling | None:
    """Where variances come from, or from the data."""
    if item is None:
        return None
    return core.Sampling(core.SamplingKind(item.kind.value), item.sd, item.population, item.whole)


def prior(item: evidence.Prior | None) -> core.Prior | None:
    """What is shrunk towards, or an estimate of it."""
    return None if item is None else core.Prior(item.mean, item.tau2)


def missing(item: LeafMissing | None) -> core.LeafMissing | None:
    """What a gap in one indicator costs, where it is not what a gap costs everywhere."""
    return None if item is None else core.LeafMissing(core.MissingPolicy(item.policy), item.charge, item.expected)


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
            return core.Winsorise(item.max_points, item.skew, item.kurtosis, item.fallback is not None)
        case methods.WinsoriseShares():
            return core.WinsoriseShares(item.low, item.high)
        case methods.Log():
            return core.Log(None if item.ends is None else (item.ends[0], item.ends[1]))
        case methods.BoxCox():
            return core.BoxCox(item.power, item.low)
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
            return core.PercentileRank(_scale(item.scale))
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
        case methods.Piecewise():
            return core.Piecewise(tuple((point[0], point[1]) for point in item.points))
        case methods.Identity():
            return core.Identity()
        case _:
            assert_never(item)


def _scale(ends: Sequence[float]) -> core.Scale:
    return ends[0], ends[1]
