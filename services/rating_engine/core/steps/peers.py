"""Who is compared with whom, and where each stands among its peers."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.types import Dataset, Flags, Floats, Nearest, PeerGroups

Z95: Final = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
_SPARE = 12
"""Candidates beyond k, so that ties at the k-th are seen."""
_NOBODY: Final = -1


class Groups(list[tuple[Flags, Flags]]):
    """Pairs of members and the population they are compared with; and each unit's nearest, where the rule asks for
    them."""

    def __init__(self, pairs: Iterable[tuple[Flags, Flags]], neighbours: NDArray[np.int64] | None = None) -> None:
        super().__init__(pairs)
        self.neighbours = neighbours
        """Units by k: the places of the nearest units, `-1` where there are fewer than k."""


def groups(dataset: Dataset, rule: PeerGroups | None) -> Groups:
    """The peer groups as (members, population they are compared with).

    Units are peers when all attributes of the rule are equal. A group below the minimum, and a unit lacking one of the
    attributes, is compared with the whole population; without a rule there is one group, everyone. With `nearest` ranks
    and percentile ranks are taken among the k nearest instead; all else stays with the groups.
    """
    everyone = np.ones(len(dataset.units), dtype=np.bool_)
    if rule is None:
        return Groups([(everyone, everyone)])
    found = _alike(dataset, rule, everyone) if rule.by else [(everyone, everyone)]
    return Groups(found, None if rule.nearest is None else nearest(dataset, rule.nearest, found))


def alike(dataset: Dataset, rule: PeerGroups | None) -> list[tuple[Flags, Flags]]:
    """The groups by attributes alone, without looking for anybody's nearest; none without attributes."""
    if rule is None or not rule.by:
        return []
    return _alike(dataset, rule, np.ones(len(dataset.units), dtype=np.bool_))


def _alike(dataset: Dataset, rule: PeerGroups, everyone: Flags) -> list[tuple[Flags, Flags]]:
    keys: list[tuple[str | None, ...]] = list(
        zip(*(dataset.attributes[attribute] for attribute in rule.by), strict=True)
    )
    sizes: dict[tuple[str | None, ...], int] = {}
    for key in keys:
        sizes[key] = sizes.get(key, 0) + 1
    numbers = {key: number for number, key in enumerate(sizes) if sizes[key] >= rule.minimum and None not in key}
    group = np.array([numbers.get(key, _NOBODY) for key in keys], dtype=np.int64)
    found = []
    for number in numbers.values():
        members = group == number
        found.append((members, members))
    rest = group == _NOBODY
    if rest.any():
        found.append((rest, everyone))
    return found


def nearest(dataset: Dataset, rule: Nearest, within: Iterable[tuple[Flags, Flags]]) -> NDArray[np.int64]:
    """For each unit the places of the k nearest others, in the order of their ids; ties go to the lower id.

    Distance is Σ ((x - y) / sd)² over the context indicators, sd with n - 1 over all units, an indicator without any
    spread counting nothing. Only units of the same group are near. A unit lacking one of the indicators has no
    neighbours and is nobody's. Source: «similar schools» of New South Wales and of the Education Endowment Foundation's
    families of schools (k nearest by standardised context).
    """
    context = np.column_stack([_standardised(dataset.columns[code].values) for code in rule.on])
    usable = ~np.isnan(context).any(axis=1)
    order = np.array(sorted(range(len(dataset.units)), key=dataset.units.__getitem__), dtype=np.int64)
    found = np.full((len(dataset.units), rule.k), _NOBODY, dtype=np.int64)
    for members, population in within:
        pool = order[(population & usable)[order]]
        seekers = np.flatnonzero(members & usable)
        found[seekers] = _closest(context, seekers, pool, rule.k)
    return found


