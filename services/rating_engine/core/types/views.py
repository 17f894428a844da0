"""What is told beside the score: value added, and status with change."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ValueAdded:
    """Attainment, progress and contextual progress of one outcome."""

    code: str
    outcome: str
    prior: str
    covariates: tuple[str, ...] = ()
    progress: Mapping[str, float] | None = None
    """Coefficients by indicator, `intercept` and `tau2`, when they are frozen; fitted otherwise."""
    contextual: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One indicator by its level and by how that changed: a grid of labels instead of a score."""

    code: str
    status: str
    """The indicator whose value is the status."""
    status_cuts: tuple[float, ...]
    status_levels: tuple[str, ...]
    change_cuts: tuple[float, ...]
    change_levels: tuple[str, ...]
    """From the greatest fall to the greatest rise."""
    grid: tuple[tuple[str, ...], ...]
    """A row for each level of status, a column for each level of change."""
    change: str | None = None
    """The indicator whose value is the change; the difference from the unit's own last value when not named."""
    decimals: int | None = None
    """Values are rounded to so many decimals, halves away from zero, before they are placed."""
    cut_belongs_above: bool = True
    """Whether a value on a cut is in the higher interval."""
    min_n: int = 0
    """With fewer observations there is no label."""
