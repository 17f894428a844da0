"""A few honest groups instead of a false exactness of places."""

import math
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.types import Bands, CutBands, Floats, PairwiseLossBands, QuantileBands

_UNIT = 2.0**24
"""Pair losses are whole multiples of 2^-24, so that their sums do not depend on any order."""
_MOST_CELLS = 1_000
_SURE = 6.0
"""Standard deviations beyond which an order is certain (the probability of the reverse is 1e-9)."""
_GRID = np.linspace(-_SURE, _SURE, 48_001)
_NORMAL = np.array([0.5 * math.erfc(-point / math.sqrt(2.0)) for point in _GRID.tolist()])

Labels = tuple[str | None, ...]


def assign(
    bands: Bands | None, score: Floats, rank: NDArray[np.int64], mean: Floats, variance: Floats | None
) -> tuple[Labels, Floats | None]:
    """The band of every unit, and for bands by cuts the probability of being above each; none without a score."""
    match bands:
        case None:
            return (None,) * len(score), None
        case QuantileBands():
            return _labels(_quantiles(rank, len(bands.labels)), bands.labels), None
        case CutBands():
            return _labels(_cuts(score, bands), bands.labels), _above(bands.cuts, mean, variance)
        case PairwiseLossBands():
            return _labels(_pairwise(mean, variance, bands), bands.labels), None
        case _:
            assert_never(bands)


def _labels(places: NDArray[np.int64], labels: tuple[str, ...]) -> Labels:
    return tuple(None if place < 0 else labels[place] for place in places.tolist())


def _quantiles(rank: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """floor((rank - 1) · bands / n): equal shares, and equal scores never parted."""
    rated = int(np.count_nonzero(rank))
    return np.where(rank > 0, (rank - 1) * count // max(rated, 1), -1)


def _cuts(score: Floats, bands: CutBands) -> NDArray[np.int64]:
    """A score on a cut belongs to the better band."""
    reached = np.searchsorted(np.array(bands.cuts), score, side="right")
    return np.where(np.isnan(score), -1, len(bands.cuts) - reached)


def _above(cuts: tuple[float, ...], mean: Floats, variance: Floats | None) -> Floats:
    """Φ((mean - cut)/sd) for each cut; certain where there is no sampling variance."""
    columns = []
    for cut in cuts:
        if variance is None:
            sure = np.where(mean >= cut, 1.0, 0.0)
        else:
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                distance = np.clip((mean - cut) / np.sqrt(variance), -40.0, 40.0)
            distance = np.where(variance > 0.0, distance, np.where(mean >= cut, 40.0, -40.0))
            sure = np.array([0.5 * math.erfc(-one / math.sqrt(2.0)) for one in distance.tolist()])
        columns.append(np.where(np.isnan(mean), np.nan, sure))
    return np.column_stack(columns)


def _pairwise(mean: Floats, variance: Floats | None, bands: PairwiseLossBands) -> NDArray[np.int64]:
    """Contiguous grades by posterior mean that maximise Σ over pairs in different grades of P - L (1 - P).

    P is the probability that the higher of two is truly higher, Φ(Δ/sqrt(v+v')), and L the price of one wrong order
    against one right order. Exact by dynamic programming over prefix sums of the pairs inside a grade; among equal
    optima the fewest grades. Units with the same mean share a grade. Beyond a thousand different means grades may only
    begin at every n-th. Without variances every order is certain and the grades come out as even as the labels allow.
    After Kline, Rose and Walters (2024), without their integer programme.
    """
    places = np.full(len(mean), -1, dtype=np.int64)
    rated = np.flatnonzero(~np.isnan(mean))
    if len(rated) == 0:
        return places
    spread = np.zeros(len(mean)) if variance is None else np.where(np.isnan(variance), 0.0, variance)
    order = rated[np.lexsort((spread[rated], -mean[rated]))]
    means, variances = mean[order], spread[order]
    starts = np.flatnonzero(np.concatenate(([True], means[1:] != means[:-1])))
    if len(starts) > _MOST_CELLS:
        starts = starts[np.unique(np.linspace(0, len(starts) - 1, _MOST_CELLS).astype(np.int64))]
    inside = _pair_losses(means, variances, starts, bands.loss)
    firsts = _best_grades(inside, len(bands.labels))
    places[order] = np.searchsorted(starts[firsts], np.arange(len(order)), side="right") - 1
    return places


def _pair_losses(means: Floats, variances: Floats, starts: NDArray[np.int64], loss: float) -> NDArray[np.int64]:
    """G[a, b]: Σ of P - L (1 - P) over the pairs within cells a .. b - 1, what one grade of them forgoes."""
    n, cells = len(means), len(starts)
    between = np.zeros((cells, cells), dtype=np.int64)
    cell = np.searchsorted(starts, np.arange(n), side="right") - 1
    borders = np.append(starts, n)
    for row in range(n - 1):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            apart = exact.saturated(means[row] - means[row + 1 :])
            noise = np.sqrt(variances[row] + variances[row + 1 :])
            distance = np.where(noise > 0.0, apart / noise, np.where(apart > 0.0, _SURE, 0.0))
        sure = np.interp(distance, _GRID, _NORMAL)
        gains = np.rint((sure * (1.0 + loss) - loss) * _UNIT).astype(np.int64)
        running = np.concatenate(([0], gains.cumsum()))
        ends = borders[cell[row] + 1 :] - (row + 1)
        begins = np.maximum(borders[cell[row] : -1] - (row + 1), 0)
        between[cell[row], cell[row] :] += running[ends] - running[begins]
    cumulative = np.zeros((cells + 1, cells + 1), dtype=np.int64)
    cumulative[1:, 1:] = between.cumsum(axis=0).cumsum(axis=1)
    # Pairs are stored with the better unit's cell first, so nothing lies below the diagonal: G[a, b] = C[b, b] - C[a,
    # b].
    inside: NDArray[np.int64] = np.diagonal(cumulative)[None, :] - cumulative
    return inside


def _best_grades(inside: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """The first cell of each grade, best grade first."""
    cells = len(inside) - 1
    most = min(most, cells)
    best = np.zeros((most + 1, cells + 1), dtype=np.int64)
    came = np.zeros((most + 1, cells + 1), dtype=np.int64)
    best[1] = inside[0]
    for grade in range(2, most + 1):
        for end in range(grade, cells + 1):
            candidates = best[grade - 1, grade - 1 : end] + inside[grade - 1 : end, end]
            place = int(np.argmin(candidates))
            best[grade, end], came[grade, end] = candidates[place], place + grade - 1
    grades = min(range(1, most + 1), key=lambda count: (int(best[count, cells]), count))
    firsts = []
    end = cells
    for grade in range(grades, 0, -1):
        end = int(came[grade, end])
        firsts.append(end)
    return np.array(firsts[::-1], dtype=np.int64)
