"""Which choice moves the places: Sobol' indices of the rank shifts over the declared choices.

A choice is a factor: the weights of a level (all of them together), the normalisation, the aggregation, and whatever
else the methodology lets vary. Where two choices cannot be made independently of one another they are one factor, since
the indices need independent ones. Of every rating in the design the shift of a unit is |rank - official rank|; indices
are estimated by Jansen's formulas (`core.sobol`) for the mean shift, with bootstrap intervals, and for the shift of
every unit. Ranks are whole numbers, so the sums behind the indices of a unit are exact. Nothing is missing: only rated
units take part, and whether a unit is rated is not varied.

Sources: Saltelli et al. 2010 (Comput. Phys. Commun. 181); OECD/JRC Handbook (2008), step 7; Saisana, Saltelli and
Tarantola 2005 (JRSS A 168).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.doubt import sobol
from services.rating_engine.core.doubt.choices import Cube
from services.rating_engine.core.doubt.sobol import jansen
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.core.types import MISSING, Floats

__all__ = ["ByUnit", "Choices", "Index", "Sensitivity", "base_runs", "indices", "jansen", "of_choices"]

_LEAST, _MOST = 32, 1024
_CELLS_AT_ONCE = 4_000_000
"""Ranks held at a time: rows of the design are evaluated in blocks, so memory does not grow with the replicates."""


class Choices(Protocol):
    """Something that can be rated in other ways, each a point of a unit cube."""

    @property
    def factors(self) -> Mapping[str, slice]:
        """The columns of each factor, in their order."""

    @property
    def official(self) -> NDArray[np.int64]:
        """Official ranks of all units; 0 for one that is not rated."""

    def ranks(self, points: Floats) -> NDArray[np.int64]:
        """Ranks of the rated units at each point, one row a point."""


@dataclass(frozen=True, slots=True)
class Index:
    """An estimate with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ByUnit:
    """For every unit the factor that moves its place most, in the order of the units."""

    factor: tuple[str | None, ...]
    """The factor with the largest total index, the earlier of equal ones; `None` for a unit that is not rated or whose
    place nothing moves."""
    first: Floats
    """First-order index of that factor; `MISSING` where there is none."""
    total: Floats
    """Total index of that factor."""
    shift: Floats
    """Mean |rank - official rank| over A and B; `MISSING` for a unit that is not rated."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Indices by factor for the mean shift, and for every unit the factor that matters most to it."""

    first: Mapping[str, Index]
    total: Mapping[str, Index]
    runs: int
    variance: float
    """Of the mean shift over A and B; with 0 every index is 0."""
    moved_nothing: tuple[str, ...]
    """Declared factors that offer nothing but the official, or whose exchange changed no rank of any unit anywhere in
    the design."""
    units: ByUnit


def base_runs(replicates: int, factors: int) -> int:
    """Rows of A: a power of two from 32 to 1,024, so that all runs together are about as many as the replicates."""
    wanted = replicates // (factors + 2)
    return int(min(_MOST, max(_LEAST, 2 ** (max(wanted, 1).bit_length() - 1))))


def indices(variants: Variants) -> Sensitivity | None:
    """The indices from the methodology's seed and replicates; `None` when no declared choice varies."""
    cube = Cube(variants)
    if not cube.factors:
        return None
    rows = base_runs(variants.uncertainty.replicates, len(cube.factors))
    found = of_choices(cube, rows=rows, seed=variants.uncertainty.seed)
    return replace(found, moved_nothing=(*cube.idle, *found.moved_nothing))


def of_choices(choices: Choices, *, rows: int, seed: int) -> Sensitivity:
    """The indices of a design of `rows` points in A and B, a power of two."""
    factors = choices.factors
    first, second = sobol.design(rows, max(part.stop for part in factors.values()), [seed, 1])
    sums = _Sums(choices, len(factors))
    for block in _blocks(rows, (len(factors) + 2) * int(np.count_nonzero(choices.official))):
        sums.add(block, first[block], second[block])
    shifts = sums.shifts()
    y_first, y_second, *y_mixed = shifts / max(len(sums.rated), 1)
    bounds = sobol.intervals(y_first, y_second, dict(zip(factors, y_mixed, strict=True)), [seed, 2])
    variance, estimates = _exact(shifts)
    by_name = dict(zip(factors, estimates, strict=True))
    return Sensitivity(
        first={name: Index(found[0], *bounds[name][0]) for name, found in by_name.items()},
        total={name: Index(found[1], *bounds[name][1]) for name, found in by_name.items()},
        runs=rows * (len(factors) + 2),
        variance=variance / max(len(sums.rated), 1) ** 2,
        moved_nothing=tuple(name for name, moved in zip(factors, sums.moved, strict=True) if not moved),
        units=sums.by_unit(),
    )


