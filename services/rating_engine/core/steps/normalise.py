"""Bringing indicators of different units onto a common scale.

A normalisation is fitted once to the population (its extremes, mean, order) and then applied to any values: to the
population itself for the official score, and to shrunken or previous values where the method calls for them. With
`direction` `lower` the values are negated first, except that goalposts and thresholds keep their natural values and
flip the result, and the points of a `piecewise` line fall by themselves. Missing values stay missing; a result beyond
the largest double stays at the largest double.

Where the population leaves the formula without a value, the answer is fixed here and nowhere else:
- a constant column, or a single unit, says nothing of who is better: `min_max` gives the middle of its scale, `z_score`
  its `mean`, `percentile_rank` of a single unit and `distance_to_maximum` one half;
- a target or reference that is not better than the worst value has been reached by everyone: 1;
- `fraction_of_maximum` of a maximum of 0 gives 1 at the maximum and 0 below it.
"""

import math
from collections.abc import Callable
from typing import assert_never

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import (
    Direction,
    DistanceToMaximum,
    DistanceToReference,
    DistanceToTarget,
    Floats,
    FractionOfMaximum,
    Goalposts,
    Identity,
    LogGoalposts,
    MinMax,
    Normalisation,
    PercentileRank,
    Piecewise,
    Rank,
    Scale,
    Thresholds,
    ZScore,
)

Fitted = Callable[[Floats], Floats]
"""A normalisation with the population's parameters inside: treated values to normalised ones."""

_SMALLEST = 5e-324


def fit(normalisation: Normalisation, direction: Direction, values: Floats, *, reference: float = math.nan) -> Fitted:
    """Take from the population `values` what the normalisation needs; `reference` is the reference unit's value."""
    lower = direction is Direction.LOWER
    match normalisation:
        case Goalposts():
            natural = _goalposts(normalisation, lower)
            if normalisation.cap:
                return natural
        case LogGoalposts():
            natural = _log_goalposts(normalisation, lower)
        case Thresholds():
            natural = _thresholds(normalisation, lower)
        case Piecewise():
            natural = _piecewise(normalisation)
        case _:
            sign = -1.0 if lower else 1.0
            signed = _fit_signed(normalisation, sign * values[~np.isnan(values)], sign, reference)
            return lambda raw: _clean(signed, sign * raw)
    return lambda raw: _clean(natural, raw)


def _clean(function: Fitted, values: Floats) -> Floats:
    with np.errstate(over="ignore", under="ignore"):
        found = function(values)
        return exact.saturated(found, out=None if found is values else found)


def _fit_signed(normalisation: Normalisation, population: Floats, sign: float, reference: float) -> Fitted:
    """The normalisations that see the negated values of a `lower` indicator."""
    match normalisation:
        case Identity():
            return lambda x: x
        case _ if len(population) == 0:
            return lambda x: x
        case MinMax():
            return _min_max(population, normalisation.scale)
        case ZScore():
            return _z_score(population, normalisation)
        case Rank():
            return _rank(population)
        case PercentileRank():
            return _percentile_rank(population, normalisation.scale)
        case DistanceToTarget():
            return _distance(population, sign * normalisation.target, cap=normalisation.cap)
        case DistanceToReference():
            return _distance(population, sign * reference, cap=normalisation.cap)
        case DistanceToMaximum():
            return _min_max(population, (0.0, 1.0))
        case FractionOfMaximum():
            return _fraction_of_maximum(population)
        case Goalposts() | LogGoalposts() | Thresholds() | Piecewise():
            raise TypeError(normalisation)
        case _:
            assert_never(normalisation)


def _onto(share: Floats, scale: Scale, *, is_capped: bool = False) -> Floats:
    """low + share (high - low), exactly `low` at 0 and `high` at 1, never outside them in between; spoils `share`.

    `is_capped`: no share is outside 0..1.
    """
    low, high = scale
    # Where 1 comes out at `high` by itself so does all below it, for rounding keeps the order.
    if low == 0.0 or (is_capped and high - low + low == high):
        share *= high - low
        share += low
        return share
    placed = share * (high - low) + low
    within = (share >= 0.0) & (share <= 1.0)
    return np.where(within, np.where(share == 1.0, high, np.clip(placed, low, high)), placed)


def _posts(share: Floats, scale: Scale, *, cap: bool, lower: bool) -> Floats:
    """The share of the way between the posts onto the scale; spoils `share`."""
    if cap:
        share.clip(0.0, 1.0, out=share)
    return _onto(np.subtract(1.0, share, out=share) if lower else share, scale, is_capped=cap)


