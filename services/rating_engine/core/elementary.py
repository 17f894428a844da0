"""Exponentials, logarithms and powers of whole arrays that are the same to the bit wherever a value stands.

The vector loops of numpy may differ from its scalar tails in the last bit. These are made of + - * / and shifts of
exponents alone, which are exact IEEE operations element by element; they are good to about 1e-15 of the result.
"""

import math

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import Floats

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_FACTORIALS = [1.0 / math.factorial(power) for power in range(14)]
_ODD = [1.0 / power for power in range(1, 24, 2)]


def exponential(x: Floats) -> Floats:
    """exp by x = k ln 2 + r and Taylor's series of r to the 13th power, good to 1e-15 of itself."""
    x = np.clip(x, -700.0, 700.0)
    doublings = np.rint(x * (1.0 / math.log(2.0)))
    rest = (x - doublings * _LN2_HIGH) - doublings * _LN2_LOW
    series = np.full_like(rest, _FACTORIALS[-1])
    for factor in reversed(_FACTORIALS[:-1]):
        series *= rest
        series += factor
    powers: Floats = ((doublings.astype(np.int64) + 1023) << 52).view(np.float64)
    series *= powers
    return series


def logarithm(x: Floats) -> Floats:
    """ln of a positive x = m 2^e by 2 artanh((m - 1)/(m + 1)), m between √½ and √2, good to 1e-15."""
    part, exponent = np.frexp(x)
    small = part < math.sqrt(0.5)
    part = np.where(small, 2.0 * part, part)
    exponent = exponent - small
    ratio = (part - 1.0) / (part + 1.0)
    square = ratio * ratio
    series = np.full_like(square, _ODD[-1])
    for factor in reversed(_ODD[:-1]):
        series *= square
        series += factor
    whole: Floats = 2.0 * ratio * series + exponent * _LN2_LOW + exponent * _LN2_HIGH
    return whole


def powers(x: Floats, power: float) -> Floats:
    """x^p of positive x."""
    if power == 1.0:
        return x
    if power == -1.0:
        with np.errstate(over="ignore"):
            return np.minimum(1.0 / x, exact.LARGEST)
    return exponential(power * logarithm(x))
