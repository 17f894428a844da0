"""Exponential and logarithm from `+ - * /` and moves of bits alone: the same bytes compiled or not, on every machine.

Error below 2 units in the last place of the exponential and of the logarithm, tested against `math`.
"""

import math
from typing import Final

import numpy as np

from services.rating_engine.core.types import Floats

INVERSE_LN2: Final = 1.4426950408889634
LN2_HIGH: Final = 6.93147180369123816490e-01
"""ln 2 in 32 bits, so that its product with any exponent of a double is exact."""
LN2_LOW: Final = 1.90821492927058770002e-10
LEAST_EXPONENT: Final = -708.0
GREATEST_EXPONENT: Final = 709.0
SMALLEST_NORMAL: Final = 2.2250738585072014e-308
SQRT2: Final = 1.4142135623730951
TO_INTEGER: Final = 1.5 * 2.0**52
"""Added to a double below 2^51 it rounds it, half to even, and leaves the whole number in the low bits."""
TO_INTEGER_BITS: Final = 0x4338000000000000
STEPS: Final = 1e12
"""Scores are compared at this fraction of the greatest, so that the last bits decide nothing."""
EXPONENTIAL: Final = tuple(1.0 / math.factorial(power) for power in range(13, -1, -1))
"""Taylor's coefficients of e^r for |r| ≤ ln 2 / 2, the highest first."""
LOGARITHM: Final = tuple(2.0 / (2 * power + 1) for power in range(11, -1, -1))
"""Of 2 artanh s = ln((1 + s)/(1 - s)) in s², divided by s; the highest first."""


def exponential(x: Floats) -> Floats:
    """e^x = 2^k e^r with k = round(x / ln 2); 0 below e^-708 and infinity above e^709."""
    held = np.clip(x, LEAST_EXPONENT, GREATEST_EXPONENT)
    held = np.where(np.isnan(x), GREATEST_EXPONENT, held)
    k = (held * INVERSE_LN2 + TO_INTEGER) - TO_INTEGER
    r = (held - k * LN2_HIGH) - k * LN2_LOW
    p = np.full(len(x), EXPONENTIAL[0])
    for coefficient in EXPONENTIAL[1:]:
        p = p * r + coefficient
    p = np.where(x >= LEAST_EXPONENT, p, 0.0)
    p = np.where(x <= GREATEST_EXPONENT, p, np.inf)
    return np.where(np.isnan(x), np.nan, p * np.ldexp(1.0, k.astype(np.int64)))


def logarithm(x: Floats) -> Floats:
    """ln x = k ln 2 + 2 artanh((m - 1)/(m + 1)) with x = 2^k m; minus infinity below the smallest normal double."""
    bits = np.ascontiguousarray(x, dtype=np.float64).view(np.int64)
    m = ((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    k = ((bits >> 52) - 1023).astype(np.float64)
    high = m > SQRT2
    k = np.where(high, k + 1.0, k)
    m = np.where(high, m * 0.5, m)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = np.full(len(x), LOGARITHM[0])
    for coefficient in LOGARITHM[1:]:
        p = p * z + coefficient
    value = k * LN2_HIGH + (k * LN2_LOW + s * p)
    value = np.where(x >= SMALLEST_NORMAL, value, -np.inf)
    value = np.where(x <= float(np.finfo(np.float64).max), value, np.inf)
    return np.where(np.isnan(x), np.nan, value)


def brought(x: Floats, own: float, wanted: float) -> Floats:
    """From m^own (ln m for 0), the mean of powers, to m^wanted (ln m for 0): what the mean above adds up."""
    if own == wanted:
        return x
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        if own == 0.0:
            return exponential(x if wanted == 1.0 else x * wanted)
        if wanted == 0.0:
            return logarithm(x) if own == 1.0 else logarithm(x) / own
        if own == -wanted:
            return 1.0 / x
        return exponential(logarithm(x) * (wanted / own))
