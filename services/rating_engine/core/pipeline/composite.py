"""Nodes of the tree over one set of normalised values, with the parts and slopes of every leaf below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.rating_engine.core.evidence import reliability
from services.rating_engine.core.pipeline.errors import NegativeChildError
from services.rating_engine.core.pipeline.leaf import LeafState
from services.rating_engine.core.steps import aggregate, explain, missing
from services.rating_engine.core.steps.peers import Groups
from services.rating_engine.core.types import Flags, Floats, Leaf, Methodology, MissingPolicy, Node

_SAME_SHARE = 1e-9
"""A share of weights this close to its threshold is equal to it."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A node or leaf evaluated for every unit, as its parent sees it."""

    value: Floats
    is_whole: bool
    """Whether every unit has a value, before any gap is charged."""
    exempt: Flags
    """Where it has no value and the unit need not answer for that."""
    contributions: explain.ByIndicator
    slopes: explain.ByIndicator
    """How much the value moves with each leaf's normalised value; empty unless the data carry variances."""
    shares: explain.ByIndicator
    """Weight of each leaf within the branch, over what takes part."""
    trust: Floats | None = None
    """Its reliability, where indicators weigh by that."""
    trusts: explain.ByIndicator | None = None
    """That of every indicator of the tree."""


class Evaluation:
    """The tree over one set of normalised values."""

    def __init__(
        self,
        methodology: Methodology,
        groups: Groups,
        leaves: Mapping[str, LeafState],
        observed: Mapping[str, Floats],
        *,
        explains: bool = True,
        trust: explain.ByIndicator | None = None,
        is_supposed: bool = False,
    ) -> None:
        """`is_supposed`: values or weights are drawn. What then falls below zero counts as 0 under a mean that is not
        defined there; the data themselves are refused."""
        self._trust = trust
        self._is_supposed = is_supposed
        self._explains = explains
        self._missing = methodology.missing
        self._groups = groups
        self._leaves = leaves
        self._observed = observed
        self._is_measured = any(state.is_uncertain for state in leaves.values())
        self._ones = np.ones(len(next(iter(observed.values()))))
        self.nodes: dict[str, Floats] = {}
        self.answering: dict[str, Flags] = {}
        """By node but the root: who has no value there and has to answer for it."""
        self.entering: dict[str, Floats] = {}
        """Nodes as their parents see them: with what a gap is charged with."""
        self.weights: dict[str, Sequence[Floats]] = {}
        """By node: the weight of each child over what is present."""

    def visit(self, node: Node) -> Branch:
        """The node and everything below it."""
        known = []
        below = []
        for child in node.children:
            branch = self._leaf(child) if isinstance(child, Leaf) else self.visit(child)
            known.append(self._observed[child.indicator] if isinstance(child, Leaf) else branch.value)
            below.append(branch if isinstance(child, Leaf) else self._charged(child, branch))
            if isinstance(child, Node):
                self.entering[child.code] = below[-1].value
        weights = [child.weight for child in node.children]
        if self._is_supposed and aggregate.needs_non_negative(node.aggregation):
            below = [replace(branch, value=np.maximum(branch.value, 0.0)) for branch in below]
        entering = [branch.value for branch in below]
        shares, trust = self._shares(weights, below)
        try:
            if trust is None:
                value, parts = aggregate.combine(node.aggregation, weights, entering, explains=self._explains)
            else:
                value, parts = reliability.mean(shares, entering), None
        except aggregate.BelowZeroError as error:
            raise NegativeChildError(node.code) from error
        unknown = np.isnan(value)
        exempt = unknown
        if not all(branch.is_whole for branch in below):
            value = np.where(self._enough(node, known, entering), value, np.nan)
            unknown = np.isnan(value)
            excused = [~np.isnan(child) | branch.exempt for child, branch in zip(known, below, strict=True)]
            exempt = unknown & np.logical_and.reduce(excused)
        is_whole = not unknown.any()
        self.nodes[node.code] = value
        self.weights[node.code] = shares
        inside = [branch.shares for branch in below]
        inner = explain.chain(shares, inside) if self._explains or trust is not None else {}
        if parts is not None:
            contributions = explain.shared(parts, inside) if self._explains else {}
            flat = {code: np.zeros(len(value)) for branch in below for code in branch.slopes}
            return Branch(value, is_whole, exempt, contributions, flat, inner)
        contributions = self._contributions(node, shares, below, value) if self._explains else {}
        steep = explain.slopes(node.aggregation, shares, entering, value) if self._is_measured else []
        slopes = explain.chain(steep, [branch.slopes for branch in below]) if self._is_measured else {}
        return Branch(value, is_whole, exempt, contributions, slopes, inner, trust, self._trust)

    def _shares(self, weights: Sequence[float], below: Sequence[Branch]) -> tuple[list[Floats], Floats | None]:
        """Relative weights of the children every unit has, and by reliability that of the node."""
        entering = [branch.value for branch in below]
        trusts = [branch.trust for branch in below if branch.trust is not None]
        if self._trust is None:
            is_needed = self._explains or self._is_measured
            return explain.relative(weights, entering) if is_needed else [], None
        return reliability.shares(weights, trusts, entering)

    def _contributions(
        self, node: Node, shares: Sequence[Floats], below: Sequence[Branch], value: Floats
    ) -> explain.ByIndicator:
        handed = [branch.contributions for branch in below]
        entering = [branch.value for branch in below]
        weights = [child.weight for child in node.children]
        parts = explain.parts(node.aggregation, weights, shares, entering, value)
        if parts is None:
            known = ~np.isnan(value)
            return explain.chain([np.where(known, share, 0.0) for share in shares], handed)
        return explain.handed_up(parts, entering, handed, [branch.shares for branch in below])

    def _leaf(self, leaf: Leaf) -> Branch:
        state = self._leaves[leaf.indicator]
        observed = self._observed[leaf.indicator]
        value = state.charged(observed)
        ones = {leaf.indicator: self._ones}
        return Branch(
            value=value,
            is_whole=(state.is_whole and observed is state.normalised) or not np.isnan(observed).any(),
            exempt=state.exempt,
            contributions={leaf.indicator: np.nan_to_num(value)} if self._explains else {},
            slopes=ones if self._is_measured else {},
            shares=ones if self._explains or self._trust is not None else {},
            trust=None if self._trust is None else np.where(np.isnan(own := self._trust[leaf.indicator]), 1.0, own),
        )

    def _charged(self, node: Node, branch: Branch) -> Branch:
        """Under `penalise` a node without a value is charged for like a leaf, its leaves answering by their weights."""
        gaps = np.isnan(branch.value) & ~branch.exempt
        self.answering[node.code] = gaps
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

    def _enough(self, node: Node, known: Sequence[Floats], entering: Sequence[Floats]) -> Flags:
        """Where nothing required is missing and, unless everything is, enough of the children are known.

        By weight, what stands in for a gap counts: a unit answers for it by that value, and not once more by losing
        the node.
        """
        requires = self._missing.policy is MissingPolicy.REQUIRE
        required = [
            values
            for child, values in zip(node.children, known, strict=True)
            if (requires if isinstance(child, Node) else self._leaves[child.indicator].requires)
        ]
        whole = missing.complete(required) if required else np.ones(len(known[0]), dtype=np.bool_)
        if requires:
            return whole
        if not self._missing.by_weight:
            return whole & (missing.node_coverage(known) >= self._missing.min_node_coverage)
        present = missing.node_weight([child.weight for child in node.children], entering)
        return whole & (present >= self._missing.min_node_coverage - _SAME_SHARE)
