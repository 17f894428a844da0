"""A few honest groups instead of a false exactness of places."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.evidence import grades, public_rules, rank_probabilities
from services.rating_engine.core.types import (
    Bands,
    CutBands,
    Flags,
    Floats,
    IntervalBands,
    PairwiseLossBands,
    QuantileBands,
)

Labels = tuple[str | None, ...]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Banded:
    """The band of every unit, in the order of the units; none without a score."""

    labels: Labels
    names: tuple[str, ...] = ()
    """The bands that there are, best first."""
    above: Floats | None = None
    """For bands by cuts, units by cuts: the probability of being above each."""
    probability: Floats | None = None
    """Units by `names`; only for bands that have borders."""
    between: tuple[tuple[str, str] | None, ...] = ()
    """The best and the worst band not ruled out, where less certain than asked; empty when nothing is asked."""
    misordered: float | None = None
    """Share of all pairs expected to stand in different grades in the wrong order."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What bands are made of, in the order of the units."""

    score: Floats
    rank: Places
    mean: Floats
    """Posterior mean: what bands are made by."""
    variance: Floats | None
    noise: Floats | None
    """Sampling variance of the score itself."""
    previous: Labels | None = None
    """Bands of the previous edition."""
    unknown: Flags | None = None
    """Units of whose noise nothing is known, although something is of others': nothing is sure of them."""


def banded(bands: Bands | None, units: Scored) -> Banded:
    """The band of every unit with its probability."""
    match bands:
        case None:
            return Banded((None,) * len(units.score))
        case QuantileBands():
            return Banded(_labels(_quantiles(units.rank, len(bands.labels)), bands.labels), bands.labels)
        case CutBands():
            return _by_cuts(units, bands)
        case PairwiseLossBands():
            return _by_loss(units, bands)
        case IntervalBands():
            error = np.zeros(len(units.score)) if units.noise is None else np.sqrt(units.noise)
            if units.unknown is not None:
                error = np.where(units.unknown, np.inf, error)
            places = public_rules.interval_bands(units.score, error, bands)
            return Banded(_labels(places, bands.labels), bands.labels)
        case _:
            assert_never(bands)


def _labels(places: Places, labels: Sequence[str]) -> Labels:
    return tuple(None if place < 0 else labels[place] for place in places.tolist())


def _quantiles(rank: Places, count: int) -> Places:
    """floor((rank - 1) · bands / n): equal shares, and equal scores never parted."""
    rated = int(np.count_nonzero(rank))
    return np.where(rank > 0, (rank - 1) * count // max(rated, 1), -1)


def _by_cuts(units: Scored, bands: CutBands) -> Banded:
    """Fixed cuts of the posterior mean, which is the score unless values are shrunk; on a cut is in the better band."""
    reached = np.searchsorted(np.array(bands.cuts), units.mean, side="right")
    places = np.where(np.isnan(units.mean), -1, len(bands.cuts) - reached)
    above = _above(units, bands.cuts)
    return _settled(places, bands.labels, above, units, bands.hysteresis, bands.certainty)


def _by_loss(units: Scored, bands: PairwiseLossBands) -> Banded:
    """Grades; their borders lie midway between the last mean of one and the first of the next."""
    variance = np.zeros(len(units.mean)) if units.variance is None else units.variance
    found = grades.pairwise_loss(units.mean, variance, bands.loss, len(bands.labels) or None)
    count = int(found.places.max(initial=-1)) + 1
    labels = bands.labels[:count] or tuple(str(grade) for grade in range(1, count + 1))
    borders = []
    for grade in range(count - 1, 0, -1):
        least = float(units.mean[found.places == grade - 1].min())
        most = float(units.mean[found.places == grade].max())
        borders.append(min(most / 2.0 + least / 2.0, least))
    told = _settled(found.places, labels, _above(units, borders), units, bands.hysteresis, None)
    return replace(told, above=None, misordered=found.misordered)


def _above(units: Scored, cuts: Sequence[float]) -> Floats:
    variance = np.zeros(len(units.mean)) if units.variance is None else units.variance
    return rank_probabilities.bands(units.mean, variance, cuts)


def _told(chances: Floats, units: Scored) -> Floats:
    return chances if units.unknown is None else np.where(units.unknown[:, None], np.nan, chances)


def _settled(
    places: Places,
    labels: tuple[str, ...],
    above: Floats,
    units: Scored,
    hysteresis: float | None,
    certainty: float | None,
) -> Banded:
    """With the probability of each band; a change of band and a single band only where they are likely enough."""
    known = ~np.isnan(units.mean)
    probability = _within(above)
    if hysteresis is not None and units.previous is not None:
        number = {label: place for place, label in enumerate(labels)}
        before = np.array([number.get(label or "", -1) for label in units.previous], dtype=np.int64)
        sure = probability[np.arange(len(places)), np.maximum(places, 0)] > 0.5 + hysteresis
        places = np.where(known & (before >= 0) & ~sure, before, places)
    return Banded(
        labels=_labels(places, labels),
        names=labels,
        above=_told(above, units),
        probability=_told(probability, units),
        between=() if certainty is None else _between(above, known, labels, certainty),
    )


def _within(above: Floats) -> Floats:
    """P(band), best band first, from P(above cut) for ascending cuts."""
    known = np.ones(len(above), dtype=np.bool_)
    for column in above.T:
        known &= ~np.isnan(column)
    edges = np.column_stack((np.ones(len(above)), above, np.zeros(len(above))))
    return np.where(known[:, None], np.maximum(edges[:, :-1] - edges[:, 1:], 0.0)[:, ::-1], np.nan)


def _between(
    above: Floats, known: NDArray[np.bool_], labels: tuple[str, ...], certainty: float
) -> tuple[tuple[str, str] | None, ...]:
    """From the band whose lower cut is surely passed to the one whose upper cut is surely missed."""
    passed = (above >= certainty).sum(axis=1)
    not_missed = (above > 1.0 - certainty).sum(axis=1)
    last = len(labels) - 1
    return tuple(
        (labels[last - high], labels[last - low]) if there and high > low else None
        for low, high, there in zip(passed.tolist(), not_missed.tolist(), known.tolist(), strict=True)
    )
