"""What the built-in methodologies are written with: pillars, lines through norms, percentiles among peers, notes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Document = dict[str, Any]
Text = dict[str, str]
SCALE = [0.0, 100.0]
FIRST_DRAW = 20260101
"""Seed of the draws of uncertainty: fixed, so that an edition can be computed again."""


class Scored(NamedTuple):
    """How one indicator is scored."""

    weight: float
    direction: str
    steps: Mapping[str, Any]


class Note(NamedTuple):
    """Why something is as it is, and where that comes from."""

    subject: str
    text: Text
    source: str


def text(kk: str, ru: str, en: str) -> Text:
    """The same in three languages."""
    return {"kk": kk, "ru": ru, "en": en}


def higher(weight: float, steps: Mapping[str, Any], **more: Any) -> Scored:
    """An indicator of which more is better."""
    return Scored(weight, "higher", {**steps, **more})


def lower(weight: float, steps: Mapping[str, Any], **more: Any) -> Scored:
    """An indicator of which less is better."""
    return Scored(weight, "lower", {**steps, **more})


def line(*points: tuple[float, float]) -> Document:
    """Points of a norm: natural value and score; straight between them, flat beyond."""
    return {"normalisation": {"kind": "piecewise", "points": [list(point) for point in points]}}


def levels(low: float, *cuts: float) -> Document:
    """A line from the worst value through the cut points of the levels 3, 4 and 5, which are worth thirds."""
    thirds = zip(cuts, (33.3333, 66.6667, 100.0), strict=True)
    return line((low, 0.0), *thirds)


def direct(low: float = 0.0, high: float = 100.0) -> Document:
    """The value itself as points, between two ends."""
    return {"normalisation": {"kind": "goalposts", "low": low, "high": high, "scale": SCALE, "cap": True}}


PERCENTILE: Document = {
    "treatment": {"kind": "winsorise", "max_points": 5, "skew": 2.0, "kurtosis": 3.5},
    "normalisation": {"kind": "percentile_rank", "scale": SCALE},
}
"""Where no norm exists: the share of its peers that are worse, extreme values drawn in."""


def tree(
    pillars: Mapping[str, tuple[float, Mapping[str, Scored]]],
    aggregation: str = "weighted_arithmetic",
) -> Document:
    """Pillars of indicators under one index."""
    return {
        "code": "index",
        "aggregation": {"kind": aggregation},
        "children": [
            {
                "code": code,
                "weight": weight,
                "aggregation": {"kind": aggregation},
                "children": [
                    {"indicator": indicator, "weight": one.weight, "direction": one.direction, **one.steps}
                    for indicator, one in indicators.items()
                ],
            }
            for code, (weight, indicators) in pillars.items()
        ],
    }


def bars(nodes: Sequence[str], *, at_least: float, band: str) -> list[Document]:
    """No node under the bar without the band being held down; a node without data is no failure."""
    return [{"of": node, "at_least": at_least, "band": band, "missing": "passes"} for node in nodes]
