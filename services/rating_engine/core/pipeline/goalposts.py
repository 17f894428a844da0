"""Fixed posts for a version of a method: what was taken from a population once is written down and holds for all.

With fixed posts a unit's score depends on its own values alone, so adding, removing or changing another unit never
reorders the rest. Without them it does: of the 51 ASEM countries 20 reorder the others by being left out.
"""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.pipeline.leaf import LeafState
from services.rating_engine.core.pipeline.preparation import prepare
from services.rating_engine.core.steps import missing, peers, reasons, treatment
from services.rating_engine.core.types import (
    WITHIN_PEERS,
    BoxCox,
    Cap,
    Copeland,
    Dataset,
    Direction,
    DistanceToMaximum,
    DistanceToReference,
    DistanceToTarget,
    Floats,
    FractionOfMaximum,
    Goalposts,
    Leaf,
    LeafMissing,
    Log,
    Methodology,
    MinMax,
    MissingPolicy,
    Normalisation,
    NoTreatment,
    PercentileRank,
    Piecewise,
    Rank,
    Scale,
    Thresholds,
    Treatment,
    Winsorise,
    WinsoriseShares,
    ZScore,
)

MOST_POINTS: Final = 1000
"""A table of more different values is thinned evenly: places between its points are interpolated."""
_BY_POPULATION: Final = (
    MinMax,
    ZScore,
    Rank,
    PercentileRank,
    DistanceToTarget,
    DistanceToMaximum,
    DistanceToReference,
    FractionOfMaximum,
)
_UNIT: Final[Scale] = (0.0, 1.0)


class NotFreezableError(ValueError):
    """A part of the method is about the others by its nature; `part` says which: `peers`, `copeland`, `imputation`,
    `node_charge`, `turning` or `no_values`, and `of` where."""

    def __init__(self, part: str, of: str) -> None:
        super().__init__(part, of)
        self.part = part
        self.of = of


def depends_on_population(leaf: Leaf) -> bool:
    """Whether the scale of an indicator is taken from the values it is put on."""
    treated = leaf.treatment
    return (
        isinstance(leaf.normalisation, _BY_POPULATION)
        or isinstance(treated, Winsorise | WinsoriseShares)
        or (isinstance(treated, Log) and treated.ends is None)
        or (isinstance(treated, BoxCox) and treated.low is None)
    )


def freeze(dataset: Dataset, methodology: Methodology) -> dict[str, Leaf]:
    """By indicator the leaf with what this population gives written into it; raises `NotFreezableError`.

    Scores of this population stay the same up to rounding (a rank table over more than a thousand different values is
    interpolated). Later values beyond the posts of `min_max` count as the posts. Bands by quantiles, shrinkage and the
    variance of a value nobody may see still look at the population; they move no score.
    """
    _demand_own(methodology)
    prepared = prepare(dataset, methodology).dataset
    groups = peers.groups(prepared, methodology.peer_groups)
    return {
        leaf.indicator: _frozen(LeafState(prepared, leaf, methodology, groups), leaf, methodology, prepared)
        for leaf in methodology.tree.leaves()
    }


def _demand_own(methodology: Methodology) -> None:
    """Refuse what is about the others by its nature."""
    for node in methodology.tree.nodes():
        if isinstance(node.aggregation, Copeland):
            raise NotFreezableError("copeland", node.code)
    if methodology.missing.policy is MissingPolicy.PENALISE and methodology.missing.min_node_coverage > 0.0:
        raise NotFreezableError("node_charge", methodology.tree.code)
    for leaf in methodology.tree.leaves():
        policy = reasons.policy_of(leaf, methodology)
        if policy is MissingPolicy.IMPUTE:
            raise NotFreezableError("imputation", leaf.indicator)
        by_group = isinstance(leaf.normalisation, WITHIN_PEERS) or policy in reasons.CHARGING
        if methodology.peer_groups is not None and by_group:
            raise NotFreezableError("peers", leaf.indicator)


def _frozen(state: LeafState, leaf: Leaf, methodology: Methodology, dataset: Dataset) -> Leaf:
    values = state.column.values
    present = values[~np.isnan(values)]
    rule = leaf.missing
    if state.policy in reasons.CHARGING and len(present) > 0:
        rule = LeafMissing(state.policy, state.charge(), missing.centre(present))
    if not depends_on_population(leaf):
        return replace(leaf, missing=rule)
    if len(present) == 0:
        raise NotFreezableError("no_values", leaf.indicator)
    treated = treatment.fit(leaf.treatment, present)(present)
    reference = math.nan
    if isinstance(leaf.normalisation, DistanceToReference):
        place = dataset.units.index(leaf.normalisation.reference)
        reference = float(treatment.fit(leaf.treatment, present)(values)[place])
    return replace(
        leaf,
        treatment=_treatment(leaf.treatment, present),
        normalisation=_normalisation(leaf, treated, reference),
        missing=rule,
    )


