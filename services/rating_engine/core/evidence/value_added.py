"""Attainment, progress and contextual progress side by side: no one of them is told alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.evidence.precision import posterior
from services.rating_engine.core.steps import ranking
from services.rating_engine.core.types import Column, Floats, Prior, ValueAdded

INTERCEPT = "intercept"
TAU2 = "tau2"
_ROUNDS = 100
_CLOSE = 1e-13
_MOST = 2.0**200
"""Variances beyond this, in units of the widest value squared, are as good as no evidence."""
_LEAST_OWN = 1e-12
"""A regressor is dropped when less than this share of its spread is not that of the ones before it."""


class TooFewUnitsError(ValueError):
    """There are not more units than coefficients to fit."""

    def __init__(self, code: str, units: int, needed: int) -> None:
        super().__init__(code, units, needed)
        self.code, self.units, self.needed = code, units, needed


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to look at an outcome, in the order of the units; `MISSING` where something it needs is."""

    raw: Floats
    """The mean itself, or what is left of it once intake is accounted for."""
    shrunken: Floats
    """Its posterior mean; the raw one where no variance is known."""
    sd: Floats
    """Its posterior standard deviation."""
    rank: NDArray[np.int64]
    """Place by the posterior mean, 0 without one."""
    coefficients: Mapping[str, float]
    """By indicator, with `intercept` and `tau2`: what a methodology may freeze. Empty for attainment."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """All three."""

    attainment: Measure
    progress: Measure
    contextual_progress: Measure


def side_by_side(columns: Mapping[str, Column], rule: ValueAdded) -> SideBySide:
    """y; y - a - b · prior; and the same with covariates: residuals shrunken towards 0, attainment towards its mean.

    Weighted least squares with weights 1 / (tau² + v), tau² by Paule and Mandel's equation Σ r² / (v + tau²) = J - p
    solved together with the coefficients; without variances all weights are 1. Frozen coefficients are taken as they
    are, and with `tau2` among them nothing is estimated. Source: Leckie and Goldstein 2017; the school-level form of
    Prior, Jerrim, Thomson and Leckie 2021; with the frozen pupil-level model it equals the 65 schools of lme4.
    """
    outcome = columns[rule.outcome]
    before = {rule.prior: columns[rule.prior].values}
    context = before | {code: columns[code].values for code in rule.covariates}
    variances = outcome.variance if outcome.variance is not None else np.full(len(outcome.values), np.nan)
    return SideBySide(
        attainment=_measure(outcome.values, variances, Prior(), {}),
        progress=_residual(rule.code, outcome.values, variances, before, rule.progress),
        contextual_progress=_residual(rule.code, outcome.values, variances, context, rule.contextual),
    )


def _residual(
    code: str, y: Floats, variances: Floats, regressors: Mapping[str, Floats], frozen: Mapping[str, float] | None
) -> Measure:
    coefficients = dict(frozen) if frozen is not None else fitted(code, y, variances, regressors)
    with np.errstate(over="ignore", invalid="ignore"):
        left = y - coefficients.get(INTERCEPT, 0.0)
        for name in sorted(regressors):
            left = left - coefficients.get(name, 0.0) * regressors[name]
    known = ~np.isnan(y)
    for values in regressors.values():
        known &= ~np.isnan(values)
    raw = np.where(known, exact.saturated(np.nan_to_num(left)), np.nan)
    return _measure(raw, np.where(known, variances, np.nan), Prior(0.0, coefficients.get(TAU2)), coefficients)


def _measure(raw: Floats, variances: Floats, prior: Prior, coefficients: Mapping[str, float]) -> Measure:
    everyone = np.ones(len(raw), dtype=np.bool_)
    found = posterior(raw, variances, [(everyone, everyone)], prior)
    sd = np.where(np.isnan(raw) | np.isnan(variances), np.nan, np.sqrt(found.variances))
    return Measure(raw, found.means, sd, ranking.competition(found.means), coefficients)


def fitted(code: str, y: Floats, variances: Floats, regressors: Mapping[str, Floats]) -> dict[str, float]:
    """Coefficients with `intercept` and `tau2` from the units that have everything.

    A regressor that is constant, or a combination of the others, has the coefficient 0.
    """
    names = sorted(regressors)
    known = ~np.isnan(y)
    for values in regressors.values():
        known &= ~np.isnan(values)
    if np.count_nonzero(known) <= len(names) + 1:
        raise TooFewUnitsError(code, int(np.count_nonzero(known)), len(names) + 2)
    table = np.column_stack([y, *(regressors[name] for name in names), variances])[known]
    scales = [exact.exponent(np.append(column, 0.0)) for column in table[:, :-1].T]
    y_scaled = np.ldexp(table[:, 0], -scales[0])
    x_scaled = [np.ldexp(table[:, 1 + place], -scales[1 + place]) for place in range(len(names))]
    v = table[:, -1]
    v_scaled = np.zeros(len(v)) if bool(np.isnan(v).any()) else np.clip(np.ldexp(v, -2 * scales[0]), 0.0, _MOST)
    tau, solution = _fit(y_scaled, v_scaled, x_scaled)
    found = {INTERCEPT: _back(solution[0], scales[0])}
    for place, name in enumerate(names):
        found[name] = _back(solution[1 + place], scales[0] - scales[1 + place])
    return found | {TAU2: _back(tau, 2 * scales[0])}


def _back(value: float, exponent: int) -> float:
    with np.errstate(over="ignore"):
        return float(exact.saturated(np.ldexp(np.array([value]), exponent))[0])


def _fit(y: Floats, v: Floats, regressors: Sequence[Floats]) -> tuple[float, list[float]]:
    """tau² with the coefficients at it, by Newton's steps within an interval; ordinary least squares without variances.

    At the least squares the slope of Σ w r² in tau² is -Σ w² r².
    """

    def at(tau: float) -> tuple[float, float, list[float]]:
        weights = 1.0 / (v + tau)
        solution, used = weighted_least_squares(y, regressors, weights)
        residual = y - solution[0]
        for values, slope in zip(regressors, solution[1:], strict=True):
            residual = residual - slope * values
        squares = residual * residual * weights
        return exact.total(squares) - (len(y) - used), exact.total(squares * weights), solution

    spread = float(np.ptp(y)) ** 2
    if spread == 0.0 or not (v > 0.0).any():
        excess, _, solution = at(1.0)
        freedom = len(y) - 1 - sum(slope != 0.0 for slope in solution[1:])
        return max(excess + freedom, 0.0) / freedom, solution
    low, high = 1e-12 * spread, math.inf
    tau = low
    excess, steep, solution = at(tau)
    if excess <= 0.0:
        return 0.0, solution
    for _ in range(_ROUNDS):
        guess = tau + excess / steep if steep > 0.0 else math.inf
        if not low < guess < high:
            guess = low * 4.0 if math.isinf(high) else low + (high - low) / 2.0
        if abs(guess - tau) <= _CLOSE * tau:
            break
        tau = guess
        excess, steep, solution = at(tau)
        low, high = (tau, high) if excess > 0.0 else (low, tau)
    return tau, solution


def weighted_least_squares(y: Floats, regressors: Sequence[Floats], weights: Floats) -> tuple[list[float], int]:
    """Intercept and slopes that minimise Σ w (y - a - Σ b x)², and how many of them are not 0 for want of spread.

    By orthogonalising each centred regressor against the ones before it (modified Gram and Schmidt) with correctly
    rounded sums.
    """
    total = exact.total(weights)

    def inner(first: Floats, second: Floats) -> float:
        return exact.total(weights * first * second)

    def centred(values: Floats) -> tuple[float, Floats]:
        mean = exact.total(weights * values) / total
        return mean, values - mean

    y_mean, left = centred(y)
    axes: list[Floats] = []
    means, lengths, ratios = list[float](), list[float](), list[list[float]]()
    for values in regressors:
        mean, axis = centred(values)
        own = inner(axis, axis)
        steps = []
        for other, length in zip(axes, lengths, strict=True):
            step = inner(axis, other) / length if length > 0.0 else 0.0
            axis = axis - step * other
            steps.append(step)
        length = inner(axis, axis)
        kept = length > _LEAST_OWN * own and own > 0.0
        means.append(mean)
        axes.append(axis)
        lengths.append(length if kept else 0.0)
        ratios.append(steps)
    slopes = [0.0] * len(axes)
    for place, (axis, length) in enumerate(zip(axes, lengths, strict=True)):
        if length > 0.0:
            slopes[place] = inner(left, axis) / length
            left = left - slopes[place] * axis
    for place in range(len(axes) - 1, -1, -1):
        for earlier, step in enumerate(ratios[place]):
            slopes[earlier] -= step * slopes[place] if lengths[earlier] > 0.0 else 0.0
    intercept = y_mean - math.fsum(slope * mean for slope, mean in zip(slopes, means, strict=True))
    return [intercept, *slopes], 1 + sum(length > 0.0 for length in lengths)
