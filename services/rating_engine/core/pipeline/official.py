"""The official rating: every step in its order."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.evidence import bands, precision, reliability
from services.rating_engine.core.pipeline import evidence
from services.rating_engine.core.pipeline.composite import Branch, Evaluation
from services.rating_engine.core.pipeline.leaf import LeafState
from services.rating_engine.core.pipeline.preparation import prepare
from services.rating_engine.core.steps import explain, limits, missing, peers, ranking
from services.rating_engine.core.steps.peers import Groups
from services.rating_engine.core.types import (
    PREVIOUS_BAND,
    Dataset,
    Flags,
    Floats,
    Inside,
    Methodology,
    Missing,
    MissingPolicy,
    NotRated,
    Result,
)

_SAME_SHARE = 1e-9
"""A coverage this close to its threshold is equal to it: shares of weights are rounded."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """The score of every unit, and what it was made from."""

    dataset: Dataset
    groups: Groups
    leaves: Mapping[str, LeafState]
    official: Evaluation
    top: Branch
    coverage: Floats
    not_rated: tuple[NotRated | None, ...]
    rated: Flags
    score: Floats


def score_and_rank(dataset: Dataset, methodology: Methodology) -> tuple[Floats, NDArray[np.int64]]:
    """The scores and places of `rate`, to the same byte, without their explanation."""
    score = _standing(dataset, methodology, explains=False).score
    return score, ranking.competition(score)


def rate(dataset: Dataset, methodology: Methodology) -> Result:
    """Scores, places and their explanation; the same for every order of the units."""
    standing = _standing(dataset, methodology, explains=True)
    dataset, groups, leaves, official, top = (
        standing.dataset,
        standing.groups,
        standing.leaves,
        standing.official,
        standing.top,
    )
    coverage, not_rated, rated, score = standing.coverage, standing.not_rated, standing.rated, standing.score
    found = evidence.weigh(methodology, groups, leaves, top, rated)
    rank = ranking.competition(score)
    told = bands.banded(
        methodology.bands,
        bands.Scored(
            score,
            rank,
            found.mean,
            found.variance,
            found.noise,
            dataset.attributes.get(PREVIOUS_BAND),
            precision.unknown(found.noise, found.measured),
        ),
    )
    nodes = {**official.nodes, methodology.tree.code: score}
    declared = methodology.bands.labels if methodology.bands is not None else ()
    band, held = limits.apply(methodology.limits, declared, told.labels, nodes, dataset.columns)
    return Result(
        units=dataset.units,
        score=score,
        rank=rank if methodology.ranked else np.zeros_like(rank),
        not_rated=not_rated,
        coverage=coverage,
        band=band,
        above_cut=told.above,
        nodes=nodes,
        normalised={code: leaf.told for code, leaf in leaves.items()},
        contributions={
            code: np.where(rated & (~np.isnan(leaves[code].entering) | (points != 0.0)), points, np.nan)
            for code, points in explain.settled(top.contributions, top.shares, top.value).items()
        },
        mean=found.mean,
        variance=found.variance,
        noise=found.noise,
        measured=found.measured,
        band_names=told.names,
        band_probability=told.probability,
        band_between=told.between,
        misordered=told.misordered,
        filled={code: leaf.fills for code, leaf in leaves.items() if leaf.fills is not None},
        limited=held,
        inside=_inside(methodology, leaves, official, top, rated),
    )


def states(dataset: Dataset, methodology: Methodology) -> tuple[dict[str, LeafState], Groups]:
    """Every indicator of the tree with its fitted scale, and the peer groups, as `rate` has them."""
    prepared = prepare(dataset, methodology).dataset
    groups = peers.groups(prepared, methodology.peer_groups)
    return {
        leaf.indicator: LeafState(prepared, leaf, methodology, groups) for leaf in methodology.tree.leaves()
    }, groups


def _standing(dataset: Dataset, methodology: Methodology, *, explains: bool) -> _Standing:
    prepared = prepare(dataset, methodology)
    dataset = prepared.dataset
    groups = peers.groups(dataset, methodology.peer_groups)
    leaves = {leaf.indicator: LeafState(dataset, leaf, methodology, groups) for leaf in methodology.tree.leaves()}
    observed = {code: leaf.normalised for code, leaf in leaves.items()}
    trust = evidence.reliability(methodology, groups, leaves) if methodology.precision.reliability_weights else None
    official = Evaluation(methodology, groups, leaves, observed, explains=explains, trust=trust)
    top = official.visit(methodology.tree)

    weights = missing.effective_weights(methodology.tree)
    coverage = missing.coverage([weights[code] for code in leaves], [prepared.present[code] for code in leaves])
    lacks = np.zeros(len(dataset.units), dtype=np.bool_)
    for leaf in leaves.values():
        if leaf.requires:
            lacks |= np.isnan(leaf.normalised)
    not_rated, rated = _not_rated(methodology.missing, top.value, coverage, lacks, prepared.screened_out)
    if trust is not None:
        _, enough = reliability.reliability_weights(trust, weights, methodology.precision.least_reliable)
        rated &= enough
        not_rated = tuple(
            reason or (None if there else NotRated.INSUFFICIENT_EVIDENCE)
            for reason, there in zip(not_rated, enough.tolist(), strict=True)
        )
    score = np.where(rated, top.value, np.nan)
    return _Standing(dataset, groups, leaves, official, top, coverage, not_rated, rated, score)


def _inside(
    methodology: Methodology, leaves: Mapping[str, LeafState], official: Evaluation, top: Branch, rated: Flags
) -> Inside:
    entering = {code: leaf.entering for code, leaf in leaves.items()}
    shares = {code: np.where(rated, share, 0.0) for code, share in top.shares.items()}
    return Inside(
        entering=entering,
        nodes=official.entering,
        shares=shares,
        weights=official.weights,
        factors=explain.factors(methodology.tree, shares, entering),
    )


def _not_rated(
    rule: Missing, value: Floats, coverage: Floats, lacks: Flags, screened_out: Flags
) -> tuple[tuple[NotRated | None, ...], Flags]:
    """Why each unit has no score, and who has one."""
    unknown = np.isnan(value) | (coverage == 0.0) | (coverage < rule.min_coverage - _SAME_SHARE)
    rated: Flags = ~(unknown | lacks | screened_out)
    if rated.all():
        return (None,) * len(value), rated

    def reason(known: float, share: float, lacking: bool, out: bool) -> NotRated | None:
        if share == 0.0:
            return NotRated.NO_DATA
        if out:
            return NotRated.SCREENED_OUT
        if lacking or (known != known and rule.policy is MissingPolicy.REQUIRE):
            return NotRated.VALUE_REQUIRED
        if share < rule.min_coverage - _SAME_SHARE:
            return NotRated.BELOW_COVERAGE
        return NotRated.BELOW_NODE_COVERAGE if known != known else None

    reasons = map(reason, value.tolist(), coverage.tolist(), lacks.tolist(), screened_out.tolist())
    return tuple(reasons), rated
