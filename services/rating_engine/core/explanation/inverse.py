"""From a wanted normalised value back to the natural change that gives it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.arithmetic import SMALLEST_NORMAL, bounded_exponential, logarithm
from services.rating_engine.core.pipeline import LeafState
from services.rating_engine.core.steps import peers
from services.rating_engine.core.steps.peers import Groups
from services.rating_engine.core.types import (
    WITHIN_PEERS,
    Direction,
    DistanceToTarget,
    Floats,
    Goalposts,
    Leaf,
    LogGoalposts,
    PercentileRank,
    Piecewise,
    Thresholds,
)

_STEPS = 60
_NARROW = 1e-15
_ROUNDING = 1e-6
"""Of a place: a wanted number of worse units this close to a whole one is that whole one."""
_CLOSE = 1e-9
"""Of the wanted value: how closely it is met, from above."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one indicator from each unit's value to the best of its scale."""

    values: Floats
    room: Floats
    """To the best, signed; `MISSING` without a value, 0 where nothing can be gained."""
    along: Callable[[Floats], Floats]
    """The natural change at a share of the way; by equal ratios where the scale is one of logarithms."""
    moved: Callable[[Floats], Floats]
    """The normalised values after a natural change, the population held."""
    change: Callable[[Floats], Floats]
    """The least change that gives the wanted normalised values; `MISSING` where none within the room does."""


def way(leaf: Leaf, state: LeafState, groups: Groups) -> Way:
    """The way of an indicator whose scale has been fitted."""
    values = state.column.values
    sign = -1.0 if leaf.direction is Direction.LOWER else 1.0
    if isinstance(leaf.normalisation, WITHIN_PEERS):
        return _among_peers(leaf, state, groups, sign)
    best = _best(leaf, values, sign)
    with np.errstate(over="ignore"):
        room = best - values
    gains = room * sign > 0.0 if not isinstance(leaf.normalisation, Piecewise) else room != 0.0
    room = np.where(np.isnan(values), np.nan, np.where(gains & np.isfinite(room), room, 0.0))

    def straight(share: Floats) -> Floats:
        return share * np.nan_to_num(room)

    def moved(change: Floats) -> Floats:
        return state.scaled(np.where(change == room, best, values + change))

    if isinstance(leaf.normalisation, Thresholds):
        cuts = leaf.normalisation.cuts
        return Way(values, room, straight, moved, lambda wanted: _to_a_cut(state, cuts, values, sign, wanted))
    by_ratio = isinstance(leaf.normalisation, LogGoalposts)
    positive = by_ratio & (values > 0.0) & (best > 0.0) & (room != 0.0)
    with np.errstate(over="ignore"):
        ratio = np.where(positive, best / np.where(positive, values, 1.0), 1.0)
    positive &= np.isfinite(ratio) & (ratio >= SMALLEST_NORMAL)
    length = logarithm(np.where(positive, ratio, 1.0))

    def bent(share: Floats) -> Floats:
        change = np.where(positive, values * (bounded_exponential(share * length) - 1.0), straight(share))
        return np.where(share == 1.0, room, change)

    along = bent if by_ratio else straight
    ends = (state.scaled(values), moved(room))

    def change(wanted: Floats) -> Floats:
        share = first(lambda at: moved(along(at)), ends, wanted, steps=_STEPS, width=_NARROW)
        return np.where(np.isnan(share), np.nan, along(np.nan_to_num(share)))

    return Way(values, room, along, moved, change)


def _best(leaf: Leaf, values: Floats, sign: float) -> Floats:
    """The best natural value of the scale, for every unit."""
    kind = leaf.normalisation
    match kind:
        case Goalposts() | LogGoalposts():
            best = kind.high if sign > 0 else kind.low
        case DistanceToTarget():
            best = kind.target
        case Thresholds():
            best = kind.cuts[-1] if sign > 0 else math.nextafter(kind.cuts[0], -math.inf)
        case Piecewise():
            highest = max(y for _, y in kind.points)
            tops = np.array([x for x, y in kind.points if y == highest])
            nearest = np.abs(np.nan_to_num(values)[:, None] - tops[None, :]).argmin(axis=1)
            tallest: Floats = tops[nearest]
            return tallest
        case _:
            known = values[~np.isnan(values)]
            best = math.nan if len(known) == 0 else float(known.max() if sign > 0 else known.min())
    return np.full(len(values), best)


def _to_a_cut(state: LeafState, cuts: tuple[float, ...], values: Floats, sign: float, wanted: Floats) -> Floats:
    """To the nearest cut whose level is enough; a value on a cut belongs to the interval above it."""
    change = np.full(len(values), np.nan)
    for cut in cuts if sign < 0 else cuts[::-1]:
        reached = cut if sign > 0 else math.nextafter(cut, -math.inf)
        level = state.scaled(np.full(len(values), reached))
        usable = ((reached - values) * sign > 0.0) & (level >= wanted - _CLOSE * np.maximum(1.0, np.abs(wanted)))
        change = np.where(usable, _landing(values, np.full(len(values), reached), sign), change)
    return change


def _landing(values: Floats, goal: Floats, sign: float) -> Floats:
    """goal - x, with the last bits that x plus it needs to be at the goal or beyond."""
    with np.errstate(over="ignore"):
        change = exact.saturated(goal - values)
    for _ in range(4):
        with np.errstate(over="ignore"):
            change = np.where((values + change) * sign < goal * sign, np.nextafter(change, sign * np.inf), change)
    return change


