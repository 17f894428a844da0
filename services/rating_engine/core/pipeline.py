"""The order of the steps: the only module that knows it.

min_n → treatment → normalisation → missing values → aggregation up the tree → coverage → rank → bands, with
contributions and sampling variance on the way.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.rating_engine.core import (
    aggregate,
    bands,
    exact,
    explain,
    missing,
    normalise,
    peers,
    precision,
    ranking,
    treatment,
)
from services.rating_engine.core.types import (
    WITHIN_PEERS,
    Copeland,
    Dataset,
    DistanceToReference,
    Flags,
    Floats,
    Leaf,
    Methodology,
    Missing,
    MissingPolicy,
    Node,
    NotRated,
    Result,
)

Groups = Sequence[tuple[Flags, Flags]]

_SAME_SHARE = 1e-9
"""A coverage this close to its threshold is equal to it: shares of weights are rounded."""


class NegativeChildError(ValueError):
    """A mean that is not defined below zero met a negative child."""

    def __init__(self, node: str) -> None:
        super().__init__(node)
        self.node = node


class ReferenceMissingError(ValueError):
    """The reference unit of a normalisation is not in the data or has no value."""

    def __init__(self, indicator: str, unit: str) -> None:
        super().__init__(indicator, unit)
        self.indicator = indicator
        self.unit = unit


def rate(dataset: Dataset, methodology: Methodology) -> Result:
    """Scores, places and their explanation; the same for every order of the units."""
    groups = peers.groups(dataset, methodology.peer_groups)
    leaves = {leaf.indicator: LeafState(dataset, leaf, methodology, groups) for leaf in methodology.tree.leaves()}
    observed = {code: leaf.normalised for code, leaf in leaves.items()}
    official = _Evaluation(methodology, groups, leaves, observed)
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
    methodology: Methodology, groups: Groups, leaves: Mapping[str, "LeafState"], top: "_Branch", rated: Flags
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
        top = _Evaluation(methodology, groups, leaves, observed).visit(methodology.tree)
    variance = precision.score_variance([top.slopes[code] for code in known], list(deviations.values()))
    return np.where(rated, top.value, np.nan), np.where(rated, variance, np.nan)


class LeafState:
    """One indicator on its way from natural values to what enters the tree."""

    def __init__(self, dataset: Dataset, leaf: Leaf, methodology: Methodology, groups: Groups) -> None:
        self._groups = groups
        self._penalises = methodology.missing.policy is MissingPolicy.PENALISE
        self.column = precision.without_small(dataset.columns[leaf.indicator], methodology.precision.min_n)
        self.exempt = missing.exempt(self.column)
        self._treat = treatment.fit(leaf.treatment, self.column.values)
        treated = self._treat(self.column.values)
        reference = _reference(dataset, leaf, treated)
        everyone = np.ones(len(dataset.units), dtype=np.bool_)
        within = groups if isinstance(leaf.normalisation, WITHIN_PEERS) else [(everyone, everyone)]
        self._fitted = [
            (members, normalise.fit(leaf.normalisation, leaf.direction, treated[population], reference=reference))
            for members, population in within
        ]
        self.normalised = self.scaled(self.column.values)
        """`MISSING` where the unit has no value."""
        self.entering = self.charged(self.normalised)
        """What enters the tree: the normalised value, or what a gap is charged with."""

    def scaled(self, values: Floats) -> Floats:
        """Natural values on the common scale, by the parameters of this population."""
        treated = self._treat(values)
        if len(self._fitted) == 1:
            return self._fitted[0][1](treated)
        scaled = np.full(len(values), np.nan)
        for members, apply in self._fitted:
            scaled[members] = apply(treated[members])
        return scaled

    def charged(self, normalised: Floats) -> Floats:
        """`normalised`, under `penalise` with a low value in the gaps the unit answers for."""
        if not self._penalises:
            return normalised
        previous = None if self.column.previous is None else self.scaled(self.column.previous)
        return missing.penalised(normalised, np.isnan(normalised) & ~self.exempt, self._groups, previous)

    def evidence(self, groups: Groups, *, shrink: bool) -> tuple[Floats, Floats]:
        """Natural values and their variances, or the posterior means and variances within the groups."""
        variances = self.column.variance
        assert variances is not None
        if shrink:
            return precision.shrunken(self.column.values, variances, groups)
        return self.column.values, np.where(np.isnan(variances), 0.0, variances)


def _reference(dataset: Dataset, leaf: Leaf, treated: Floats) -> float:
    if not isinstance(leaf.normalisation, DistanceToReference):
        return math.nan
    unit = leaf.normalisation.reference
    value = float(treated[dataset.units.index(unit)]) if unit in dataset.units else math.nan
    if math.isnan(value):
        raise ReferenceMissingError(leaf.indicator, unit)
    return value


@dataclass(frozen=True, slots=True)
class _Branch:
    """A node or leaf evaluated for every unit, as its parent sees it."""

    value: Floats
    exempt: Flags
    """Where it has no value and the unit need not answer for that."""
    contributions: explain.ByIndicator
    slopes: explain.ByIndicator
    """How much the value moves with each leaf's normalised value; empty unless the data carry variances."""
    shares: explain.ByIndicator
    """Weight of each leaf within the branch, over what takes part; empty unless parts are handed down by it."""


