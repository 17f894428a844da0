"""What would have to change for a unit to stand in the next band: by one indicator alone, or by all of them together.

The border of a band is its cut where bands are declared by cuts, and the lowest score that has the band in this edition
otherwise. A unit whose true score is normal around its score with standard deviation sd has the band with probability P
when the score is the border + Φ⁻¹(P) sd; without sampling variance both probabilities ask for the border itself.

By one indicator: the score that is wanted is led down the path to it, each mean solved for the child with the others
held, and the wanted normalised value is found in natural units. Changes are for the better only, so negative for an
indicator with direction `lower`, and never beyond the best of the scale: the good goalpost, the target, the last cut,
the best value observed where the scale is the population's own. The population's parameters (extremes, mean, order) are
held. Together: every indicator the unit has and may change moves by the same share of its way to the best.

A missing value, an indicator that is not actionable, a weight of 0, and anything below a Copeland node, whose value
hangs on all the others, have no answer. Source: ENGINE 3.9; the «what would it take» of a linear score is
(cut - V) / (W ∂z/∂x).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from services.rating_engine.core import pipeline
from services.rating_engine.core.arithmetic import bounded_exponential, logarithm, powers
from services.rating_engine.core.explanation import inverse
from services.rating_engine.core.explanation.inverse import Way
from services.rating_engine.core.steps import explain
from services.rating_engine.core.types import (
    Copeland,
    CutBands,
    Dataset,
    Flags,
    Floats,
    Inside,
    Leaf,
    Methodology,
    Node,
    Result,
)

HALF: Final = 0.5
LIKELY: Final = 0.8
_QUANTILES: Final = {HALF: 0.0, LIKELY: 0.8416212335729143}
_MARGIN = 1e-9
"""Of the score: how far above the border is aimed, so that rounding leaves nobody just below it."""
_STEPS = 24
_ENOUGH = 2.0**-12
"""Of the way: how closely the common share is found where the score is no straight line of it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The way to the next band, unit by unit; `MISSING` where there is none."""

    band: tuple[str | None, ...]
    """The next band; none for a unit in the best one, without a score or held back by a limit."""
    border: Floats
    alone: Mapping[float, Mapping[str, Floats]]
    """By probability and indicator: the change in natural units with all else held."""
    together: Mapping[float, Floats]
    """By probability: the share of the way to the best, the same for all indicators."""
    room: Mapping[str, Floats]
    """By indicator: the whole way from the value to the best of the scale, in natural units."""

    def told(self, place: int) -> dict[str, Any] | None:
        """One unit's as it is kept: plain numbers, null where there is no answer; none without a next band."""
        band = self.band[place]
        if band is None:
            return None
        return {
            "band": band,
            "border": float(self.border[place]),
            "alone": {
                code: {
                    "half": _number(self.alone[HALF][code][place]),
                    "likely": _number(self.alone[LIKELY][code][place]),
                }
                for code, room in self.room.items()
                if room[place] == room[place]
            },
            "together": {
                "half": _number(self.together[HALF][place]),
                "likely": _number(self.together[LIKELY][place]),
                "room": {code: float(room[place]) for code, room in self.room.items() if room[place] == room[place]},
            },
        }


def _number(value: float) -> float | None:
    return None if value != value else float(value)


