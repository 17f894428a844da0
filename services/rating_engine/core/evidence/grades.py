"""As many grades as the evidence can tell apart, by dynamic programming over all pairs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.evidence import pairs
from services.rating_engine.core.types import Floats

_WORST = 1 << 61
"""More than any sum of pair gains."""
_FEW = 12
"""Up to so many labels the limited programme is run at once; beyond, only when the free one needs more."""
_MOST_BORDERS = 1_000

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grades:
    """Grades from the best, 0, in the order of the units; -1 for a unit without a mean."""

    places: Whole
    misordered: float
    """Share of all pairs that are expected to stand in different grades in the wrong order."""


def pairwise_loss(means: Floats, variances: Floats, loss: float, most: int | None = None) -> Grades:
    """Contiguous grades by posterior mean that maximise Σ over pairs in different grades of P - L (1 - P).

    P is the probability that the higher of two is truly higher, Φ(Δ/sqrt(v+v')), and L the price of one wrong order
    against one right order; a pair of the same grade counts nothing. Exact, for the gains are whole numbers;
    O(n²) time, O(n) memory. Units with the same mean share a grade; among equal optima the fewest grades. Only where
    more than twelve grades are allowed and still more would be best, the limited ones begin at one of a thousand
    evenly spread places. Without variances every order is certain and grades come out as even as `most` allows. After
    Kline, Rose and Walters (2024), without their integer programme; equals `exam_expected_ranks_and_grades` for L = 1,
    2, 3, 4, 9, 19.
    """
    places = np.full(len(means), -1, dtype=np.int64)
    scaled, spread = pairs.comfortable(means, variances)
    order = pairs.best_first(scaled, spread)
    if len(order) == 0:
        return Grades(places, 0.0)
    problem = _Problem(scaled[order], spread[order], loss)
    firsts = problem.solve(most)
    graded = np.searchsorted(firsts, np.arange(len(order)), side="right") - 1
    places[order] = graded
    return Grades(places, problem.misordered(graded))


class _Problem:
    """The means in order, and what every pair gains by being told apart."""

    def __init__(self, means: Floats, variances: Floats, loss: float) -> None:
        self.means, self.variances, self.loss = means, variances, loss
        self.n = len(means)
        size = math.frexp(self.n * self.n * (1.0 + loss))[1]
        self.bits = min(pairs.FINEST, 60 - size)
        self.begins = np.append(np.append(True, means[1:] != means[:-1]), True)
        """Where a grade may begin, the end included: never between equal means."""
        self.total = 0
        """Σ of the gains of all pairs."""
        self.forgone = 0
        """Σ of the gains of the pairs that share a grade."""

    def solve(self, most: int | None) -> Whole:
        """The first unit of every grade."""
        levels = int(np.count_nonzero(self.begins[:-1]))
        limit = levels if most is None else min(most, levels)
        if limit > _FEW:
            free = self._free()
            if len(free) <= limit:
                return free
            places = np.flatnonzero(self.begins)
            kept = places[np.unique(np.linspace(0, len(places) - 1, _MOST_BORDERS).astype(np.int64))]
            self.begins = np.zeros(self.n + 1, dtype=np.bool_)
            self.begins[kept] = True
        return self._limited(min(limit, int(np.count_nonzero(self.begins[:-1]))))

    def _columns(self) -> Iterator[tuple[int, Whole]]:
        """For every possible end b: G[a], what a grade of the units a .. b - 1 forgoes."""
        inside = np.zeros(self.n, dtype=np.int64)
        for last in range(self.n):
            if last > 0:
                sure = pairs.sureness(self.means[last], self.variances[last], self.means[:last], self.variances[:last])
                gains = pairs.whole(sure * (1.0 + self.loss) - self.loss, self.bits)
                upto = gains.cumsum()
                inside[0] += upto[-1]
                inside[1:last] += upto[-1] - upto[:-1]
            if self.begins[last + 1]:
                yield last + 1, inside[: last + 1]
        self.total = int(inside[0])

    def _free(self) -> Whole:
        """Any number of grades."""
        best = np.full(self.n + 1, _WORST, dtype=np.int64)
        count = np.zeros(self.n + 1, dtype=np.int64)
        came = np.zeros(self.n + 1, dtype=np.int64)
        best[0] = 0
        for end, inside in self._columns():
            candidates = best[:end] + inside
            equal = np.flatnonzero(candidates == candidates.min())
            chosen = int(equal[np.argmin(count[equal])])
            best[end], count[end], came[end] = candidates[chosen], count[chosen] + 1, chosen
        self.forgone = int(best[self.n])
        firsts = []
        end = self.n
        while end > 0:
            end = int(came[end])
            firsts.append(end)
        return np.array(firsts[::-1], dtype=np.int64)

    def _limited(self, most: int) -> Whole:
        """At most so many."""
        starts = np.flatnonzero(self.begins)
        best = np.full((most + 1, len(starts)), _WORST, dtype=np.int64)
        came = np.zeros((most + 1, len(starts)), dtype=np.int64)
        best[0, 0] = 0
        for end, (_, inside) in enumerate(self._columns(), start=1):
            candidates = best[:most, :end] + inside[starts[:end]]
            chosen = candidates.argmin(axis=1)
            best[1:, end] = np.minimum(candidates[np.arange(most), chosen], _WORST)
            came[1:, end] = chosen
        grades = min(range(1, most + 1), key=lambda count: (int(best[count, -1]), count))
        self.forgone = int(best[grades, -1])
        firsts = []
        end = len(starts) - 1
        for grade in range(grades, 0, -1):
            end = int(came[grade, end])
            firsts.append(end)
        return starts[firsts[::-1]]

    def misordered(self, graded: Whole) -> float:
        """Σ (1 - P) over the pairs in different grades, as a share of all pairs."""
        every = self.n * (self.n - 1) // 2
        alike = int((np.bincount(graded) * (np.bincount(graded) - 1) // 2).sum())
        told = every - alike
        if told == 0:
            return 0.0
        gained = (self.total - self.forgone) / 2.0**self.bits
        right = (gained + self.loss * told) / (1.0 + self.loss)
        return min(max(1.0 - right / told, 0.0), 1.0) * told / every
