"""What a document lets vary, for the core, and what is wrong with it.

A factor that names what the methodology lacks, or that could change nothing, is refused: it would look like robustness.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import assert_never

from services.rating_engine.core import types as core
from services.rating_engine.core.doubt import factors
from services.rating_engine.methodologies import refusals
from services.rating_engine.methodologies.documents import checks, gaps, words
from services.rating_engine.methodologies.documents.checks import LEAST_WEIGHT, Found
from services.rating_engine.methodologies.documents.evidence import arithmetic
from shared.schemas.rating import methodology as wire
from shared.schemas.rating import methods
from shared.schemas.rating.gaps import MissingPolicy
from shared.schemas.rating.uncertainty import (
    AggregationVaries,
    DataNoise,
    Factor,
    IndicatorOut,
    MissingVaries,
    NormalisationVaries,
    ReliabilityVaries,
    TreatmentVaries,
    Uncertainty,
    WeightsVary,
)


def check(document: wire.MethodologyDocument) -> Iterator[Found]:
    """Every alternative and factor that could not vary what it says."""
    if document.uncertainty is None:
        return
    declared = {leaf.normalisation.kind for _, leaf in wire.leaves(document)}
    for place, kind in enumerate(document.uncertainty.alternatives.normalisation):
        if kind not in _WITHOUT_PARAMETERS and kind not in declared:
            at = f"/uncertainty/alternatives/normalisation/{place}"
            yield at, refusals.ALTERNATIVE_WITHOUT_PARAMETERS.of(kind=kind.value)
    for place, mean in enumerate(document.uncertainty.alternatives.aggregation):
        if mean is methods.AggregationKind.POWER_MEAN:
            at = f"/uncertainty/alternatives/aggregation/{place}"
            yield at, refusals.ALTERNATIVE_WITHOUT_PARAMETERS.of(kind=mean.value)
    yield from _factors(document, document.uncertainty)


def _factors(document: wire.MethodologyDocument, item: Uncertainty) -> Iterator[Found]:
    taken: list[tuple[str, frozenset[str]]] = []
    everything = _Tree(document)
    if item.alternatives.normalisation:
        taken.append(("normalisation", frozenset(everything.indicators)))
    if item.alternatives.aggregation:
        taken.append(("aggregation", frozenset(everything.levels)))
    if item.weights is not None:
        taken.append(("weights", frozenset(everything.levels)))
    for place, factor in enumerate(item.factors):
        at = f"/uncertainty/factors/{place}"
        found = list(_of_factor(factor, everything, at))
        yield from found
        what = _varies(factor, everything)
        if any(kind == factor.kind and what & other for kind, other in taken):
            yield at, refusals.FACTOR_REPEATED.of(kind=factor.kind)
        elif not found and not _changes(factor, document):
            yield at, refusals.FACTOR_CHANGES_NOTHING.of(kind=factor.kind)
        taken.append((factor.kind, what))


class _Tree:
    """What there is to name."""

    def __init__(self, document: wire.MethodologyDocument) -> None:
        self.document = document
        self.indicators = wire.indicators(document)
        self.nodes: list[str] = []
        self.depth = 0

        def visit(node: wire.Node, depth: int) -> None:
            self.depth = max(self.depth, depth)
            for child in node.children:
                if isinstance(child, wire.Node):
                    self.nodes.append(child.code)
                    visit(child, depth + 1)

        visit(document.tree, 1)
        self.levels = [str(level) for level in range(1, self.depth + 1)]


def _varies(factor: Factor, tree: _Tree) -> frozenset[str]:
    """What the factor is about: two of a kind must not be about the same."""
    match factor:
        case NormalisationVaries() | TreatmentVaries():
            return frozenset(factor.indicators or tree.indicators)
        case AggregationVaries():
            return frozenset(tree.levels if factor.level is None else [str(factor.level)])
        case WeightsVary():
            return frozenset([str(level) for level in factor.levels] or tree.levels)
        case _:
            return frozenset(["all"])


def _of_factor(factor: Factor, tree: _Tree, at: str) -> Iterator[Found]:
    match factor:
        case NormalisationVaries():
            yield from _unknown(factor.indicators, tree.indicators, f"{at}/indicators")
            yield from _normalisations(factor, tree, f"{at}/alternatives")
        case TreatmentVaries():
            yield from _unknown(factor.indicators, tree.indicators, f"{at}/indicators")
            for place, one in enumerate(factor.alternatives):
                yield from checks.of_treatment(one, f"{at}/alternatives/{place}")
        case AggregationVaries():
            if factor.level is not None and factor.level > tree.depth:
                yield f"{at}/level", refusals.LEVEL_UNKNOWN.of(level=factor.level, deepest=tree.depth)
        case WeightsVary():
            yield from _weights(factor, tree, at)
        case MissingVaries():
            for place, policy in enumerate(factor.alternatives):
                if policy is MissingPolicy.REQUIRE:
                    yield f"{at}/alternatives/{place}", refusals.REQUIRE_VARIES_NOTHING.of()
        case ReliabilityVaries():
            for _, refusal in arithmetic(tree.document.tree, "/tree"):
                yield at, refusal
        case IndicatorOut() | DataNoise():
            pass
        case _:
            assert_never(factor)


def _unknown(codes: Sequence[str], known: Collection[str], at: str) -> Iterator[Found]:
    for place, code in enumerate(codes):
        if code not in known:
            yield f"{at}/{place}", refusals.NOT_IN_TREE.of(code=code)


def _normalisations(factor: NormalisationVaries, tree: _Tree, at: str) -> Iterator[Found]:
    directions = {
        leaf.direction
        for _, leaf in wire.leaves(tree.document)
        if not factor.indicators or leaf.indicator in factor.indicators
    }
    for place, one in enumerate(factor.alternatives):
        if isinstance(one, methods.NormalisationKind):
            if one not in _WITHOUT_PARAMETERS:
                yield f"{at}/{place}", refusals.ALTERNATIVE_WITHOUT_PARAMETERS.of(kind=one.value)
        elif isinstance(one, methods.Piecewise):
            for direction in sorted(directions):
                yield from checks.of_piecewise(one, direction, f"{at}/{place}/points")
        else:
            yield from checks.of_normalisation(one, f"{at}/{place}")


def _weights(factor: WeightsVary, tree: _Tree, at: str) -> Iterator[Found]:
    if sum((factor.spread is not None, factor.concentration is not None, bool(factor.sets))) != 1:
        yield at, refusals.ONE_WAY_OF_WEIGHTS.of()
    for place, level in enumerate(factor.levels):
        if level > tree.depth:
            yield f"{at}/levels/{place}", refusals.LEVEL_UNKNOWN.of(level=level, deepest=tree.depth)
    own = factors.weights_of(words.node(tree.document.tree)) if factor.sets else {}
    for place, one in enumerate(factor.sets):
        for code, weight in one.items():
            here = f"{at}/sets/{place}/{code}"
            if code not in own:
                yield here, refusals.NOT_IN_TREE.of(code=code)
            elif 0 < weight < LEAST_WEIGHT:
                yield here, refusals.WEIGHT_TOO_SMALL.of(weight=weight, least=LEAST_WEIGHT)
        for node in words.node(tree.document.tree).nodes():
            weights = [one.get(_code(child), child.weight) for child in node.children]
            if not any(weights):
                yield f"{at}/sets/{place}", refusals.WEIGHTS_ALL_ZERO.of(code=node.code)


def _code(child: core.Node | core.Leaf) -> str:
    """What weights name a child by."""
    return child.indicator if isinstance(child, core.Leaf) else child.code


def _changes(factor: Factor, document: wire.MethodologyDocument) -> bool:
    """Whether any alternative makes another methodology."""
    method = core.Methodology(
        code=document.code,
        tree=words.node(document.tree),
        missing=gaps.missing(document.missing),
        imputation=gaps.imputation(document.imputation),
        precision=core.Precision(reliability_weights=document.precision.reliability_weights),
        uncertainty=core.Uncertainty(factors=(_factor(factor),)),
    )
    if isinstance(factor, IndicatorOut):
        return sum(leaf.weight > 0.0 for leaf in method.tree.leaves()) > 1
    if isinstance(factor, DataNoise):
        return True
    return any(len(choice.live) > 1 for choice in factors.choices(method)) or any(
        draw.slots and draw.factor.spread != 0.0 for draw in factors.draws(method)
    )


_WITHOUT_PARAMETERS = frozenset(
    {
        methods.NormalisationKind.MIN_MAX,
        methods.NormalisationKind.Z_SCORE,
        methods.NormalisationKind.RANK,
        methods.NormalisationKind.PERCENTILE_RANK,
        methods.NormalisationKind.DISTANCE_TO_MAXIMUM,
        methods.NormalisationKind.FRACTION_OF_MAXIMUM,
        methods.NormalisationKind.IDENTITY,
    }
)
"""Kinds that need nothing but the column, and so can stand in for any other."""


def uncertainty(item: Uncertainty) -> core.Uncertainty:
    """What could have been chosen otherwise."""
    return core.Uncertainty(
        replicates=item.replicates,
        seed=item.seed,
        spread=item.weights.spread if item.weights else 0.0,
        normalisations=tuple(kind.value for kind in item.alternatives.normalisation),
        aggregations=tuple(kind.value for kind in item.alternatives.aggregation),
        factors=tuple(map(_factor, item.factors)),
    )


def _factor(item: Factor) -> core.Factor:
    match item:
        case NormalisationVaries():
            others = tuple(
                one.value if isinstance(one, methods.NormalisationKind) else words.normalisation(one)
                for one in item.alternatives
            )
            return core.NormalisationFactor(others, tuple(item.indicators))
        case AggregationVaries():
            return core.AggregationFactor(tuple(map(words.aggregation, item.alternatives)), item.level)
        case TreatmentVaries():
            return core.TreatmentFactor(tuple(map(words.treatment, item.alternatives)), tuple(item.indicators))
        case WeightsVary():
            sets = tuple(dict(one) for one in item.sets)
            return core.WeightsFactor(item.spread, item.concentration, sets, tuple(item.levels))
        case MissingVaries():
            return core.MissingFactor(tuple(core.MissingPolicy(policy) for policy in item.alternatives))
        case IndicatorOut():
            return core.IndicatorOutFactor()
        case ReliabilityVaries():
            return core.ReliabilityFactor()
        case DataNoise():
            return core.DataNoiseFactor()
        case _:
            assert_never(item)
