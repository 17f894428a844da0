"""A unit against its peers: its place among them, and what each indicator brought more or less than it brought them.

The difference of an indicator is its contribution less the mean contribution over the peers that are rated, so the
differences sum to the score less the mean score of the peers. An indicator the unit has no value of brought it nothing
and the peers something: that is not told of the missing indicator but shared by the present ones by their weight in the
unit's score, so that a gap by itself neither raises nor lowers anybody. For an arithmetic tree and complete data the
difference is W (z - mean z).

Peers are the group of the methodology with the unit itself in it, everyone where the group is too small or there is no
rule, and with k nearest the neighbours alone. Of them only those count of which nothing is withheld: what is told of
one unit must not give away by subtraction what is not told of another. Means are exact sums.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact, pipeline
from services.rating_engine.core.steps import peers
from services.rating_engine.core.steps.peers import Groups
from services.rating_engine.core.types import Dataset, Flags, Floats, Methodology, Result


@dataclass(frozen=True, slots=True)
class Against:
    """In the order of the units; `MISSING` or 0 for a unit that is not rated or has no rated peer."""

    alike: tuple[Mapping[str, str | None] | None, ...]
    """What the peers have in common; none where they are everyone."""
    is_nearest: bool
    size: NDArray[np.int64]
    """Rated peers of which everything is told, and the unit itself."""
    place: NDArray[np.int64]
    percentile: tuple[Floats, Floats, Floats]
    """Share of the peers strictly below, and its 95 % interval by Wilson."""
    mean: Floats
    difference: Floats
    by_indicator: Mapping[str, Floats]

    def told(self, place: int) -> dict[str, Any] | None:
        """One unit's as it is kept; none where there is nobody to compare with."""
        if self.size[place] == 0:
            return None
        share, low, high = (_number(column[place]) for column in self.percentile)
        return {
            "alike": self.alike[place],
            "nearest": self.is_nearest,
            "size": int(self.size[place]),
            "place": int(self.place[place]),
            "percentile": share,
            "percentile_low": low,
            "percentile_high": high,
            "mean": float(self.mean[place]),
            "difference": float(self.difference[place]),
            "differences": {
                code: value for code, values in self.by_indicator.items() if (value := float(values[place])) == value
            },
        }


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def against_peers(dataset: Dataset, methodology: Methodology, result: Result, told: Flags | None = None) -> Against:
    """Every rated unit against its peers; `told`: the units of which nothing is withheld, all when left out."""
    prepared = pipeline.prepare(dataset, methodology).dataset
    groups = peers.groups(prepared, methodology.peer_groups)
    rated = ~np.isnan(result.score)
    open_ = result.score if told is None else np.where(told, result.score, np.nan)
    mean = _means(result.score, open_, groups)
    size, place = _places(result.score, open_, groups)
    usable = rated & ~np.isnan(mean)
    shares = {} if result.inside is None else result.inside.shares
    raw = {
        code: np.nan_to_num(points) - _means(np.where(rated, np.nan_to_num(points), np.nan), open_, groups)
        for code, points in result.contributions.items()
    }
    absent = np.zeros(len(rated))
    weight = np.zeros(len(rated))
    for code, points in result.contributions.items():
        there = ~np.isnan(points)
        absent = absent + np.where(there, 0.0, np.nan_to_num(raw[code]))
        weight = weight + np.where(there, shares[code], 0.0)
    with np.errstate(over="ignore"):
        spread = exact.saturated(absent / np.where(weight > 0.0, weight, 1.0))
    return Against(
        alike=_alike(prepared, methodology, groups),
        is_nearest=groups.neighbours is not None,
        size=np.where(usable, size, 0),
        place=np.where(usable, place, 0),
        percentile=peers.percentile(result.score, groups, open_),
        mean=np.where(usable, mean, np.nan),
        difference=np.where(usable, result.score - mean, np.nan),
        by_indicator={
            code: np.where(usable & ~np.isnan(points), raw[code] + spread * shares[code], np.nan)
            for code, points in result.contributions.items()
        },
    )


def _means(values: Floats, score: Floats, groups: Groups) -> Floats:
    """The mean of `values` over the peers of each unit that have a `score`."""
    found = np.full(len(values), np.nan)
    if groups.neighbours is not None:
        near = peers.compared(np.where(np.isnan(score), np.nan, values), groups.neighbours)
        known = np.count_nonzero(~np.isnan(near), axis=1)
        total = exact.row_sums(list(np.nan_to_num(near).T))
        return np.where(known > 0, total / np.maximum(known, 1), np.nan)
    for members, population in groups:
        known_values = values[population & ~np.isnan(score)]
        if len(known_values):
            found[members] = _mean(known_values)
    return found


def _mean(values: Floats) -> float:
    """The exact mean, of values of any size."""
    down = exact.exponent(values)
    return math.ldexp(exact.mean(np.ldexp(values, -down)), down)


def _places(score: Floats, others: Floats, groups: Groups) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many peers have a score among `others`, the unit with them, and its place: 1 + those strictly above."""
    size, place = np.zeros(len(score), dtype=np.int64), np.zeros(len(score), dtype=np.int64)
    if groups.neighbours is not None:
        near = peers.compared(others, groups.neighbours)
        size = np.count_nonzero(~np.isnan(near), axis=1) + 1
        return size, 1 + np.count_nonzero(near > score[:, None], axis=1)
    for members, population in groups:
        ordered = np.sort(others[population & ~np.isnan(others)])
        size[members] = len(ordered) + np.isnan(others[members])
        place[members] = len(ordered) - np.searchsorted(ordered, score[members], side="right") + 1
    return size, place


def _alike(dataset: Dataset, methodology: Methodology, groups: Groups) -> tuple[Mapping[str, str | None] | None, ...]:
    found: list[Mapping[str, str | None] | None] = [None] * len(dataset.units)
    rule = methodology.peer_groups
    if rule is None or not rule.by:
        return tuple(found)
    for members, population in groups:
        if members is population or bool((members == population).all()):
            for place in np.flatnonzero(members).tolist():
                found[place] = {name: dataset.attributes[name][place] for name in rule.by}
    return tuple(found)
