"""The document with fixed posts in it, from the leaves that the core has frozen."""

from collections.abc import Mapping

from services.rating_engine.core import types as core
from shared.schemas.rating import gaps, methods
from shared.schemas.rating import methodology as wire


def written(document: wire.MethodologyDocument, leaves: Mapping[str, core.Leaf]) -> wire.MethodologyDocument:
    """The same document, each indicator with the treatment, scale and rule for gaps of its leaf."""

    def below(node: wire.Node) -> wire.Node:
        children = [
            below(child) if isinstance(child, wire.Node) else _leaf(child, leaves[child.indicator])
            for child in node.children
        ]
        return node.model_copy(update={"children": children})

    return document.model_copy(update={"tree": below(document.tree)})


def _leaf(item: wire.Leaf, leaf: core.Leaf) -> wire.Leaf:
    rule = leaf.missing
    return item.model_copy(
        update={
            "treatment": _treatment(item.treatment, leaf.treatment),
            "normalisation": _normalisation(item.normalisation, leaf.normalisation),
            "missing": rule
            and gaps.LeafMissing(
                policy=gaps.MissingPolicy(rule.policy.value), charge=rule.charge, expected=rule.expected
            ),
        }
    )


def _treatment(declared: methods.Treatment, found: core.Treatment) -> methods.Treatment:
    """Freezing makes nothing but these; what needed no freezing stays as it is written."""
    match found:
        case core.Cap() if not isinstance(declared, methods.Cap):
            return methods.Cap(kind="cap", low=found.low, high=found.high)
        case core.NoTreatment():
            return methods.NoTreatment(kind="none")
        case core.Log(ends=(low, high)):
            return methods.Log(kind="log", ends=[low, high])
        case core.BoxCox():
            return methods.BoxCox(kind="box_cox", power=found.power, low=found.low)
        case _:
            return declared


def _normalisation(declared: methods.Normalisation, found: core.Normalisation) -> methods.Normalisation:
    match found:
        case core.Goalposts() if not isinstance(declared, methods.Goalposts):
            return methods.Goalposts(
                kind="goalposts", low=found.low, high=found.high, scale=list(found.scale), cap=found.cap
            )
        case core.Piecewise() if not isinstance(declared, methods.Piecewise):
            return methods.Piecewise(kind="piecewise", points=[list(point) for point in found.points])
        case core.Thresholds() if not isinstance(declared, methods.Thresholds):
            return methods.Thresholds(kind="thresholds", cuts=list(found.cuts), levels=list(found.levels))
        case _:
            return declared
