"""Sums, means and spreads that do not depend on the order of what is summed.

`math.fsum` is correctly rounded, so the order of units, the size of a batch and the number of threads leave no trace in
a result. Element-wise `+ - * /` of numpy are exact IEEE operations and safe; its `log`, `exp` and `power` are not
(their vector loops and scalar tails may differ in the last bit), so those three go through `math`.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types import Flags, Floats

LARGEST = float(np.finfo(np.float64).max)
_HALF_ULP = 2.0**-53
_EXTREMELY_SMALL = 2.0**-800
_GRIDS = 8
"""Into so many a column is parted at most: values of very different size are summed one by one."""
_FEW = 1_000
"""Values that are summed one by one."""
_MANY = 1 << 12
"""Columns that are summed side by side."""
_FINE = 2.0**-40
"""Terms that are 0 or at least this share of what is added and taken away leave rests that are summed without error:
multiples of its 2^-92, at most 2^51 of them in all."""
_COMFORTABLE = 2.0**500
"""Squares and differences of anything up to here stay finite."""


def saturated(values: Floats, out: Floats | None = None) -> Floats:
    """The same with infinities drawn to the largest double and -0 turned to 0; missing stays missing. `out` may be
    `values` itself."""
    held: Floats = np.clip(values, -LARGEST, LARGEST, out=out)
    held += 0.0
    return held


def exponent(values: Floats) -> int:
    """The power of two to divide by before differences and squares are taken: 0 unless the column is extreme."""
    most = float(np.max(np.abs(values), initial=0.0))
    if most == 0.0 or 1.0 / _COMFORTABLE < most < _COMFORTABLE:
        return 0
    return math.frexp(most)[1]


def total(values: Floats) -> float:
    """Correctly rounded sum, equal to `math.fsum`, of values that are present.

    Large powers of two, each smaller than the one before, part the values without error into multiples of coarse grids,
    which are summed without error in any order, until nothing is left. Source: as for `row_sums`.
    """
    sums: list[float] = []
    rest = values
    for _ in range(_GRIDS if len(values) > _FEW else 0):
        reach = max(float(np.max(rest)), -float(np.min(rest)))
        if reach == 0.0:
            return math.fsum(sums)
        if not _EXTREMELY_SMALL < reach < _COMFORTABLE:
            break
        anchor = math.ldexp(1.0, math.frexp(reach * len(values))[1] + 1)
        part = rest + anchor
        part -= anchor
        sums.append(float(np.add.reduce(part)))
        rest = np.subtract(rest, part, out=part)
    return math.fsum(values.tolist())


def mean(values: Floats) -> float:
    """Arithmetic mean, correctly rounded up to the division; `values` are present and comfortable."""
    return total(values) / len(values)


def moment(deviations: Floats, power: int) -> float:
    """Sum of the `power`-th powers (2, 3 or 4)."""
    square = deviations * deviations
    match power:
        case 2:
            terms = square
        case 3:
            terms = square * deviations
        case 4:
            terms = square * square
        case _:
            raise ValueError(power)
    return total(terms)


def sample_sd(values: Floats, centre: float) -> float:
    """Standard deviation with n - 1; 0 for a single value."""
    if len(values) < 2:
        return 0.0
    return math.sqrt(moment(values - centre, 2) / (len(values) - 1))


def low_quantile(ordered: Floats, share: float) -> float:
    """The smallest observed value with at least `share` of the values at or below it (type 1 of Hyndman and Fan)."""
    return float(ordered[max(0, math.ceil(share * len(ordered)) - 1)])


def each(function: Callable[..., float], *columns: Iterable[float], count: int) -> Floats:
    """A scalar function of `math` applied to every element."""
    return np.fromiter(map(function, *columns), dtype=np.float64, count=count)


def row_sums(
    columns: Sequence[Floats], weights: Sequence[float] | None = None, *, reach: float | None = None
) -> Floats:
    """Correctly rounded sum over columns, for each row; nothing may be missing. Equal to `math.fsum` of every row.

    With `weights` the sum of their products with the columns, each product rounded first. `reach`, if it is known, is
    what no value of the columns is further from 0 than.

    Adding a large power of two to a term and taking it away again parts the term without error: its high part, a
    multiple of one grid for the whole table, so that the high parts of a row are summed without error too, and a rest
    below the grid. The rests of a row are summed with an error of at most `margin`. Where both ends of that interval
    round to the same double, so does the exact sum; of the others most are sums half way between two doubles, whose
    rests were summed without error; what is left is summed by `math.fsum`. Source: Rump, Ogita and Oishi 2008 (SIAM J.
    Sci. Comput. 31), algorithm 3.2, with a certificate.
    """
    factors = [1.0] * len(columns) if weights is None else weights
    if reach is None:
        reach = max(
            abs(float(end.reduce(column, initial=0.0))) for column in columns for end in (np.maximum, np.minimum)
        )
    reach *= max(map(abs, factors))
    if reach == 0.0:
        return np.zeros(len(columns[0]))
    if not (_EXTREMELY_SMALL < reach < _COMFORTABLE and len(columns) <= _MANY):
        return _summed(columns, factors, slice(None))
    anchor = math.ldexp(1.0, math.frexp(reach * len(columns))[1] + 1)
    # Everything in place: fresh memory would cost more than the sums.
    total, rest, term, part = (np.zeros(len(columns[0])) for _ in range(4))
    for place, column in enumerate(columns):
        whole = column if weights is None else np.multiply(column, weights[place], out=term)
        np.add(whole, anchor, out=part)
        np.subtract(part, anchor, out=part)
        np.add(total, part, out=total)
        np.subtract(whole, part, out=part)
        np.add(rest, part, out=rest)
    margin = len(columns) * len(columns) * _HALF_ULP * _HALF_ULP * 4.0 * anchor
    low = np.add(total, np.subtract(rest, margin, out=term), out=term)
    high = np.add(total, np.add(rest, margin, out=part), out=part)
    doubtful = np.flatnonzero(low != high)
    found: Floats = np.add(total, rest, out=total)
    if len(doubtful):
        sizes = [np.abs(column[doubtful] * factor) for column, factor in zip(columns, factors, strict=True)]
        least = np.minimum.reduce([np.where(size == 0.0, np.inf, size) for size in sizes])
        inexact = doubtful[least < anchor * _FINE]
        if len(inexact):
            found[inexact] = _summed(columns, factors, inexact)
    found += 0.0
    return found


def _summed(columns: Sequence[Floats], factors: Sequence[float], rows: slice | NDArray[np.intp]) -> Floats:
    terms = [(column[rows] * factor).tolist() for column, factor in zip(columns, factors, strict=True)]
    return np.fromiter(map(math.fsum, zip(*terms, strict=True)), dtype=np.float64, count=len(terms[0])) + 0.0


def weight_present(weights: Sequence[float], present: Sequence[Flags]) -> Floats:
    """Sum of the weights of what is present, for each row; only rows with a gap are summed one by one."""
    whole = present[0].copy()
    for there in present[1:]:
        whole &= there
    total = np.full(len(whole), math.fsum(weights))
    if not whole.all():
        parted = ~whole
        total[parted] = row_sums(
            [np.where(there[parted], weight, 0.0) for weight, there in zip(weights, present, strict=True)]
        )
    return total
