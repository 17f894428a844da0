"""What of a methodology varies: each factor with its alternatives, the official one first.

A level is a depth in the tree, the root being 1: the aggregation of level 2 is that of the root's children, the weights
of level 2 are those of their children.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from services.rating_engine.core.types import (
    Aggregation,
    AggregationFactor,
    Copeland,
    DataNoiseFactor,
    DistanceToMaximum,
    Factor,
    FractionOfMaximum,
    Goalposts,
    Identity,
    IndicatorOutFactor,
    Leaf,
    LogGoalposts,
    Methodology,
    MinMax,
    MissingFactor,
    MissingPolicy,
    Node,
    Normalisation,
    NormalisationFactor,
    PercentileRank,
    Piecewise,
    PowerMean,
    Rank,
    ReliabilityFactor,
    Treatment,
    TreatmentFactor,
    Uncertainty,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
    WeightsFactor,
    ZScore,
)

OFFICIAL = "official"
MEANS: Mapping[str, Aggregation] = {
    "weighted_arithmetic": WeightedArithmetic(),
    "weighted_geometric": WeightedGeometric(),
    "weighted_harmonic": WeightedHarmonic(),
    "copeland": Copeland(),
}

Change = Callable[[Methodology], Methodology]


@dataclass(frozen=True, slots=True)
class Choice:
    """A factor that picks one of a few alternatives; alternative 0 is the official one."""

    name: str
    kind: str
    labels: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    """What each alternative makes of the methodology; empty where only weights change."""
    weights: tuple[Mapping[str, float], ...] = ()
    """What each alternative sets weights to, by indicator and node; empty where the methodology changes."""
    live: tuple[int, ...] = (0,)
    """The alternatives that change anything, and so are drawn."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A factor that draws weights."""

    name: str
    factor: WeightsFactor
    slots: tuple[slice, ...]
    """Where the weights of each node it varies stand in a row of weights."""


def varied(uncertainty: Uncertainty) -> tuple[Factor, ...]:
    """All factors, those of the shorthand first."""
    short: list[Factor] = []
    if uncertainty.normalisations:
        short.append(NormalisationFactor(uncertainty.normalisations))
    if uncertainty.aggregations:
        short.append(AggregationFactor(tuple(MEANS[name] for name in uncertainty.aggregations if name in MEANS)))
    if uncertainty.spread > 0.0:
        short.append(WeightsFactor(spread=uncertainty.spread))
    return (*short, *uncertainty.factors)


def slots(tree: Node) -> dict[str, slice]:
    """Where each node's weights stand in a row of weights: nodes parents first, children in their order."""
    places, start = {}, 0
    for node in tree.nodes():
        places[node.code] = slice(start, start + len(node.children))
        start += len(node.children)
    return places


def by_level(tree: Node) -> Iterator[tuple[int, Node]]:
    """Every node with its depth, the root being 1."""
    level, nodes = 1, [tree]
    while nodes:
        for node in nodes:
            yield level, node
        nodes = [child for node in nodes for child in node.children if isinstance(child, Node)]
        level += 1


def choices(methodology: Methodology) -> list[Choice]:
    """The factors with alternatives, in their order; a name is the kind, numbered or with its level where needed."""
    assert methodology.uncertainty is not None
    found: list[Choice] = []
    for factor in varied(methodology.uncertainty):
        choice = _choice(factor, methodology)
        if choice is not None:
            same = sum(other.kind == choice.kind and other.name.startswith(choice.name) for other in found)
            found.append(replace(choice, name=f"{choice.name}_{same + 1}") if same else choice)
    return found


def draws(methodology: Methodology) -> list[Draw]:
    """The factors that draw weights."""
    assert methodology.uncertainty is not None
    places = slots(methodology.tree)
    found: list[Draw] = []
    for factor in varied(methodology.uncertainty):
        if isinstance(factor, WeightsFactor) and not factor.sets:
            nodes = [
                node
                for level, node in by_level(methodology.tree)
                if (not factor.levels or level in factor.levels)
                and sum(child.weight > 0 for child in node.children) > 1
            ]
            name = "weights" if not found else f"weights_{len(found) + 1}"
            found.append(Draw(name, factor, tuple(places[node.code] for node in nodes)))
    return found


def has_noise(uncertainty: Uncertainty) -> bool:
    """Whether sampling noise is asked for."""
    return any(isinstance(factor, DataNoiseFactor) for factor in uncertainty.factors)


def _choice(factor: Factor, methodology: Methodology) -> Choice | None:
    match factor:
        case NormalisationFactor():
            changes = [_on_leaves(factor.indicators, _normalised(one)) for one in factor.alternatives]
            return _of_method("normalisation", [kind_of(one) for one in factor.alternatives], changes, methodology)
        case TreatmentFactor():
            changes = [_on_leaves(factor.indicators, _treated(one)) for one in factor.alternatives]
            return _of_method("treatment", [kind_of(one) for one in factor.alternatives], changes, methodology)
        case AggregationFactor():
            changes = [_aggregated(factor.level, one) for one in factor.alternatives]
            name = "aggregation" if factor.level is None else f"aggregation_{factor.level}"
            found = _of_method(name, [kind_of(one) for one in factor.alternatives], changes, methodology)
            return replace(found, kind="aggregation")
        case MissingFactor():
            changes = [_with_policy(one) for one in factor.alternatives]
            return _of_method("missing", [one.value for one in factor.alternatives], changes, methodology)
        case ReliabilityFactor():
            return _of_method("reliability", ["reliability"], [_by_reliability], methodology)
        case IndicatorOutFactor():
            codes = [leaf.indicator for leaf in methodology.tree.leaves() if leaf.weight > 0.0]
            return _of_weights("indicator_out", codes, [{code: 0.0} for code in codes], methodology)
        case WeightsFactor(sets=sets) if sets:
            return _of_weights("weights", [str(place + 1) for place in range(len(sets))], sets, methodology)
        case WeightsFactor() | DataNoiseFactor():
            return None
        case _:
            assert_never(factor)