def _treatment(declared: Treatment, present: Floats) -> Treatment:
    least, most = float(present.min()), float(present.max())
    match declared:
        case Winsorise():
            low, high = treatment.winsorised_range(present, declared)
            if declared.fallback and not treatment.passes(np.clip(present, low, high), declared):
                return Log((least, most))
            return _cap(low, high, least, most)
        case WinsoriseShares():
            return _cap(*treatment.shares_range(present, declared), least, most)
        case Log(ends=None):
            return Log((least, most))
        case BoxCox(low=None):
            return BoxCox(declared.power, least)
        case _:
            return declared


def _cap(low: float, high: float, least: float, most: float) -> Treatment:
    if (low, high) == (least, most):
        return NoTreatment()
    return Cap(low if low > least else None, high if high < most else None)


def _normalisation(leaf: Leaf, treated: Floats, reference: float) -> Normalisation:
    kind, lower = leaf.normalisation, leaf.direction is Direction.LOWER
    low, high = float(treated.min()), float(treated.max())
    match kind:
        case MinMax():
            middle = kind.scale[0] + (kind.scale[1] - kind.scale[0]) / 2
            return _flat(low, middle) if low == high else Goalposts(low, high, kind.scale, cap=True)
        case DistanceToMaximum():
            return _flat(low, 0.5) if low == high else Goalposts(low, high, cap=True)
        case ZScore():
            return _z_score(kind, treated, lower=lower)
        case Rank() | PercentileRank():
            return _table(kind, treated, lower=lower)
        case DistanceToTarget() | DistanceToReference():
            goal = kind.target if isinstance(kind, DistanceToTarget) else reference
            worst = high if lower else low
            if (goal >= worst) if lower else (goal <= worst):
                return _flat(worst, 1.0)
            return Goalposts(min(goal, worst), max(goal, worst), cap=kind.cap)
        case FractionOfMaximum():
            if lower or high < 0.0:
                raise NotFreezableError("turning", leaf.indicator)
            return Thresholds((0.0,), _UNIT) if high == 0.0 else Goalposts(0.0, high)
        case _:
            return kind


def _z_score(kind: ZScore, treated: Floats, *, lower: bool) -> Normalisation:
    """Posts at the mean and one standard deviation to the good side of it, uncapped."""
    scale = exact.exponent(treated)
    scaled = np.ldexp(treated, -scale)
    centre = exact.mean(scaled)
    sd = exact.sample_sd(scaled, centre)
    if sd == 0.0 or scaled.min() == scaled.max():
        return _flat(float(treated[0]), kind.mean)
    mean, deviation = math.ldexp(centre, scale), math.ldexp(sd, scale)
    posts = (mean - deviation, mean) if lower else (mean, mean + deviation)
    return Goalposts(*posts, scale=(kind.mean, kind.mean + kind.sd))


def _table(kind: Rank | PercentileRank, treated: Floats, *, lower: bool) -> Normalisation:
    """Every value that occurs with its place, from which a line leads to the next."""
    values = np.unique(treated)
    ordered = np.sort(treated)
    if lower:
        worse = len(ordered) - np.searchsorted(ordered, values, side="right")
    else:
        worse = np.searchsorted(ordered, values, side="left")
    if isinstance(kind, Rank):
        places = worse + 1.0
    else:
        places = worse / (len(ordered) - 1) if len(ordered) > 1 else np.full(1, 0.5)
    if len(values) == 1:
        return _flat(float(values[0]), float(places[0]))
    if len(values) > MOST_POINTS:
        kept = np.unique(np.rint(np.linspace(0, len(values) - 1, MOST_POINTS)).astype(np.int64))
        values, places = values[kept], places[kept]
    return Piecewise(tuple(zip(values.tolist(), places.tolist(), strict=True)))


def _flat(at: float, result: float) -> Piecewise:
    """The same result for every value."""
    beside = at + 1.0 if abs(at) < 1e15 else at / 2.0
    return Piecewise(((min(at, beside), result), (max(at, beside), result)))
