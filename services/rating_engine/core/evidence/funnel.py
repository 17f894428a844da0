"""How noise is drawn: bars that may be compared by eye, and funnels around a target."""

from dataclasses import dataclass

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import Floats

OVERLAP = 1.39
"""Standard errors either way: two such bars of similar length that do not touch differ with p < 0.05."""
WARNING, ALARM = 1.96, 3.09
_WINSORISED = 0.1


def overlap_bars(values: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """value ± 1.39 standard errors (Goldstein and Healy, JRSS A 1995): for comparing two units, not for one alone."""
    reach = OVERLAP * np.sqrt(variances)
    with np.errstate(over="ignore"):
        return exact.saturated(values - reach), exact.saturated(values + reach)


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """How much more the units differ than sampling explains."""

    phi: float
    """Mean of the squared winsorised z-scores."""
    tau2: float
    """Variance between units that is usual and no signal; 0 where phi is within what sampling gives."""


def overdispersion(values: Floats, variances: Floats, target: float) -> Overdispersion:
    """phi = Σ z² / J over winsorised z-scores, and tau² by moments (DerSimonian and Laird).

    z = (y - target) / s, the tenth at each end drawn to the value there. If phi ≤ 1 there is none; otherwise tau² =
    (J phi - (J - 1)) / (Σ w - Σ w² / Σ w) with w = 1 / s². Source: Spiegelhalter (Statistics in Medicine 2005).
    """
    known = ~np.isnan(values) & (np.nan_to_num(variances) > 0.0)
    if np.count_nonzero(known) < 2:
        return Overdispersion(1.0, 0.0)
    z = np.sort((values[known] - target) / np.sqrt(variances[known]))
    low = exact.low_quantile(z, _WINSORISED)
    high = -exact.low_quantile(-z[::-1], _WINSORISED)
    z = np.clip(z, low, high)
    phi = exact.total(z * z) / len(z)
    weights = 1.0 / variances[known]
    total = exact.total(weights)
    spare = total - exact.total(weights * weights) / total
    excess = len(z) * phi - (len(z) - 1)
    return Overdispersion(phi, excess / spare if phi > 1.0 and excess > 0.0 and spare > 0.0 else 0.0)


def limits(variances: Floats, target: float, tau2: float = 0.0, z: float = WARNING) -> tuple[Floats, Floats]:
    """target ± z sqrt(v + tau²): 1.96 for a warning, 3.09 for an alarm."""
    with np.errstate(over="ignore"):
        reach = z * np.sqrt(exact.saturated(variances + tau2))
        return exact.saturated(target - reach), exact.saturated(target + reach)
