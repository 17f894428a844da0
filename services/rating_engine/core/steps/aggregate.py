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

from services.rating_engine.core import exact
from services.rating_engine.core.types import (
    Aggregation,
    Copeland,
    Floats,
    PowerMean,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
)

Mean = WeightedArithmetic | WeightedGeometric | WeightedHarmonic | PowerMean

_HUGE = 2.0**900
_AS_GOOD_AS_ZERO = 1e-8
"""A power closer to 0 is the geometric mean to more digits than its own formula would keep."""
_WIN = 2.0**34
"""Wins are told in fractions of this: finer than anything read off them, coarser than the rounding of their parts."""
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
    aggregation: Aggregation, weights: Sequence[float], children: Sequence[Floats]
) -> tuple[Floats, list[Floats] | None]:
    """The node's value for every unit, and for Copeland each child's part; `BelowZeroError` where a mean is not
    defined."""
    if isinstance(aggregation, Copeland):
        return copeland(weights, children)
    return _mean(aggregation, weights, children), None


def _mean(aggregation: Mean, weights: Sequence[float], children: Sequence[Floats]) -> Floats:
    part = [(weight, child) for weight, child in zip(weights, children, strict=True) if weight > 0.0]
    if not part:
        return np.full(len(children[0]), np.nan)
    if needs_non_negative(aggregation) and any(np.nanmin(child, initial=0.0) < 0.0 for _, child in part):
        raise BelowZeroError
    rows = _Rows([weight for weight, _ in part], [child for _, child in part])
    match aggregation:
        case WeightedArithmetic():
            value = rows.arithmetic()
        case WeightedGeometric():
            value = rows.geometric()
        case WeightedHarmonic():
            value = rows.power(-1.0)
        case PowerMean():
            match aggregation.power:
                case power if abs(power) < _AS_GOOD_AS_ZERO:
                    value = rows.geometric()
                case 1.0:
                    value = rows.arithmetic()
                case power:
                    value = rows.power(power)
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
        self.gaps = [np.isnan(child) for child in children]
        self.whole = not any(gap.any() for gap in self.gaps)
        self.count = len(children[0])
        self.total = exact.weight_present(self.weights, [~gap for gap in self.gaps])
        self.low, self.high = self._extremes()

    def _filled(self, value: float) -> list[Floats]:
        if self.whole:
            return list(self.children)
        return [np.where(gap, value, child) for gap, child in zip(self.gaps, self.children, strict=True)]

    def _mean(self, terms: Sequence[Floats]) -> Floats:
        """Σ w t / Σ w over what is present; terms at gaps must be finite and are not counted."""
        if self.whole:
            return exact.row_sums(terms, self.weights) / self.total
        terms = [np.where(gap, 0.0, term) for term, gap in zip(terms, self.gaps, strict=True)]
        missing = self.total == 0.0
        return np.where(missing, np.nan, exact.row_sums(terms, self.weights) / np.where(missing, 1.0, self.total))

    def _extremes(self) -> tuple[Floats, Floats]:
        low, high = (np.array(self.children[0], dtype=np.float64) for _ in range(2))
        for child in self.children[1:]:
            np.fmin(low, child, out=low)
            np.fmax(high, child, out=high)
        return low, high

    def bounded(self, value: Floats) -> Floats:
        """The mean drawn within the least and the greatest child, which rounding may leave by a last bit."""
        return np.clip(value, self.low, self.high)

    def arithmetic(self) -> Floats:
        """Σ w z / Σ w."""
        filled = self._filled(0.0)
        if np.fmax.reduce(self.high, initial=0.0) <= _HUGE and np.fmin.reduce(self.low, initial=0.0) >= -_HUGE:
            return self._mean(filled)
        huge = np.logical_or.reduce([np.abs(child) > _HUGE for child in filled])
        shrink = np.where(huge, 2.0**-200, 1.0)
        with np.errstate(over="ignore"):
            return exact.saturated(self._mean([child * shrink for child in filled]) / shrink)

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
        unit = np.where(zero, 1.0, self.high if power > 0.0 else self.low)
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


