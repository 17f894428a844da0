"""From the children of a node to its value.

Weights are relative. A missing child drops out and the others' weights are taken over what is present; a child of
weight 0 takes no part; a unit with no child of positive weight has no value. All means lie within the least and the
greatest child that takes part, exactly. Sums are correctly rounded, so neither the order of units nor that of children
matters.
"""

import math
from collections.abc import Sequence
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.types import (
    Aggregation,
    Copeland,
    Flags,
    Floats,
    PowerMean,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
)

Mean = WeightedArithmetic | WeightedGeometric | WeightedHarmonic | PowerMean

_HUGE = 2.0**900
_LAST_BITS = 2.0**-48
"""Of n + 1 times the greatest child: more than a mean of n may be wrong by, over the share of its heaviest."""
_NEXT_TO_NOTHING = 2.0**-1000
_AS_GOOD_AS_ZERO = 1e-8
"""A power closer to 0 is the geometric mean to more digits than its own formula would keep."""
_WHOLE = 2.0**40
"""Weights of a comparison are whole multiples of their sum over this, so that its sides are summed without an error."""
_DRAW = 1e-9
"""A lead of less than this share of the weight is none."""
_SHARES = 2.0**46
_PAIRS_AT_ONCE = 1_000_000
"""Cells of the pairwise comparison held in memory at a time."""


class BelowZeroError(ValueError):
    """A mean that is not defined below zero met a negative child."""


def needs_non_negative(aggregation: Aggregation) -> bool:
    """Whether the mean is defined, and rises with every child, only from 0 upwards."""
    match aggregation:
        case WeightedArithmetic() | Copeland():
            return False
        case WeightedGeometric() | WeightedHarmonic():
            return True
        case PowerMean():
            return aggregation.power != 1.0
        case _:
            assert_never(aggregation)


def combine(
    aggregation: Aggregation, weights: Sequence[float], children: Sequence[Floats], *, explains: bool = True
) -> tuple[Floats, list[Floats] | None]:
    """The node's value for every unit, and for Copeland each child's part if it `explains`; `BelowZeroError` where a
    mean is not defined."""
    if isinstance(aggregation, Copeland):
        return copeland(weights, children, explains=explains)
    return _mean(aggregation, weights, children), None


def _mean(aggregation: Mean, weights: Sequence[float], children: Sequence[Floats]) -> Floats:
    part = [(weight, child) for weight, child in zip(weights, children, strict=True) if weight > 0.0]
    if not part:
        return np.full(len(children[0]), np.nan)
    if needs_non_negative(aggregation) and any(np.nanmin(child, initial=0.0) < 0.0 for _, child in part):
        raise BelowZeroError
    rows = _Rows([weight for weight, _ in part], [child for _, child in part])
    match aggregation:
        case WeightedArithmetic() | PowerMean(power=1.0):
            return rows.arithmetic()
        case WeightedGeometric():
            value = rows.geometric()
        case WeightedHarmonic():
            value = rows.power(-1.0)
        case PowerMean(power=power):
            value = rows.geometric() if abs(power) < _AS_GOOD_AS_ZERO else rows.power(power)
        case _:
            assert_never(aggregation)
    return rows.bounded(value)


class _Rows:
    """Children side by side: missing cells weigh nothing."""

    def __init__(self, weights: Sequence[float], children: Sequence[Floats]) -> None:
        # A power of two changes no quotient and keeps products of extreme weights finite.
        down = -math.frexp(max(weights))[1]
        self.weights = [math.ldexp(weight, down) for weight in weights]
        self.children = children
        self.count = len(children[0])
        ends = [float(end.reduce(child, initial=0.0)) for child in children for end in (np.maximum, np.minimum)]
        self.whole = not any(end != end for end in ends)
        self.gaps = [] if self.whole else [np.isnan(child) for child in children]
        self.total: float | Floats = math.fsum(self.weights)
        if not self.whole:
            self.total = exact.weight_present(self.weights, [~gap for gap in self.gaps])
            ends = [float(end.reduce(child, initial=0.0)) for child in children for end in (np.fmax, np.fmin)]
        self.reach = max(map(abs, ends))
        """No child is further from 0."""

    def _filled(self, value: float) -> list[Floats]:
        if self.whole:
            return list(self.children)
        return [np.where(gap, value, child) for gap, child in zip(self.gaps, self.children, strict=True)]

    def _mean(self, terms: Sequence[Floats], reach: float | None = None) -> Floats:
        """Σ w t / Σ w over what is present; terms at gaps must be finite and are not counted."""
        if self.whole:
            return exact.row_sums(terms, self.weights, reach=reach) / self.total
        terms = [np.where(gap, 0.0, term) for term, gap in zip(terms, self.gaps, strict=True)]
        missing = self.total == 0.0
        total = exact.row_sums(terms, self.weights, reach=reach)
        return np.where(missing, np.nan, total / np.where(missing, 1.0, self.total))

    def _extremes(self) -> tuple[Floats, Floats]:
        return np.fmin.reduce(self.children), np.fmax.reduce(self.children)

    def bounded(self, value: Floats) -> Floats:
        """The mean drawn within the least and the greatest child, which rounding may leave by a last bit."""
        return np.clip(value, *self._extremes())

    def arithmetic(self) -> Floats:
        """Σ w z / Σ w, bounded."""
        if self.reach > _HUGE:
            filled = self._filled(0.0)
            huge = np.logical_or.reduce([np.abs(child) > _HUGE for child in filled])
            shrink = np.where(huge, 2.0**-200, 1.0)
            with np.errstate(over="ignore"):
                return self.bounded(exact.saturated(self._mean([child * shrink for child in filled]) / shrink))
        value = self._mean(self._filled(0.0), self.reach)
        if not self.whole:
            return self.bounded(value)
        # Only where the heaviest child is next to the mean can all be so close that its last bit leaves them.
        heaviest = self.children[self.weights.index(max(self.weights))]
        close = max(_LAST_BITS * (len(self.children) + 1) * self.reach, _NEXT_TO_NOTHING)
        rows = np.flatnonzero(np.abs(value - heaviest) <= close)
        if len(rows):
            beside = [child[rows] for child in self.children]
            value[rows] = np.clip(value[rows], np.minimum.reduce(beside), np.maximum.reduce(beside))
        return value

    def geometric(self) -> Floats:
        """exp(Σ w ln z / Σ w); 0 as soon as one child is 0."""
        filled = self._filled(1.0)
        zero = np.logical_or.reduce([child == 0.0 for child in filled])
        logs = [exact.each(math.log, np.where(child == 0.0, 1.0, child).tolist(), count=self.count) for child in filled]
        exponents = self._mean(logs)
        missing = np.isnan(exponents)
        # The largest double's logarithm rounds up, and exp of it would overflow.
        safe = np.minimum(np.where(missing, 0.0, exponents), 709.782712893384)
        value = np.where(zero, 0.0, exact.each(math.exp, safe.tolist(), count=self.count))
        return np.where(missing, np.nan, value)

    def power(self, power: float) -> Floats:
        """(Σ w z^p / Σ w)^(1/p), relative to the greatest child (the least, for p < 0) so that no power overflows.

        For p < 0 it is 0 as soon as one child is 0, the limit of the formula.
        """
        filled = self._filled(1.0)
        zero = np.zeros(self.count, dtype=np.bool_)
        if power < 0.0:
            zero = np.logical_or.reduce([child == 0.0 for child in filled])
            filled = [np.where(zero, 1.0, child) for child in filled]
        low, high = self._extremes()
        unit = np.where(zero, 1.0, high if power > 0.0 else low)
        unit = np.where(np.isnan(unit) | (unit == 0.0), 1.0, unit)
        with np.errstate(over="ignore"):
            inner = self._mean([_powers(exact.saturated(child / unit), power) for child in filled])
        missing = np.isnan(inner)
        with np.errstate(over="ignore"):
            value = unit * _powers(np.where(missing, 1.0, inner), 1.0 / power)
        return np.where(missing, np.nan, np.where(zero, 0.0, value))


