"""What the evidence behind a value is worth: too few observations, sampling noise, shrinkage towards the group."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import Column, Flags, Floats, Prior

_STEPS = 200
_CLOSE = 2.0**-50
"""A step of Newton smaller than this share has arrived."""
_LEAST, _MOST = 2.0**-200, 2.0**200
"""Variances beyond these, in units of the widest value squared, are as good as none and as good as no evidence."""


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


def between_variance(values: Floats, variances: Floats, mean: float | None = None) -> tuple[float, float]:
    """tau² and the weighted mean by Paule and Mandel (1982): Σ (y - m)² / (v + tau²) = J - 1, tau² ≥ 0.

    The left side falls as tau² grows, and is convex: Newton's steps find the root, and an interval that holds it is
    halved to the last bit. Values without sampling variance are taken as exact; tau² is 0 where the spread is within
    what sampling explains (the eight schools). With a mean that is given the right side is J. Sums are taken in the
    order of the values, so that of the units leaves no trace.
    """
    ascending = np.lexsort((variances, values))
    y, v = values[ascending], variances[ascending]

    def centre(weights: Floats) -> float:
        return _sum(weights * y) / _sum(weights) if mean is None else mean

    def excess(tau: float) -> tuple[float, float]:
        """The left side less the right, and how steeply it falls."""
        weights = 1.0 / (v + tau)
        deviations = y - centre(weights)
        ratios = deviations * weights
        with np.errstate(over="ignore"):
            return _sum(deviations * ratios) - expected, _sum(exact.saturated(ratios * ratios))

    expected = len(y) - (1 if mean is None else 0)
    width = (float(np.ptp(y)) if mean is None else float(np.max(np.abs(y - mean)))) ** 2
    if expected < 1 or width == 0.0:
        return 0.0, float(y[0]) if mean is None else mean
    low = 0.0 if bool((v > 0.0).all()) else 1e-12 * width
    if excess(low)[0] <= 0.0:
        return 0.0, centre(1.0 / (v + low))
    high = width
    while excess(high)[0] > 0.0:
        high *= 2.0
    root = _root(excess, low, high)
    return root, centre(1.0 / (v + root))


def _sum(terms: Floats) -> float:
    return float(np.add.reduce(terms))


def _root(excess: Callable[[float], tuple[float, float]], low: float, high: float) -> float:
    """The least double found with an excess of 0 or less; `low` has more and `high` has not."""
    guess = low + (high - low) / 2
    for _ in range(_STEPS):
        if guess in (low, high):
            return high
        found, steepness = excess(guess)
        low, high = (guess, high) if found > 0.0 else (low, guess)
        better = guess + found / steepness if steepness > 0.0 else math.nan
        if abs(better - guess) <= _CLOSE * guess:
            break
        guess = better if low < better < high else low + (high - low) / 2
    # Newton stands at the root: an interval of a few bits around it, then halving.
    for near in (guess * (1.0 - 4.0 * _CLOSE), guess * (1.0 + 4.0 * _CLOSE)):
        if low < near < high:
            low, high = (near, high) if excess(near)[0] > 0.0 else (low, near)
    for _ in range(_STEPS):
        middle = low + (high - low) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if excess(middle)[0] > 0.0 else (low, middle)
    return high


def weighted_mean(values: Floats, variances: Floats, tau: float) -> float:
    """Σ w y / Σ w with w = 1 / (v + tau²)."""
    weights = 1.0 / (variances + tau)
    return exact.total(weights * values) / exact.total(weights)


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of every unit once its own value and its group's are weighed, in the order of the units."""

    means: Floats
    variances: Floats
    reliability: Floats
    """λ = tau² / (tau² + v), 1 for an exact value; `MISSING` where the variance or the group is not known."""


def posterior(
    values: Floats,
    variances: Floats,
    groups: Sequence[tuple[Flags, Flags]],
    prior: Prior | None = None,
    *,
    with_centre: bool = False,
) -> Posterior:
    """Within each group m + λ (y - m) and tau² (1 - λ), λ = tau² / (tau² + v).

    `groups` are (members, population the mean and tau² are taken from); what `prior` gives is not estimated. A value
    whose variance is unknown is left as it is, with variance 0, and so is an exact one. `with_centre` adds
    (1 - λ)² / Σ 1 / (v + tau²), the variance of an estimated mean. Source: empirical Bayes, Efron and Morris 1975;
    equals the BLUP of a mixed model with known variances and, by `prior`, that of lme4 (`exam_expected_schools`).
    """
    means, left = values.copy(), np.where(np.isnan(variances), 0.0, variances)
    trusted = np.where(variances == 0.0, 1.0, np.nan)
    given = Prior() if prior is None else prior
    whole = given.mean is not None and given.tau2 is not None
    for members, population in groups:
        usable = population & ~np.isnan(values) & ~np.isnan(variances)
        touched = members & ~np.isnan(values) & (np.nan_to_num(variances) > 0.0)
        if np.count_nonzero(usable) < (1 if whole else 2) or not touched.any():
            continue
        # In units of the widest value: neither squares nor reciprocals leave the doubles, and no digit changes.
        most = max(float(np.max(np.abs(values[usable]))), abs(given.mean or 0.0))
        scale = math.frexp(most)[1]
        with np.errstate(over="ignore", under="ignore"):
            y = exact.saturated(np.ldexp(values, -scale))
            v = np.clip(np.ldexp(variances, -2 * scale), _LEAST, _MOST)
            tau, centre, centre_variance = _components(y[usable], v[usable], given, scale)
            trust = tau / (tau + v[touched])
            spread = tau * (1.0 - trust)
            if with_centre:
                spread = spread + np.square(1.0 - trust) * centre_variance
            means[touched] = exact.saturated(np.ldexp(centre + trust * (y[touched] - centre), scale))
            left[touched] = exact.saturated(np.ldexp(spread, 2 * scale))
            trusted[touched] = trust
    return Posterior(means, left, trusted)


def _components(values: Floats, variances: Floats, given: Prior, scale: int) -> tuple[float, float, float]:
    """tau², the mean and the variance of the mean in the scaled unit."""
    mean = None if given.mean is None else math.ldexp(given.mean, -scale)
    if given.tau2 is None:
        tau, centre = between_variance(values, variances, mean)
    else:
        tau = float(np.clip(np.ldexp(given.tau2, -2 * scale), 0.0, _MOST))
        centre = weighted_mean(values, variances, tau) if mean is None else mean
    if mean is not None:
        return tau, centre, 0.0
    return tau, centre, 1.0 / exact.total(1.0 / (variances + tau))


def unknown(noise: Floats | None, measured: Floats) -> Flags | None:
    """Scores of whose noise nothing is known, although something is of others': no own value with a variance, nor an
    expected one. None where nothing is known of any."""
    if noise is None:
        return None
    nothing: Flags = (measured == 0.0) & (noise == 0.0)
    return nothing if nothing.any() else None


def score_variance(slopes: Sequence[Floats], deviations: Sequence[Floats]) -> Floats:
    """Σ (∂V/∂z · sd(z))² over the leaves, whose errors are taken as independent (delta method)."""
    total = np.zeros(len(slopes[0]))
    for slope, deviation in zip(slopes, deviations, strict=True):
        with np.errstate(over="ignore"):
            total = exact.saturated(total + np.square(slope * np.nan_to_num(deviation)))
    return total
