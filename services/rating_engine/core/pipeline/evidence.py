"""What the evidence behind a score is worth: its posterior, its noise, and how much of it was measured at all."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.evidence import precision
from services.rating_engine.core.pipeline.composite import Branch, Evaluation
from services.rating_engine.core.pipeline.leaf import LeafState
from services.rating_engine.core.steps import missing
from services.rating_engine.core.steps.peers import Groups
from services.rating_engine.core.types import Flags, Floats, Methodology


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of every score, in the order of the units; `MISSING` where there is no score."""

    mean: Floats
    """Posterior mean: the score itself where nothing is shrunk."""
    variance: Floats | None
    """Posterior variance, where any value has a known variance."""
    noise: Floats | None
    """Sampling variance of the score itself."""
    measured: Floats
    """Share of the effective weight on own values whose variance is known, 0 included."""


def weigh(
    methodology: Methodology, groups: Groups, leaves: Mapping[str, LeafState], top: Branch, rated: Flags
) -> Evidence:
    """Posterior mean and variance of the score: by the data's variances, shrunken where the methodology says so.

    A variance goes through treatment and normalisation as half the distance between value ± sd, and up the tree by the
    slopes of its means (delta method); errors of indicators are independent.
    """
    known = {code: leaf for code, leaf in leaves.items() if leaf.is_uncertain}
    measured = np.where(rated, _measured(methodology, leaves), np.nan)
    if not known:
        return Evidence(np.where(rated, top.value, np.nan), None, None, measured)
    own = {code: leaf.evidence(groups) for code, leaf in known.items()}
    slopes = [top.slopes[code] for code in known]
    noise = precision.score_variance(slopes, [_on_scale(leaf, *own[code]) for code, leaf in known.items()])
    noise = np.where(rated, noise, np.nan)
    if not methodology.precision.shrink:
        return Evidence(np.where(rated, top.value, np.nan), noise, noise, measured)
    observed = {code: leaf.normalised for code, leaf in leaves.items()}
    deviations = []
    for code, leaf in known.items():
        values, variances = leaf.evidence(groups, methodology.precision)
        observed[code] = np.where(leaf.expects, np.nan, leaf.scaled(values))
        deviations.append(_on_scale(leaf, values, variances))
    believed = Evaluation(methodology, groups, leaves, observed, explains=False, trust=top.trusts).visit(
        methodology.tree
    )
    variance = precision.score_variance([believed.slopes[code] for code in known], deviations)
    return Evidence(np.where(rated, believed.value, np.nan), np.where(rated, variance, np.nan), noise, measured)


def _on_scale(leaf: LeafState, values: Floats, variances: Floats) -> Floats:
    error = np.sqrt(variances)
    with np.errstate(over="ignore"):
        above, below = exact.saturated(values + error), exact.saturated(values - error)
    deviation: Floats = np.abs(leaf.scaled(above) / 2.0 - leaf.scaled(below) / 2.0)
    return deviation


def _measured(methodology: Methodology, leaves: Mapping[str, LeafState]) -> Floats:
    weights = missing.effective_weights(methodology.tree)
    return missing.coverage([weights[code] for code in leaves], [leaf.is_measured for leaf in leaves.values()])


def reliability(methodology: Methodology, groups: Groups, leaves: Mapping[str, LeafState]) -> dict[str, Floats]:
    """λ of every unit's own value by indicator: 1 where it is exact or nothing is known of its variance, `MISSING`
    where there is no value."""
    return {code: leaf.reliability(groups, methodology.precision) for code, leaf in leaves.items()}
