"""Where the weights of siblings come from: stated, equal, or judged in pairs. What data alone would say is a diagnosis.

`equal` and `judged` give weights a methodology may use. `entropy`, `standard_deviation`, `critic`, `merec`, `cilos`,
`idocriw` and `first_component` are computed from the values and shown beside the declared weights: they say how much an
indicator tells apart, not how much it matters, and no rating uses them. Weights of a set sum to 1.

The matrices of data have one row a unit and one column an indicator, nothing missing: a unit that lacks a value is left
out by the caller (`complete`). Higher is better; a column whose lower end is good is said so by `lower`. A column that
does not vary carries no information and gets 0; where no column varies all weights are equal. So no answer is NaN
(pymcdm and scikit-criteria give NaN, all ones or all zeros, each in its own way).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.audit import correlation
from services.rating_engine.core.types import Flags, Floats

RANDOM_INDEX: Final = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean consistency index of random reciprocal matrices by their size (Saaty 1980, The Analytic Hierarchy Process)."""
MOST_COMPARED: Final = len(RANDOM_INDEX) - 1
CONSISTENT: Final = 0.1
"""Judgements with a larger consistency ratio contradict one another too much to be used (Saaty 1980)."""
_ROUNDS = 10_000
_DIGITS = 12
_TINY = 1e-150


@dataclass(frozen=True, slots=True)
class Judged:
    """Weights from comparisons in pairs, and how well the comparisons agree."""

    weights: tuple[float, ...]
    """Principal eigenvector of the matrix, summing to 1."""
    geometric: tuple[float, ...]
    """Geometric means of the rows, summing to 1: what the logarithmic least squares would give (Crawford and Williams
    1985); equal to `weights` when the judgements are consistent."""
    greatest: float
    """λ_max, n for a consistent matrix and larger for any other."""
    index: float
    """CI = (λ_max - n)/(n - 1); 0 for one or two things."""
    ratio: float
    """CR = CI/RI; 0 for one or two things, which cannot contradict."""


def equal(count: int) -> tuple[float, ...]:
    """1/n each."""
    return (1.0 / count,) * count


