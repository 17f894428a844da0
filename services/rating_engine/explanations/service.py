"""From a result and its methodology to an explanation a parent can follow to every source."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.rating_engine.methodologies import documents
from services.rating_engine.runs.service import RunResult
from shared.schemas.base import TextOut
from shared.schemas.rating.methodology import Leaf, MethodologyDocument, Node
from shared.schemas.rating.population import Measure
from shared.schemas.rating.publications import ContributionRead, ProgressOf
from shared.schemas.registry.indicators import IndicatorRead

_CELL = ("value", "n", "normalised", "contribution", "reason", "factor", "carried_from")
"""What of an organisation's cell is told."""


@dataclass(frozen=True, slots=True)
class Place:
    """An indicator in the tree."""

    leaf: Leaf
    fixed: Mapping[str, Any]
    """The fields of `ContributionRead` in their order, with what is the same for every organisation in them."""


def places(
    document: MethodologyDocument, catalogue: Mapping[str, IndicatorRead], sources: Mapping[str, str]
) -> Sequence[Place]:
    """Every indicator of a document, in its order; `sources` by indicator, the service whose data it is."""

    def fixed(leaf: Leaf, path: tuple[str, ...], weight: float) -> dict[str, Any]:
        code, definition = leaf.indicator, catalogue.get(leaf.indicator)
        return {
            **dict.fromkeys(ContributionRead.model_fields),
            "indicator": code,
            "name": (definition.name if definition else TextOut(en=code)).model_dump(),
            "unit": definition.unit if definition else None,
            "path": list(path),
            "direction": str(leaf.direction),
            "weight": weight,
            "source": sources.get(code, "registry"),
        }

    return [Place(leaf, fixed(leaf, path, weight)) for leaf, path, weight in _below(document.tree, (), 1.0)]


def contributions(result: RunResult, tree: Sequence[Place]) -> list[dict[str, Any]]:
    """The fields of `ContributionRead`: what each indicator brought; those of a rated organisation sum to its
    score."""
    return [_contribution(result.indicators, place) for place in tree]


def missing(result: RunResult, tree: Sequence[Place]) -> dict[str, int]:
    """How many indicators of the tree lack a value, by reason; what is only shown beside them is not missed."""
    told = (result.indicators[place.leaf.indicator]["reason"] for place in tree)
    reasons = Counter(reason for reason in told if reason)
    return dict(sorted(reasons.items()))


def _contribution(every: Mapping[str, Any], place: Place) -> dict[str, Any]:
    code = place.leaf.indicator
    cell = every[code]
    told = {**place.fixed, **{name: cell[name] for name in _CELL if name in cell}}
    if told["n"] is not None:
        told["n"] = float(told["n"])
    if place.leaf.measure is Measure.PROGRESS:
        beside = {name: every.get(f"{code}.{name}", {}).get("value") for name in ("actual", "baseline", "target")}
        told["progress"] = ProgressOf(**beside)
    return told


def _below(node: Node, above: tuple[str, ...], share: float) -> Iterator[tuple[Leaf, tuple[str, ...], float]]:
    """Every indicator below a node with the nodes above it and its nominal weight in the whole."""
    path = (*above, node.code)
    weights = documents.weights(node)
    total = sum(weights)
    for child, weight in zip(node.children, weights, strict=True):
        part = share * weight / total if total else 0.0
        if isinstance(child, Leaf):
            yield child, path, part
        else:
            yield from _below(child, path, part)
