"""Sums, means and spreads that do not depend on the order of what is summed.

`math.fsum` is correctly rounded, so the order of units, the size of a batch and the number of threads leave no trace in
a result. Element-wise `+ - * /` of numpy are exact IEEE operations and safe; its `log`, `exp` and `power` are not
(their vector loops and scalar tails may differ in the last bit), so those three go through `math`.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from services.rating_engine.core.types import Flags, Floats

LARGEST = float(np.finfo(np.float64).max)
_HALF_ULP = 2.0**-53
_TINY = 1e-300
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


def mean(values: Floats) -> float:
    """Arithmetic mean, correctly rounded up to the division; `values` are present and comfortable."""
    return math.fsum(values.tolist()) / len(values)


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
    return math.fsum(terms.tolist())


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


def row_sums(columns: Sequence[Floats], weights: Sequence[float] | None = None) -> Floats:
    """Correctly rounded sum over columns, for each row; nothing may be missing. Equal to `math.fsum` of every row.

    With `weights` the sum of their products with the columns, each product rounded first.

    The rounding error of every addition is itself a double and found without error (Knuth's TwoSum), so the sum is
    `total + error` up to the rounding of `error`, which is at most `margin`. Where both ends of that interval round to
    the same double, so does the exact sum; the few other rows are summed by `math.fsum`. Source: Ogita, Rump and Oishi
    2005 (SIAM J. Sci. Comput. 26), algorithm 4.4 with a certificate.
    """
    # Everything in place: fresh memory would cost more than the sums.
    total = columns[0] + 0.0 if weights is None else columns[0] * weights[0]
    error, size, added, back, part, term = (np.zeros(len(total)) for _ in range(6))
    with np.errstate(over="ignore", invalid="ignore"):
        for place in range(1, len(columns)):
            column = columns[place] if weights is None else np.multiply(columns[place], weights[place], out=term)
            np.add(total, column, out=added)
            np.subtract(added, total, out=back)
            np.subtract(column, back, out=part)
            np.subtract(added, back, out=back)
            np.subtract(total, back, out=back)
            np.add(part, back, out=part)
            np.add(error, part, out=error)
            np.abs(part, out=part)
            np.add(size, part, out=size)
            total, added = added, total
        np.multiply(size, 2.0 * len(columns) * _HALF_ULP, out=part)
        np.subtract(error, part, out=back)
        np.add(total, back, out=back)
        np.add(error, part, out=added)
        np.add(total, added, out=added)
        is_certain = back == added
        found: Floats = total + error
        is_certain &= (np.abs(total, out=back) <= LARGEST) & ((size == 0.0) | (part > _TINY))
    doubtful = np.flatnonzero(~is_certain)
    if len(doubtful):
        factors = [1.0] * len(columns) if weights is None else weights
        terms = [(column[doubtful] * factor).tolist() for column, factor in zip(columns, factors, strict=True)]
        found[doubtful] = list(map(math.fsum, zip(*terms, strict=True)))
    found += 0.0
    return found


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
