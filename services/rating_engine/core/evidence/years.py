"""Several years of a school as one: what lasts is told from what passes."""

from dataclasses import dataclass

import numpy as np

from services.rating_engine.core.types import Floats


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


def components(values: Floats, variances: Floats) -> Components:
    """By moments of units by years, oldest first: covariances between years are those of what lasts alone.

    cov(t, t-1) = lasting · decay, cov(t, t-2) = lasting · decay²; what the variance has beyond it and beyond sampling
    passes. With two years decay is 1. Nothing is below 0, decay not above 1. Source: Kane and Staiger (NBER 8156).
    """
    centred = values - np.nanmean(values, axis=0)
    years = values.shape[1]

    def covariance(lag: int) -> float:
        products = centred[:, lag:] * centred[:, : years - lag]
        known = products[~np.isnan(products)]
        return float(np.mean(np.sort(known))) if len(known) else 0.0

    noise = variances[~np.isnan(values)]
    total = covariance(0) - float(np.mean(np.sort(np.nan_to_num(noise))))
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
    at = np.arange(years)
    between = parts.lasting * parts.decay ** np.abs(at[:, None] - at[None, :])
    target = between[year]
    known = ~np.isnan(values)
    weights = np.zeros((units, years))
    left = np.full(units, parts.lasting)
    for unit in range(units):
        there = np.flatnonzero(known[unit])
        if len(there) == 0 or parts.lasting == 0.0:
            continue
        noise = parts.passing + np.nan_to_num(variances[unit, there])
        covered = between[np.ix_(there, there)] + np.diag(np.maximum(noise, 1e-12 * parts.lasting))
        weights[unit, there] = np.linalg.solve(covered, target[there])
        left[unit] = max(parts.lasting - float(weights[unit, there] @ target[there]), 0.0)
    deviations = np.where(known, values - means, 0.0)
    target_mean = means[year] if means.ndim == 1 else means[:, year]
    return Filtered(target_mean + (weights * deviations).sum(axis=1), left, weights)
