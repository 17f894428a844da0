"""How columns hang together: correlations, alpha, eigenvalues and correlation ratios that do not depend on the order.

Every pair of columns is taken over the units that have both (pairwise complete). A statistic that does not exist -
fewer than `LEAST` units, or a column that does not vary among them - is NaN inside the core and `None` outside, never
0. Sums of products are made in whole numbers (48 bits a value, in three limbs), so they are exact whatever the order of
the units or the number of threads; results are rounded to twelve digits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.types import Flags, Floats

LEAST: Final = 3
"""Two units always correlate perfectly."""
DIGITS: Final = 12
_BITS, _LIMB = 48, 16
_STILL = 1e-9
"""A column whose variance among the units of a pair is less than this share of its variance overall does not vary."""
_MOST_CLASSES = 20


Limbs = tuple[tuple[Floats, ...], int]
"""A table as whole numbers in parts of few bits, the lowest first, and by how many powers of two it was enlarged."""


@dataclass(frozen=True, slots=True)
class Standardised:
    """Columns side by side, each with mean 0 and standard deviation 1 over the units that have it."""

    values: Limbs
    """Units by columns; 0 where missing."""
    squares: Limbs
    present: Limbs
    """1 where there is a value."""
    varies: Flags
    """By column."""

    def take(self, places: Sequence[int]) -> "Standardised":
        """Some of the columns."""

        def of(limbs: Limbs) -> Limbs:
            return tuple(part[:, places] for part in limbs[0]), limbs[1]

        return Standardised(of(self.values), of(self.squares), of(self.present), self.varies[places])


def standardised(columns: Sequence[Floats]) -> Standardised:
    """(x - mean)/sd with n - 1; a column that does not vary is 0 throughout."""
    values = np.zeros((len(columns[0]), len(columns)))
    present = np.zeros_like(values)
    varies = np.zeros(len(columns), dtype=np.bool_)
    for place, column in enumerate(columns):
        known = ~np.isnan(column)
        present[known, place] = 1.0
        told = np.ldexp(column[known], -exact.exponent(column[known]))
        if len(told) < 2 or float(told.min()) == float(told.max()):
            continue
        centre = exact.mean(told)
        deviation = exact.sample_sd(told, centre)
        if deviation > 0.0:
            values[known, place] = (told - centre) / deviation
            varies[place] = True
    return Standardised(_limbs(values), _limbs(np.square(values)), ((present,), 0), varies)


def _limbs(table: Floats) -> Limbs:
    up = _BITS - math.frexp(max(float(np.max(np.abs(table), initial=0.0)), 1e-300))[1]
    whole = np.rint(np.ldexp(table, up))
    high = np.floor(np.ldexp(whole, -2 * _LIMB))
    whole -= np.ldexp(high, 2 * _LIMB)
    middle = np.floor(np.ldexp(whole, -_LIMB))
    return (whole - np.ldexp(middle, _LIMB), middle, high), up


def _products(left: Limbs, right: Limbs) -> Floats:
    """leftᵀ right, every entry the same for every order of the rows: sums of whole numbers below 2⁵³ are exact."""
    total = np.zeros((left[0][0].shape[1], right[0][0].shape[1]))
    for place, one in enumerate(left[0]):
        for other_place, other in enumerate(right[0]):
            total += np.ldexp(one.T @ other, _LIMB * (place + other_place))
    return np.ldexp(total, -left[1] - right[1])


def pearson(left: Standardised, right: Standardised) -> Floats:
    """r of every column of `left` with every column of `right`; NaN where there is none. Source: COINr `get_corr`."""
    count = _products(left.present, right.present)
    both = _products(left.values, right.values)
    sums, other_sums = _products(left.values, right.present), _products(left.present, right.values)
    squares, other_squares = _products(left.squares, right.present), _products(left.present, right.squares)
    enough = count >= LEAST
    number = np.where(enough, count, 1.0)
    spread, other_spread = squares - sums * sums / number, other_squares - other_sums * other_sums / number
    exists = (
        enough
        & left.varies[:, None]
        & right.varies[None, :]
        & (spread > _STILL * number)
        & (other_spread > _STILL * number)
    )
    below = np.sqrt(np.where(exists, spread, 1.0)) * np.sqrt(np.where(exists, other_spread, 1.0))
    found = np.clip((both - sums * other_sums / number) / below, -1.0, 1.0)
    return np.where(exists, np.round(found, DIGITS) + 0.0, np.nan)


def pearson_of(first: Floats, second: Floats) -> float:
    """r of two columns."""
    return float(pearson(standardised([first]), standardised([second]))[0, 0])


def spearman_of(first: Floats, second: Floats) -> float:
    """r of the ranks, ties sharing their mean rank, over the units that have both."""
    known = ~np.isnan(first) & ~np.isnan(second)
    return pearson_of(_mean_ranks(first[known]), _mean_ranks(second[known]))


def _mean_ranks(values: Floats) -> Floats:
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    return (below + np.searchsorted(ordered, values, side="right") + 1) / 2.0


def certainly_negative(r: float, count: int) -> bool:
    """Whether the 95 % interval of a correlation by Fisher's z = artanh r, sd 1/√(n - 3), lies below 0."""
    if math.isnan(r) or count <= LEAST:
        return False
    return math.atanh(max(r, -1.0 + 1e-15)) + 1.959963984540054 / math.sqrt(count - 3) < 0.0 if r < 0.0 else False


