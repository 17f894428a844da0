"""Nodes of the tree over one set of normalised values, with the parts and slopes of every leaf below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.rating_engine.core import aggregate, explain, missing
from services.rating_engine.core.peers import Groups
from services.rating_engine.core.pipeline.errors import NegativeChildError
from services.rating_engine.core.pipeline.leaf import LeafState
from services.rating_engine.core.types import Copeland, Flags, Floats, Leaf, Methodology, MissingPolicy, Node


@dataclass(frozen=True, slots=True)
class Branch:
    """A node or leaf evaluated for every unit, as its parent sees it."""

    value: Floats
    exempt: Flags
    """Where it has no value and the unit need not answer for that."""
    contributions: explain.ByIndicator
    slopes: explain.ByIndicator
    """How much the value moves with each leaf's normalised value; empty unless the data carry variances."""
    shares: explain.ByIndicator
    """Weight of each leaf within the branch, over what takes part; empty unless parts are handed down by it."""


class Evaluation:
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

    def visit(self, node: Node) -> Branch:
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
            return Branch(value, exempt, contributions, {code: np.zeros(len(value)) for code in contributions}, inner)
        steep = explain.slopes(node.aggregation, shares, entering, value)
        contributions = explain.chain(steep, [branch.contributions for branch in below])
        slopes = explain.chain(steep, [branch.slopes for branch in below]) if self._is_measured else {}
        return Branch(value, exempt, contributions, slopes, inner)

    def _leaf(self, leaf: Leaf) -> Branch:
        state = self._leaves[leaf.indicator]
        value = state.charged(self._observed[leaf.indicator])
        ones = np.ones(len(value))
        return Branch(
            value=value,
            exempt=state.exempt,
            contributions={leaf.indicator: np.nan_to_num(value)},
            slopes={leaf.indicator: ones},
            shares={leaf.indicator: ones},
        )

    def _charged(self, node: Node, branch: Branch) -> Branch:
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
