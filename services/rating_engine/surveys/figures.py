"""From the ballots of one organisation to what they amount to: screened, raked, marked ones in and out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from services.rating_engine.core.types import Flags, Floats
from services.rating_engine.core.voice import ballots as screens
from services.rating_engine.core.voice import raking, tallies
from services.rating_engine.core.voice.tallies import Estimate
from services.rating_engine.surveys import rules
from shared.schemas.rating.survey_results import Screen
from shared.schemas.rating.surveys import FrameStratum, SurveyItem, SurveyItemKind

ALL, UNMARKED = "all", "unmarked"
DIMENSIONS = ("grade_group", "language")
LIMITS = screens.Limits()


@dataclass(frozen=True, slots=True)
class Said:
    """One ballot, as far as figures need it."""

    id: UUID
    stratum: tuple[str | None, str | None]
    points: tuple[int, ...]
    hasty: bool
    bucket: int
    network: bytes | None


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in the whole survey."""

    ballots: int = 0
    nights: int = 0
    repeated: Mapping[tuple[int, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """What one box came to."""

    ballots: int
    marked: int
    screens: dict[str, int]
    differs: bool
    figures: dict[str, Any]
    marks: dict[UUID, list[str]]
    """By ballot that is marked: the screens that do."""


def tally(said: Sequence[Said], items: Sequence[SurveyItem], strata: Sequence[FrameStratum], usual: Usual) -> Tally:
    """Screen and count one box. The order of the ballots is no matter."""
    by_screen = screened(said, items, usual)
    marked = np.logical_or.reduce(list(by_screen.values())) if said else np.zeros(0, dtype=bool)
    whole = _variant(said, items, strata)
    left = [one for one, is_marked in zip(said, marked, strict=True) if not is_marked]
    figures = {ALL: whole, UNMARKED: _variant(left, items, strata) if marked.any() else whole}
    return Tally(
        ballots=len(said),
        marked=int(marked.sum()),
        screens={screen.value: int(found.sum()) for screen, found in by_screen.items() if found.any()},
        differs=_differs(figures, marked=int(marked.sum())),
        figures=figures,
        marks={
            one.id: [screen.value for screen, found in by_screen.items() if found[place]]
            for place, one in enumerate(said)
            if marked[place]
        },
    )


def screened(said: Sequence[Said], items: Sequence[SurveyItem], usual: Usual) -> dict[Screen, Flags]:
    """What each screen says of each ballot."""
    points = np.array([one.points for one in said], dtype=np.int64).reshape(len(said), len(items))
    scales = np.array([item.kind is SurveyItemKind.SCALE for item in items], dtype=bool)
    buckets = np.array([one.bucket for one in said], dtype=np.int64)
    known = sorted({one.network for one in said if one.network is not None})
    numbers = {network: number for number, network in enumerate(known)}
    networks = np.array([-1 if one.network is None else numbers[one.network] for one in said], dtype=np.int64)
    nights = np.array([rules.is_night(one.bucket) for one in said], dtype=bool)
    own: dict[tuple[int, ...], int] = {}
    for one in said:
        own[one.points] = own.get(one.points, 0) + 1
    elsewhere = {vector: count - own.get(vector, 0) for vector, count in usual.repeated.items()}
    options = [rules.bounds(item)[1] - rules.bounds(item)[0] + 1 for item in items]
    others = max(0, usual.ballots - len(said))
    return {
        Screen.STRAIGHT_LINE: screens.straight_lines(points, scales, LIMITS),
        Screen.IDENTICAL: screens.repeated(points, options, elsewhere, others, LIMITS),
        Screen.TOO_FAST: np.array([one.hasty for one in said], dtype=bool),
        Screen.NETWORK_BURST: screens.bursts_of_network(buckets, networks, LIMITS),
        Screen.BURST: screens.bursts(buckets, LIMITS),
        Screen.NIGHT: screens.at_night(nights, max(0, usual.nights - int(nights.sum())), others, LIMITS),
    }


def is_hasty(seconds: float, items: int) -> bool:
    """Whether a form of so many questions was answered faster than it is read."""
    return seconds < LIMITS.seconds_an_item * items


def estimate_of(told: Mapping[str, Any] | None) -> Estimate | None:
    """A stored estimate."""
    return None if not told else Estimate(**told)


def _differs(figures: Mapping[str, Any], *, marked: int) -> bool:
    kept, without = (estimate_of(figures[variant].get("score")) for variant in (ALL, UNMARKED))
    if kept is None or kept.n < rules.MIN_N or marked == 0:
        return False
    return without is None or without.n < rules.MIN_N or tallies.differs(kept, without)


def _variant(said: Sequence[Said], items: Sequence[SurveyItem], strata: Sequence[FrameStratum]) -> dict[str, Any]:
    if not said:
        return {}
    population = sum(stratum.population for stratum in strata)
    weights, raked, left_out = _weights(said, strata)
    scored = [place for place, item in enumerate(items) if rules.is_scored(item)]
    scores = {
        place: np.array([rules.score(items[place], one.points[place]) for one in said], dtype=np.float64)
        for place in scored
    }

    def mean(values: Floats) -> dict[str, Any]:
        return asdict(tallies.mean(values, weights, population=population, design_effect=raked.design_effect))

    of_ballots = tallies.row_means(list(scores.values()))
    return {
        "score": mean(of_ballots),
        "raking": {
            "fit": raked.fit.value,
            "left_out": left_out,
            "margin_error": raked.margin_error,
            "design_effect": raked.design_effect,
            "effective_n": raked.effective_n,
        },
        "items": [
            {
                "code": item.code,
                "estimate": mean(scores[place]) if place in scores else None,
                "counts": _counts(item, [one.points[place] for one in said]),
            }
            for place, item in enumerate(items)
        ],
    }


def _counts(item: SurveyItem, points: Sequence[int]) -> list[int]:
    low, high = rules.bounds(item)
    return [points.count(point) for point in range(low, high + 1)]


def _weights(said: Sequence[Said], strata: Sequence[FrameStratum]) -> tuple[Floats, raking.Raked, list[str]]:
    """The weight of each ballot, raked to the margins of the frame by grades and by language."""
    names: list[tuple[str, list[str], int]] = []
    for place, dimension in enumerate(DIMENSIONS):
        categories = sorted({str(getattr(stratum, dimension) or "") for stratum in strata})
        names.append((dimension, categories, place))
    shape = tuple(len(categories) for _, categories, _ in names)
    counts, frame = np.zeros(shape), np.zeros(shape)

    def cell(stratum: Sequence[str | None]) -> tuple[int, ...]:
        return tuple(categories.index(stratum[place] or "") for _, categories, place in names)

    for stratum in strata:
        frame[cell((stratum.grade_group, stratum.language))] += stratum.population
    cells = [cell(one.stratum) for one in said]
    for found in cells:
        counts[found] += 1
    margins = [frame.sum(axis=1), frame.sum(axis=0)]
    raked = raking.rake(counts, margins)
    weights = np.array([raked.weights[found] for found in cells], dtype=np.float64)
    return weights, raked, [DIMENSIONS[axis] for axis in raked.left_out]
