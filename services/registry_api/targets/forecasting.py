"""Where a series leads: least squares with a prediction interval by Student's t."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import cos, isfinite, pi, sin, sqrt, tan
from statistics import NormalDist

FEWEST = 3
"""Values that a line with an interval needs: two make the line, the third tells how well it fits."""
_UPPER = 0.95
"""Leaves 5 % on each side: an interval of 90 %."""
_MANY = 200
"""Degrees of freedom from which the normal distribution with one correction is right to 0.0001."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The value the line reaches on a day, and the interval a single value then falls into nine times of ten."""

    on: date
    value: float
    low: float
    high: float
    points: int


def forecast(series: Sequence[tuple[date, float]], on: date) -> Forecast | None:
    """The line through the series, carried on to a day: ŷ ± t · s · √(1 + 1/n + (x − x̄)² / Σ(xᵢ − x̄)²).

    x is counted in days; s is the residual standard error with n − 2 degrees of freedom (Draper & Smith, Applied
    Regression Analysis, 1.4). None below three values, on one day only, or where numbers leave the range of floats.
    """
    count = len(series)
    if count < FEWEST:
        return None
    origin = series[0][0]
    xs = [float((day - origin).days) for day, _ in series]
    ys = [value for _, value in series]
    mean_x, mean_y = sum(xs) / count, sum(ys) / count
    spread = sum(_square(x - mean_x) for x in xs)
    if not spread:
        return None
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    residual = sum(_square(y - mean_y - slope * (x - mean_x)) for x, y in zip(xs, ys, strict=True))
    ahead = (on - origin).days - mean_x
    value = mean_y + slope * ahead
    error = sqrt(residual / (count - 2)) * sqrt(1 + 1 / count + _square(ahead) / spread)
    half = t_quantile(count - 2, _UPPER) * error
    if not all(isfinite(one) for one in (value, value - half, value + half)):
        return None
    return Forecast(on, value, value - half, value + half, count)


@cache
def t_quantile(freedom: int, probability: float) -> float:
    """The quantile of Student's t for whole degrees of freedom and a probability above one half.

    Its distribution function is a finite sum (Abramowitz & Stegun 26.7.3, 26.7.4), which is inverted by halving;
    written out because the library that has it costs the service more to load than all the rest of it.

    >>> round(t_quantile(1, 0.95), 4), round(t_quantile(10, 0.95), 4)
    (6.3138, 1.8125)
    """
    if freedom > _MANY:
        z = NormalDist().inv_cdf(probability)
        return z + (z**3 + z) / (4 * freedom)
    low, high = 0.0, pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(freedom, middle) < 2 * probability - 1 else (low, middle)
    return tan(low) * sqrt(freedom)


def _within(freedom: int, angle: float) -> float:
    """The probability of |t| below √ν · tan(angle)."""
    term = cos(angle) if freedom % 2 else 1.0
    total = 0.0
    for order in range(1 + freedom % 2, freedom, 2):
        total += term
        term *= order / (order + 1) * cos(angle) ** 2
    total *= sin(angle)
    return (angle + total) * 2 / pi if freedom % 2 else total


def _square(x: float) -> float:
    return x * x  # `**` raises where this is infinite
