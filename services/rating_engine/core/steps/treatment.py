"""Outliers and skewed columns, before anything is compared.

Every treatment works on the natural values of one column over the whole population, keeps their order (weakly), leaves
missing values missing and does not depend on the order of the units. Semantics follow COINr 1.1.14 (`R/treat.R`), which
in turn follows the COIN Tool of the JRC, except where a docstring says otherwise.
"""

import math
from collections.abc import Callable
from typing import assert_never

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import (
    BoxCox,
    Cap,
    Floats,
    Log,
    NoTreatment,
    Treatment,
    Winsorise,
    WinsoriseShares,
)

_LN2 = math.log(2.0)
_AS_GOOD_AS_ZERO = 1e-15
"""A power closer to 0 gives the logarithm."""

Fitted = Callable[[Floats], Floats]
"""A treatment with the population's parameters inside."""


def fit(treatment: Treatment, values: Floats) -> Fitted:
    """Take from the population `values` what the treatment needs."""
    match treatment:
        case NoTreatment():
            return lambda x: x
        case Cap():
            low, high = treatment.low, treatment.high
            return lambda x: np.clip(x, -np.inf if low is None else low, np.inf if high is None else high)
        case Log(ends=(low, high)):
            return _log(low, high)
        case BoxCox(low=least) if least is not None:
            return _box_cox(least, treatment.power)
        case _:
            present = values[~np.isnan(values)]
            return _fit_present(treatment, present) if len(present) else lambda x: x


def _fit_present(treatment: Log | Winsorise | WinsoriseShares | BoxCox, present: Floats) -> Fitted:
    """The treatments that look at the population."""
    match treatment:
        case Winsorise():
            low, high = winsorised_range(present, treatment)
            if treatment.fallback and not passes(np.clip(present, low, high), treatment):
                return _log(float(present.min()), float(present.max()))
            return lambda x: np.clip(x, low, high)
        case WinsoriseShares():
            low, high = shares_range(present, treatment)
            return lambda x: np.clip(x, low, high)
        case Log():
            return _log(float(present.min()), float(present.max()))
        case BoxCox():
            return _box_cox(float(present.min()), treatment.power)
        case _:
            assert_never(treatment)


def winsorised_range(present: Floats, limits: Winsorise) -> tuple[float, float]:
    """The least and greatest value left once extremes have been drawn in: |skewness| < `skew` or kurtosis < `kurtosis`.

    Step by step the extreme value of the tail that the skewness points to is drawn to its neighbour, which is clipping
    to a narrower range. Values tied at the extreme move together, and a step that would move more than `max_points` in
    all is not taken (COINr takes it and exceeds its limit). Fewer than four values, or fewer than three different
    ones, are left as they are. With `fallback` a column that is still beyond both limits takes the logarithm of the
    untreated values instead. Source: COINr `winsorise` and `Treat`; OECD/JRC Handbook (2008), step 3.
    """
    low, high = float(present.min()), float(present.max())
    for _ in range(limits.max_points):
        drawn = np.clip(present, low, high)
        distinct = np.unique(drawn)
        if passes(drawn, limits) or len(distinct) < 3:
            break
        closer = (low, float(distinct[-2])) if skewness(drawn) >= 0 else (float(distinct[1]), high)
        if np.count_nonzero((present < closer[0]) | (present > closer[1])) > limits.max_points:
            break
        low, high = closer
    return low, high


def shares_range(present: Floats, shares: WinsoriseShares) -> tuple[float, float]:
    """The two quantiles values are drawn to: at least `low` (`high`) of the values are at or below it.

    Both are values that occur (type 1 of Hyndman and Fan 1996). Source: Tukey's winsorised mean; Wilcox (2012).
    """
    ordered = np.sort(present)
    return exact.low_quantile(ordered, shares.low), exact.low_quantile(ordered, shares.high)


def passes(values: Floats, limits: Winsorise) -> bool:
    """Whether |skewness| or kurtosis is within its limit, so that no treatment is called for."""
    present = values[~np.isnan(values)]
    return len(present) < 4 or abs(skewness(present)) < limits.skew or kurtosis(present) < limits.kurtosis


def skewness(values: Floats) -> float:
    """sqrt(n) Σd³ / (Σd²)^1.5 · sqrt(n(n-1)) / (n-2), for n ≥ 3; 0 for a constant column."""
    n = len(values)
    deviations = _deviations(values)
    squares = exact.moment(deviations, 2)
    if squares == 0.0:
        return 0.0
    plain = math.sqrt(n) * exact.moment(deviations, 3) / math.pow(squares, 1.5)
    return plain * math.sqrt(n * (n - 1)) / (n - 2)


def kurtosis(values: Floats) -> float:
    """((n+1)(nΣd⁴/(Σd²)² - 3) + 6)(n-1) / ((n-2)(n-3)), for n ≥ 4; 0 for a constant column."""
    n = len(values)
    deviations = _deviations(values)
    squares = exact.moment(deviations, 2)
    if squares == 0.0:
        return 0.0
    plain = n * exact.moment(deviations, 4) / (squares * squares)
    return ((n + 1) * (plain - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def _deviations(values: Floats) -> Floats:
    """Distances from the mean, divided by the greatest of them: both moments' ratios are free of units."""
    scaled = np.ldexp(values, -exact.exponent(values))
    deviations = scaled - exact.mean(scaled)
    most = float(np.max(np.abs(deviations)))
    return deviations if most == 0.0 else deviations / most


def _log(least: float, most: float) -> Fitted:
    """ln(x - min + 0.01 (max - min)): the «modified COIN Tool» logarithm of COINr `log_CT`, defined for any sign.

    A constant column has no spread to treat and becomes 0.
    """
    scale = exact.exponent(np.array([least, most]))
    low, high = math.ldexp(least, -scale), math.ldexp(most, -scale)
    if low == high:
        return lambda x: np.where(np.isnan(x), np.nan, 0.0)
    shift = 0.01 * (high - low)

    def apply(x: Floats) -> Floats:
        with np.errstate(over="ignore"):
            distance = np.clip(np.ldexp(x, -scale) - low, 0.0, exact.LARGEST / 2.0)
        return _each_present(distance + shift, math.log) + scale * _LN2

    return apply


def _box_cox(low: float, power: float) -> Fitted:
    """(y^λ - 1)/λ, or ln y for λ = 0, with y = x - min + 1 (COINr `boxcox`; Box and Cox 1964).

    A result beyond the largest double stays at the largest double.
    """

    def raised(value: float) -> float:
        shifted = min(max(value - low, 0.0) + 1.0, exact.LARGEST)
        if abs(power) < _AS_GOOD_AS_ZERO:
            return math.log(shifted)
        try:
            return math.expm1(power * math.log(shifted)) / power
        except OverflowError:
            return exact.LARGEST

    return lambda x: exact.saturated(_each_present(x, raised))


def _each_present(values: Floats, function: Callable[[float], float]) -> Floats:
    return np.array([value if value != value else function(value) for value in values.tolist()], dtype=np.float64)
