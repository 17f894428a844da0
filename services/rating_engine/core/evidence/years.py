"""Several years of a school as one: what lasts is told from what passes."""

import math
from dataclasses import dataclass

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import Floats

_FLOOR = 1e-9
"""Noise and shocks of a year are at least this share of what lasts, so that years that agree can be weighed."""
_LEAST, _MOST = 2.0**-400, 2.0**200
"""What lasts below the one is none, and a variance beyond the other no evidence, in squares of the widest value."""


@dataclass(frozen=True, slots=True)
class Components:
    """What true values of one indicator are made of, between units."""

    lasting: float
    """Variance of what lasts from year to year."""
    passing: float
    """Variance of true shocks that last one year."""
    decay: float = 1.0
    """Correlation of the lasting part between neighbouring years."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """The lasting part of every unit in one year."""

    estimates: Floats
    variances: Floats
    weights: Floats
    """Units by years: by how much each year's deviation from the mean counts."""


@dataclass(frozen=True, slots=True)
class SeveralYears:
    """The lasting part of every unit in the latest year, and what years differ by."""

    parts: Components
    estimates: Floats
    errors: Floats
    """Their standard deviations."""


def several_years(values: Floats, variances: Floats) -> SeveralYears:
    """`components` and then `filtered` for the latest of units by years, oldest first, in the unit of the values.

    The mean of a year is that of all units. A value counts where its variance is known, and one of 0 is exact.
    `MISSING` for a unit without any value that counts, and for all where the latest year has none. Where nothing lasts
    everybody has the mean. Variances beyond the doubles are the largest. Source: Kane and Staiger (NBER 8156).
    """
    known = ~np.isnan(values) & ~np.isnan(variances)
    # In units of the widest value: no square leaves the doubles, and no digit changes.
    scale = math.frexp(float(np.max(np.abs(values[known]), initial=0.0)))[1]
    with np.errstate(over="ignore", under="ignore"):
        y = np.ldexp(np.where(known, values, np.nan), -scale)
        v = np.clip(np.ldexp(np.where(known, variances, np.nan), -2 * scale), 0.0, _MOST)
        parts = components(y, v)
        found = filtered(y, v, parts, _means(y))
        there = known.any(axis=1)
        estimates = exact.saturated(np.ldexp(found.estimates, scale))
        errors = exact.saturated(np.ldexp(np.sqrt(found.variances), scale))
        lasting, passing = exact.saturated(np.ldexp(np.array([parts.lasting, parts.passing]), 2 * scale)).tolist()
    there &= ~np.isnan(estimates)
    return SeveralYears(
        Components(lasting, passing, parts.decay), np.where(there, estimates, np.nan), np.where(there, errors, np.nan)
    )


def components(values: Floats, variances: Floats) -> Components:
    """By moments of units by years, oldest first: covariances between years are those of what lasts alone.

    cov(t, t-1) = lasting · decay, cov(t, t-2) = lasting · decay²; what the variance has beyond it and beyond sampling
    passes. With two years decay is 1. Nothing is below 0, decay not above 1. Source: Kane and Staiger (NBER 8156).
    """
    centred = values - _means(values)
    years = values.shape[1]

    def covariance(lag: int) -> float:
        products = centred[:, lag:] * centred[:, : years - lag]
        known = products[~np.isnan(products)]
        return exact.mean(known) if len(known) else 0.0

    noise = np.nan_to_num(variances[~np.isnan(values)])
    total = covariance(0) - (exact.mean(noise) if len(noise) else 0.0)
    first = covariance(1) if years > 1 else total
    second = covariance(2) if years > 2 else first
    decay = min(max(second / first, 0.0), 1.0) if first > 0.0 else 1.0
    lasting = max(first / decay if decay > 0.0 else first, 0.0)
    lasting = min(lasting, max(total, 0.0))
    return Components(lasting, max(total - lasting, 0.0), decay)


def filtered(values: Floats, variances: Floats, parts: Components, means: Floats, year: int = -1) -> Filtered:
    """m + c' V⁻¹ (y - m) for the lasting part in `year`, of units by years, oldest first.

    V has lasting · decay^|s-t| between years, and passing + v on the diagonal besides; c is the covariance with the
    lasting part of `year`. A missing year counts nothing; a unit without any year has the mean and the whole variance.
    The variance is lasting - c' V⁻¹ c. Source: Kane and Staiger (NBER 8156), the filtered estimate.
    """
    units, years = values.shape
    known = ~np.isnan(values)
    mean = means[year] if means.ndim == 1 else means[:, year]
    if parts.lasting < _LEAST:
        nothing = np.zeros((units, years))
        return Filtered(np.zeros(units) + mean, np.zeros(units), nothing)
    at = np.arange(years)
    # Everything as a share of what lasts; a year that is missing stands alone, with a 1 for itself and a target of 0.
    alike = np.array([parts.decay**apart for apart in range(years)])[np.abs(at[:, None] - at[None, :])]
    noise = np.maximum((parts.passing + np.where(known, np.nan_to_num(variances), 0.0)) / parts.lasting, _FLOOR)
    both = known[:, :, None] & known[:, None, :]
    covered = np.where(both, alike, np.eye(years)) + np.where(known, noise, 0.0)[:, :, None] * np.eye(years)
    target = np.where(known, alike[year], 0.0)
    weights = np.asarray(np.linalg.solve(covered, target[:, :, None])[:, :, 0], dtype=np.float64)
    deviations = np.where(known, values - means, 0.0)
    moved = exact.row_sums([weights[:, place] * deviations[:, place] for place in range(years)])
    told = exact.row_sums([weights[:, place] * target[:, place] for place in range(years)])
    return Filtered(mean + moved, parts.lasting * np.maximum(1.0 - told, 0.0), weights)


def _means(values: Floats) -> Floats:
    """The mean of each year, from its least value on so that equal values have exactly theirs; `MISSING` for a year
    without values."""

    def mean(column: Floats) -> float:
        if len(column) == 0:
            return np.nan
        least = float(np.min(column))
        return least + exact.mean(column - least)

    return np.array([mean(column[~np.isnan(column)]) for column in values.T])
