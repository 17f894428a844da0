"""The loops of `compiled` in numpy, slower and to the same byte: the reference they are tested against, and what is
used where nothing can be compiled."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.arithmetic import STEPS, brought
from services.rating_engine.core.types import Floats

Array = NDArray[Any]
_BEHIND = -2.0
"""Of the greatest score: where those stand who have none."""


def scores(
    rows: Array,
    gappy: Array,
    first: Array,
    child: Array,
    power: Array,
    absent: Array,
    has_absent: Array,
    weights: Array,
    out: Array,
) -> None:
    """The root's value for every replicate (row of `weights`) and unit; see `programme.Programme`."""
    count, nodes = len(rows), len(first) - 1
    is_one_sum = bool((power[:, 0] == power[-1, 0]).all() and (power[:-1, 1] == power[:-1, 0]).all())
    for r, given in enumerate(weights.tolist()):
        value: list[Floats] = list(rows)
        whole = [not gap for gap in gappy.tolist()]
        told: list[list[tuple[int, float]]] = []
        for node in range(nodes):
            slots = range(int(first[node]), int(first[node + 1]))
            total = 0.0
            for slot in slots:
                total += given[slot]
            told.append([(int(child[slot]), given[slot] / total) for slot in slots] if total > 0.0 else [])
            complete = all(whole[at] for at, share in told[node] if share > 0.0)
            whole.append(total > 0.0 and not has_absent[node] and complete)
        if is_one_sum and whole[-1]:
            out[r] = brought(_whole(_added_up(told, count), value), float(power[-1, 0]), float(power[-1, 1]))
            continue
        for node in range(nodes):
            part = [(at, share) for at, share in told[node] if share > 0.0]
            found = _whole(part, value) if whole[count + node] else _present(part, value, rows.shape[1])
            if has_absent[node]:
                found = np.where(absent[node] != 0, np.nan, found)
            value.append(brought(found, float(power[node, 0]), float(power[node, 1])))
        out[r] = value[-1]


def _added_up(told: list[list[tuple[int, float]]], count: int) -> list[tuple[int, float]]:
    """Each row's share of the whole: the product of the shares on its paths from the root."""
    own = [0.0] * count
    part = [0.0] * (len(told) - 1) + [1.0]
    for node in reversed(range(len(told))):
        for at, share in told[node]:
            below = part[node] * share
            if at < count:
                own[at] += below
            else:
                part[at - count] = below
    return [(row, share) for row, share in enumerate(own) if share > 0.0]


def _whole(part: list[tuple[int, float]], value: list[Floats]) -> Floats:
    found = np.zeros(len(value[0]))
    for at, share in part:
        found = found + share * value[at]
    return found


def _present(part: list[tuple[int, float]], value: list[Floats], units: int) -> Floats:
    found, total = np.zeros(units), np.zeros(units)
    for at, share in part:
        there = ~np.isnan(value[at])
        found = found + np.where(there, share * value[at], 0.0)
        total = total + np.where(there, share, 0.0)
    with np.errstate(invalid="ignore"):
        return np.where(total > 0.0, found / np.where(total > 0.0, total, 1.0), np.nan)


def ranks(scored: Array, out: Array) -> None:
    """Places by scores compared at the fraction `STEPS` of the greatest, ties sharing the best; spoils `scored`."""
    for r, score in enumerate(scored):
        known = np.isfinite(score)
        score[~known] = -exact.LARGEST
        greatest = max(float(np.max(np.abs(score), initial=0.0, where=known)), 1e-300)
        parts = np.divide(score, greatest, where=known, out=np.full(len(score), _BEHIND))
        steps = np.rint(parts * STEPS).astype(np.int64)
        out[r] = len(steps) - np.searchsorted(np.sort(steps), steps, side="right") + 1


def tally(placed: Array, official: Array, bounds: Array, within: Array) -> int:
    """Add to `within[b, unit]` whether the place is at most `bounds[b]`; the sum of |place - official place|."""
    for b, bound in enumerate(bounds.tolist()):
        within[b] += np.count_nonzero(placed <= bound, axis=0).astype(within.dtype)
    return int(np.abs(placed.astype(np.int64) - official).sum())


def reach(scored: Array, cuts: Array, within: Array) -> None:
    """Add to `within[b, unit]` whether the score is at least `cuts[b]`."""
    for b, cut in enumerate(cuts.tolist()):
        within[b] += np.count_nonzero(scored >= cut, axis=0).astype(within.dtype)


def keep(placed: Array, kept: Array) -> None:
    """Places into their rows of two bytes each."""
    kept[:] = placed


def note(placed: Array, official: Array, bin_of: Array, noted: Array) -> None:
    """The bin of the distance of each place from the official one."""
    noted[:] = bin_of[len(bin_of) // 2 + placed - official]


def count(noted: Array, bins: Array) -> None:
    """Add each unit's noted bins to its counts."""
    everyone = np.arange(len(bins))
    for row in noted:
        bins[everyone, row] += 1


def quantiles(kept: Array, positions: Array, low: int, high: int, out: Array) -> None:
    """The values at `positions` of the ascending places of the units `low` to `high`."""
    for begin in range(low, high, 2_000):
        block = slice(begin, min(begin + 2_000, high))
        out[:, block] = np.sort(kept[:, block], axis=0)[positions]