def _goalposts(posts: Goalposts, lower: bool) -> Fitted:
    """(x - low)/(high - low); `cap` to 0..1; 1 minus that when lower is better; onto `scale`.

    Source: UNDP Human Development Report, technical note 1; OECD/JRC Handbook (2008), «min-max» with fixed posts.
    """

    def apply(x: Floats) -> Floats:
        with np.errstate(over="ignore", under="ignore"):
            share = x - posts.low
            share /= posts.high - posts.low
        return _posts(share, posts.scale, cap=posts.cap, lower=lower)

    return apply


def _log_goalposts(posts: LogGoalposts, lower: bool) -> Fitted:
    """(ln x - ln low)/(ln high - ln low); `cap` to 0..1; 1 minus that when lower is better; onto `scale`.

    A value of 0 or below has no logarithm and is read as the smallest positive double, so with `cap` it is at the low
    post. Source: UNDP Human Development Report, technical note 1 (income index).
    """
    low = math.log(posts.low)
    span = math.log(posts.high) - low

    def apply(x: Floats) -> Floats:
        missing = np.isnan(x)
        positive = np.where(missing, 1.0, np.maximum(x, _SMALLEST))
        logs = exact.each(math.log, positive.tolist(), count=len(x))
        return np.where(missing, np.nan, _posts((logs - low) / span, posts.scale, cap=posts.cap, lower=lower))

    return apply


def _min_max(population: Floats, scale: Scale) -> Fitted:
    """(x - min)/(max - min) onto `scale`; the middle of the scale for a constant column.

    `distance_to_maximum`, 1 - (max - x)/(max - min), is the same expression on the scale 0..1.
    Source: OECD/JRC Handbook (2008), step 5; COINr `n_minmax`, `n_dist2max`.
    """
    down = -exact.exponent(population)
    scaled = np.ldexp(population, down)
    low, high = float(scaled.min()), float(scaled.max())
    if low == high:
        middle = scale[0] + (scale[1] - scale[0]) / 2
        return lambda x: np.where(np.isnan(x), np.nan, middle)
    return lambda x: _onto((np.ldexp(x, down) - low) / (high - low), scale)


def _z_score(population: Floats, target: ZScore) -> Fitted:
    """(x - mean)/sd · `sd` + `mean`, sd with n - 1; `mean` for a constant column.

    Source: OECD/JRC Handbook (2008), step 5; COINr `n_zscore`.
    """
    down = -exact.exponent(population)
    scaled = np.ldexp(population, down)
    centre = exact.mean(scaled)
    sd = exact.sample_sd(scaled, centre)
    if sd == 0.0 or scaled.min() == scaled.max():
        return lambda x: np.where(np.isnan(x), np.nan, target.mean)
    return lambda x: (np.ldexp(x, down) - centre) / sd * target.sd + target.mean


def _worse(population: Floats) -> Fitted:
    """How many of the population are strictly below x."""
    ordered = np.sort(population)
    return lambda x: np.where(np.isnan(x), np.nan, np.searchsorted(ordered, x, side="left").astype(np.float64))


def _rank(population: Floats) -> Fitted:
    """1 + the number of units strictly worse: the worst is 1, ties share the lowest place. Source: COINr `n_rank`."""
    worse = _worse(population)
    return lambda x: worse(x) + 1.0


def _percentile_rank(population: Floats, scale: Scale) -> Fitted:
    """(rank - 1)/(n - 1) onto `scale`: the share of the others that are strictly worse; the middle of the scale for a
    single unit.

    Source: COINr `n_prank`.
    """
    if len(population) == 1:
        return lambda x: _onto(np.where(np.isnan(x), np.nan, 0.5), scale)
    worse = _worse(population)
    return lambda x: _onto(np.minimum(worse(x) / (len(population) - 1), 1.0), scale)


def within(normalisation: Rank | PercentileRank, direction: Direction, values: Floats, compared: Floats) -> Floats:
    """The rank or percentile rank of each value among the values in its own row of `compared` (units by peers).

    The unit itself is one of those compared, so with p peers that have a value n is p + 1; without any such peer a
    percentile rank is one half. A missing peer is nobody's opponent.
    """
    sign = -1.0 if direction is Direction.LOWER else 1.0
    worse = np.count_nonzero(sign * compared < (sign * values)[:, None], axis=1)
    known = np.count_nonzero(~np.isnan(compared), axis=1)
    share = np.where(known > 0, worse / np.maximum(known, 1), 0.5)
    placed = worse + 1.0 if isinstance(normalisation, Rank) else _onto(share, normalisation.scale)
    return np.where(np.isnan(values), np.nan, placed)