@np.errstate(over="ignore")
def next_band(dataset: Dataset, methodology: Methodology, result: Result) -> Reach | None:
    """The way of every unit to its next band; none where the methodology has no bands.

    What is too large for a double on the way is no answer, so overflow needs no warning.
    """
    names = result.band_names
    if methodology.bands is None or not names or result.inside is None:
        return None
    band, border = _next(methodology, result, names)
    spread = np.zeros(len(border)) if result.variance is None else np.sqrt(np.nan_to_num(result.variance))
    targets = {
        chance: border + quantile * spread + _MARGIN * np.maximum(1.0, np.abs(border))
        for chance, quantile in _QUANTILES.items()
    }
    states, groups = pipeline.states(dataset, methodology)
    ways = {
        leaf.indicator: inverse.way(leaf, states[leaf.indicator], groups)
        for leaf in methodology.tree.leaves()
        if leaf.actionable
    }
    open_ = ~np.isnan(border)
    tree = _Frozen(methodology.tree, result.inside, result.nodes)
    alone = {chance: _alone(tree, ways, target, open_) for chance, target in targets.items()}
    room = {
        code: np.where(open_ & tree.counts(code), way.room, np.nan) for code, way in ways.items() if code in tree.path
    }
    return Reach(band, border, alone, _together(tree, ways, targets, room), room)


def _next(methodology: Methodology, result: Result, names: Sequence[str]) -> tuple[tuple[str | None, ...], Floats]:
    """The next band of each unit and its border: the nearest better one whose border is above the score."""
    count = len(result.score)
    order = {name: place for place, name in enumerate(names)}
    held = np.array([order.get(band, -1) if band else -1 for band in result.band], dtype=np.int64)
    borders = np.full(len(names), np.nan)
    cuts = methodology.bands.cuts if isinstance(methodology.bands, CutBands) else None
    for place in range(len(names)):
        if cuts is not None:
            borders[place] = cuts[len(cuts) - 1 - place] if place < len(cuts) else np.nan
        elif (held == place).any():
            borders[place] = result.score[held == place].min()
    band, border = np.full(count, -1, dtype=np.int64), np.full(count, np.nan)
    for place, least in enumerate(borders.tolist()):
        if least == least:
            better = (held > place) & (result.score < least)
            band[better], border[better] = place, least
    limited = _limited(result, count)
    border[limited], band[limited] = np.nan, -1
    return tuple(None if place < 0 else names[place] for place in band.tolist()), border


def _limited(result: Result, count: int) -> Flags:
    """Units held below by a limit: a better score alone does not lift them."""
    if not result.limited:
        return np.zeros(count, dtype=np.bool_)
    return np.array([bool(held) for held in result.limited], dtype=np.bool_)


class _Frozen:
    """The tree as it was computed, with all its values and weights, asked what else it would give."""

    def __init__(self, tree: Node, inside: Inside, nodes: Mapping[str, Floats]) -> None:
        self.tree = tree
        self.inside = inside
        self.nodes = nodes
        self.path: dict[str, tuple[tuple[Node, int], ...]] = {}
        """By indicator that can be solved for: the nodes above it from the root down, each with the child's place."""
        self._walk(tree, ())
        self._terms = {
            node.code: self._inner(node) for node in tree.nodes() if not isinstance(node.aggregation, Copeland)
        }

    def _walk(self, node: Node, above: tuple[tuple[Node, int], ...]) -> None:
        if isinstance(node.aggregation, Copeland):
            return
        for place, child in enumerate(node.children):
            path = (*above, (node, place))
            if isinstance(child, Leaf):
                self.path[child.indicator] = path
            else:
                self._walk(child, path)

    def entering(self, child: Node | Leaf) -> Floats:
        """A child as its parent sees it."""
        return self.inside.entering[child.indicator] if isinstance(child, Leaf) else self.inside.nodes[child.code]

    def counts(self, code: str) -> Flags:
        """Where an indicator has weight in the score, with every node above it having a value of its own."""
        held = self.inside.shares[code] > 0.0
        for node, _ in self.path.get(code, ()):
            held &= ~np.isnan(self.nodes[node.code])
        return held

    def _inner(self, node: Node) -> list[Floats]:
        """w g(z) of every child, g what the mean is an average of: z, ln z or z^p; a zero child of a mean that it
        annihilates is -∞ (ln) or +∞ (a negative power)."""
        power = explain.power_of(node.aggregation)
        terms = []
        for child, weight in zip(node.children, self.inside.weights[node.code], strict=True):
            terms.append(_weighed(weight, _inward(self.entering(child), power)))
        return terms

    def wanted(self, code: str, target: Floats, found: dict[tuple[str, int], Floats]) -> Floats:
        """The normalised value of an indicator that gives the root the value `target`, all else held; not finite where
        nothing does. `found` keeps what was wanted of each child of each node."""
        value = target
        for node, place in self.path[code]:
            if (node.code, place) in found:
                value = found[node.code, place]
                continue
            power = explain.power_of(node.aggregation)
            terms, weight = self._terms[node.code], self.inside.weights[node.code][place]
            others = np.zeros(len(target))
            for other, term in enumerate(terms):
                if other != place:
                    others = others + term
            with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
                value = _outward((_inward(value, power) - others) / np.where(weight > 0.0, weight, np.nan), power)
            found[node.code, place] = value
        return value

    def root(self, leaves: Mapping[str, Floats]) -> Floats:
        """The value of the root with these normalised values in place of those that entered."""

        def visit(node: Node) -> Floats:
            if isinstance(node.aggregation, Copeland):
                return self.nodes[node.code]
            power = explain.power_of(node.aggregation)
            total = np.zeros(len(next(iter(self.nodes.values()))))
            for child, weight in zip(node.children, self.inside.weights[node.code], strict=True):
                if isinstance(child, Leaf):
                    value = leaves.get(child.indicator, self.inside.entering[child.indicator])
                else:
                    own = self.nodes[child.code]
                    value = np.where(np.isnan(own), self.inside.nodes[child.code], visit(child))
                total = total + _weighed(weight, _inward(value, power))
            return _outward(total, power)

        return visit(self.tree)


