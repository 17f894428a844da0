"""The same rating under other choices, quickly enough for thousands of replicates.

A replicate is ranked, not published: it is computed in plain double arithmetic and scores are compared at a millionth
of a millionth of the greatest, so that the last bits that vector loops may differ in decide nothing. The official
rating is never taken from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import aggregate, exact, missing, peers, pipeline
from services.rating_engine.core.types import (
    Aggregation,
    Copeland,
    Dataset,
    DistanceToMaximum,
    Floats,
    FractionOfMaximum,
    Goalposts,
    Identity,
    Leaf,
    LogGoalposts,
    Methodology,
    MinMax,
    MissingPolicy,
    Node,
    Normalisation,
    PercentileRank,
    PowerMean,
    Rank,
    Uncertainty,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
    ZScore,
)

OFFICIAL = "official"
_DIGITS = 12
_MEANS: Mapping[str, Aggregation] = {
    "weighted_arithmetic": WeightedArithmetic(),
    "weighted_geometric": WeightedGeometric(),
    "weighted_harmonic": WeightedHarmonic(),
    "copeland": Copeland(),
}


@dataclass(frozen=True, slots=True)
class Combination:
    """A normalisation for all indicators and an aggregation for all nodes; `OFFICIAL` is the methodology's own."""

    normalisation: str
    aggregation: str

    @property
    def name(self) -> str:
        """Both, as they are told."""
        return f"{self.normalisation} + {self.aggregation}"


class Variants:
    """All declared ways to rate one data set."""

    def __init__(self, dataset: Dataset, methodology: Methodology, rank: NDArray[np.int64]) -> None:
        assert methodology.uncertainty is not None
        self.dataset = pipeline.prepare(dataset, methodology).dataset
        self.methodology = methodology
        self.uncertainty: Uncertainty = methodology.uncertainty
        self.official = rank
        """Official ranks; 0 for units that are not rated, which take no part."""
        self.rated = np.flatnonzero(rank)
        self._groups = peers.groups(dataset, methodology.peer_groups)
        self.nodes = list(methodology.tree.nodes())
        self.slots = {node.code: slot for node, slot in zip(self.nodes, self._slots(), strict=True)}
        """Where each node's weights are in a row of multipliers."""
        self.width = sum(len(node.children) for node in self.nodes)

    def _slots(self) -> list[slice]:
        ends = np.cumsum([len(node.children) for node in self.nodes]).tolist()
        return [slice(end - len(node.children), end) for node, end in zip(self.nodes, ends, strict=True)]

    @cached_property
    def levels(self) -> list[tuple[int, list[slice]]]:
        """Depth from 1, and the multipliers of the weights given at that depth; depths without a choice are left
        out."""
        depths: dict[int, list[slice]] = {}

        def descend(node: Node, depth: int) -> None:
            if sum(child.weight > 0 for child in node.children) > 1:
                depths.setdefault(depth, []).append(self.slots[node.code])
            for child in node.children:
                if isinstance(child, Node):
                    descend(child, depth + 1)

        descend(self.methodology.tree, 1)
        return sorted(depths.items())

    @cached_property
    def normalisations(self) -> list[str]:
        """Every normalisation that changes anything, after the official one."""
        leaves = list(self.methodology.tree.leaves())
        moving = [
            name for name in self.uncertainty.normalisations if any(_instead(leaf, name) != leaf for leaf in leaves)
        ]
        return [OFFICIAL, *dict.fromkeys(moving)]

    @cached_property
    def aggregations(self) -> list[str]:
        """Every aggregation that changes anything, after the official one."""
        own = [node.aggregation for node in self.nodes]
        moving = [name for name in self.uncertainty.aggregations if any(_MEANS.get(name, mean) != mean for mean in own)]
        return [OFFICIAL, *dict.fromkeys(moving)]

    @cached_property
    def combinations(self) -> list[Combination]:
        """Those that are defined for these data, the official one first.

        A mean that is not defined below zero is not combined with a normalisation that has gone below zero.
        """
        every = (Combination(*pair) for pair in product(self.normalisations, self.aggregations))
        return [combination for combination in every if self._is_defined(combination)]

    @cached_property
    def entering(self) -> Mapping[str, Mapping[str, tuple[Floats, Floats]]]:
        """By normalisation and indicator: what enters the tree, and what was observed."""
        return {name: self._normalised(name) for name in self.normalisations}

    def _normalised(self, name: str) -> Mapping[str, tuple[Floats, Floats]]:
        found = {}
        for leaf in self.methodology.tree.leaves():
            state = pipeline.LeafState(self.dataset, _instead(leaf, name), self.methodology, self._groups)
            found[leaf.indicator] = (state.entering, state.normalised)
        return found

    def _is_defined(self, combination: Combination) -> bool:
        leaves = self.entering[combination.normalisation]

        def negative(node: Node) -> bool:
            return any(np.nanmin(leaves[leaf.indicator][0], initial=0.0) < 0.0 for leaf in node.leaves())

        return not any(
            aggregate.needs_non_negative(self._aggregation(node, combination)) and negative(node) for node in self.nodes
        )

    def _aggregation(self, node: Node, combination: Combination) -> Aggregation:
        return _MEANS.get(combination.aggregation, node.aggregation)

    def ranks(self, combination: Combination, multipliers: Floats) -> NDArray[np.int64]:
        """Ranks of the rated units with every weight multiplied by its entry in `multipliers`."""
        leaves = self.entering[combination.normalisation]

        def visit(node: Node) -> Floats:
            entering, observed = [], []
            for child in node.children:
                value, known = leaves[child.indicator] if isinstance(child, Leaf) else (visit(child),) * 2
                observed.append(known)
                entering.append(value if isinstance(child, Leaf) else self._charged(value))
            weights = [
                child.weight * float(factor)
                for child, factor in zip(node.children, multipliers[self.slots[node.code]], strict=True)
            ]
            value = quick(self._aggregation(node, combination), weights, entering)
            return np.where(self._enough(observed), value, np.nan)

        score = visit(self.methodology.tree)[self.rated]
        known = np.where(np.isfinite(score), score, -exact.LARGEST)
        rounded = np.round(known / max(float(np.max(np.abs(known), initial=0.0)), 1e-300), _DIGITS)
        ordered = np.sort(rounded)
        return len(ordered) - np.searchsorted(ordered, rounded, side="right") + 1

    def _charged(self, value: Floats) -> Floats:
        if self.methodology.missing.policy is not MissingPolicy.PENALISE or not np.isnan(value).any():
            return value
        return missing.penalised(value, np.isnan(value), self._groups, None)

    def _enough(self, observed: Sequence[Floats]) -> NDArray[np.bool_]:
        return missing.node_coverage(observed) >= self.methodology.missing.min_node_coverage