def _distance(population: Floats, goal: float, *, cap: bool) -> Fitted:
    """(x - min)/(goal - min), `cap` at 1; a goal not beyond the worst value has been reached by all: 1.

    With `direction` `lower` both the values and the goal are negated, so a target is written in its natural unit.
    Source: COINr `n_dist2targ`, `n_dist2ref` (which answer NaN, infinity or reversed signs in that last case).
    """
    down = -max(exact.exponent(population), exact.exponent(np.array([goal])))
    scaled = np.ldexp(population, down)
    low, far = float(scaled.min()), math.ldexp(goal, down)
    if far <= low:
        return lambda x: np.where(np.isnan(x), np.nan, 1.0)

    def apply(x: Floats) -> Floats:
        share = (np.ldexp(x, down) - low) / (far - low)
        return np.minimum(share, 1.0) if cap else share

    return apply


def _fraction_of_maximum(population: Floats) -> Fitted:
    """x / max, after the negation of a `lower` indicator, as COINr `n_fracmax`.

    Below a negative maximum the quotient grows as the value worsens, which is what the formula says for every positive
    `lower` indicator; goalposts or `distance_to_maximum` say what is usually meant.
    """
    high = float(population.max())
    if high == 0.0:
        return lambda x: np.where(np.isnan(x), np.nan, (x >= 0.0).astype(np.float64))
    return lambda x: x / high


def _thresholds(steps: Thresholds, lower: bool) -> Fitted:
    """levels[number of cuts at or below x]: a value on a cut belongs to the interval above it.

    When lower is better the levels are read from the other end, so the cuts stay in natural values and every answer is
    one of the declared levels.
    """
    levels = np.array(steps.levels[::-1] if lower else steps.levels)
    cuts = np.array(steps.cuts)
    return lambda x: np.where(np.isnan(x), np.nan, levels[np.searchsorted(cuts, x, side="right")])


def _piecewise(line: Piecewise) -> Fitted:
    """y_i + (y_(i+1) - y_i) (x - x_i)/(x_(i+1) - x_i) between the points around x; y_1 before and y_n after them.

    A result never leaves the two values it lies between, and at a point it is exactly the point's. Source: linear
    interpolation as in the conversion tables of published ratings; a percentile rank frozen into a table is one.
    """
    x = np.array([point[0] for point in line.points])
    y = np.array([point[1] for point in line.points])

    def apply(values: Floats) -> Floats:
        left = np.clip(np.searchsorted(x, values, side="right") - 1, 0, len(x) - 2)
        reached = np.clip(values, x[0], x[-1])
        start, end = y[left], y[left + 1]
        share = (reached - x[left]) / (x[left + 1] - x[left])
        placed = np.clip(start + share * (end - start), np.minimum(start, end), np.maximum(start, end))
        return np.where(share == 1.0, end, placed)

    return apply


def lower_bound(normalisation: Normalisation) -> float:
    """The least value the normalisation can give whatever the data; minus infinity if there is none."""
    match normalisation:
        case Goalposts() | LogGoalposts():
            return normalisation.scale[0] if normalisation.cap else -math.inf
        case MinMax() | PercentileRank():
            return normalisation.scale[0]
        case Rank():
            return 1.0
        case DistanceToMaximum() | DistanceToTarget() | DistanceToReference():
            return 0.0
        case Thresholds():
            return min(normalisation.levels)
        case Piecewise():
            return min(y for _, y in normalisation.points)
        case ZScore() | FractionOfMaximum() | Identity():
            return -math.inf
        case _:
            assert_never(normalisation)


def upper_bound(normalisation: Normalisation) -> float:
    """The greatest value the normalisation can give whatever the data; infinity if there is none."""
    match normalisation:
        case Goalposts() | LogGoalposts():
            return normalisation.scale[1] if normalisation.cap else math.inf
        case MinMax():
            return normalisation.scale[1]
        case PercentileRank() | DistanceToMaximum():
            return 1.0
        case DistanceToTarget() | DistanceToReference():
            return 1.0 if normalisation.cap else math.inf
        case Thresholds():
            return max(normalisation.levels)
        case Piecewise():
            return max(y for _, y in normalisation.points)
        case Rank() | ZScore() | FractionOfMaximum() | Identity():
            return math.inf
        case _:
            assert_never(normalisation)
