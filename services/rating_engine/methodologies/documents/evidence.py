"""Precision and bands of a document for the core, and what is wrong with them."""

from collections.abc import Iterator
from typing import assert_never

from services.rating_engine.core import types as core
from services.rating_engine.methodologies import refusals
from services.rating_engine.methodologies.documents.checks import Found, ascending
from shared.schemas.rating import evidence as wire


def check(item: wire.Bands) -> Iterator[Found]:
    if isinstance(item, wire.NoBands):
        return
    if len(set(item.labels)) < len(item.labels):
        yield "/bands/labels", refusals.LABEL_REPEATED.of()
    if isinstance(item, wire.CutBands):
        if not ascending(item.cuts):
            yield "/bands/cuts", refusals.NOT_ASCENDING.of()
        if len(item.labels) != len(item.cuts) + 1:
            yield "/bands/labels", refusals.ONE_MORE.of(expected=len(item.cuts) + 1, given=len(item.labels))


def bands(item: wire.Bands) -> core.Bands | None:
    """The groups, or none."""
    match item:
        case wire.NoBands():
            return None
        case wire.QuantileBands():
            return core.QuantileBands(tuple(item.labels))
        case wire.CutBands():
            return core.CutBands(tuple(item.labels), tuple(item.cuts))
        case wire.PairwiseLossBands():
            return core.PairwiseLossBands(tuple(item.labels), item.loss)
        case _:
            assert_never(item)


def precision(item: wire.Precision) -> core.Precision:
    """What the evidence counts for."""
    return core.Precision(item.shrink, item.min_n, item.suppress_below)