class _Evaluation:
    """The tree over one set of normalised values."""

    def __init__(
        self, methodology: Methodology, groups: Groups, leaves: Mapping[str, LeafState], observed: Mapping[str, Floats]
    ) -> None:
        self._missing = methodology.missing
        self._groups = groups
        self._leaves = leaves
        self._observed = observed
        self._is_measured = any(state.column.variance is not None for state in leaves.values())
        self._hands_down = methodology.missing.policy is MissingPolicy.PENALISE or any(
            isinstance(node.aggregation, Copeland) for node in methodology.tree.nodes()
        )
        """Whether a child may get a part that goes to its leaves by their weights."""
        self.nodes: dict[str, Floats] = {}

    def visit(self, node: Node) -> _Branch:
        """The node and everything below it."""
        known = []
        below = []
        for child in node.children:
            branch = self._leaf(child) if isinstance(child, Leaf) else self.visit(child)
            known.append(self._observed[child.indicator] if isinstance(child, Leaf) else branch.value)
            below.append(branch if isinstance(child, Leaf) else self._charged(child, branch))
        weights = [child.weight for child in node.children]
        entering = [branch.value for branch in below]
        try:
            value, parts = aggregate.combine(node.aggregation, weights, entering)
        except aggregate.BelowZeroError as error:
            raise NegativeChildError(node.code) from error
        value = np.where(self._enough(known), value, np.nan)
        self.nodes[node.code] = value
        excused = np.logical_and.reduce(
            [~np.isnan(child) | branch.exempt for child, branch in zip(known, below, strict=True)]
        )
        exempt = np.isnan(value) & excused
        shares = explain.relative(weights, entering)
        inner = explain.chain(shares, [branch.shares for branch in below]) if self._hands_down else {}
        if parts is not None:
            contributions = explain.shared(parts, [branch.shares for branch in below])
            return _Branch(value, exempt, contributions, {code: np.zeros(len(value)) for code in contributions}, inner)
        steep = explain.slopes(node.aggregation, shares, entering, value)
        contributions = explain.chain(steep, [branch.contributions for branch in below])
        slopes = explain.chain(steep, [branch.slopes for branch in below]) if self._is_measured else {}
        return _Branch(value, exempt, contributions, slopes, inner)

    def _leaf(self, leaf: Leaf) -> _Branch:
        state = self._leaves[leaf.indicator]
        value = state.charged(self._observed[leaf.indicator])
        ones = np.ones(len(value))
        return _Branch(
            value=value,
            exempt=state.exempt,
            contributions={leaf.indicator: np.nan_to_num(value)},
            slopes={leaf.indicator: ones},
            shares={leaf.indicator: ones},
        )

    def _charged(self, node: Node, branch: _Branch) -> _Branch:
        """Under `penalise` a node without a value is charged for like a leaf, its leaves answering by their weights."""
        gaps = np.isnan(branch.value) & ~branch.exempt
        if self._missing.policy is not MissingPolicy.PENALISE or not gaps.any():
            return branch
        value = missing.penalised(branch.value, gaps, self._groups, None)
        answering = gaps & ~np.isnan(value)
        shares = missing.effective_weights(node)
        return replace(
            branch,
            value=value,
            contributions={
                code: np.where(answering, np.nan_to_num(value) * shares[code], points)
                for code, points in branch.contributions.items()
            },
            slopes={code: np.where(answering, 0.0, slope) for code, slope in branch.slopes.items()},
            shares={code: np.where(answering, shares[code], share) for code, share in branch.shares.items()},
        )

    def _enough(self, known: Sequence[Floats]) -> Flags:
        if self._missing.policy is MissingPolicy.REQUIRE:
            return missing.complete(known)
        return missing.node_coverage(known) >= self._missing.min_node_coverage
