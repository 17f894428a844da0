"""Confidence sets for ranks: the places that the noise of the estimates does not rule out.

A unit's set runs from 1 + the number of units surely above it to n - the number surely below it; surely means that the
difference exceeds c standard errors of it, with c such that in all comparisons together the order is wrong at most so
often. Marginal sets cover each unit's rank with that probability; simultaneous sets cover all ranks at once. Source:
Mogstad, Romano, Shaikh and Wilhelm (REStud 2023); equals `csranks` within one place (`ranks_inference`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from services.rating_engine.core.evidence import pairs
from services.rating_engine.core.types import Flags, Floats

COVERAGE = 0.95
STEPWISE = 80
"""Up to so many units rejected comparisons leave the next step's critical value (step-down), pair by pair."""
_DRAWS = 10_000
_MOST_CELLS = 20_000_000
"""Pairs times draws held at a time."""
_GROUPS = 48
"""Different standard errors told apart beyond `STEPWISE` units."""
_NODES = np.linspace(-5.4, 5.4, 37)
_MASS = np.exp(-_NODES * _NODES / 2.0) / np.exp(-_NODES * _NODES / 2.0).sum()
_STEPS = 60
_CLOSE = 1e-4
_LEAST = 1e-3
"""Standard errors below this share of the greatest are taken as this share in critical values: it widens them."""

Places = NDArray[np.int64]
Critical = Callable[[Floats, Floats], tuple[Places, Places]]
Excess = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class RankSets:
    """From the best place to the worst not ruled out, in the order of the units; 0 for a unit without an estimate."""

    low: Places
    high: Places


def marginal(estimates: Floats, variances: Floats, coverage: float = COVERAGE) -> RankSets:
    """The set of each unit's rank, right with probability `coverage` for that unit.

    c_j is the `coverage` quantile of max_k |Z_k - Z_j| / s_jk for independent normal errors, found by quadrature over
    Z_j instead of drawing, so there is no seed. Up to `STEPWISE` units with step-down; beyond, without it and with the
    standard errors grouped into 48 values: the sets are then slightly too wide, never too narrow for that reason.
    """
    return _sets(estimates, variances, lambda y, v: _stepped(y, v, coverage))


def simultaneous(estimates: Floats, variances: Floats, coverage: float = COVERAGE, seed: int = 0) -> RankSets:
    """The sets of all ranks, all of them right together with probability `coverage`.

    c is the `coverage` quantile of max_jk |Z_k - Z_j| / s_jk. Up to `STEPWISE` units by 10,000 seeded draws, given to
    the units in the order of their variances, with step-down. Beyond, by |σ x - τ y| ≤ sqrt(σ² + τ²) sqrt(x² + y²)
    (Cauchy and Schwarz) c² is the quantile of the sum of the two greatest of n squared standard normals: a little too
    wide, and without a seed. The units whose lower end is at most q are the confidence set of the q best.
    """
    return _sets(estimates, variances, lambda y, v: _together(y, v, coverage, seed))


def both(estimates: Floats, variances: Floats, coverage: float = COVERAGE, seed: int = 0) -> tuple[RankSets, RankSets]:
    """`marginal` and `simultaneous`, of many units in one pass over the pairs."""
    if np.count_nonzero(~np.isnan(estimates)) <= STEPWISE:
        return marginal(estimates, variances, coverage), simultaneous(estimates, variances, coverage, seed)
    order, y, v = _ordered(estimates, variances)
    alone, together = _by_groups(_errors(v), coverage), np.full(len(y), _two_greatest(len(y), coverage))
    one, every = _counted(y, v, alone, together)
    return _placed(order, len(estimates), *one), _placed(order, len(estimates), *every)


def _sets(estimates: Floats, variances: Floats, critical: Critical) -> RankSets:
    order, y, v = _ordered(estimates, variances)
    return (
        _placed(order, len(estimates), *critical(y, v)) if len(order) else _placed(order, len(estimates), order, order)
    )


