"""Missing values, peers and limits of a document for the core, and what is wrong with them."""

from collections.abc import Iterator

from services.rating_engine.core import types as core
from services.rating_engine.methodologies import refusals
from services.rating_engine.methodologies.documents.checks import Found
from shared.schemas.rating import gaps as wire
from shared.schemas.rating import methodology as whole
from shared.schemas.rating.evidence import NoBands

_CHARGING = (wire.MissingPolicy.PENALISE, wire.MissingPolicy.ZERO)


def check(document: whole.MethodologyDocument) -> Iterator[Found]:
    """What of the rules for gaps, peers and limits contradicts the rest of the document."""
    yield from _imputation(document)
    if document.peer_groups is not None and not document.peer_groups.by and document.peer_groups.nearest is None:
        yield "/peer_groups/by", refusals.PEERS_OF_NOTHING.of()
    for pointer, leaf in whole.leaves(document):
        rule = leaf.missing
        if rule is not None and rule.charge is not None and rule.policy not in _CHARGING:
            yield f"{pointer}/missing/charge", refusals.CHARGE_WITHOUT_PENALTY.of(policy=rule.policy.value)
    yield from _limits(document)


def _imputation(document: whole.MethodologyDocument) -> Iterator[Found]:
    """Where gaps are filled nothing is left to charge for, and saying both would hide which holds."""
    policy = document.missing.policy
    if document.imputation is None:
        return
    if policy not in (wire.MissingPolicy.RENORMALISE, wire.MissingPolicy.IMPUTE):
        yield "/missing/policy", refusals.IMPUTED_AND_CHARGED.of(policy=policy.value)
    whole_population = document.imputation.kind in (wire.ImputationKind.MEAN, wire.ImputationKind.MEDIAN)
    if whole_population and document.imputation.by:
        yield "/imputation/by", refusals.GROUPS_WITHOUT_USE.of(kind=document.imputation.kind.value)


def _limits(document: whole.MethodologyDocument) -> Iterator[Found]:
    known = {*whole.indicators(document), *document.context, *_nodes(document.tree)}
    for place, limit in enumerate(document.limits):
        at = f"/limits/{place}"
        if limit.of not in known:
            yield f"{at}/of", refusals.LIMIT_OF_NOTHING.of(code=limit.of)
        if (limit.at_least is None) == (limit.at_most is None):
            yield f"{at}/at_least", refusals.ONE_BAR.of()
        labels = [] if isinstance(document.bands, NoBands) else document.bands.labels
        if limit.band not in labels:
            yield f"{at}/band", refusals.BAND_UNKNOWN.of(band=limit.band)


def _nodes(node: whole.Node) -> Iterator[str]:
    yield node.code
    for child in node.children:
        if isinstance(child, whole.Node):
            yield from _nodes(child)


def missing(item: wire.Missing) -> core.Missing:
    """What a gap costs."""
    return core.Missing(
        core.MissingPolicy(item.policy),
        item.min_coverage,
        item.min_node_coverage,
        item.node_coverage is wire.NodeCoverage.WEIGHT,
    )


def imputation(item: wire.Imputation | None) -> core.Imputation | None:
    """What stands in a gap, or nothing."""
    return None if item is None else core.Imputation(core.ImputationKind(item.kind), tuple(item.by))


def screening(item: wire.Screening | None) -> core.Screening | None:
    """Who takes part, or everyone."""
    return None if item is None else core.Screening(item.min_available)


def peer_groups(item: wire.PeerGroups | None) -> core.PeerGroups | None:
    """Who is compared with whom, or everyone."""
    if item is None:
        return None
    nearest = None if item.nearest is None else core.Nearest(tuple(item.nearest.on), item.nearest.k)
    return core.PeerGroups(tuple(item.by), item.minimum, nearest)


def limits(items: list[wire.Limit]) -> tuple[core.Limit, ...]:
    """The bars."""
    return tuple(
        core.Limit(item.of, item.band, item.at_least, item.at_most, item.missing is wire.MissingGate.PASSES)
        for item in items
    )