def copeland(weights: Sequence[float], children: Sequence[Floats]) -> tuple[Floats, list[Floats]]:
    """Sum over opponents of the share of weight on which the unit is ahead, a tie counting half; and the part of each
    child.

    o(i, j) = Σ_k w_k ([z_ik > z_jk] + ½ [z_ik = z_jk]) / Σ_k w_k over the children both units have, so that
    o(i, j) + o(j, i) = 1 with missing values too; two units with no child in common have drawn. The value is Σ_j o(i,
    j), from 0 to n - 1, told in whole multiples of 2^-34, so that equal sums of thirds tie; the parts sum to it within
    3e-11. A unit without any child has no value and is nobody's opponent. Source: COINr `outrankMatrix` and
    `a_copeland` on complete data; theirs depends on the order of rows once values are missing, this does not.
    """
    gaps = [np.isnan(child) for child in children]
    there = ~np.logical_and.reduce([gap | (weight == 0.0) for weight, gap in zip(weights, gaps, strict=True)])
    present = [child[there] for child in children]
    if any(np.isnan(child).any() for weight, child in zip(weights, present, strict=True) if weight > 0.0):
        parts = _pair_by_pair(weights, present)
    else:
        parts = _by_counting(weights, present)
    spread = [np.full(len(there), np.nan) for _ in parts]
    for whole, part in zip(spread, parts, strict=True):
        whole[there] = part
    value = np.full(len(there), np.nan)
    if there.any():
        value[there] = np.rint(exact.row_sums(parts) * _WIN) / _WIN
    return value, spread


def _by_counting(weights: Sequence[float], children: Sequence[Floats]) -> list[Floats]:
    """The sum over opponents exchanged with the sum over children: each child's part is a count of who is behind."""
    total = math.fsum(weights)
    parts = []
    for weight, child in zip(weights, children, strict=True):
        if weight == 0.0:
            parts.append(np.zeros(len(child)))
            continue
        ordered = np.sort(child)
        below = np.searchsorted(ordered, child, side="left")
        not_above = np.searchsorted(ordered, child, side="right")
        parts.append(weight * ((below + not_above - 1) / 2.0) / total)
    return parts


def _pair_by_pair(weights: Sequence[float], children: Sequence[Floats]) -> list[Floats]:
    """The definition itself, in blocks of rows; shares are whole multiples of 2^-46, so their sums know no order."""
    unit = 2.0**46
    n = len(children[0])
    step = max(1, _PAIRS_AT_ONCE // max(n, 1))
    there = [~np.isnan(child) & (weight > 0.0) for weight, child in zip(weights, children, strict=True)]
    own = sum((weight * flags for weight, flags in zip(weights, there, strict=True)), np.zeros(n))
    parts = [np.zeros(n) for _ in children]
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        common = np.zeros((rows.stop - rows.start, n))
        for weight, flags in zip(weights, there, strict=True):
            common += weight * (flags[rows, None] & flags[None, :])
        strangers = np.count_nonzero(common == 0.0, axis=1)
        common[common == 0.0] = 1.0
        for weight, child, flags, part in zip(weights, children, there, parts, strict=True):
            mine, theirs = child[rows, None], child[None, :]
            half_wins = 2 * (mine > theirs).astype(np.int8) + (mine == theirs)
            shares = np.rint(half_wins * (weight * unit / 2.0) / common).astype(np.int64)
            mine_alone = np.where(flags[rows], weight * unit / 2.0, 0.0)
            against_itself = np.rint(mine_alone / common[np.arange(len(common)), np.arange(n)[rows]])
            wins = shares.sum(axis=1) - against_itself.astype(np.int64)
            drawn = 0.5 * strangers * np.where(flags[rows], weight, 0.0) / own[rows]
            part[rows] = wins / unit + drawn
    return parts
