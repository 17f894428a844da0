"""What data alone would say of the weights of siblings: a diagnosis that is shown beside the declared weights.

`equal_influence` says which weights would let every child go with the whole alike, the rest how much an indicator tells
apart, not how much it matters, and no rating uses them. Weights of a set sum to 1.

The matrices of data have one row a unit and one column an indicator, nothing missing: a unit that lacks a value is left
out by the caller (`complete`). Higher is better; a column whose lower end is good is said so by `lower`. A column that
does not vary carries no information and gets 0; where no column varies all weights are equal. So no answer is NaN
(pymcdm and scikit-criteria give NaN, all ones or all zeros, each in its own way).
"""

import math
from collections.abc import Sequence

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.audit import correlation
from services.rating_engine.core.audit.judging import equal, shares
from services.rating_engine.core.types import Flags, Floats

_DIGITS = 12
_TINY = 1e-150


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
    return shares(told)


def gini(table: Floats) -> list[float]:
    """w ∝ G = Σ (2 i - n - 1) x_(i) / (n Σ x) over the ascending values (Li and Chi 2009): how unevenly a column is
    spread over the units.

    Defined for values from 0 up; a column that goes below zero is shifted to begin at 0.
    """
    told = []
    for column in _scaled(table):
        lifted = np.sort(column - min(float(column.min(initial=0.0)), 0.0))
        total = exact.total(lifted)
        if len(column) < 2 or total == 0.0 or lifted[0] == lifted[-1]:
            told.append(0.0)
            continue
        places = 2.0 * np.arange(1, len(column) + 1) - len(column) - 1.0
        told.append(max(exact.total(places * lifted) / (len(column) * total), 0.0))
    return shares(told)


def lopcow(table: Floats, lower: Sequence[bool] | None = None) -> list[float]:
    """w ∝ |ln(root mean square / sd)| of the min-max columns, sd with n - 1 (Ecer and Pamucar 2022, Omega 112)."""
    told = []
    for column, flag in zip(_scaled(table), _told(lower, table), strict=True):
        placed = _unit(column, lower=flag)
        spread = _deviation(placed, sample=True)
        size = math.sqrt(exact.moment(placed, 2) / len(placed)) if len(placed) else 0.0
        told.append(abs(math.log(size / spread)) if spread > 0.0 else 0.0)
    return shares(told)


def standard_deviation(table: Floats) -> list[float]:
    """w ∝ sd of the values as they are, with n (Jahan and Edwards 2013, Materials & Design 49): meant for one scale."""
    down = max((exact.exponent(column) for column in table.T), default=0)
    return shares([_deviation(np.ldexp(column, -down), sample=False) for column in table.T])


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
    return shares([max(one, 0.0) for one in told]) if math.fsum(told) > 0.0 else shares(spreads)


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
    return shares([math.fsum(np.abs(_performance((total - own) / count) - whole).tolist()) for own in logs])


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
    parts = np.column_stack([_towards_best(column, lower=flag) for column, flag in zip(columns, flags, strict=True)])
    best = parts.max(axis=0)
    losses = (best - np.array([_mean_rows(parts, of == top) for of, top in zip(parts.T, best, strict=True)])) / best
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
    return shares(found) if min(found) >= 0.0 else None


def _mean_rows(table: Floats, chosen: Flags) -> list[float]:
    return [exact.mean(column) for column in table[chosen].T]


def idocriw(table: Floats, lower: Sequence[bool] | None = None) -> list[float] | None:
    """w ∝ entropy weight · CILOS weight (Zavadskas and Podvezko 2016); defined where `cilos` is."""
    losses = cilos(table, lower)
    if losses is None:
        return None
    disorder = entropy(table)
    return shares([one * other for one, other in zip(disorder, losses, strict=True)])


def first_component(correlations: Floats) -> list[float]:
    """w ∝ squared loadings on the first principal component of the correlation matrix.

    The variance-based weights of the OECD/JRC Handbook (2008), step 6, with one factor retained. An indicator without a
    correlation (it does not vary) has a row of 0 and gets 0.
    """
    clean = np.where(np.isnan(correlations), 0.0, correlations)
    if not clean.any():
        return list(equal(len(clean)))
    _, vectors = np.linalg.eigh(clean)
    return shares([round(float(part) ** 2, _DIGITS) for part in vectors[:, -1]])


def equal_influence(table: Floats, correlations: Floats) -> list[float] | None:
    """The weights by which a weighted sum correlates with each of its children alike: R u = 1, w ∝ u / sd.

    r(x_i, Σ w x) = Σ_j R_ij w_j sd_j / sd(Σ w x), so all are equal where R (w sd) is constant. `None` where that takes
    a weight below 0, or R has no inverse; a column that does not vary weighs 0. This is what a search over the weights
    of one level looks for (COINr `get_opt_weights` with equal targets), solved. Source: Becker, Saisana, Paruolo and
    Vandecasteele 2017 (Ecological Indicators 80).
    """
    down = max((exact.exponent(column) for column in table.T), default=0)
    spreads = [_deviation(np.ldexp(column, -down), sample=True) for column in table.T]
    varies = [place for place, spread in enumerate(spreads) if spread > 0.0]
    matrix = correlations[np.ix_(varies, varies)]
    if not varies or np.isnan(matrix).any() or np.linalg.matrix_rank(matrix) < len(varies):
        return None
    parts = [round(float(part), _DIGITS) for part in np.linalg.solve(matrix, np.ones(len(varies)))]
    if min(parts) < 0.0:
        return None
    told = [0.0] * len(spreads)
    for place, part in zip(varies, parts, strict=True):
        told[place] = part / max(spreads[place], _TINY)
    return shares(told)


def diagnoses(table: Floats, correlations: Floats) -> dict[str, list[float] | None]:
    """By name what data on one scale, higher being better, would say: rows that have everything, and the pairwise
    complete correlations of the columns."""
    return {
        "entropy": entropy(table),
        "gini": gini(table),
        "standard_deviation": standard_deviation(table),
        "critic": critic(table, correlations=correlations),
        "lopcow": lopcow(table),
        "first_component": first_component(correlations),
        "equal_influence": equal_influence(table, correlations),
    }


def natural_diagnoses(table: Floats, lower: Sequence[bool]) -> dict[str, list[float] | None]:
    """The same by the methods that ask for natural values above 0 with their directions; `None` where they are not
    defined."""
    return {"merec": merec(table, lower), "cilos": cilos(table, lower), "idocriw": idocriw(table, lower)}
