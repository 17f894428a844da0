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
from shared.schemas.rating.publications import ProgressOf
from shared.schemas.registry.indicators import IndicatorRead


@dataclass(frozen=True, slots=True)
class Place:
    """An indicator in the tree: the nodes above it and its nominal weight in the whole."""

    leaf: Leaf
    path: tuple[str, ...]
    weight: float


def places(document: MethodologyDocument) -> Sequence[Place]:
    """Every indicator of a document, in its order."""
    return list(_below(document.tree, (), 1.0))


def contributions(
    result: RunResult,
    tree: Sequence[Place],
    catalogue: Mapping[str, IndicatorRead],
    sources: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The fields of `ContributionRead`: what each indicator brought; those of a rated organisation sum to its
    score."""
    return [_contribution(result.indicators, place, catalogue, sources) for place in tree]


def missing(result: RunResult, tree: Sequence[Place]) -> dict[str, int]:
    """How many indicators of the tree lack a value, by reason; what is only shown beside them is not missed."""
    told = (result.indicators[place.leaf.indicator]["reason"] for place in tree)
    reasons = Counter(reason for reason in told if reason)
    return dict(sorted(reasons.items()))


def _contribution(
    every: Mapping[str, Any], place: Place, catalogue: Mapping[str, IndicatorRead], sources: Mapping[str, str]
) -> dict[str, Any]:
    code = place.leaf.indicator
    told = every[code]
    definition = catalogue.get(code)
    progress = None
    if place.leaf.measure is Measure.PROGRESS:
        beside = {name: every.get(f"{code}.{name}", {}).get("value") for name in ("actual", "baseline", "target")}
        progress = ProgressOf(**beside)
    return {
        "indicator": code,
        "name": definition.name if definition else TextOut(en=code),
        "unit": definition.unit if definition else None,
        "path": list(place.path),
        "direction": place.leaf.direction,
        "weight": place.weight,
        "source": sources.get(code, "registry"),
        "factor": told.get("factor"),
        "carried_from": told.get("carried_from"),
        "progress": progress,
        **{name: told[name] for name in ("value", "n", "normalised", "contribution", "reason")},
    }


def _below(node: Node, above: tuple[str, ...], share: float) -> Iterator[Place]:
    path = (*above, node.code)
    weights = documents.weights(node)
    total = sum(weights)
    for child, weight in zip(node.children, weights, strict=True):
        part = share * weight / total if total else 0.0
        if isinstance(child, Leaf):
            yield Place(child, path, part)
        else:
            yield from _below(child, path, part)
