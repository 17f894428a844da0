"""How much each child of a mean adds or takes away, against the node being level: exact Shapley values.

The players are the children of one node, and the reference is the node's own value V: a child outside a coalition
stands at V. Every mean here is idempotent, so the empty coalition and the full one are both worth V, and the Shapley
values (Shapley 1953) sum to 0: what lies above the level adds, what lies below takes away. Added to w V, the part of a
child in a level node, they are the children's parts of V. For an arithmetic mean that is w V + w (z - V) = w z.

With z and V in any unit and ρ = z / V, f(S) / V is exp(Σ_S w ln ρ) for the geometric mean and
(1 + Σ_S w (ρ^p - 1))^(1/p) for a power p, so no power leaves the doubles: the terms of a node of positive value are
bounded by the weights. A missing child takes no part. All coalitions are gone through; sums are trees of element-wise
additions, and exponentials and logarithms are made of + - * / alone, so neither the order of units nor the size of a
block leaves a trace.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.arithmetic import bounded_exponential, logarithm
from services.rating_engine.core.types import Floats

MOST_CHILDREN = 10
"""1,024 coalitions: up to here the values are exact."""
_CELLS = 1 << 17
"""Coalitions times units worked on at once: what stays in the cache."""
_LEVEL = 1e-6
"""A child this close to the node's value has its slope from the derivative, where the quotient has lost its digits."""


def gains(
    power: float, shares: Sequence[Floats], children: Sequence[Floats], value: Floats
) -> tuple[list[Floats], list[Floats]]:
    """For every child the Shapley value of its being at z instead of at V, and the slope: that value over z - V.

    `shares` are the weights over what is present, summing to 1 for a unit; `children` are not negative. Both are 0
    where the child or the node has no value, or the node is 0. At most `MOST_CHILDREN` children; `power` 0 is the
    geometric mean. The slope of a child that stands at V is the mean of the derivatives over the coalitions.
    """
    count, size = len(children), len(value)
    added, steep = np.zeros((count, size)), np.zeros((count, size))
    rows = np.flatnonzero(value > 0.0)
    step = max(1, _CELLS >> count)
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        weights = np.stack([share[block] for share in shares])
        level = value[block]
        cells = np.stack([child[block] for child in children])
        with np.errstate(over="ignore", under="ignore"):
            ratios = exact.saturated(np.where(np.isnan(cells), 1.0, cells / level))
        parts, slopes = _block(power, weights, ratios)
        with np.errstate(over="ignore"):
            added[:, block], steep[:, block] = exact.saturated(parts * level), slopes
    return list(added), list(steep)


def _block(power: float, weights: Floats, ratios: Floats) -> tuple[Floats, Floats]:
    """Values and slopes in units of the node's value, children by units."""
    inner = _coalitions(_terms(power, weights, ratios))
    worth = _outer(power, inner)
    worth[0] = worth[-1] = 1.0
    joining, leaving = _coefficients(len(ratios))
    parts = _totals(worth * (joining + leaving)[:, None], holding=True) - _fold(worth * leaving[:, None])
    apart = ratios - 1.0
    near = (np.abs(apart) < _LEVEL) & (weights > 0.0)
    with np.errstate(over="ignore"):
        slopes = exact.saturated(parts / np.where(np.abs(apart) < _LEVEL, 1.0, apart))
    if near.any():
        with np.errstate(over="ignore"):
            steep = worth if power == 0.0 else np.minimum(worth / inner, 2.0**500)
        slopes = np.where(near, weights * _totals(steep * leaving[:, None], holding=False), slopes)
    return parts, slopes


def _terms(power: float, weights: Floats, ratios: Floats) -> Floats:
    """w ln ρ, or w (ρ^p - 1): what a child's joining adds inside the mean."""
    count = ratios.size
    usable = np.where((ratios > 0.0) | (power > 0.0), ratios, 1.0)
    if power == 0.0:
        moved = exact.each(math.log, usable.ravel().tolist(), count=count).reshape(ratios.shape)
    elif power == -1.0:
        moved = 1.0 / usable - 1.0
    else:
        moved = exact.each(lambda one: _power(one, power), usable.ravel().tolist(), count=count) - 1.0
        moved = moved.reshape(ratios.shape)
    return np.where(weights > 0.0, weights * moved, 0.0)


def _power(base: float, power: float) -> float:
    try:
        return math.pow(base, power)
    except OverflowError:
        return exact.LARGEST


def _coalitions(terms: Floats) -> Floats:
    """The sums of `terms` over every coalition; child k is bit k of the row."""
    count, size = terms.shape
    sums = np.zeros((1 << count, size))
    for child in range(count):
        np.add(sums[: 1 << child], terms[child], out=sums[1 << child : 2 << child])
    return sums


def _outer(power: float, inner: Floats) -> Floats:
    """From the sums inside to the worth of the coalitions; `inner` becomes 1 + Σ where the mean is a power."""
    if power == 0.0:
        return bounded_exponential(inner)
    np.add(inner, 1.0, out=inner)
    np.maximum(inner, 1e-300, out=inner)
    if power == -1.0:
        return 1.0 / inner
    if power == 2.0:
        return np.sqrt(inner)
    if power == 0.5:
        return inner * inner
    return bounded_exponential(logarithm(inner) / power)


def _coefficients(count: int) -> tuple[Floats, Floats]:
    """By coalition T of s children the factor of its worth in the value of a member, (s-1)! (n-s)! / n!, and of an
    outsider, s! (n-s-1)! / n!."""
    sizes = [bin(coalition).count("1") for coalition in range(1 << count)]
    whole = math.factorial(count)
    member = [math.factorial(s - 1) * math.factorial(count - s) / whole if s else 0.0 for s in range(count + 1)]
    outside = [*member[1:], 0.0]
    return np.array([member[s] for s in sizes]), np.array([outside[s] for s in sizes])


def _totals(cells: Floats, *, holding: bool) -> Floats:
    """For every child the sum over the coalitions that hold it, or that do not."""
    count = len(cells).bit_length() - 1
    totals = np.empty((count, cells.shape[1]))
    for child in reversed(range(count)):
        half = 1 << child
        totals[child] = _fold(cells[half:] if holding else cells[:half])
        cells = cells[:half] + cells[half:]
    return totals


def _fold(cells: NDArray[np.float64]) -> Floats:
    """The sum of the rows, a power of two of them, in one order only."""
    while len(cells) > 1:
        half = len(cells) // 2
        cells = cells[:half] + cells[half:]
    total: Floats = cells[0]
    return total