def reciprocal(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """The matrix with the smaller of each pair as the exact reciprocal of the larger: 0.33 against 3 is 1/3."""
    size = len(matrix)
    whole = [[1.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1, size):
            above, below = matrix[row][column], matrix[column][row]
            whole[row][column], whole[column][row] = (above, 1.0 / above) if above >= below else (1.0 / below, below)
    return whole


def judged(matrix: Sequence[Sequence[float]]) -> Judged:
    """AHP: the principal eigenvector of a positive reciprocal matrix by power iteration (Saaty 1977, 1980).

    Entry (i, j) says how many times i matters more than j. Sums are correctly rounded and results are rounded to twelve
    digits, so that they are the same wherever they are computed.
    """
    whole = reciprocal(matrix)
    size = len(whole)
    roots = [math.exp(math.fsum(map(math.log, row)) / size) for row in whole]
    vector = geometric = _shares(roots)
    greatest = float(size)
    for _ in range(_ROUNDS):
        image = [math.fsum(entry * part for entry, part in zip(row, vector, strict=True)) for row in whole]
        greatest = math.fsum(image)
        following = _shares(image)
        step = max(abs(new - old) for new, old in zip(following, vector, strict=True))
        vector = following
        if step < 1e-16:
            break
    index = max((greatest - size) / (size - 1), 0.0) if size > 2 else 0.0
    return Judged(
        weights=tuple(round(part, _DIGITS) for part in vector),
        geometric=tuple(round(part, _DIGITS) for part in geometric),
        greatest=round(greatest, _DIGITS),
        index=round(index, _DIGITS),
        ratio=round(index / RANDOM_INDEX[size], _DIGITS) if size > 2 else 0.0,
    )


def _shares(parts: Sequence[float]) -> list[float]:
    total = math.fsum(parts)
    return [part / total for part in parts] if total > 0.0 else list(equal(len(parts)))


def complete(columns: Sequence[Floats]) -> Floats:
    """The rows in which nothing is missing, as a matrix with one column an indicator."""
    table = np.column_stack(columns)
    return table[~np.isnan(table).any(axis=1)]


def _scaled(table: Floats) -> list[Floats]:
    """The columns drawn to an ordinary size by a power of two, so that no square overflows."""
    return [np.ldexp(column, -exact.exponent(column)) for column in table.T]


def _unit(column: Floats, *, lower: bool) -> Floats:
    """(x - min)/(max - min), turned round when the lower end is good; 0 for a column that does not vary."""
    low, high = float(column.min(initial=math.inf)), float(column.max(initial=-math.inf))
    if not low < high:
        return np.zeros(len(column))
    share = (column - low) / (high - low)
    return 1.0 - share if lower else share


def _deviation(column: Floats, *, sample: bool) -> float:
    if len(column) < 2 or column.min() == column.max():
        return 0.0
    squares = exact.moment(column - exact.mean(column), 2)
    return math.sqrt(squares / (len(column) - 1 if sample else len(column)))


def _towards_best(column: Floats, *, lower: bool) -> Floats:
    """Positive values as shares of the sum, or of the sum of their reciprocals when the lower end is good."""
    turned = 1.0 / column if lower else column
    return turned / exact.total(turned)


def _told(lower: Sequence[bool] | None, table: Floats) -> list[bool]:
    return list(lower) if lower is not None else [False] * table.shape[1]


def entropy(table: Floats) -> list[float]:
    """w ∝ 1 - H, H = -Σ p ln p / ln n, p = x/Σx (Shannon; Elsayed et al. 2017, IJETT 46(2)).

    Defined for values from 0 up; a column that goes below zero is shifted to begin at 0.
    """
    told = []
    for column in _scaled(table):
        lifted = column - min(float(column.min(initial=0.0)), 0.0)
        total = exact.total(lifted)
        if len(column) < 2 or total == 0.0 or column.min() == column.max():
            told.append(0.0)
            continue
        parts = [part for part in (lifted / total).tolist() if part > 0.0]
        disorder = -math.fsum(part * math.log(part) for part in parts) / math.log(len(column))
        told.append(max(1.0 - disorder, 0.0))
    return _shares(told)


def standard_deviation(table: Floats) -> list[float]:
    """w ∝ sd of the values as they are, with n (Jahan and Edwards 2013, Materials & Design 49): meant for one scale."""
    down = max((exact.exponent(column) for column in table.T), default=0)
    return _shares([_deviation(np.ldexp(column, -down), sample=False) for column in table.T])


def critic(table: Floats, lower: Sequence[bool] | None = None, *, correlations: Floats | None = None) -> list[float]:
    """w ∝ sd · Σ (1 - r) over the min-max columns (Diakoulaki et al. 1995; Tuş and Adalı 2019, Opsearch 56(2)).

    A column that does not vary has no correlation and takes no part in the sums of the others. `correlations` are those
    of the columns, where they are known already.
    """
    flags = _told(lower, table)
    columns = [_unit(column, lower=flag) for column, flag in zip(_scaled(table), flags, strict=True)]
    spreads = [_deviation(column, sample=True) for column in columns]
    if correlations is None:
        side = correlation.standardised(columns)
        correlations = correlation.pearson(side, side)
    apart = np.nan_to_num(1.0 - correlations)
    told = [spread * math.fsum(row) for spread, row in zip(spreads, apart.tolist(), strict=True)]
    return _shares([max(one, 0.0) for one in told]) if math.fsum(told) > 0.0 else _shares(spreads)


def merec(table: Floats, lower: Sequence[bool] | None = None) -> list[float] | None:
    """w ∝ how much the overall performance ln(1 + mean |ln x'|) changes without the column, x' = min/x or x/max
    (Keshavarz-Ghorabaee et al. 2021, Symmetry 13(4) 525); `None` unless all values are positive."""
    if table.size == 0 or float(table.min()) <= 0.0:
        return None
    count = table.shape[1]
    logs = []
    for column, flag in zip(table.T, _told(lower, table), strict=True):
        best = math.log(float(column.max() if flag else column.min()))
        logs.append(np.abs(best - exact.each(math.log, column.tolist(), count=len(column))))
    total = exact.row_sums(logs)
    whole = _performance(total / count)
    return _shares([math.fsum(np.abs(_performance((total - own) / count) - whole).tolist()) for own in logs])


def _performance(means: Floats) -> Floats:
    return exact.each(math.log1p, np.maximum(means, 0.0).tolist(), count=len(means))


def cilos(table: Floats, lower: Sequence[bool] | None = None) -> list[float] | None:
    """Weights by the loss of the other criteria where one is best: F q = 0 (Zavadskas and Podvezko 2016, IJITDM 15(2)).

    `None` unless all values are positive, not too far apart for a double, and the solution is one of weights. Where
    several units are best by a criterion the loss is the mean of theirs, so that none is chosen by its place.
    """
    columns = _scaled(table)
    if table.size == 0 or min(float(column.min()) for column in columns) <= _TINY:
        return None
    flags = _told(lower, table)
    shares = np.column_stack([_towards_best(column, lower=flag) for column, flag in zip(columns, flags, strict=True)])
    best = shares.max(axis=0)
    losses = (best - np.array([_mean_rows(shares, of == top) for of, top in zip(shares.T, best, strict=True)])) / best
    losses -= np.diag(losses.sum(axis=0))
    count = len(best)
    if count == 1:
        return [1.0]
    system = np.vstack((losses[1:], np.ones(count)))
    wanted = np.zeros(count)
    wanted[-1] = 1.0
    if np.linalg.matrix_rank(system) < count:
        return None
    found = [round(float(part), _DIGITS) for part in np.linalg.solve(system, wanted)]
    return _shares(found) if min(found) >= 0.0 else None


def _mean_rows(table: Floats, chosen: Flags) -> list[float]:
    return [exact.mean(column) for column in table[chosen].T]


def idocriw(table: Floats, lower: Sequence[bool] | None = None) -> list[float] | None:
    """w ∝ entropy weight · CILOS weight (Zavadskas and Podvezko 2016); defined where `cilos` is."""
    losses = cilos(table, lower)
    if losses is None:
        return None
    disorder = entropy(table)
    return _shares([one * other for one, other in zip(disorder, losses, strict=True)])


def first_component(correlations: Floats) -> list[float]:
    """w ∝ squared loadings on the first principal component of the correlation matrix.

    The variance-based weights of the OECD/JRC Handbook (2008), step 6, with one factor retained. An indicator without a
    correlation (it does not vary) has a row of 0 and gets 0.
    """
    clean = np.where(np.isnan(correlations), 0.0, correlations)
    if not clean.any():
        return list(equal(len(clean)))
    _, vectors = np.linalg.eigh(clean)
    return _shares([round(float(part) ** 2, _DIGITS) for part in vectors[:, -1]])


def diagnoses(table: Floats, correlations: Floats) -> dict[str, list[float]]:
    """By name what data on one scale, higher being better, would say: rows that have everything, and the pairwise
    complete correlations of the columns."""
    return {
        "entropy": entropy(table),
        "standard_deviation": standard_deviation(table),
        "critic": critic(table, correlations=correlations),
        "first_component": first_component(correlations),
    }


def natural_diagnoses(table: Floats, lower: Sequence[bool]) -> dict[str, list[float] | None]:
    """The same by the methods that ask for natural values above 0 with their directions; `None` where they are not
    defined."""
    return {"merec": merec(table, lower), "cilos": cilos(table, lower), "idocriw": idocriw(table, lower)}
