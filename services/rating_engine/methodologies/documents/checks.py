"""What of a tree could not be computed, whatever the data: every place with its pointer."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from services.rating_engine.core import types as core
from services.rating_engine.core.steps import aggregate, normalise
from services.rating_engine.methodologies import refusals
from services.rating_engine.methodologies.documents import weighting
from services.rating_engine.methodologies.documents.words import aggregation, normalisation
from shared.schemas.rating import methodology as wire
from shared.schemas.rating import methods

LEAST_WEIGHT = 1e-9
"""Of the weights above zero: with a smaller one the quotients of weights would leave the doubles."""

Found = tuple[str, refusals.Refusal]
"""Pointer within the document, and what is wrong there."""


def tree(document: wire.MethodologyDocument, data_at_hand: bool) -> Iterator[Found]:
    indicators: set[str] = set()
    nodes: set[str] = set()

    def visit(item: wire.Node, at: str) -> Iterator[Found]:
        if item.code in nodes:
            yield f"{at}/code", refusals.NODE_REPEATED.of(code=item.code)
        nodes.add(item.code)
        yield from weighting.check(item, at)
        if all(child.weight == 0 for child in item.children):
            yield f"{at}/children", refusals.WEIGHTS_ALL_ZERO.of(code=item.code)
        elif aggregate.needs_non_negative(aggregation(item.aggregation)) and not data_at_hand:
            for child in item.children:
                if child.weight > 0 and lower_bound(child) < 0:
                    name = child.indicator if isinstance(child, wire.Leaf) else child.code
                    yield f"{at}/aggregation", refusals.BELOW_ZERO.of(kind=item.aggregation.kind, child=name)
        for place, child in enumerate(item.children):
            below = f"{at}/children/{place}"
            if 0 < child.weight < LEAST_WEIGHT:
                yield f"{below}/weight", refusals.WEIGHT_TOO_SMALL.of(weight=child.weight, least=LEAST_WEIGHT)
            if isinstance(child, wire.Node):
                yield from visit(child, below)
                continue
            if child.indicator in indicators:
                yield f"{below}/indicator", refusals.INDICATOR_REPEATED.of(code=child.indicator)
            indicators.add(child.indicator)
            yield from of_treatment(child.treatment, f"{below}/treatment")
            yield from of_normalisation(child.normalisation, f"{below}/normalisation")
            if isinstance(child.normalisation, methods.Piecewise):
                yield from of_piecewise(child.normalisation, child.direction, f"{below}/normalisation/points")

    yield from visit(document.tree, "/tree")


def lower_bound(child: wire.Node | wire.Leaf) -> float:
    """The least value a child can have, whatever the data; means lie within their children, and who has lost more
    than won is below 0."""
    if isinstance(child, wire.Node):
        if child.aggregation.kind == "copeland":
            return -math.inf
        return min((lower_bound(one) for one in child.children if one.weight > 0), default=0.0)
    if child.missing is not None and child.missing.charge is not None and child.missing.charge < 0:
        return child.missing.charge
    method = normalisation(child.normalisation)
    if isinstance(method, core.Identity):
        cap = child.treatment if isinstance(child.treatment, methods.Cap) else methods.Cap(kind="cap")
        worst = cap.low if child.direction is wire.Direction.HIGHER else cap.high
        if worst is None:
            return -math.inf
        return worst if child.direction is wire.Direction.HIGHER else -worst
    return normalise.lower_bound(method)


def of_treatment(item: methods.Treatment, at: str) -> Iterator[Found]:
    """What of a treatment could not be computed."""
    if isinstance(item, methods.Cap):
        if item.low is None and item.high is None:
            yield at, refusals.CAP_EMPTY.of()
        elif item.low is not None and item.high is not None and item.low > item.high:
            yield f"{at}/low", refusals.NOT_BELOW.of(low=item.low, high=item.high)
    if isinstance(item, methods.Log) and item.ends is not None:
        low, high = item.ends
        if low > high:
            yield f"{at}/ends", refusals.NOT_BELOW.of(low=low, high=high)
        elif not math.isfinite(high - low):
            yield f"{at}/ends", refusals.TOO_FAR_APART.of(low=low, high=high)


def of_normalisation(item: methods.Normalisation, at: str) -> Iterator[Found]:
    """What of a normalisation could not be computed."""
    if isinstance(item, methods.Goalposts | methods.LogGoalposts):
        if item.low >= item.high:
            yield f"{at}/low", refusals.NOT_BELOW.of(low=item.low, high=item.high)
        elif isinstance(item, methods.LogGoalposts) and item.low <= 0:
            yield f"{at}/low", refusals.NOT_POSITIVE.of(low=item.low)
        elif not math.isfinite(item.high - item.low):
            yield f"{at}/low", refusals.TOO_FAR_APART.of(low=item.low, high=item.high)
        elif isinstance(item, methods.LogGoalposts) and math.log(item.low) == math.log(item.high):
            yield f"{at}/low", refusals.NOT_BELOW.of(low=item.low, high=item.high)
    if isinstance(item, methods.Goalposts | methods.LogGoalposts | methods.MinMax | methods.PercentileRank):
        low, high = item.scale
        if low >= high:
            yield f"{at}/scale", refusals.NOT_BELOW.of(low=low, high=high)
        elif max(abs(low), abs(high)) > 1e9:
            yield f"{at}/scale", refusals.TOO_FAR_APART.of(low=low, high=high)
    if isinstance(item, methods.Thresholds):
        if not ascending(item.cuts):
            yield f"{at}/cuts", refusals.NOT_ASCENDING.of()
        if len(item.levels) != len(item.cuts) + 1:
            yield f"{at}/levels", refusals.ONE_MORE.of(expected=len(item.cuts) + 1, given=len(item.levels))


def of_piecewise(item: methods.Piecewise, direction: wire.Direction, at: str) -> Iterator[Found]:
    """A line that turns away from the direction would let a better value lower the score."""
    x, y = [point[0] for point in item.points], [point[1] for point in item.points]
    sign = 1 if direction is wire.Direction.HIGHER else -1
    if not ascending(x):
        yield at, refusals.NOT_ASCENDING.of()
    elif not math.isfinite(x[-1] - x[0]):
        yield at, refusals.TOO_FAR_APART.of(low=x[0], high=x[-1])
    if max(map(abs, y)) > 1e9:
        yield at, refusals.TOO_FAR_APART.of(low=min(y), high=max(y))
    elif any(sign * second < sign * first for first, second in pairwise(y)):
        yield at, refusals.AGAINST_DIRECTION.of(direction=direction.value)


def ascending(numbers: Sequence[float]) -> bool:
    """Whether each is greater than the one before."""
    return all(first < second for first, second in pairwise(numbers))
