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
_LARGEST: Final = 1.7976931348623157e308
_FARTHEST: Final = 700.0
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
    held[np.isnan(held)] = GREATEST_EXPONENT
    k = held * INVERSE_LN2
    k += TO_INTEGER
    k -= TO_INTEGER
    held -= k * LN2_HIGH
    held -= k * LN2_LOW
    p = np.full_like(held, EXPONENTIAL[0])
    for coefficient in EXPONENTIAL[1:]:
        p *= held
        p += coefficient
    p *= ((k.astype(np.int64) + 1023) << 52).view(np.float64)
    p[x < LEAST_EXPONENT] = 0.0
    p[x > GREATEST_EXPONENT] = np.inf
    p[np.isnan(x)] = np.nan
    return p


def bounded_exponential(x: Floats) -> Floats:
    """e^x held within e^±700, so that neither a quotient nor a difference of two of them leaves the doubles."""
    return exponential(np.clip(x, -_FARTHEST, _FARTHEST))


def logarithm(x: Floats) -> Floats:
    """ln x = k ln 2 + 2 artanh((m - 1)/(m + 1)) with x = 2^k m; minus infinity below the smallest normal double."""
    bits = np.ascontiguousarray(x, dtype=np.float64).view(np.int64)
    m = ((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    k = ((bits >> 52) - 1023).astype(np.float64)
    high = m > SQRT2
    k += high
    m[high] *= 0.5
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = np.full_like(s, LOGARITHM[0])
    for coefficient in LOGARITHM[1:]:
        p *= z
        p += coefficient
    p *= s
    p += k * LN2_LOW
    p += k * LN2_HIGH
    p[~(x >= SMALLEST_NORMAL)] = -np.inf
    p[x > _LARGEST] = np.inf
    p[np.isnan(x)] = np.nan
    return p


def powers(x: Floats, power: float) -> Floats:
    """x^p of x ≥ 0, held within e^±700."""
    if power == 1.0:
        return x
    if power == -1.0:
        with np.errstate(over="ignore", divide="ignore"):
            return np.minimum(1.0 / x, _LARGEST)
    return bounded_exponential(power * logarithm(x))


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