def _instead(leaf: Leaf, name: str) -> Leaf:
    """The leaf normalised by the kind `name`; as declared where that kind needs parameters the leaf does not have."""
    kinds: Mapping[str, Normalisation] = {
        "min_max": MinMax(scale_of(leaf.normalisation)),
        "z_score": ZScore(),
        "rank": Rank(),
        "percentile_rank": PercentileRank(),
        "distance_to_maximum": DistanceToMaximum(),
        "fraction_of_maximum": FractionOfMaximum(),
        "identity": Identity(),
    }
    instead = kinds.get(name)
    if instead is None or type(instead) is type(leaf.normalisation):
        return leaf
    return replace(leaf, normalisation=instead)


def scale_of(normalisation: Normalisation) -> tuple[float, float]:
    """The scale a stand-in is put onto, so that a floor above zero is kept."""
    match normalisation:
        case Goalposts() | LogGoalposts() | MinMax():
            return normalisation.scale
        case _:
            return 0.0, 1.0


def quick(aggregation: Aggregation, weights: Sequence[float], children: Sequence[Floats]) -> Floats:
    """The means of `aggregate` in plain vector arithmetic, for values of ordinary size."""
    if isinstance(aggregation, Copeland):
        return aggregate.copeland(weights, children)[0]
    power = {WeightedArithmetic: 1.0, WeightedGeometric: 0.0, WeightedHarmonic: -1.0}.get(type(aggregation))
    if isinstance(aggregation, PowerMean):
        power = aggregation.power
    assert power is not None
    total = np.zeros(len(children[0]))
    summed = np.zeros(len(children[0]))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for weight, child in zip(weights, children, strict=True):
            if weight == 0.0:
                continue
            gap = np.isnan(child)
            total += np.where(gap, 0.0, weight)
            summed += np.where(gap, 0.0, weight * _forward(child, power))
        return np.where(total > 0.0, _back(summed / total, power), np.nan)


def _forward(values: Floats, power: float) -> Floats:
    if power == 1.0:
        return values
    return np.log(values) if power == 0.0 else np.power(values, power)


def _back(values: Floats, power: float) -> Floats:
    if power == 1.0:
        return values
    return np.exp(values) if power == 0.0 else np.power(values, 1.0 / power)
