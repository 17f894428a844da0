"""What the evidence behind a value is worth: too few observations, sampling noise, shrinkage towards the group."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from services.rating_engine.core.types import Column, Flags, Floats

_STEPS = 200


def without_small(column: Column, min_n: int) -> Column:
    """The column with values resting on fewer than `min_n` observations missing, for the reason `below_min_n`."""
    if column.n is None or min_n <= 0:
        return column
    small = (column.n < min_n) & ~np.isnan(column.values)
    if not small.any():
        return column
    reasons = column.reasons or (None,) * len(column.values)
    return replace(
        column,
        values=np.where(small, np.nan, column.values),
        reasons=tuple(
            "below_min_n" if is_small else reason for is_small, reason in zip(small.tolist(), reasons, strict=True)
        ),
    )


def between_variance(values: Floats, variances: Floats) -> tuple[float, float]:
    """tau² and the weighted mean by Paule and Mandel (1982): Σ (y - m)² / (v + tau²) = J - 1, tau² ≥ 0.

    The left side falls as tau² grows, so the root is found by halving an interval that holds it. Values without
    sampling variance are taken as exact; tau² is 0 where the spread is within what sampling explains (the eight
    schools).
    """

    def centre(tau: float) -> float:
        weights = 1.0 / (variances + tau)
        return math.fsum((weights * values).tolist()) / math.fsum(weights.tolist())

    def excess(tau: float) -> float:
        deviations = values - centre(tau)
        return math.fsum((deviations * deviations / (variances + tau)).tolist()) - (len(values) - 1)

    tiny = 1e-12 * max(float(np.ptp(values)) ** 2, 1e-300)
    low = 0.0 if bool((variances > 0.0).all()) else tiny
    if len(values) < 2 or excess(low) <= 0.0:
        return 0.0, centre(max(low, 0.0)) if len(values) > 1 else float(values[0])
    high = max(float(np.ptp(values)) ** 2, tiny)
    while excess(high) > 0.0:
        high *= 2.0
    for _ in range(_STEPS):
        middle = low + (high - low) / 2
        if middle in (low, high):
            break
        if excess(middle) > 0.0:
            low = middle
        else:
            high = middle
    return high, centre(high)


def shrunken(values: Floats, variances: Floats, groups: Sequence[tuple[Flags, Flags]]) -> tuple[Floats, Floats]:
    """Posterior means and variances within each group: m + λ (y - m) and tau² (1 - λ), λ = tau² / (tau² + v).

    `groups` are (members, population the mean and tau² are taken from). A value whose variance is unknown is left as
    it is, with variance 0. Source: empirical Bayes, Efron and Morris 1975; equals the BLUP of a mixed model with known
    variances.
    """
    means, left = values.copy(), np.where(np.isnan(variances), 0.0, variances)
    for members, population in groups:
        usable = population & ~np.isnan(values) & ~np.isnan(variances)
        touched = members & ~np.isnan(values) & (np.nan_to_num(variances) > 0.0)
        if np.count_nonzero(usable) < 2 or not touched.any():
            continue
        tau, centre = between_variance(values[usable], variances[usable])
        trust = tau / (tau + variances[touched])
        means[touched] = centre + trust * (values[touched] - centre)
        left[touched] = tau * (1.0 - trust)
    return means, left


def score_variance(slopes: Sequence[Floats], deviations: Sequence[Floats]) -> Floats:
    """Σ (∂V/∂z · sd(z))² over the leaves, whose errors are taken as independent (delta method)."""
    total = np.zeros(len(slopes[0]))
    for slope, deviation in zip(slopes, deviations, strict=True):
        total += np.square(slope * np.nan_to_num(deviation))
    return total
