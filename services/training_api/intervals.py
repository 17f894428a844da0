"""How sure a figure is: quantiles and intervals of means and shares, in plain arithmetic."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

CONFIDENCE = 0.95
"""Of a hundred such intervals, ninety-five hold what they speak of."""
_STEPS = 200
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and the two ends between which it is believed to lie."""

    value: float
    low: float
    high: float


def normal_quantile(p: float) -> float:
    """The value below which a standard normal variable lies with probability p, 0 < p < 1."""
    return NormalDist().inv_cdf(p)


@lru_cache(maxsize=1024)
def student_quantile(p: float, df: float) -> float:
    """The value below which Student's t with `df` > 0 degrees of freedom lies with probability p, 0 < p < 1.

    P(|T| > t) = I_x(df/2, 1/2) with x = df/(df + t²), I the regularised incomplete beta function
    (Abramowitz & Stegun 26.7.1, 26.5.27); t is found by halving.

    >>> round(student_quantile(0.975, 9), 4), round(student_quantile(0.975, 1), 3)
    (2.2622, 12.706)
    """
    if p < 0.5:
        return -student_quantile(1 - p, df)
    tail = 2 * (1 - p)
    low, high = 0.0, 2.0
    while _both_tails(high, df) > tail and high < 1e12:
        low, high = high, high * 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _both_tails(middle, df) > tail:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * (1 + high):
            break
    return (low + high) / 2


def _both_tails(t: float, df: float) -> float:
    return _incomplete_beta(df / 2, 0.5, df / (df + t * t))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of A&S 26.5.8, from the front (Lentz's method as Thompson and Barnett changed it)."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    found = d
    for m in range(1, 2 * _STEPS):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + part * d
            c = 1 + part / c
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            found *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return found


def mean_interval(values: Sequence[float], *, confidence: float = CONFIDENCE) -> Interval:
    """The mean of two values or more: x̄ ± t(n−1)·s/√n, s with n−1 (Student 1908)."""
    n = len(values)
    mean = math.fsum(values) / n
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    half = student_quantile((1 + confidence) / 2, n - 1) * math.sqrt(variance / n)
    return Interval(mean, mean - half, mean + half)


def share_interval(hits: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """The share of `hits` among n ≥ 1 by Wilson's score interval, which never leaves 0 to 1 (Wilson 1927).

    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), p = hits/n.

    >>> round(share_interval(0, 10).high, 4), round(share_interval(8, 10).low, 4)
    (0.2775, 0.4902)
    """
    z = normal_quantile((1 + confidence) / 2)
    p = hits / n
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return Interval(p, max(0.0, min(p, (middle - half) / whole)), min(1.0, max(p, (middle + half) / whole)))


def difference_interval(before: Sequence[float], after: Sequence[float], *, confidence: float = CONFIDENCE) -> Interval:
    """By how much the mean of independent samples of two or more differs, after minus before (Welch 1947).

    d ± t(ν)·√(v₁ + v₂), vᵢ = sᵢ²/nᵢ, ν = (v₁ + v₂)² / (v₁²/(n₁−1) + v₂²/(n₂−1)) (Satterthwaite 1946).
    """
    means, parts = [], []
    for values in (before, after):
        n = len(values)
        mean = math.fsum(values) / n
        means.append(mean)
        parts.append((math.fsum((value - mean) ** 2 for value in values) / (n - 1) / n, n - 1))
    whole = sum(variance for variance, _ in parts)
    change = means[1] - means[0]
    if whole == 0:
        return Interval(change, change, change)
    df = whole**2 / sum(variance**2 / less for variance, less in parts)
    half = student_quantile((1 + confidence) / 2, df) * math.sqrt(whole)
    return Interval(change, change - half, change + half)