def _ordered(estimates: Floats, variances: Floats) -> tuple[Places, Floats, Floats]:
    scaled, spread = pairs.comfortable(estimates, variances)
    order = pairs.best_first(scaled, spread)
    return order, scaled[order], spread[order]


def _placed(order: Places, count: int, low: Places, high: Places) -> RankSets:
    found = RankSets(np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64))
    found.low[order], found.high[order] = low, high
    return found


def _distances(y: Floats, v: Floats, place: int) -> Floats:
    """How many standard errors the unit at `place` is above each later one; equal exact values do not differ."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        distance = (y[place] - y[place + 1 :]) / np.sqrt(v[place] + v[place + 1 :])
    return np.where(np.isnan(distance), 0.0, distance) if v[place] == 0.0 else distance


def _counted(y: Floats, v: Floats, *critical: Floats) -> list[tuple[Places, Places]]:
    """The ends of the sets for each column of critical values, one a unit."""
    n = len(y)
    found = [(np.ones(n, dtype=np.int64), np.full(n, n, dtype=np.int64)) for _ in critical]
    for place in range(n - 1):
        distance = _distances(y, v, place)
        for (low, high), column in zip(found, critical, strict=True):
            low[place + 1 :] += distance > column[place + 1 :]
            high[place] -= np.count_nonzero(distance > column[place])
    return found


def _stepped(y: Floats, v: Floats, coverage: float) -> tuple[Places, Places]:
    n = len(y)
    if n == 1:
        return np.ones(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    errors = _errors(v)
    if n > STEPWISE:
        return _counted(y, v, _by_groups(errors, coverage))[0]
    distance = np.zeros((n, n))
    for place in range(n - 1):
        distance[place, place + 1 :] = _distances(y, v, place)
    distance -= distance.T
    others = ~np.eye(n, dtype=np.bool_)
    above, below = others.copy(), others.copy()
    """Opponents not yet known to be surely above, and surely below."""
    sought: Flags = np.ones(n, dtype=np.bool_)
    while sought.any():
        critical = np.full(n, np.inf)
        critical[sought] = _marginal_critical(
            errors[sought], errors, above[sought].astype(np.float64), below[sought].astype(np.float64), coverage
        )
        found_above, found_below = above & (-distance > critical[:, None]), below & (distance > critical[:, None])
        above &= ~found_above
        below &= ~found_below
        sought = np.array((found_above | found_below).any(axis=1) & (above | below).any(axis=1), dtype=np.bool_)
    return 1 + np.count_nonzero(others & ~above, axis=1), n - np.count_nonzero(others & ~below, axis=1)


def _errors(v: Floats) -> Floats:
    """Standard errors relative to the greatest, none below `_LEAST`; all alike where every value is exact."""
    errors = np.sqrt(v)
    most = errors.max()
    return np.maximum(errors / most, _LEAST) if most > 0.0 else np.ones(len(errors))


def _marginal_critical(own: Floats, others: Floats, above: Floats, below: Floats, coverage: float) -> Floats:
    """c for units with standard errors `own` against so many units of `others` that may prove above, and below."""
    noise = np.hypot(own[:, None], others[None, :])
    opponents = np.maximum((above + below).sum(axis=1), 1.0)
    low = np.full(len(own), float(ndtri(coverage)) - 1e-9)
    high = -ndtri((1.0 - coverage) / opponents) + 1e-9
    both = np.minimum(above, below)
    upper, lower = above - both, below - both

    def excess(c: Floats) -> Floats:
        total = np.zeros(len(c))
        for node, mass in zip(_NODES.tolist(), _MASS.tolist(), strict=True):
            centre = own[:, None] * node
            reach = c[:, None] * noise
            not_above, not_below = ndtr((centre + reach) / others), ndtr((reach - centre) / others)
            logs = both * _log(not_above + not_below - 1.0)
            if one_sided:
                logs += upper * _log(not_above) + lower * _log(not_below)
            total += mass * np.exp(logs.sum(axis=1))
        return np.log((1.0 - coverage) / np.maximum(1.0 - total, 1e-300))

    one_sided = bool(upper.any() or lower.any())
    return _root(excess, low, high)


def _log(probability: Floats) -> Floats:
    logarithm: Floats = np.log(np.maximum(probability, 1e-300))
    return logarithm


def _by_groups(errors: Floats, coverage: float) -> Floats:
    """c for every unit when standard errors are grouped by their order."""
    ordered = np.sort(errors)
    edges = np.unique(np.linspace(0, len(errors), _GROUPS + 1).astype(np.int64))
    centres = np.sqrt(np.array([np.mean(np.square(ordered[a:b])) for a, b in pairwise(edges.tolist())]))
    sizes = np.diff(edges).astype(np.float64)
    counts = np.tile(sizes, (len(centres), 1)) - np.eye(len(centres))
    return np.interp(errors, centres, _marginal_critical(centres, centres, counts, counts, coverage))


def _together(y: Floats, v: Floats, coverage: float, seed: int) -> tuple[Places, Places]:
    n = len(y)
    if n == 1:
        return np.ones(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    if n > STEPWISE:
        return _counted(y, v, np.full(n, _two_greatest(n, coverage)))[0]
    first, second = np.triu_indices(n, 1)
    distance = np.concatenate([_distances(y, v, place) for place in range(n - 1)])
    errors = _errors(v)
    by_variance = np.argsort(v, kind="stable")
    draws = min(_DRAWS, max(1_000, _MOST_CELLS // len(first)))
    normal = np.random.Generator(np.random.PCG64(seed)).standard_normal((n, draws))
    noise = np.empty_like(normal)
    noise[by_variance] = normal
    noise *= errors[:, None]
    scale = np.hypot(errors[first], errors[second])
    unsettled = np.ones(len(first), dtype=np.bool_)
    while True:
        greatest = np.zeros(draws)
        for place in range(n - 1):
            mine = slice(place * (2 * n - place - 1) // 2, (place + 1) * (2 * n - place - 2) // 2)
            apart = (noise[place] - noise[place + 1 :]) / scale[mine, None]
            apart = np.where(unsettled[mine, None], np.abs(apart), -apart)
            np.maximum(greatest, apart.max(axis=0), out=greatest)
        found = unsettled & (distance > round(float(np.quantile(greatest, coverage)), 6))
        if not found.any():
            break
        unsettled &= ~found
    return 1 + np.bincount(second[~unsettled], minlength=n), n - np.bincount(first[~unsettled], minlength=n)


def _two_greatest(n: int, coverage: float) -> float:
    """c with P(the two greatest of n |z| lie within radius c) = coverage: ∫ n 2φ(x) G(min(x, sqrt(c² - x²)))^(n-1)."""

    def excess(c: Floats) -> Floats:
        x = np.linspace(0.0, float(c[0]), 4_001)
        least = np.minimum(x, np.sqrt(np.maximum(c[0] * c[0] - x * x, 0.0)))
        density = 2.0 * n * np.exp(-x * x / 2.0) / np.sqrt(2.0 * np.pi) * (2.0 * ndtr(least) - 1.0) ** (n - 1)
        return np.array([float(np.trapezoid(density, x)) - coverage])

    return float(_root(excess, np.array([1.0]), np.array([40.0]))[0])


def _root(excess: Excess, low: Floats, high: Floats) -> Floats:
    """Where a growing function crosses zero, element by element: false position, Illinois' way, rounded up to 1e-4."""
    low, high = low.copy(), high.copy()
    below, above = excess(low), excess(high)
    for _ in range(_STEPS):
        with np.errstate(divide="ignore", invalid="ignore"):
            guess = high - above * (high - low) / (above - below)
        guess = np.where((guess > low) & (guess < high), guess, (low + high) / 2.0)
        value = excess(guess)
        short = value < 0.0
        # The end that stays gets half its value, so that both ends come in.
        below, above = np.where(short, value, below / 2.0), np.where(short, above / 2.0, value)
        low, high = np.where(short, guess, low), np.where(short, high, guess)
        if float(np.minimum(high - low, np.abs(value)).max()) < _CLOSE:
            break
    return np.ceil(np.where(np.abs(value) < _CLOSE, guess, high) / _CLOSE) * _CLOSE
