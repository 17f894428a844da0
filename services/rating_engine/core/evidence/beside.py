"""What a methodology tells beside the score: value added and status with change, of prepared data."""

import numpy as np

from services.rating_engine.core.evidence import public_rules, sampling
from services.rating_engine.core.evidence.value_added import SideBySide, TooFewUnitsError, side_by_side
from services.rating_engine.core.types import Column, Dataset, Floats, Methodology

__all__ = ["TooFewUnitsError", "status_change", "value_added"]

Labels = tuple[str | None, ...]


def value_added(dataset: Dataset, methodology: Methodology) -> dict[str, SideBySide]:
    """Every declared outcome three ways, the variance of an outcome by its leaf's kind of value where it has one.

    Raises `TooFewUnitsError` when there are not more units than coefficients to fit.
    """
    everyone = np.ones(len(dataset.units), dtype=np.bool_)
    leaves = list(methodology.tree.leaves())
    measured = {**dataset.columns, **sampling.completed(dataset.columns, leaves, [(everyone, everyone)])}
    return {view.code: side_by_side(measured, view) for view in methodology.value_added}


def status_change(dataset: Dataset, methodology: Methodology) -> dict[str, tuple[Labels, Labels, Labels]]:
    """For every declared grid the level of the status, the level of the change and the label of each unit."""
    found = {}
    for view in methodology.status_change:
        column = dataset.columns[view.status]
        change = _change(column) if view.change is None else dataset.columns[view.change].values
        rows, columns, labels = public_rules.status_change_grid(column.values, change, column.n, view)
        found[view.code] = (
            tuple(view.status_levels[row] if row >= 0 else None for row in rows.tolist()),
            tuple(view.change_levels[place] if place >= 0 else None for place in columns.tolist()),
            labels,
        )
    return found


def _change(column: Column) -> Floats:
    """The difference from the unit's own last value, `MISSING` without one."""
    if column.previous is None:
        return np.full(len(column.values), np.nan)
    with np.errstate(over="ignore"):
        return np.clip(column.values - column.previous, -1e308, 1e308)
