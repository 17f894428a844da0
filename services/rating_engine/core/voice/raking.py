"""Weights that make those who answered look like those who were asked: raking to the margins of a frame.

Iterative proportional fitting of the table of respondents (Deming and Stephan 1940; Deville, Särndal and Sautory 1993
for the view of it as calibration). All is done by cells, not by respondents: the order of ballots leaves no trace.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from services.rating_engine.core.types import Floats

TOLERANCE = 1e-12
"""Margins are reached when none is off by more than this part of the frame."""
MOST_ROUNDS = 1000
NARROWEST, WIDEST = 0.2, 5.0
"""No respondent counts for less than a fifth or more than five times of the average one."""


class Fit(StrEnum):
    """What came of the raking."""

    RAKED = "raked"
    """The margins of every dimension are reached."""
    BOUNDED = "bounded"
    """Weights stopped at their bounds; `margin_error` tells by how much the margins are missed."""
    PARTLY = "partly"
    """A dimension was left out: a part of the frame has no respondent, or a respondent no part of the frame."""
    EQUAL = "equal"
    """All weights are equal: nothing to rake by, or the margins contradict one another given who answered."""


@dataclass(frozen=True, slots=True)
class Raked:
    """The weight of one respondent in each cell of the table, and what it cost."""

    weights: Floats
    """In the shape of the counts; 0 where nobody answered. Respondents' weights sum to the frame unless bounded."""
    fit: Fit
    left_out: tuple[int, ...]
    """Dimensions that could not be raked by."""
    rounds: int
    margin_error: float
    """The largest miss of a margin that was raked to, as a part of the frame."""
    design_effect: float
    """n·Σw² / (Σw)² over respondents (Kish 1965): by how much unequal weights widen the variance of a mean."""
    effective_n: float
    """n / design effect."""


def rake(
    counts: Floats,
    margins: Sequence[Floats],
    *,
    bounds: tuple[float, float] = (NARROWEST, WIDEST),
    tolerance: float = TOLERANCE,
    most_rounds: int = MOST_ROUNDS,
) -> Raked:
    """Weights w(c) ≥ 0 of cells so that Σ counts·w over each category of each dimension is its margin.

    `counts` holds respondents by cell, an axis a dimension; `margins` the frame's sizes along each axis, in persons.
    Nothing may be NaN. A dimension with a category that has a margin and no respondent (or the reverse) is left out and
    told; weights beyond `bounds` times the average are drawn back and the rest is raked again; margins that no weights
    reach give equal ones. Raises `ValueError` for no respondent, a negative number, or margins of different totals.
    """
    n = float(counts.sum())
    population = math.fsum(margins[0].tolist()) if margins else n
    if n <= 0 or (counts < 0).any() or population <= 0 or any((margin < 0).any() for margin in margins):
        raise ValueError("a table of respondents and a frame of some size are needed")
    if any(abs(math.fsum(margin.tolist()) - population) > tolerance * population for margin in margins):
        raise ValueError("margins of one frame have one total")
    average = population / n
    left_out = tuple(axis for axis, margin in enumerate(margins) if ((margin > 0) != (_along(counts, axis) > 0)).any())
    usable = [(axis, margin) for axis, margin in enumerate(margins) if axis not in left_out and len(margin) > 1]
    equal = np.where(counts > 0, average, 0.0)
    if not usable:
        return _told(counts, equal, Fit.PARTLY if left_out else Fit.EQUAL, left_out, 0, [], population)
    fitted, rounds = _fitted(counts * average, usable, population, tolerance, most_rounds)
    if fitted is None:
        return _told(counts, equal, Fit.EQUAL, left_out, rounds, usable, population)
    weights = np.divide(fitted, counts, out=np.zeros_like(fitted), where=counts > 0)
    low, high = bounds[0] * average, bounds[1] * average
    fit = Fit.PARTLY if left_out else Fit.RAKED
    if _is_within(weights, counts, low, high):
        return _told(counts, weights, fit, left_out, rounds, usable, population)
    for _ in range(most_rounds):
        rounds += 1
        clipped = np.where(counts > 0, np.clip(weights, low, high), 0.0)
        weights = np.divide(_round(counts * clipped, usable), counts, out=np.zeros_like(clipped), where=counts > 0)
        if _is_within(weights, counts, low, high) and _error(counts * weights, usable, population) <= tolerance:
            return _told(counts, weights, fit, left_out, rounds, usable, population)
    weights = np.where(counts > 0, np.clip(weights, low, high), 0.0)
    return _told(counts, weights, Fit.BOUNDED, left_out, rounds, usable, population)


def _along(table: Floats, axis: int) -> Floats:
    total: Floats = table.sum(axis=tuple(other for other in range(table.ndim) if other != axis))
    return total


def _round(table: Floats, margins: Sequence[tuple[int, Floats]]) -> Floats:
    """One turn over all dimensions: each category is stretched onto its margin."""
    for axis, margin in margins:
        present = _along(table, axis)
        factor = np.divide(margin, present, out=np.zeros_like(present), where=present > 0)
        table = table * factor.reshape([-1 if other == axis else 1 for other in range(table.ndim)])
    return table


def _error(table: Floats, margins: Sequence[tuple[int, Floats]], population: float) -> float:
    return max(float(np.abs(_along(table, axis) - margin).max()) for axis, margin in margins) / population


def _fitted(
    table: Floats, margins: Sequence[tuple[int, Floats]], population: float, tolerance: float, most_rounds: int
) -> tuple[Floats | None, int]:
    for number in range(1, most_rounds + 1):
        table = _round(table, margins)
        if _error(table, margins, population) <= tolerance:
            return table, number
    return None, most_rounds


def _is_within(weights: Floats, counts: Floats, low: float, high: float) -> bool:
    there = weights[counts > 0]
    slack = 1e-9 * high
    return bool((there >= low - slack).all() and (there <= high + slack).all())


def _told(
    counts: Floats,
    weights: Floats,
    fit: Fit,
    left_out: tuple[int, ...],
    rounds: int,
    margins: Sequence[tuple[int, Floats]],
    population: float,
) -> Raked:
    n = float(counts.sum())
    first = math.fsum((counts * weights).ravel().tolist())
    second = math.fsum((counts * weights * weights).ravel().tolist())
    effect = max(1.0, n * second / (first * first))
    error = _error(counts * weights, margins, population) if margins else 0.0
    return Raked(weights, fit, left_out, rounds, error, effect, n / effect)
