"""The official rating: every step in its order."""

from collections.abc import Mapping

import numpy as np

from services.rating_engine.core import bands, exact, missing, peers, precision, ranking
from services.rating_engine.core.peers import Groups
from services.rating_engine.core.pipeline.composite import Branch, Evaluation
from services.rating_engine.core.pipeline.leaf import LeafState
from services.rating_engine.core.types import (
    Dataset,
    Flags,
    Floats,
    Methodology,
    Missing,
    MissingPolicy,
    NotRated,
    Result,
)

_SAME_SHARE = 1e-9
"""A coverage this close to its threshold is equal to it: shares of weights are rounded."""


def rate(dataset: Dataset, methodology: Methodology) -> Result:
    """Scores, places and their explanation; the same for every order of the units."""
    groups = peers.groups(dataset, methodology.peer_groups)
    leaves = {leaf.indicator: LeafState(dataset, leaf, methodology, groups) for leaf in methodology.tree.leaves()}
    observed = {code: leaf.normalised for code, leaf in leaves.items()}
    official = Evaluation(methodology, groups, leaves, observed)
    top = official.visit(methodology.tree)

    weights = missing.effective_weights(methodology.tree)
    coverage = missing.coverage([weights[code] for code in leaves], [~np.isnan(observed[code]) for code in leaves])
    not_rated = _not_rated(methodology.missing, top.value, coverage)
    rated = np.array([reason is None for reason in not_rated], dtype=np.bool_)
    score = np.where(rated, top.value, np.nan)
    mean, variance = _evidence(methodology, groups, leaves, top, rated)
    rank = ranking.competition(score)
    band, above = bands.assign(methodology.bands, score, rank, mean, variance)
    return Result(
        units=dataset.units,
        score=score,
        rank=rank,
        not_rated=not_rated,
        coverage=coverage,
        band=band,
        above_cut=above,
        nodes={**official.nodes, methodology.tree.code: score},
        normalised=observed,
        contributions={
            code: np.where(rated & (~np.isnan(leaves[code].entering) | (points != 0.0)), points, np.nan)
            for code, points in top.contributions.items()
        },
        mean=mean,
        variance=variance,
    )


def _not_rated(rule: Missing, value: Floats, coverage: Floats) -> tuple[NotRated | None, ...]:
    def reason(known: float, share: float) -> NotRated | None:
        if share == 0.0:
            return NotRated.NO_DATA
        if known != known and rule.policy is MissingPolicy.REQUIRE:
            return NotRated.VALUE_REQUIRED
        if share < rule.min_coverage - _SAME_SHARE:
            return NotRated.BELOW_COVERAGE
        return NotRated.BELOW_NODE_COVERAGE if known != known else None

    return tuple(map(reason, value.tolist(), coverage.tolist()))


def _evidence(
    methodology: Methodology, groups: Groups, leaves: Mapping[str, LeafState], top: Branch, rated: Flags
) -> tuple[Floats, Floats | None]:
    """Posterior mean and variance of the score: by the data's variances, shrunken where the methodology says so."""
    known = {code: leaf for code, leaf in leaves.items() if leaf.column.variance is not None}
    if not known:
        return np.where(rated, top.value, np.nan), None
    observed = {code: leaf.normalised for code, leaf in leaves.items()}
    deviations = {}
    for code, leaf in known.items():
        values, variances = leaf.evidence(groups, shrink=methodology.precision.shrink)
        error = np.sqrt(variances)
        observed[code] = leaf.scaled(values)
        with np.errstate(over="ignore"):
            above, below = exact.saturated(values + error), exact.saturated(values - error)
        deviations[code] = np.abs(leaf.scaled(above) / 2.0 - leaf.scaled(below) / 2.0)
    if methodology.precision.shrink:
        top = Evaluation(methodology, groups, leaves, observed).visit(methodology.tree)
    variance = precision.score_variance([top.slopes[code] for code in known], list(deviations.values()))
    return np.where(rated, top.value, np.nan), np.where(rated, variance, np.nan)
