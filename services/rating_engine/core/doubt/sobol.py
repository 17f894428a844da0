"""Variance-based indices of any model: the design, the estimators by name, and their bootstrap intervals.

A design has two independent samples A and B of the unit cube and, for every factor i, the sample A_Bi: A with the
columns of i taken from B (Saltelli et al. 2010, Comput. Phys. Commun. 181). A factor may own several columns (the
weights of one level): they are moved together, and the indices are those of the group. Samples are taken from one
scrambled Sobol' sequence.

All estimators take outputs y_A, y_B, y_ABi with the rows of the design first and any number of outputs after; they are
sums over rows, so many outputs cost one pass. V is the variance over A and B together. Where V is 0 nothing varies, and
an index is 0: that is the stated answer, not a division by zero. Outputs may not be missing.

| name | index | formula |
|---|---|---|
| `jansen_first` | first | 1 - mean((y_B - y_ABi)²)/(2V) (Jansen 1999) |
| `jansen_total` | total | mean((y_A - y_ABi)²)/(2V) (Jansen 1999) |
| `saltelli_first` | first | mean((y_B - m)(y_ABi - y_A))/V, m the mean over A and B (Saltelli 2010, centred) |
| `janon_first` | first | covariance of y_B and y_ABi over their pooled variance (Janon et al. 2014) |
| `uncentred_first` | first | mean(y_B (y_ABi - y_A))/V with V by n - 1: COINr 1.1.14 `SA_estimate` |

`uncentred_first` is here to be shown wrong, and nothing else uses it: its error grows with the square of the mean of y,
which for a mean rank shift is never 0.
"""

import math
import threading
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types import Floats

_importing = threading.Lock()
_FIXED = 2.0**40
"""Terms of a resampling are whole multiples of the greatest over this, so that their sums are exact in any order."""


def warm() -> ModuleType:
    """Import what `design` needs, one thread at a time: it takes seconds, most processes never need it, and two that
    begin at once meet it half made."""
    with _importing:
        from scipy.stats import qmc
    module: ModuleType = qmc
    return module


def design(rows: int, columns: int, seed: Sequence[int]) -> tuple[Floats, Floats]:
    """Samples A and B of `rows` points each, a power of two, in the half-open unit cube of `columns` dimensions."""
    qmc = warm()
    generator = np.random.Generator(np.random.PCG64(list(seed)))
    points = qmc.Sobol(2 * columns, scramble=True, rng=generator).random(rows)
    return points[:, :columns], points[:, columns:]


def exchanged(first: Floats, second: Floats, columns: slice) -> Floats:
    """A_Bi: A with the columns of a factor from B."""
    mixed = first.copy()
    mixed[:, columns] = second[:, columns]
    return mixed


def chosen(share: Floats, alternatives: int) -> NDArray[np.int64]:
    """Which of equally likely alternatives each point of [0, 1) means: the whole interval is cut into equal parts.

    COINr 1.1.14 cuts the range of the observed draws instead, so that the same draw means another alternative in
    another sample, and 0.20, 0.25, 0.30, 0.35 mean all four of four.
    """
    cut = np.floor(share * alternatives).astype(np.int64)
    return np.minimum(cut, alternatives - 1)


def _variance(first: Floats, second: Floats) -> Any:
    return np.var(np.concatenate((first, second)), axis=0)


def _over(part: Any, variance: Any) -> Any:
    varies = variance > 0.0
    return np.where(varies, part / np.where(varies, variance, 1.0), 0.0)


def jansen_first(first: Floats, second: Floats, mixed: Floats) -> Any:
    """First-order index after Jansen: never above 1, and below 0 only by sampling."""
    variance = _variance(first, second)
    return _over(variance - np.mean(np.square(second - mixed), axis=0) / 2.0, variance)


def jansen_total(first: Floats, second: Floats, mixed: Floats) -> Any:
    """Total index after Jansen: never below 0."""
    return _over(np.mean(np.square(first - mixed), axis=0) / 2.0, _variance(first, second))


def saltelli_first(first: Floats, second: Floats, mixed: Floats) -> Any:
    """First-order index after Saltelli 2010 on centred outputs: adding a constant to y changes nothing."""
    centre = (np.mean(first, axis=0) + np.mean(second, axis=0)) / 2.0
    return _over(np.mean((second - centre) * (mixed - first), axis=0), _variance(first, second))


def janon_first(first: Floats, second: Floats, mixed: Floats) -> Any:
    """First-order index after Janon et al.: the correlation of two outputs that share factor i alone."""
    centre = (np.mean(second, axis=0) + np.mean(mixed, axis=0)) / 2.0
    shared = np.mean((second - centre) * (mixed - centre), axis=0)
    pooled = (np.mean(np.square(second - centre), axis=0) + np.mean(np.square(mixed - centre), axis=0)) / 2.0
    return _over(shared, pooled)


def uncentred_first(first: Floats, second: Floats, mixed: Floats) -> Any:
    """First-order index as COINr computes it; wrong wherever the mean of y is not 0."""
    variance = np.var(np.concatenate((first, second)), axis=0, ddof=1)
    return _over(np.mean(second * (mixed - first), axis=0), variance)


def jansen(first: Floats, second: Floats, mixed: Floats) -> tuple[float, float]:
    """First-order and total index of one output."""
    return float(jansen_first(first, second, mixed)), float(jansen_total(first, second, mixed))


def intervals(
    first: Floats, second: Floats, mixed: Mapping[str, Floats], seed: Sequence[int], *, resamples: int = 500
) -> Mapping[str, tuple[tuple[float, float], tuple[float, float]]]:
    """By factor the 90 % bootstrap intervals of Jansen's first-order and total index of one output.

    Rows of the design are drawn with replacement, the same for all factors. The sums of a resample are products of how
    often each row was drawn and what it brings, in whole numbers: exact, whatever multiplies them.
    """
    rows = len(first)
    names = list(mixed)
    spread = max(float(np.max(np.abs(values - first[0]), initial=0.0)) for values in (first, second, *mixed.values()))
    if spread == 0.0:
        return dict.fromkeys(names, ((0.0, 0.0), (0.0, 0.0)))
    centre = math.fsum((*first.tolist(), *second.tolist())) / (2 * rows)
    first, second = (first - centre) / (2.0 * spread), (second - centre) / (2.0 * spread)
    moved = [(mixed[name] - centre) / (2.0 * spread) for name in names]
    terms = [first + second, np.square(first) + np.square(second)]
    terms += [np.square(second - one) for one in moved] + [np.square(first - one) for one in moved]
    whole = np.rint(np.stack(terms, axis=1) * _FIXED).astype(np.int64)
    generator = np.random.Generator(np.random.PCG64(list(seed)))
    drawn = generator.integers(rows, size=(resamples, rows))
    times = np.stack([np.bincount(one, minlength=rows) for one in drawn])
    sums = (times @ whole) / (_FIXED * rows)
    variance = sums[:, 1] / 2.0 - np.square(sums[:, 0] / 2.0)
    found = {}
    for place, name in enumerate(names):
        first_order = np.sort(_over(variance - sums[:, 2 + place] / 2.0, variance))
        total = np.sort(_over(sums[:, 2 + len(names) + place] / 2.0, variance))
        low, high = math.ceil(0.05 * resamples) - 1, math.ceil(0.95 * resamples) - 1
        found[name] = (
            (float(first_order[low]), float(first_order[high])),
            (float(total[low]), float(total[high])),
        )
    return found
