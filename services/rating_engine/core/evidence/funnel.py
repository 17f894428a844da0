"""How noise is drawn: bars that may be compared by eye, and funnels around a target."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import Flags, Floats

OVERLAP = 1.39
"""Standard errors either way: two such bars of similar length that do not touch differ with p < 0.05."""
WARNING, ALARM = 1.96, 3.09
_WINSORISED = 0.1
_FARTHEST = 2.0**400
"""Standard errors from the target beyond which nothing is further."""
_HUGE = 2.0**1000
_ROOM = 20
"""By so many powers of two huge values are made smaller, so that differences and sums of many stay doubles."""


def overlap_bars(values: Floats, errors: Floats) -> tuple[Floats, Floats]:
    """value ± 1.39 standard errors, in the unit of the values, `MISSING` where either is.

    For comparing two units, not for one alone: the bars are made for z = 1.96 / √2, so two of equal length that do not
    touch differ by more than 1.96 standard errors of the difference. Source: Goldstein and Healy (JRSS A 1995).
    """
    with np.errstate(over="ignore"):
        reach = OVERLAP * errors
        return exact.saturated(values - reach), exact.saturated(values + reach)


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """How much more the units differ than sampling explains."""

    phi: float
    """Mean of the squared winsorised z-scores; 1 where there are fewer than two."""
    tau2: float
    """Variance between units that is usual and no signal; 0 where phi is within what sampling gives."""


def overdispersion(values: Floats, variances: Floats, target: float) -> Overdispersion:
    """phi = Σ z² / J over winsorised z-scores, and tau² by moments (DerSimonian and Laird).

    z = (y - target) / s, the tenth at each end drawn to the value there. If phi ≤ 1 there is none; otherwise tau² =
    (J phi - (J - 1)) / (Σ w - Σ w² / Σ w) with w = 1 / s². Values that are missing or have no variance above 0 count
    nothing; a tau² beyond the doubles is the largest of them. Source: Spiegelhalter (Statistics in Medicine 2005).
    """
    known = _drawn(values, variances)
    if np.count_nonzero(known) < 2:
        return Overdispersion(1.0, 0.0)
    y, v = values[known], variances[known]
    with np.errstate(over="ignore"):
        z = np.sort(np.clip((y - target) / np.sqrt(v), -_FARTHEST, _FARTHEST))
    low = exact.low_quantile(z, _WINSORISED)
    high = -exact.low_quantile(-z[::-1], _WINSORISED)
    z = np.clip(z, low, high)
    phi = exact.total(z * z) / len(z)
    least = float(np.min(v))
    spare = _spare(least / v)
    excess = len(z) * phi - (len(z) - 1)
    if phi <= 1.0 or excess <= 0.0 or spare <= 0.0:
        return Overdispersion(phi, 0.0)
    with np.errstate(over="ignore"):
        return Overdispersion(phi, float(exact.saturated(np.array([excess / spare]) * least)[0]))


def limits(variances: Floats, target: float, tau2: float = 0.0, z: float = WARNING) -> tuple[Floats, Floats]:
    """target ± z sqrt(v + tau²): 1.96 for a warning, 3.09 for an alarm."""
    with np.errstate(over="ignore"):
        reach = z * np.sqrt(exact.saturated(variances + tau2))
        return exact.saturated(target - reach), exact.saturated(target + reach)


class Signal(StrEnum):
    """Where a value lies in its funnel; low and high are of the value, whichever of them is good."""

    WITHIN = "within"
    WARNING_LOW = "warning_low"
    WARNING_HIGH = "warning_high"
    ALARM_LOW = "alarm_low"
    ALARM_HIGH = "alarm_high"


@dataclass(frozen=True, slots=True)
class Funnel:
    """One column around its target; everything by unit is `MISSING`, or no signal, for a unit that is not drawn."""

    target: float
    spread: Overdispersion
    warning_low: Floats
    warning_high: Floats
    alarm_low: Floats
    alarm_high: Floats
    signals: tuple[Signal | None, ...]


def funnel(values: Floats, variances: Floats) -> Funnel | None:
    """target ± z sqrt(v + tau²) around target = Σ w y / Σ w, w = 1 / v, with z 1.96 and 3.09, in the unit of `values`.

    Under the target about one unit in twenty is beyond a warning and one in five hundred beyond an alarm; phi and tau²
    as in `overdispersion`, so that what units usually differ by is no signal. A value on a limit is within it. A unit
    whose value or variance is missing is not drawn, nor is one with a variance of 0: it has no place on the axis of
    precision, and few alike observations look so. None where no unit is drawn. Source: Spiegelhalter (Statistics in
    Medicine 2005, «Funnel plots for comparing institutional performance»).
    """
    drawn = _drawn(values, variances)
    if not drawn.any():
        return None
    target = _centre(values[drawn], variances[drawn])
    spread = overdispersion(values, variances, target)
    own = np.where(drawn, variances, np.nan)
    warning_low, warning_high = limits(own, target, spread.tau2)
    alarm_low, alarm_high = limits(own, target, spread.tau2, ALARM)
    told: list[Signal | None] = [Signal.WITHIN if there else None for there in drawn.tolist()]
    for signal, beyond in (
        (Signal.WARNING_LOW, values < warning_low),
        (Signal.WARNING_HIGH, values > warning_high),
        (Signal.ALARM_LOW, values < alarm_low),
        (Signal.ALARM_HIGH, values > alarm_high),
    ):
        for place in np.flatnonzero(beyond).tolist():
            told[place] = signal
    return Funnel(target, spread, warning_low, warning_high, alarm_low, alarm_high, tuple(told))


def _drawn(values: Floats, variances: Floats) -> Flags:
    return ~np.isnan(values) & (np.nan_to_num(variances) > 0.0)


def _centre(values: Floats, variances: Floats) -> float:
    """The mean weighted by precision, from the most precise value on: equal values have exactly their value."""
    first = np.lexsort((values, variances))[0]
    weights = variances[first] / variances
    room = _ROOM if float(np.max(np.abs(values))) > _HUGE else 0
    y = np.ldexp(values, -room)
    mean = y[first] + exact.total(weights * (y - y[first])) / exact.total(weights)
    with np.errstate(over="ignore"):
        return float(exact.saturated(np.ldexp(np.array([mean]), room))[0])


def _spare(weights: Floats) -> float:
    """Σ w - Σ w² / Σ w as Σ w (Σ w - w) / Σ w: nothing is lost where one weight is nearly all there is."""
    total = exact.total(weights)
    most = weights > total / 2
    others = np.where(most, exact.total(weights[~most]), total - weights)
    return exact.total(weights * others) / total
