"""Where each unit stands over many replicates: quantiles of its place and shares of bands, by counting.

Places are kept in two bytes each while they fit into `MOST_KEPT`; quantiles are then exact order statistics. Beyond
that each unit counts its places in bins around its official place: one bin a place up to 64 places away, then bins that
widen by a sixteenth of the distance, so memory is the same for any number of replicates, and a quantile is told to
within about 6 % of its distance from the official place. Shares of bands and shifts are exact in both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types import Floats

MOST_KEPT: Final = 200_000_000
"""Bytes of kept places: 10,000 replicates of 10,000 units."""
_MOST_UNITS: Final = 65_535
_EXACT = 64
_WIDENING = 16
_UNITS_AT_ONCE = 4_096
_NOTED: Final = 20_000_000
"""Bins noted before they are counted, so that those of a unit are fetched from memory once for many replicates."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """In the order of the rated units."""

    p05: Floats
    median: Floats
    p95: Floats
    within: NDArray[np.int64]
    """Bounds by units: how many replicates are within each bound."""
    shift: int
    """Σ |place - official place| over replicates and units."""
    is_exact: bool
    """Whether quantiles are exact; otherwise they are told to a stated resolution."""


class Tally:
    """The places of all replicates as they come, in any order and from any thread; only whole numbers are added."""

    def __init__(self, official: NDArray[np.int32], count: int, bounds: int, *, most_kept: int = MOST_KEPT) -> None:
        self._official = official
        self._replicates = count
        self._within = np.zeros((bounds, len(official)), dtype=np.uint16)
        self._shift = 0
        self._lock = Lock()
        self._next = 0
        units = len(official)
        self._kept: NDArray[np.uint16] | None = None
        if units <= _MOST_UNITS and 2 * units * count <= most_kept:
            self._kept = np.empty((count, units), dtype=np.uint16)
        else:
            self._edges, self._bin_of = _edges(units)
            self._bins = np.zeros((units, len(self._edges) - 1), dtype=np.uint16)
            self._noted = np.empty((min(count, max(1, _NOTED // units)), units), dtype=np.uint16)
            self._waiting = 0

    def add(self, placed: NDArray[np.int32], scored: Floats, bounds: "Bounds", loops: ModuleType) -> None:
        """Some replicates with what bounds hold for them."""
        with self._lock:
            at = self._next
            self._next += len(placed)
            if self._kept is None:
                self._note(placed, loops)
            self._shift += int(loops.tally(placed, self._official, bounds.places, self._within[: len(bounds.places)]))
            if len(bounds.cuts):
                loops.reach(scored, bounds.cuts, self._within[len(bounds.places) :])
        if self._kept is not None:
            loops.keep(placed, self._kept[at : at + len(placed)])

    def _note(self, placed: NDArray[np.int32], loops: ModuleType) -> None:
        while len(placed):
            taken = placed[: len(self._noted) - self._waiting]
            placed = placed[len(taken) :]
            after = self._waiting + len(taken)
            loops.note(taken, self._official, self._bin_of, self._noted[self._waiting : after])
            self._waiting = after
            if after == len(self._noted):
                self._count_noted(loops)

    def _count_noted(self, loops: ModuleType) -> None:
        loops.count(self._noted[: self._waiting], self._bins)
        self._waiting = 0

    def done(self, loops: ModuleType) -> Distribution:
        """What has been counted."""
        positions = [
            max(0, math.ceil(0.05 * self._replicates) - 1),
            (self._replicates - 1) // 2,
            self._replicates // 2,
            math.ceil(0.95 * self._replicates) - 1,
        ]
        if self._kept is not None:
            found = np.empty((4, len(self._official)), dtype=np.int32)
            loops.quantiles(self._kept, np.array(positions, dtype=np.int64), 0, len(self._official), found)
        else:
            self._count_noted(loops)
            found = self._from_bins(positions)
        low, below, above, high = found.astype(np.float64)
        return Distribution(
            p05=low,
            median=(below + above) / 2.0,
            p95=high,
            within=self._within.astype(np.int64),
            shift=self._shift,
            is_exact=self._kept is not None,
        )

    def _from_bins(self, positions: Sequence[int]) -> NDArray[np.int32]:
        """The place at each position, spread evenly over its bin."""
        found = np.empty((len(positions), len(self._official)), dtype=np.int32)
        for start in range(0, len(self._official), _UNITS_AT_ONCE):
            block = slice(start, start + _UNITS_AT_ONCE)
            passed = np.cumsum(self._bins[block], axis=1, dtype=np.int32)
            everyone = np.arange(len(passed))
            for row, position in enumerate(positions):
                at = np.argmax(passed > position, axis=1)
                held = self._bins[block][everyone, at].astype(np.int64)
                before = passed[everyone, at].astype(np.int64) - held
                width = self._edges[at + 1] - self._edges[at]
                distance = self._edges[at] + (position - before) * width // np.maximum(held, 1)
                found[row, block] = np.clip(self._official[block] + distance, 1, len(self._official))
        return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is counted of each replicate: places at most so much, and then scores of at least so much."""

    places: NDArray[np.int32]
    cuts: Floats


def _edges(units: int) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Where the bins of distances begin, from -units to units, and the bin of each distance."""
    ahead = [0]
    while ahead[-1] <= units:
        ahead.append(ahead[-1] + max(1, (ahead[-1] - _EXACT) // _WIDENING + 1 if ahead[-1] > _EXACT else 1))
    edges = np.array(sorted({-edge + 1 for edge in ahead} | set(ahead)), dtype=np.int64)
    bin_of = np.searchsorted(edges, np.arange(-units, units + 1), side="right") - 1
    return edges, bin_of.astype(np.uint16)