def _beyond(values: Floats) -> Floats:
    """The least doubles above these; beyond the largest there is none."""
    with np.errstate(over="ignore"):
        return exact.saturated(np.nextafter(values, np.inf))


def _among_peers(leaf: Leaf, state: LeafState, groups: Groups, sign: float) -> Way:
    """Past the value of the unit that has to be overtaken.

    The scale counts those that are worse. A unit's own old value is among the population and would count as one more
    once it has moved, so it is taken off again.
    """
    values = state.column.values
    rivals = _rivals(groups, sign * values)
    others = rivals.size - rivals.own
    shared = isinstance(leaf.normalisation, PercentileRank)
    step = 1.0 / np.maximum(others, 1) if shared else np.ones(len(values))
    top = rivals.at(rivals.size - 1)
    best = sign * _beyond(top)
    with np.errstate(over="ignore"):
        room = np.where(top > sign * values, exact.saturated(best - values), 0.0)
    room = np.where(np.isnan(values), np.nan, room)

    def moved(change: Floats) -> Floats:
        there = np.where(change == room, best, values + change)
        there = np.where(change == 0.0, values, there)
        left_behind = (there * sign > values * sign) & (rivals.own > 0)
        return state.scaled(there) - np.where(left_behind, step, 0.0)

    def change(wanted: Floats) -> Floats:
        worse = wanted * others if shared else wanted - 1.0
        place = np.clip(np.ceil(np.nan_to_num(worse, nan=-1.0) - _ROUNDING), -2.0, 1e9).astype(np.int64)
        rival = rivals.at(place + rivals.own - 1)
        found = _landing(values, sign * _beyond(rival), sign)
        enough = moved(np.nan_to_num(found)) >= wanted - _CLOSE * np.maximum(1.0, np.abs(wanted))
        return np.where(enough & (found * sign > 0.0), found, np.nan)

    return Way(values, room, lambda share: share * np.nan_to_num(room), moved, change)


@dataclass(frozen=True, slots=True)
class _Rivals:
    """For each unit the signed values it is compared with, the worst first."""

    size: NDArray[np.int64]
    own: NDArray[np.int64]
    """1 where the unit's own value is among them."""
    at: Callable[[NDArray[np.int64]], Floats]
    """The value at each unit's place; `MISSING` outside."""


def _rivals(groups: Groups, signed: Floats) -> _Rivals:
    count = len(signed)
    rows = np.arange(count)
    if groups.neighbours is not None:
        ordered = np.sort(peers.compared(signed, groups.neighbours), axis=1)
        size = np.count_nonzero(~np.isnan(ordered), axis=1)

        def near(place: NDArray[np.int64]) -> Floats:
            inside = (place >= 0) & (place < size)
            return np.where(inside, ordered[rows, np.where(inside, place, 0)], np.nan)

        return _Rivals(size, np.zeros(count, dtype=np.int64), near)
    start, size, own = (np.zeros(count, dtype=np.int64) for _ in range(3))
    every: list[Floats] = []
    length = 0
    for members, population in groups:
        ordered = np.sort(signed[population & ~np.isnan(signed)])
        start[members], size[members] = length, len(ordered)
        own[members] = population[members] & ~np.isnan(signed[members])
        every.append(ordered)
        length += len(ordered)
    flat = np.append(np.concatenate(every), np.nan)

    def at(place: NDArray[np.int64]) -> Floats:
        inside = (place >= 0) & (place < size)
        return flat[np.where(inside, start + place, length)]

    return _Rivals(size, own, at)


def first(
    function: Callable[[Floats], Floats],
    ends: tuple[Floats, Floats],
    wanted: Floats,
    *,
    steps: int,
    width: float,
) -> Floats:
    """The least share in 0..1 at which a non-decreasing `function` of shares reaches `wanted`; `MISSING` where it does
    not even at 1, or where nothing is wanted.

    By turns the chord between the ends (exact where the function is a line) and the middle; the upper end always
    reaches, and it is the answer. Each unit stops by itself, so its answer does not depend on who else is asked for.
    """
    low, high = np.zeros(len(wanted)), np.ones(len(wanted))
    below, above = ends[0].copy(), ends[1].copy()
    slack = _CLOSE * np.maximum(1.0, np.abs(wanted))
    reachable = (above >= wanted) & (below < wanted)
    running = reachable.copy()
    for step in range(steps):
        running &= (above - wanted > slack) & (high - low > width)
        if not running.any():
            break
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            chord = low + (high - low) * ((wanted + 0.5 * slack - below) / (above - below))
        middle = low + (high - low) / 2.0
        usable = np.isfinite(chord) & (chord > low) & (chord < high)
        at = np.where(usable, chord, middle) if step % 2 == 0 else middle
        at = np.where(running, at, high)
        value = function(at)
        reached = running & (value >= wanted)
        short = running & ~(value >= wanted)
        high, above = np.where(reached, at, high), np.where(reached, value, above)
        low, below = np.where(short, at, low), np.where(short, value, below)
    return np.where(reachable, high, np.where(below >= wanted, 0.0, np.nan))