def _closest(context: Floats, rows: NDArray[np.int64], pool: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """The k nearest of `pool` to each of `rows`; a search tree finds candidates, exact distances decide among them."""
    from scipy.spatial import cKDTree  # takes a third of a second to import

    found = np.full((len(rows), k), _NOBODY, dtype=np.int64)
    few = min(k, len(pool) - 1)
    if few < 1:
        return found
    wide = min(len(pool), few + _SPARE)
    _, near = cKDTree(context[pool]).query(context[rows], k=wide)
    near = np.sort(near.reshape(len(rows), wide), axis=1)
    candidates = pool[near]
    distance = _distances(context, rows, candidates)
    found[:, :few] = _least(candidates, distance, few)
    if wide < len(pool):
        furthest = np.max(np.where(np.isinf(distance), 0.0, distance), axis=1)
        bar = np.partition(distance, few - 1, axis=1)[:, few - 1]
        unsure = np.flatnonzero(~(bar < furthest * (1.0 - 1e-9)))
        found[unsure, :few] = _among_ties(context, rows[unsure], pool, few)
    return found


def _among_ties(context: Floats, rows: NDArray[np.int64], pool: NDArray[np.int64], few: int) -> NDArray[np.int64]:
    """The same with every distance computed, once for all units whose context is the same."""
    found = np.empty((len(rows), few), dtype=np.int64)
    if len(rows) == 0:
        return found
    _, same = np.unique(context[rows], axis=0, return_inverse=True)
    order = np.argsort(same.ravel(), kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(same.ravel()[order])) + 1):
        here = context[rows[places[0]]]
        distance = np.zeros(len(pool))
        for axis in range(context.shape[1]):
            distance += np.square(here[axis] - context[pool, axis])
        near = _least(pool[None, :], distance[None, :], few + 1)[0]
        others = near[None, :] != rows[places, None]
        others[others.all(axis=1), -1] = False
        found[places] = np.broadcast_to(near, others.shape)[others].reshape(len(places), few)
    return found


def _distances(context: Floats, rows: NDArray[np.int64], others: NDArray[np.int64]) -> Floats:
    distance = np.zeros(others.shape)
    for axis in range(context.shape[1]):
        distance += np.square(context[rows, axis, None] - context[others, axis])
    distance[rows[:, None] == others] = np.inf
    return distance


def _least(others: NDArray[np.int64], distance: Floats, few: int) -> NDArray[np.int64]:
    """The `few` with the least distance in each row, in the order given; of equal ones the first."""
    bar = np.partition(distance, few - 1, axis=1)[:, few - 1, None]
    closer, level = distance < bar, distance == bar
    wanted = few - np.count_nonzero(closer, axis=1)
    taken = closer | (level & (np.cumsum(level, axis=1) <= wanted[:, None]))
    chosen: NDArray[np.int64] = others[taken].reshape(len(distance), few)
    return chosen


def _standardised(values: Floats) -> Floats:
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return values
    scale = exact.exponent(known)
    scaled = np.ldexp(known, -scale)
    centre = exact.mean(scaled)
    sd = exact.sample_sd(scaled, centre)
    if sd == 0.0 or scaled.min() == scaled.max():
        return np.where(np.isnan(values), np.nan, 0.0)
    return (np.ldexp(values, -scale) - centre) / sd


def compared(values: Floats, neighbours: NDArray[np.int64]) -> Floats:
    """The values of each unit's neighbours, units by k, `MISSING` where there is nobody."""
    extended = np.append(values, np.nan)
    return extended[neighbours]


def percentile(values: Floats, groups: Groups, open_: Floats | None = None) -> tuple[Floats, Floats, Floats]:
    """The share of a unit's peers that are strictly below it, with its 95 % interval by Wilson (1927).

    `open_` are the values of those that count as peers, `MISSING` for the others; everyone's when left out.
    Natural or normalised values, greater being better; 0..1. A missing value, and a unit without any peer that has one,
    has no share. The interval treats the peers as a sample of those the unit could have been compared with:
    (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    """
    below, others = np.zeros(len(values)), np.zeros(len(values))
    known = values if open_ is None else open_
    if groups.neighbours is not None:
        peers = compared(known, groups.neighbours)
        below = np.count_nonzero(peers < values[:, None], axis=1).astype(np.float64)
        others = np.count_nonzero(~np.isnan(peers), axis=1).astype(np.float64)
    else:
        for members, population in groups:
            counted = population & ~np.isnan(known)
            ordered = np.sort(known[counted])
            below[members] = np.searchsorted(ordered, values[members], side="left")
            others[members] = len(ordered) - counted[members]
    usable = ~np.isnan(values) & (others > 0)
    n = np.where(usable, others, 1.0)
    share = np.where(usable, below, 0.0) / n
    centre = share + Z95**2 / (2.0 * n)
    half = Z95 * np.sqrt(share * (1.0 - share) / n + Z95**2 / (4.0 * n * n))
    scale = 1.0 + Z95**2 / n
    low, high = np.clip((centre - half) / scale, 0.0, 1.0), np.clip((centre + half) / scale, 0.0, 1.0)
    gap = math.nan
    return np.where(usable, share, gap), np.where(usable, low, gap), np.where(usable, high, gap)
