"""How sure the order of two estimates is, for all pairs, in numbers whose sums know no order."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from services.rating_engine.core import exact
from services.rating_engine.core.types import Floats

FINEST = 40
"""Probabilities are whole multiples of 2^-40, so that sums over 8,000 of them are exact in any order."""

MANY = 2_000
"""Beyond so many units probabilities are read off a table."""


def comfortable(means: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """The same in a power-of-two unit in which no difference or square leaves the doubles; unknown variances are 0."""
    scale = exact.exponent(np.append(means[~np.isnan(means)], 0.0))
    spread = np.where(np.isnan(variances), 0.0, variances)
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(means, -scale), exact.saturated(np.ldexp(spread, -2 * scale))


def best_first(means: Floats, variances: Floats) -> NDArray[np.int64]:
    """The places of the units that have a mean, from the highest; among equal means the surer first."""
    rated = np.flatnonzero(~np.isnan(means))
    return rated[np.lexsort((variances[rated], -means[rated]))]


def sureness(mean: float, variance: float, means: Floats, variances: Floats) -> Floats:
    """Φ(|m - m_k| / sqrt(v + v_k)), at least a half: the probability that the one that looks higher is higher.

    Two exact values differ for sure or are equal (a half). Normal posteriors, independent of one another.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        distance = np.abs(mean - means)
        distance /= np.sqrt(variance + variances)
    if variance == 0.0:
        distance = np.where(np.isnan(distance), 0.0, distance)
    probability: Floats = ndtr(distance)
    return probability


def whole(amounts: Floats, bits: int = FINEST) -> NDArray[np.int64]:
    """Probabilities, or amounts made of them, as whole multiples of 2^-bits."""
    return np.rint(amounts * 2.0**bits).astype(np.int64)


def read_off(mean: float, variance: float, means: Floats, variances: Floats) -> NDArray[np.int64]:
    """`sureness` to 2.5e-5 as whole multiples, from a table of the middles of 2^16 steps; no variance may be 0."""
    distance = mean - means
    distance /= np.sqrt(variance + variances)
    np.minimum(distance, _REACH, out=distance)
    distance *= _PER_UNIT
    probabilities: NDArray[np.int64] = _TABLE[distance.astype(np.int32)]
    return probabilities


_REACH = 8.0
_PER_UNIT = 8_192.0
_TABLE = whole(ndtr((np.arange(int(_REACH * _PER_UNIT) + 1) + 0.5) / _PER_UNIT))


def expected_ranks(means: Floats, variances: Floats) -> Floats:
    """1 + Σ_k P(θ_k > θ_j) for every unit; `MISSING` without a mean.

    Ordering by it minimises the expected squared error of the ranks. Units of equal exact value share the middle of
    their places. O(n²), half of the pairs, without holding them; beyond 2,000 units probabilities are read off a table,
    which moves a rank by some thousandths. Source: Laird and Louis 1989; Lin, Louis, Paddock and
    Ridgeway 2006; equals `exam_expected_ranks_and_grades`.
    """
    scaled, spread = comfortable(means, variances)
    order = best_first(scaled, spread)
    m, v = scaled[order], spread[order]
    one = 1 << FINEST
    above = np.zeros(len(order), dtype=np.int64)
    reads = len(order) > MANY and bool((v > 0.0).all())
    for place in range(len(order) - 1):
        others = slice(place + 1, None)
        if reads:
            sure = read_off(m[place], v[place], m[others], v[others])
        else:
            sure = whole(sureness(m[place], v[place], m[others], v[others]))
        above[place + 1 :] += sure
        above[place] += (len(sure) << FINEST) - int(sure.sum())
    ranks = np.full(len(means), np.nan)
    ranks[order] = (above + one) / one
    return ranks
