"""Rules by which other countries tell a result without a total: bands by interval, status with change."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types import Floats, IntervalBands, StatusChange

Places = NDArray[np.int64]


def rounded(values: Floats, decimals: int | None) -> Floats:
    """To so many decimals, halves away from zero, as published numbers are; `MISSING` stays.

    A value within a part in 10^12 of a half is the half: 2.675 is written so, whatever its double.
    """
    if decimals is None:
        return values
    unit = 10.0**decimals
    with np.errstate(over="ignore", invalid="ignore"):
        shifted = np.abs(values) * unit
        whole = np.floor(shifted * (1.0 + 1e-12) + 0.5)
        result = np.copysign(whole / unit, values) + 0.0
    return np.where(shifted < 2.0**52, result, values)


def interval_bands(score: Floats, error: Floats, rule: IntervalBands) -> Places:
    """The place of each score among the labels, best first; -1 where there is none.

    Surely above is a score whose interval score ± z · error lies above the reference; it belongs to the best label
    whose cut it reaches. Surely below likewise; a score on a cut belongs to the better side. Everything else is in the
    middle. Cuts above the reference part those surely above, cuts below it those surely below. With labels 1 to 5,
    cuts -0.5 and 0.5 and z 1.96 this is the banding of Progress 8 (DfE secondary tables 2018/19): on the published two
    decimals +0.50 is band 1 and -0.50 is band 4.
    """
    told = rounded(score, rule.decimals)
    with np.errstate(over="ignore", invalid="ignore"):
        reach = rule.z * np.nan_to_num(error, posinf=math.inf)
        above, below = told - reach > rule.reference, told + reach < rule.reference
    cuts = np.array(rule.cuts, dtype=np.float64)
    higher, lower = cuts[cuts > rule.reference], cuts[cuts <= rule.reference]
    better = len(higher) - np.searchsorted(higher, told, side="right")
    worse = len(higher) + 2 + len(lower) - np.searchsorted(lower, told, side="right")
    middle = len(higher) + 1
    places = np.where(above, better, np.where(below, worse, middle))
    return np.where(np.isnan(score), -1, places).astype(np.int64)


def status_change_grid(
    status: Floats, change: Floats, n: Floats | None, rule: StatusChange
) -> tuple[Places, Places, tuple[str | None, ...]]:
    """The level of the status, the level of the change, and the label where the two meet; -1 and none where unknown.

    Both are placed by fixed cuts after rounding. Without enough observations nothing is told; without a change there
    is a status and no label. With the cuts and the grid of the 2023 five-by-five table this is the California School
    Dashboard (Chronic Absenteeism: 2.5, 5, 10, 20 % by -3, -0.5, 0.4, 3 points, a value on a cut in the lower
    interval, n of 30).
    """
    enough = np.ones(len(status), dtype=np.bool_)
    if rule.min_n > 0:
        enough = np.zeros(len(status), dtype=np.bool_) if n is None else np.nan_to_num(n) >= rule.min_n
    side: Literal["left", "right"] = "right" if rule.cut_belongs_above else "left"

    def placed(values: Floats, cuts: tuple[float, ...]) -> Places:
        told = rounded(values, rule.decimals)
        places = np.searchsorted(np.array(cuts, dtype=np.float64), told, side=side)
        return np.where(np.isnan(values) | ~enough, -1, places).astype(np.int64)

    rows, columns = placed(status, rule.status_cuts), placed(change, rule.change_cuts)
    labels = tuple(
        rule.grid[row][column] if row >= 0 and column >= 0 else None
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    )
    return rows, columns, labels
