"""Sampling, precision and bands of a document for the core, and what is wrong with them."""

from collections.abc import Iterator
from typing import assert_never

from services.rating_engine.core import types as core
from services.rating_engine.methodologies import refusals
from services.rating_engine.methodologies.documents.checks import Found, ascending
from shared.schemas.rating import evidence as wire
from shared.schemas.rating import methodology as whole
from shared.schemas.rating import methods


def check(document: whole.MethodologyDocument) -> Iterator[Found]:
    """What of bands, sampling and precision contradicts itself or the tree."""
    yield from _bands(document.bands)
    for pointer, leaf in whole.leaves(document):
        rule = leaf.sampling
        if rule is not None and rule.kind is wire.SamplingKind.SURVEY and rule.population is None:
            yield f"{pointer}/sampling/population", refusals.POPULATION_NEEDED.of()
    if document.precision.reliability_weights:
        yield from arithmetic(document.tree, "/tree")


def _bands(item: wire.Bands) -> Iterator[Found]:
    if isinstance(item, wire.NoBands):
        return
    if len(set(item.labels)) < len(item.labels):
        yield "/bands/labels", refusals.LABEL_REPEATED.of()
    if isinstance(item, wire.CutBands | wire.IntervalBands) and not ascending(item.cuts):
        yield "/bands/cuts", refusals.NOT_ASCENDING.of()
    if isinstance(item, wire.CutBands) and len(item.labels) != len(item.cuts) + 1:
        yield "/bands/labels", refusals.ONE_MORE.of(expected=len(item.cuts) + 1, given=len(item.labels))
    if isinstance(item, wire.IntervalBands):
        if item.reference in item.cuts:
            yield "/bands/reference", refusals.REFERENCE_IS_CUT.of(reference=item.reference)
        if len(item.labels) != len(item.cuts) + 3:
            yield "/bands/labels", refusals.LABELS_EXPECTED.of(expected=len(item.cuts) + 3, given=len(item.labels))


def arithmetic(node: whole.Node, at: str) -> Iterator[Found]:
    """Every node that is not the sum of its children by weight, as weights by reliability need it."""
    kind = node.aggregation
    flat = isinstance(kind, methods.WeightedArithmetic) or (isinstance(kind, methods.PowerMean) and kind.power == 1)
    if not flat:
        yield f"{at}/aggregation", refusals.RELIABILITY_OF_MEANS.of(code=node.code, kind=kind.kind)
    for place, child in enumerate(node.children):
        if isinstance(child, whole.Node):
            yield from arithmetic(child, f"{at}/children/{place}")


def bands(item: wire.Bands) -> core.Bands | None:
    """The groups, or none."""
    match item:
        case wire.NoBands():
            return None
        case wire.QuantileBands():
            return core.QuantileBands(tuple(item.labels))
        case wire.CutBands():
            return core.CutBands(tuple(item.labels), tuple(item.cuts), item.certainty, item.hysteresis)
        case wire.PairwiseLossBands():
            return core.PairwiseLossBands(tuple(item.labels), item.loss, item.hysteresis)
        case wire.IntervalBands():
            return core.IntervalBands(tuple(item.labels), tuple(item.cuts), item.reference, item.z, item.decimals)
        case _:
            assert_never(item)


def precision(item: wire.Precision) -> core.Precision:
    """What the evidence counts for."""
    return core.Precision(
        shrink=item.shrink,
        min_n=item.min_n,
        suppress_below=item.suppress_below,
        code_shares=item.code_shares,
        within_peers=item.within is wire.Within.PEERS,
        centre_variance=item.centre_variance,
        reliability_weights=item.reliability_weights,
        least_reliable=item.least_reliable,
        top=item.top,
    )
