"""How much a place depends on choices that could reasonably have been made otherwise, and on sampling noise.

Replicate 0 is the official rating; the others are drawn by `parameters`. Whether a unit is rated, and from what, is not
varied. The two kinds of doubt are never mixed: choices of method vary with the data as they are, and sampling noise
varies the data under the official method. Source: Saisana, Saltelli and Tarantola 2005 (JRSS A 168); OECD/JRC Handbook
(2008), step 7; COINr `get_sensitivity`, with what each factor does reported, as its users ask for.

Bands are made anew in every replicate: equal shares by place; cuts by score, where the replicate is on the official
scale; grades by pairwise loss by their official borders read as cuts. On another scale (z-scores, ranks, Copeland) a
cut means nothing: there as many units stand above each border as in the official rating. A limit on a unit's band holds
in every replicate.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.arithmetic import STEPS
from services.rating_engine.core.doubt import factors, kernel, noise
from services.rating_engine.core.doubt.distribution import MOST_KEPT, Bounds, Distribution, Tally
from services.rating_engine.core.doubt.parameters import Parameters
from services.rating_engine.core.doubt.replicates import Batch, Ranks, Replicates
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.core.exact import LARGEST
from services.rating_engine.core.steps import limits
from services.rating_engine.core.types import MISSING, CutBands, Floats, PairwiseLossBands, QuantileBands, Result

_ALONE = 64
"""Draws of a factor by itself."""

Shares = Mapping[str, Floats]
"""By band: in what share of the replicates each unit stands in it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Places over the replicates, in the order of the units; `MISSING` for a unit that is not rated, and for all where
    the methodology tells no places."""

    p05: Floats
    median: Floats
    p95: Floats
    top_share: Floats
    band_share: Shares | None
    """None where bands have no borders."""
    outside_interval: float
    """Share of the rated units whose official place lies outside p05 to p95."""
    mean_shift: float
    replicates: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """What one factor does."""

    name: str
    used: Mapping[str, int]
    """How many replicates took each alternative; empty for weights that are drawn."""
    alone_at_most: int | None
    """By how many places it moves any unit at most when nothing else varies; none where it is not defined alone."""

    @property
    def moved(self) -> bool:
        """Whether it moved anything; a factor that can only go together with others is taken to."""
        return self.alone_at_most is None or self.alone_at_most > 0


@dataclass(frozen=True, slots=True)
class Spread:
    """Places over the choices of method; see `Placed` for the lists."""

    p05: Floats
    median: Floats
    p95: Floats
    top_share: Floats
    outside_interval: float
    mean_shift: float
    combinations: Mapping[str, int]
    band_share: Shares | None
    factors: tuple[Moved, ...]
    is_exact: bool
    sampling: Placed | None
    """Places over sampling noise alone, where it is declared and the data tell of any."""


def spread(variants: Variants, *, threads: int | None = None, most_kept: int = MOST_KEPT) -> Spread:
    """The replicates the methodology declares, from its seed; the same bytes for any number of threads."""
    replicates = variants.replicates
    given = replicates.parameters()
    found = _over_choices(variants, given, threads, most_kept)
    return Spread(
        p05=found.p05,
        median=found.median,
        p95=found.p95,
        top_share=found.top_share,
        outside_interval=found.outside_interval,
        mean_shift=found.mean_shift,
        combinations=_combinations(replicates, given),
        band_share=found.band_share,
        factors=tuple(_moved(replicates, given)),
        is_exact=found.is_exact,
        sampling=_over_noise(variants, threads, most_kept),
    )


def parameters(variants: Variants) -> Parameters:
    """The choices and weights of every replicate, reproducible from the seed; `variants.replicates.design` names
    them."""
    return variants.replicates.parameters()


def _over_choices(variants: Variants, given: Parameters, threads: int | None, most_kept: int) -> Placed:
    replicates = variants.replicates
    borders = Borders(variants.result, replicates)
    tally = Tally(replicates.official, len(given), borders.count, most_kept=most_kept)
    of_setting: dict[int, Bounds] = {}

    def put(batch: Batch, scored: Floats, placed: Ranks, loops: ModuleType) -> None:
        key = id(batch.setting)
        if key not in of_setting:
            same = factors.is_same_scale(batch.setting.methodology, replicates.methodology)
            of_setting[key] = borders.of(is_same_scale=same)
        tally.add(placed, scored, of_setting[key], loops)

    loops = kernel.loops(replicates.size(given))
    tally.add(
        replicates.official[None, :], np.empty((1, len(replicates.rated))), borders.of(is_same_scale=False), loops
    )
    replicates.each(given, np.arange(1, len(given)), put, threads)
    return _summary(replicates, borders, tally.done(loops), len(given))


def _over_noise(variants: Variants, threads: int | None, most_kept: int) -> Placed | None:
    replicates = variants.replicates
    declared = variants.uncertainty
    if not factors.has_noise(declared) or not noise.is_there(replicates):
        return None
    borders = Borders(variants.result, replicates)
    count = min(declared.replicates, noise.MOST)
    tally = Tally(replicates.official, count, borders.count, most_kept=most_kept)
    bounds = borders.of(is_same_scale=True)
    loops = kernel.loops(count * len(replicates.rated) * len(replicates.design.official))
    tally.add(
        replicates.official[None, :], np.empty((1, len(replicates.rated))), borders.of(is_same_scale=False), loops
    )
    noise.each(
        replicates, declared.seed, count, lambda scored, placed: tally.add(placed, scored, bounds, loops), threads
    )
    return _summary(replicates, borders, tally.done(loops), count)


class Borders:
    """The borders of the official bands as bounds of places or of scores, the best tenth first."""

    def __init__(self, result: Result | None, replicates: Replicates) -> None:
        self._rated = len(replicates.rated)
        self._top = math.ceil(replicates.methodology.precision.top * self._rated)
        self.labels: tuple[str, ...] = ()
        """Best first; none where bands have no borders, or their official result is not at hand."""
        self._places: list[int] = []
        self._cuts: list[float] | None = None
        self.capped: list[tuple[int, NDArray[np.intp]]] = []
        bands = replicates.methodology.bands
        if result is None or bands is None or not self._rated:
            return
        scores = result.score[replicates.rated]
        match bands:
            case QuantileBands():
                self.labels = bands.labels
                count = len(bands.labels)
                self._places = [-(-band * self._rated // count) for band in range(1, count)]
            case CutBands():
                self.labels = bands.labels
                self._cuts = list(bands.cuts[::-1])
                self._places = [int(np.count_nonzero(scores >= cut)) for cut in self._cuts]
            case PairwiseLossBands():
                self.labels = _given(result, bands.labels)
                self._cuts = _grades(scores, _numbers(result, replicates.rated, self.labels), len(self.labels))
                self._places = [int(np.count_nonzero(scores >= cut)) for cut in self._cuts]
            case _:
                return
        self.capped = _capped(result, replicates, self.labels)

    @property
    def count(self) -> int:
        """How many bounds there are."""
        return 1 + len(self._places)

    def of(self, *, is_same_scale: bool) -> Bounds:
        """What is counted of a replicate; a score on a cut reaches it, whatever its last bits."""
        if self._cuts is not None and is_same_scale:
            cuts = np.array(self._cuts)
            return Bounds(np.array([self._top], dtype=np.int32), cuts - np.maximum(1.0, np.abs(cuts)) / STEPS)
        return Bounds(np.array([self._top, *self._places], dtype=np.int32), np.empty(0))

    def shares(self, within: NDArray[np.int64], count: int) -> Shares | None:
        """By band, of how many replicates within each bound; a limited unit is never above its limit."""
        if not self.labels:
            return None
        reached = np.vstack([within[1:], np.full((1, within.shape[1]), count)])
        for band, units in self.capped:
            reached[:band, units] = 0
        parts = np.diff(reached, axis=0, prepend=0) / count
        return dict(zip(self.labels, parts, strict=True))


def _given(result: Result, declared: Sequence[str]) -> tuple[str, ...]:
    """The grades that there are, best first, those that only a limit has given among them."""
    there = {*result.band_names, *result.band}
    return tuple(label for label in declared or result.band_names if label in there)


def _numbers(result: Result, rated: NDArray[np.intp], labels: Sequence[str]) -> NDArray[np.int64]:
    """The grade of each rated unit, the best being 0; -1 for one that a limit holds below its own."""
    held = result.limited or ((),) * len(result.units)
    return np.array(
        [-1 if held[place] else labels.index(result.band[place] or "") for place in rated.tolist()], dtype=np.int64
    )


def _grades(scores: Floats, grades: NDArray[np.int64], count: int) -> list[float]:
    """The descending borders: midway between the scores of the last unit in a grade or above and of the next one.

    Grades are made by posterior means and may be held from the edition before, so they need not follow the scores; by
    the number of units in or above a grade the borders do. A limit moves no border.
    """
    ordered = np.sort(scores[grades >= 0])[::-1]
    borders = []
    for grade in range(1, count):
        above = int(np.count_nonzero((grades >= 0) & (grades < grade)))
        if above == 0:
            borders.append(LARGEST / 2.0)
        elif above == len(ordered):
            borders.append(-LARGEST / 2.0)
        else:
            borders.append(float(ordered[above - 1] / 2.0 + ordered[above] / 2.0))
    return borders


def _capped(result: Result, replicates: Replicates, labels: Sequence[str]) -> list[tuple[int, NDArray[np.intp]]]:
    """By limit of the methodology: the best band it leaves, and the rated units that do not clear its bar."""
    return [
        (
            labels.index(limit.band),
            np.flatnonzero(limits.fails(limit, result.nodes, replicates.dataset.columns)[replicates.rated]),
        )
        for limit in replicates.methodology.limits
        if limit.band in labels
    ]


def _summary(replicates: Replicates, borders: Borders, found: Distribution, count: int) -> Placed:
    rated = len(replicates.rated)

    def placed(values: Floats) -> Floats:
        everyone = np.full(len(replicates.dataset.units), MISSING)
        everyone[replicates.rated] = values
        return everyone

    def told(values: Floats) -> Floats:
        return placed(values if replicates.methodology.ranked else np.full(rated, MISSING))

    outside = np.count_nonzero((replicates.official < found.p05) | (replicates.official > found.p95))
    shares = borders.shares(found.within, count)
    return Placed(
        p05=told(found.p05),
        median=told(found.median),
        p95=told(found.p95),
        top_share=told(found.within[0] / count),
        band_share=None if shares is None else {label: placed(values) for label, values in shares.items()},
        outside_interval=outside / rated if rated else 0.0,
        mean_shift=found.shift / (count * rated) if rated else 0.0,
        replicates=count,
        is_exact=found.is_exact,
    )


def _combinations(replicates: Replicates, given: Parameters) -> Mapping[str, int]:
    """How many replicates used each normalisation and aggregation."""
    columns = [
        [place for place, choice in enumerate(replicates.design.choices) if choice.kind == kind]
        for kind in ("normalisation", "aggregation")
    ]
    used: Counter[str] = Counter()
    for row in given.choices.tolist():
        parts = []
        for places in columns:
            told = [replicates.design.choices[place].labels[row[place]] for place in places]
            parts.extend(told or [factors.OFFICIAL])
        used[" + ".join(parts)] += 1
    return dict(sorted(used.items()))


def _moved(replicates: Replicates, given: Parameters) -> list[Moved]:
    """Each factor by itself."""
    design, declared = replicates.design, replicates.methodology.uncertainty
    assert declared is not None
    found = []
    for place, choice in enumerate(design.choices):
        counts = np.bincount(given.choices[:, place], minlength=len(choice.labels)).tolist()
        alone = np.zeros((len(choice.live), len(design.choices)), dtype=np.int16)
        alone[:, place] = choice.live
        alone = alone[[replicates.is_defined(tuple(row)) for row in alone.tolist()]]
        most = None
        if len(alone) > 1 or len(choice.live) == 1:
            most = _most_moved(replicates, Parameters(alone, design.weights(alone, np.ones((len(alone), 1)))))
        found.append(Moved(choice.name, dict(zip(choice.labels, counts, strict=True)), most))
    for draw in design.draws:
        official = np.zeros((min(_ALONE, len(given)), len(design.choices)), dtype=np.int16)
        multipliers = design.multipliers(len(given), declared.seed, draw)[: len(official)]
        found.append(
            Moved(draw.name, {}, _most_moved(replicates, Parameters(official, design.weights(official, multipliers))))
        )
    return found


def _most_moved(replicates: Replicates, given: Parameters) -> int:
    if not len(replicates.rated):
        return 0
    most = [0]

    def put(batch: Batch, scored: Floats, placed: Ranks, loops: ModuleType) -> None:
        most.append(int(np.abs(placed - replicates.official).max()))

    replicates.each(given, np.arange(1, len(given)), put)
    return max(most)