def _powers(base: Floats, power: float) -> Floats:
    def raised(value: float) -> float:
        try:
            return math.pow(value, power)
        except (OverflowError, ValueError):  # beyond the largest double, or 0 to a negative power
            return exact.LARGEST

    return exact.each(raised, base.tolist(), count=len(base))


def copeland(
    weights: Sequence[float], children: Sequence[Floats], *, explains: bool = True
) -> tuple[Floats, list[Floats]]:
    """Opponents beaten less opponents lost to, and if it `explains`, the part of each child.

    i beats j when it has more than half of the weight of the children both have on its side, a tie on a child counting
    half to each; half of it, told apart at 1e-9, is a draw. Two units with no child in common have drawn, one without
    any child has no value and is nobody's opponent. The value goes from -(n - 1) to n - 1, and those of all sum to 0.
    A pair's point is parted, by their weights, among the children on the winner's side: it is gained by them where i
    has won, lost by them where it has lost. The parts sum to the value within n 2^-46.

    O(n²) for every child. Source: Copeland 1951; COINr `outrankMatrix` and `a_copeland` on complete data. With missing
    values theirs depends on the order of rows, and everywhere on the last bit of sums of weights; this does not.
    """
    n, total = len(children[0]), math.fsum(weights)
    if total == 0.0:
        return np.full(n, np.nan), [np.zeros(n) for _ in children] if explains else []
    whole = [round(weight / total * _WHOLE) for weight in weights]
    taking_part = [(place, points) for place, points in enumerate(whole) if weights[place] > 0.0]
    there = np.logical_or.reduce([~np.isnan(children[place]) for place, _ in taking_part])
    value = np.empty(n)
    parts = [np.zeros(n) for _ in children] if explains else []
    step = max(1, _PAIRS_AT_ONCE // max(n, 1))
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        ahead = [(place, points, *_ahead(children[place], rows)) for place, points in taking_part]
        won, lost = np.zeros((2, rows.stop - rows.start, n), dtype=np.int64)
        common = np.zeros_like(won)
        for place, points, more, less in ahead:
            won += points * more
            lost += points * less
            known = ~np.isnan(children[place])
            common += points * (known[rows, None] & known)
        outcome = np.sign(won - lost)
        outcome[np.abs(won - lost) <= _DRAW * common] = 0
        value[rows] = outcome.sum(axis=1)
        if explains:
            for place, points, more, less in ahead:
                gained = _shares(points, (outcome > 0) & more, won)
                parts[place][rows] = (gained - _shares(points, (outcome < 0) & less, lost)) / _SHARES
    return np.where(there, value, np.nan), parts


def _ahead(child: Floats, rows: slice) -> tuple[Flags, Flags]:
    """Where the units of these rows have more than the others, and where less; a gap has neither."""
    mine, theirs = child[rows, None], child[None, :]
    return mine > theirs, mine < theirs


def _shares(points: int, brought: Flags, by_all: NDArray[np.int64]) -> NDArray[np.int64]:
    """For every row the sum over opponents of the child's share in points it `brought`, in whole multiples, so that the
    sum knows no order."""
    shares = np.divide(points * _SHARES, by_all, where=brought, out=np.zeros(by_all.shape))
    total: NDArray[np.int64] = np.rint(shares).astype(np.int64).sum(axis=1)
    return total