def _blocks(rows: int, cells_of_row: int) -> Iterator[slice]:
    size = max(1, _CELLS_AT_ONCE // max(cells_of_row, 1))
    for start in range(0, rows, size):
        yield slice(start, min(start + size, rows))


def _exact(shifts: NDArray[np.int64]) -> tuple[float, list[tuple[float, float]]]:
    """Variance of the summed shift and Jansen's indices by factor, in whole numbers up to one division each."""
    first, second, *mixed = shifts.tolist()
    count = 2 * len(first)
    both = [*first, *second]
    spread = count * sum(y * y for y in both) - sum(both) ** 2
    if spread == 0:
        return 0.0, [(0.0, 0.0)] * len(mixed)
    found = []
    for one in mixed:
        apart_second = sum((b - y) ** 2 for b, y in zip(second, one, strict=True))
        apart_first = sum((a - y) ** 2 for a, y in zip(first, one, strict=True))
        found.append(((spread - count * apart_second) / spread, count * apart_first / spread))
    return spread / count**2, found


class _Sums:
    """What the estimators need of all runs, added up block by block: whole numbers, so the blocks leave no trace."""

    def __init__(self, choices: Choices, factors: int) -> None:
        self._choices = choices
        self._names = list(choices.factors)
        self.rated = np.flatnonzero(choices.official)
        self._official = choices.official[self.rated]
        units = len(self.rated)
        self._shifts: list[NDArray[np.int64]] = []
        """By block, one row for A, B and each A_Bi: the sum of the shifts over units, by row of the design."""
        self._sum = np.zeros(units, dtype=np.int64)
        self._squares = np.zeros(units, dtype=np.int64)
        self._apart_first = np.zeros((factors, units), dtype=np.int64)
        self._apart_second = np.zeros((factors, units), dtype=np.int64)
        self._rows = 0
        self.moved = [False] * factors

    def add(self, block: slice, first: Floats, second: Floats) -> None:
        """Rate every point of a block of the design."""
        rows = len(first)
        mixed = [sobol.exchanged(first, second, part) for part in self._choices.factors.values()]
        ranks = self._choices.ranks(np.concatenate((first, second, *mixed))).reshape(len(mixed) + 2, rows, -1)
        shifts = np.abs(ranks.astype(np.int64) - self._official)
        self._rows += rows
        self._shifts.append(shifts.sum(axis=2))
        for sample in shifts[:2]:
            self._sum += sample.sum(axis=0)
            self._squares += np.square(sample).sum(axis=0)
        for place in range(len(mixed)):
            self._apart_first[place] += np.square(shifts[0] - shifts[place + 2]).sum(axis=0)
            self._apart_second[place] += np.square(shifts[1] - shifts[place + 2]).sum(axis=0)
            self.moved[place] = self.moved[place] or not np.array_equal(ranks[0], ranks[place + 2])

    def shifts(self) -> NDArray[np.int64]:
        """The shifts of all units together, for every run: one row for A, one for B, one for each factor."""
        return np.concatenate(self._shifts, axis=1)

    def by_unit(self) -> ByUnit:
        """The factor with the largest total index of each unit's shift."""
        count = 2 * self._rows
        spread = count * self._squares - np.square(self._sum)  # the variance times the square of the runs
        varies = spread > 0
        scale = np.where(varies, spread / count, 1.0)
        total = np.where(varies, self._apart_first / scale, 0.0)
        first = np.where(varies, 1.0 - self._apart_second / scale, 0.0)
        most = np.argmax(total, axis=0)
        everyone = len(self._choices.official)
        names: list[str | None] = [None] * everyone
        for place, factor, moves in zip(self.rated.tolist(), most.tolist(), varies.tolist(), strict=True):
            names[place] = self._names[factor] if moves else None

        def placed(values: Floats, told: NDArray[np.bool_]) -> Floats:
            row = np.full(everyone, MISSING)
            row[self.rated[told]] = values[told]
            return row

        alone = np.arange(len(self.rated))
        return ByUnit(
            factor=tuple(names),
            first=placed(first[most, alone], varies),
            total=placed(total[most, alone], varies),
            shift=placed(self._sum / count, np.ones_like(varies)),
        )