def alpha(columns: Sequence[Floats]) -> float:
    """Cronbach's alpha, k/(k - 1) (1 - Σ var / var of the sum), over the units that have everything.

    NaN for fewer than two columns or `LEAST` units, or where the sum does not vary. Source: Cronbach 1951; COINr
    `get_cronbach`, of the normalised indicators.
    """
    count = len(columns)
    table = np.column_stack(columns)
    table = table[~np.isnan(table).any(axis=1)]
    if count < 2 or len(table) < LEAST:
        return math.nan
    scaled = np.ldexp(table, -exact.exponent(table.ravel()))
    centred = np.column_stack([column - exact.mean(column) for column in scaled.T])
    whole = exact.moment(exact.row_sums(list(centred.T)), 2)
    parts = math.fsum(exact.moment(column, 2) for column in centred.T)
    if whole <= _STILL * _STILL * parts or whole == 0.0:
        return math.nan
    return round(count / (count - 1) * (1.0 - parts / whole), DIGITS)


def eigenvalues(correlations: Floats) -> list[float]:
    """Of a correlation matrix, the greatest first, over the columns that vary; they sum to the number of those.

    A pairwise complete matrix may have a negative one, which is told as it is.
    """
    there = ~np.isnan(np.diag(correlations))
    part = correlations[np.ix_(there, there)]
    if part.size == 0:
        return []
    found = np.linalg.eigvalsh(np.where(np.isnan(part), 0.0, part))
    return [round(float(value), 9) + 0.0 for value in found[::-1]]


def correlation_ratio(classes: Sequence[str | None] | NDArray[np.int64], values: Floats) -> float:
    """ε², the share of the variance of `values` between classes, corrected for their number (Kelley 1935).

    1 - (1 - η²)(n - 1)/(n - k), not below 0. NaN for fewer than two classes, no more units than classes, or values that
    do not vary. Only units with both are counted.
    """
    named = (
        np.array(["" if name is None else f"={name}" for name in classes]) if isinstance(classes, Sequence) else None
    )
    kinds_of = classes if named is None else np.unique(named, return_inverse=True)[1]
    known = ~np.isnan(values) if named is None else ~np.isnan(values) & (named != "")
    everyone = np.ldexp(values[known], -exact.exponent(values[known]))
    order = np.argsort(np.asarray(kinds_of)[known], kind="stable")
    borders = np.flatnonzero(np.diff(np.asarray(kinds_of)[known][order])) + 1
    groups = [group.tolist() for group in np.split(everyone[order], borders)]
    count, kinds = len(everyone), len(groups)
    if kinds < 2 or count <= kinds or float(everyone.min()) == float(everyone.max()):
        return math.nan
    centre = exact.mean(everyone)
    whole = exact.moment(everyone - centre, 2)
    if whole == 0.0:
        return math.nan
    between = math.fsum(len(group) * (math.fsum(group) / len(group) - centre) ** 2 for group in groups)
    share = min(max(between / whole, 0.0), 1.0)
    return round(max(1.0 - (1.0 - share) * (count - 1) / (count - kinds), 0.0), DIGITS)


def influence(driver: Floats, values: Floats) -> float:
    """The correlation ratio of `values` on classes of `driver`: the share of its variance that would vanish if the
    driver were fixed, whatever the shape of the dependence (Paruolo, Saisana and Saltelli 2013, JRSS A 176).

    Classes hold equal numbers of units, ∛n of them from 2 to 20; units equal in the driver are in one class.
    """
    known = ~np.isnan(driver) & ~np.isnan(values)
    chosen = driver[known]
    if len(chosen) < LEAST:
        return math.nan
    kinds = min(max(round(len(chosen) ** (1 / 3)), 2), _MOST_CLASSES)
    below = np.searchsorted(np.sort(chosen), chosen, side="left")
    return correlation_ratio((below * kinds // len(chosen)).astype(np.int64), values[known])