def _weighed(weight: Floats, term: Floats) -> Floats:
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(weight > 0.0, weight * term, 0.0)


def _inward(values: Floats, power: float) -> Floats:
    if power == 1.0:
        return values
    usable = np.where(values > 0.0, values, 1.0)
    if power == 0.0:
        return np.where(values > 0.0, logarithm(usable), -np.inf)
    return np.where(values > 0.0, powers(usable, power), 0.0 if power > 0.0 else np.inf)


def _outward(values: Floats, power: float) -> Floats:
    if power == 1.0:
        return values
    if power == 0.0:
        known = np.isfinite(values)
        found = bounded_exponential(np.where(known, values, 0.0))
        return np.where(known, found, np.where(np.isneginf(values), 0.0, np.nan))
    usable = np.isfinite(values) & (values > 0.0)
    found = powers(np.where(usable, values, 1.0), 1.0 / power)
    if power > 0.0:
        return np.where(usable, found, np.where(values <= 0.0, 0.0, np.nan))
    return np.where(usable, found, np.where(np.isposinf(values), 0.0, np.nan))


def _alone(tree: _Frozen, ways: Mapping[str, Way], target: Floats, open_: Flags) -> dict[str, Floats]:
    changes = {}
    found: dict[tuple[str, int], Floats] = {}
    for code, way in ways.items():
        if code not in tree.path:
            continue
        wanted = tree.wanted(code, target, found)
        possible = open_ & tree.counts(code) & np.isfinite(wanted)
        changes[code] = way.change(np.where(possible, wanted, np.nan))
    return changes


def _together(
    tree: _Frozen, ways: Mapping[str, Way], targets: Mapping[float, Floats], room: Mapping[str, Floats]
) -> dict[float, Floats]:
    """The least share by which all indicators together reach each target: the false position method with halving."""

    def score(share: Floats) -> Floats:
        return tree.root(
            {
                code: np.where(np.isnan(room[code]), tree.inside.entering[code], way.moved(way.along(share)))
                for code, way in ways.items()
                if code in room
            }
        )

    count = len(next(iter(tree.nodes.values())))
    ends = (score(np.zeros(count)), score(np.ones(count)))
    return {
        chance: inverse.first(score, ends, target, steps=_STEPS, width=_ENOUGH) for chance, target in targets.items()
    }