def _of_method(name: str, labels: Sequence[str], changes: Sequence[Change], methodology: Methodology) -> Choice:
    live = [place for place, change in enumerate(changes, start=1) if change(methodology) != methodology]
    return Choice(name, name, (OFFICIAL, *labels), (lambda same: same, *changes), (), (0, *live))


def _of_weights(
    name: str, labels: Sequence[str], sets: Sequence[Mapping[str, float]], methodology: Methodology
) -> Choice:
    own = weights_of(methodology.tree)
    live = [place for place, one in enumerate(sets, start=1) if any(own.get(code) != one[code] for code in one)]
    return Choice(name, name, (OFFICIAL, *labels), (), ({}, *sets), (0, *live))


def weights_of(tree: Node) -> dict[str, float]:
    """Weights by indicator and node, the root left out."""
    return {
        child.indicator if isinstance(child, Leaf) else child.code: child.weight
        for node in tree.nodes()
        for child in node.children
    }


def kind_of(step: object) -> str:
    """The name of a step as documents write it: `weighted_geometric` for `WeightedGeometric`."""
    if isinstance(step, str):
        return step
    name = type(step).__name__
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
    return "none" if words == "no_treatment" else words


def _on_leaves(indicators: Collection[str], change: Callable[[Leaf], Leaf]) -> Change:
    def below(node: Node) -> Node:
        children = tuple(
            below(child)
            if isinstance(child, Node)
            else (change(child) if not indicators or child.indicator in indicators else child)
            for child in node.children
        )
        return replace(node, children=children)

    return lambda methodology: replace(methodology, tree=below(methodology.tree))


def _normalised(alternative: Normalisation | str) -> Callable[[Leaf], Leaf]:
    if isinstance(alternative, str):
        return lambda leaf: instead(leaf, alternative)
    return lambda leaf: replace(leaf, normalisation=alternative)


def _treated(alternative: Treatment) -> Callable[[Leaf], Leaf]:
    return lambda leaf: replace(leaf, treatment=alternative)


def _aggregated(level: int | None, alternative: Aggregation) -> Change:
    def below(node: Node, depth: int) -> Node:
        mean = alternative if level in (None, depth) else node.aggregation
        children = tuple(below(child, depth + 1) if isinstance(child, Node) else child for child in node.children)
        return replace(node, aggregation=mean, children=children)

    return lambda methodology: replace(methodology, tree=below(methodology.tree, 1))


def _with_policy(policy: MissingPolicy) -> Change:
    """The policy of the methodology, and of the indicators that have one of their own; `require` stays."""
    keep = MissingPolicy.REQUIRE

    def leaf(one: Leaf) -> Leaf:
        if one.missing is None or one.missing.policy is keep:
            return one
        return replace(one, missing=replace(one.missing, policy=policy))

    def change(methodology: Methodology) -> Methodology:
        changed = _on_leaves((), leaf)(methodology)
        if methodology.missing.policy is keep:
            return changed
        imputation = methodology.imputation if policy is MissingPolicy.IMPUTE else None
        return replace(changed, missing=replace(methodology.missing, policy=policy), imputation=imputation)

    return change


def _by_reliability(methodology: Methodology) -> Methodology:
    return replace(methodology, precision=replace(methodology.precision, reliability_weights=True))


def instead(leaf: Leaf, name: str) -> Leaf:
    """The leaf normalised by the kind `name`; as declared where that kind needs parameters the leaf does not have."""
    kinds: Mapping[str, Normalisation] = {
        "min_max": MinMax(scale_of(leaf.normalisation) or (0.0, 1.0)),
        "z_score": ZScore(),
        "rank": Rank(),
        "percentile_rank": PercentileRank(),
        "distance_to_maximum": DistanceToMaximum(),
        "fraction_of_maximum": FractionOfMaximum(),
        "identity": Identity(),
    }
    other = kinds.get(name)
    if other is None or type(other) is type(leaf.normalisation):
        return leaf
    return replace(leaf, normalisation=other)


def scale_of(normalisation: Normalisation) -> tuple[float, float] | None:
    """The two ends of the scale a normalisation puts values onto; `None` where the data move them."""
    match normalisation:
        case Goalposts() | LogGoalposts() | MinMax():
            return normalisation.scale
        case DistanceToMaximum():
            return 0.0, 1.0
        case PercentileRank():
            return getattr(normalisation, "scale", (0.0, 1.0))
        case Piecewise():
            heights = [height for _, height in normalisation.points]
            return min(heights), max(heights)
        case _:
            return None


def is_same_scale(one: Methodology, other: Methodology) -> bool:
    """Whether scores by both may be read against the same borders: the same ends, and means that stay within them."""

    def ends(methodology: Methodology) -> list[tuple[float, float] | Normalisation]:
        return [scale_of(leaf.normalisation) or leaf.normalisation for leaf in methodology.tree.leaves()]

    means = (WeightedArithmetic, WeightedGeometric, WeightedHarmonic, PowerMean)
    outranks = [
        [isinstance(node.aggregation, means) for node in methodology.tree.nodes()] for methodology in (one, other)
    ]
    return ends(one) == ends(other) and outranks[0] == outranks[1]
