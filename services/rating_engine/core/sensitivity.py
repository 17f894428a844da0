"""Which choice moves the ranks: variance-based indices of the mean absolute rank shift.

With independent samples A and B of the choices, and A_i being A with choice i taken from B, the estimators of Jansen
(1999) are S_i = 1 - mean((y_B - y_Ai)²)/(2V) and T_i = mean((y_A - y_Ai)²)/(2V), V being the variance of y over A and
B: both are centred, so no index is far below zero by construction. Choices are the weights of each level, the
normalisation and the aggregation; where some normalisation and aggregation cannot go together, the pair is one choice,
since the indices need independent ones. Source: Saltelli et al. 2010 (Comput. Phys. Commun. 181); intervals by
bootstrap over the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.rating_engine.core.types import Floats
from services.rating_engine.core.variants import Combination, Variants

_LEAST, _MOST = 32, 1024
_RESAMPLES = 500
_WEIGHT_SETS = 1024


@dataclass(frozen=True, slots=True)
class Index:
    """An estimate with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Indices by choice."""

    first: Mapping[str, Index]
    total: Mapping[str, Index]
    runs: int
    variance: float


def factors(variants: Variants) -> list[str]:
    """The choices that vary: `weights_1` from the root down, and `normalisation` and `aggregation`, or both as
    `method`."""
    names = [f"weights_{depth}" for depth, _ in variants.levels] if variants.uncertainty.spread > 0.0 else []
    if len(variants.combinations) == len(variants.normalisations) * len(variants.aggregations):
        names += ["normalisation"] if len(variants.normalisations) > 1 else []
        names += ["aggregation"] if len(variants.aggregations) > 1 else []
    elif len(variants.combinations) > 1:
        names.append("method")
    return names


def base_runs(variants: Variants) -> int:
    """Rows of A: a power of two, so that all runs together are about as many as the declared replicates."""
    wanted = variants.uncertainty.replicates // (len(factors(variants)) + 2)
    return int(min(_MOST, max(_LEAST, 2 ** (max(wanted, 1).bit_length() - 1))))


def indices(variants: Variants) -> Sensitivity | None:
    """The indices from the methodology's seed; `None` when nothing varies or nothing moves a rank."""
    names = factors(variants)
    if not names:
        return None
    rows = base_runs(variants)
    generator = np.random.Generator(np.random.PCG64([variants.uncertainty.seed, 1]))
    sets = 1.0 + variants.uncertainty.spread * generator.uniform(-1.0, 1.0, (_WEIGHT_SETS, variants.width))
    first, second = generator.random((rows, len(names))), generator.random((rows, len(names)))
    y_first = _shifts(variants, names, sets, first)
    y_second = _shifts(variants, names, sets, second)
    y_mixed = np.empty((len(names), rows))
    for place in range(len(names)):
        mixed = first.copy()
        mixed[:, place] = second[:, place]
        y_mixed[place] = _shifts(variants, names, sets, mixed)
    variance = float(np.var(np.concatenate((y_first, y_second))))
    if variance == 0.0:
        return None
    drawn = generator.integers(rows, size=(_RESAMPLES, rows))
    firsts, totals = {}, {}
    for place, name in enumerate(names):
        again = np.sort([jansen(y_first[at], y_second[at], y_mixed[place][at]) for at in drawn], axis=0)
        low, high = again[int(0.05 * _RESAMPLES)], again[int(0.95 * _RESAMPLES)]
        first_order, total = jansen(y_first, y_second, y_mixed[place])
        firsts[name] = Index(first_order, float(low[0]), float(high[0]))
        totals[name] = Index(total, float(low[1]), float(high[1]))
    return Sensitivity(firsts, totals, runs=rows * (len(names) + 2), variance=variance)


def jansen(y_first: Floats, y_second: Floats, y_mixed: Floats) -> tuple[float, float]:
    """First-order and total index of the choice that A_i takes from B; 0 and 0 where nothing varies."""
    variance = float(np.var(np.concatenate((y_first, y_second))))
    if variance == 0.0:
        return 0.0, 0.0
    first_order = 1.0 - float(np.mean(np.square(y_second - y_mixed))) / (2.0 * variance)
    return first_order, float(np.mean(np.square(y_first - y_mixed))) / (2.0 * variance)


def _shifts(variants: Variants, names: list[str], sets: Floats, points: Floats) -> Floats:
    """Mean absolute rank shift at each point of the unit cube of choices."""
    official = variants.official[variants.rated]
    shifts = np.empty(len(points))
    for row, point in enumerate(points):
        at = dict(zip(names, point.tolist(), strict=True))
        combination, multipliers = _choice(variants, sets, at)
        shifts[row] = np.abs(variants.ranks(combination, multipliers) - official).mean()
    return shifts


def _choice(variants: Variants, sets: Floats, at: Mapping[str, float]) -> tuple[Combination, Floats]:
    multipliers = np.ones(variants.width)
    for depth, slots in variants.levels:
        if f"weights_{depth}" in at:
            drawn = sets[int(at[f"weights_{depth}"] * _WEIGHT_SETS)]
            for slot in slots:
                multipliers[slot] = drawn[slot]
    if "method" in at:
        return variants.combinations[int(at["method"] * len(variants.combinations))], multipliers
    normalisation = variants.normalisations[int(at.get("normalisation", 0.0) * len(variants.normalisations))]
    aggregation = variants.aggregations[int(at.get("aggregation", 0.0) * len(variants.aggregations))]
    return Combination(normalisation, aggregation), multipliers
