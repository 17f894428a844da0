"""The best and the worst that each unit can be made to look by weights near the declared ones.

Every weight of the tree has its own factor between 1 - spread and 1 + spread: the box of `weight_box`. A weighted power
mean rises with every child, and weights of different nodes have nothing to do with one another, so each node is made
best by itself, children first. For given children M = g⁻¹(Σ w g(z) / Σ w) is a quotient of two linear functions of the
weights, best at a corner of the box: whatever is above M takes the upper factor and whatever is below it the lower one.
So the children that take the upper one come first in the order of their values, and every such beginning of the order
is tried: k of them instead of 2^k corners. The worst is the same with the order turned round.

Values, gaps and what stands in a gap are held as the official rating has them, also what is charged for a whole node;
a gap leaves its weight to the present children of the node. A weight of 0 stays 0. A weight stays as declared where it
is nothing to the unit: of a gap, within a node the unit has no value of, among children that are all level, in a mean
that a zero annihilates.

The place is the one the unit has when everybody is rated by the very weights that show it so, as a replicate rates: who
is rated, and of which nodes too little is known, stays as it officially is; a whole node is charged for anew. These
weights serve the unit's score and not its place: other weights of the box may place it better still.

Source: the «benefit of the doubt» of composite indicators with restricted weights (Melyn and Moesen 1991; Cherchye et
al. 2007), here for any tree of power means; linear-fractional programmes have their optimum at a vertex (Charnes and
Cooper 1962).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.arithmetic import SMALLEST_NORMAL, exponential, logarithm, powers
from services.rating_engine.core.doubt.parameters import Parameters
from services.rating_engine.core.doubt.replicates import Batch, Ranks, Replicates
from services.rating_engine.core.explanation import weight_box
from services.rating_engine.core.steps import explain, ranking
from services.rating_engine.core.types import (
    Dataset,
    Floats,
    Inside,
    Leaf,
    Methodology,
    Node,
    Result,
    Uncertainty,
)

_WEIGHTS_AT_ONCE: Final = 4_000_000
"""Weights held at a time: units times weights."""
_BEST, _WORST = 1, -1

Sides = NDArray[np.int8]
"""1 where a weight takes the upper factor, -1 where it takes the lower one, 0 where it stays as declared."""


@dataclass(frozen=True, slots=True)
class BestLight:
    """Unit by unit in the order of the data set; `MISSING`, and 0 for a place, for a unit that is not rated."""

    score_high: Floats
    """The greatest score in the box, in units of the score."""
    score_low: Floats
    rank_best: NDArray[np.int64]
    """1 + how many are strictly higher when everybody is rated by the weights of `score_high`."""
    rank_worst: NDArray[np.int64]
    """The same by the weights of `score_low`."""
    sides_high: Sides
    """Weights, in the order of `factors.slots`, by units: which factor each takes for `score_high`."""
    sides_low: Sides


def is_defined(methodology: Methodology) -> bool:
    """Whether a score hangs on the unit's own values alone and each node is made best by itself: neither where wins
    are counted, nor where a node weighs by the reliability of what is below it."""
    return weight_box.is_defined(methodology.tree) and not methodology.precision.reliability_weights


def declared(dataset: Dataset, methodology: Methodology, result: Result) -> Replicates:
    """The declared method, ready to rate these data by any weights."""
    official = replace(methodology, uncertainty=Uncertainty(replicates=1))
    return Replicates(dataset, official, ranking.competition(result.score))


def best_light(replicates: Replicates, result: Result, *, spread: float = weight_box.SPREAD) -> BestLight | None:
    """Greatest and least score of every rated unit over the box, 0 < spread ≤ 1, and the places that go with them.

    O(n k log k) for the scores of n units, O(n² k) for the places. None where `is_defined` says no, and for a result
    that was put together elsewhere.
    """
    if not is_defined(replicates.methodology) or result.inside is None:
        return None
    rated = replicates.rated
    count = len(result.score)
    scores, places = np.full((2, count), np.nan), np.zeros((2, count), dtype=np.int64)
    sides: Sides = np.zeros((2, len(replicates.design.official), count), dtype=np.int8)
    if len(rated):
        official = result.score[rated]
        for row, (aim, bound) in enumerate(((_BEST, np.fmax), (_WORST, np.fmin))):
            found = _Light(replicates, result.inside, result.nodes, spread, aim)
            scores[row, rated] = bound(found.score, official)  # the declared weights are in the box as well
            places[row, rated] = _places(replicates, found.sides, spread)
            sides[row][:, rated] = found.sides
    return BestLight(*scores, *places, *sides)


class _Light:
    """The tree made best (`aim` 1) or worst (-1) for every rated unit at once, units as `Replicates.rated` has them."""

    def __init__(
        self, replicates: Replicates, inside: Inside, nodes: Mapping[str, Floats], spread: float, aim: int
    ) -> None:
        self._rated, self._slots = replicates.rated, replicates.slots
        self._inside, self._nodes = inside, nodes
        self._spread, self._aim = spread, aim
        self.sides: Sides = np.zeros((len(replicates.design.official), len(self._rated)), dtype=np.int8)
        """Weights, in the order of a row of weights, by units."""
        self.score = self._visit(replicates.methodology.tree)

    def _visit(self, node: Node) -> Floats:
        values = np.array([self._entering(child) for child in node.children])
        weights = np.array([child.weight for child in node.children])
        value, self.sides[self._slots[node.code]] = optimum(
            explain.power_of(node.aggregation), weights, values, spread=self._spread, aim=self._aim
        )
        return value

    def _entering(self, child: Node | Leaf) -> Floats:
        """A child as its parent sees it: at its best, and where it has no value of its own as it was charged for."""
        if isinstance(child, Leaf):
            return self._inside.entering[child.indicator][self._rated]
        own, seen = self._nodes[child.code][self._rated], self._inside.nodes[child.code][self._rated]
        is_held = np.isnan(own)
        found = np.where(is_held, seen, self._visit(child))
        for node in child.nodes():
            self.sides[self._slots[node.code], is_held] = 0
        return found


def optimum(power: float, weights: Floats, values: Floats, *, spread: float, aim: int) -> tuple[Floats, Sides]:
    """The greatest (`aim` 1) or least (-1) power mean of each column of `values`, children by units, with weights
    w f, 1 - spread ≤ f ≤ 1 + spread; and which factor each weight takes.

    `MISSING` values take no part; a column without any value of positive weight has none. Below zero a mean that is
    not defined there counts 0, as in a replicate.
    """
    if power != 1.0:
        values = np.maximum(values, 0.0)
    part = ~np.isnan(values) & (weights > 0.0)[:, None]
    low, high = np.where(part, values, np.inf).min(axis=0), np.where(part, values, -np.inf).max(axis=0)
    there = low <= high
    order = np.argsort(np.where(part, -aim * values, np.inf), axis=0, kind="stable")
    terms, outward = _inward(power, np.where(part, values, 1.0), np.where(there, low, 1.0), np.where(there, high, 1.0))
    shares = np.where(part, np.ldexp(weights, -int(np.frexp(weights.max())[1]))[:, None], 0.0)
    shares, terms = np.take_along_axis(shares, order, axis=0), np.take_along_axis(terms, order, axis=0)
    # Running sums go from child to child, so that a unit's do not depend on who stands beside it.
    total, whole = np.cumsum(shares, axis=0), np.cumsum(shares * terms, axis=0)
    total, whole = ((1.0 - spread) * sums[-1] + 2.0 * spread * sums for sums in (total, whole))
    means = whole / np.where(there, total, 1.0)
    upper = np.argmax(aim * (means if power >= 0.0 else -means), axis=0)
    if spread == 1.0:
        upper[:] = 0  # weights of nothing: the extreme child alone
    mean = np.take_along_axis(means, upper[None, :], axis=0)[0]
    annihilated = (low == 0.0) if power <= 0.0 else np.zeros(len(low), dtype=np.bool_)
    value = np.where(annihilated, 0.0, np.clip(outward(mean), low, high))
    if spread == 1.0:
        value = high if aim == _BEST else low
    sides: Sides = np.empty(values.shape, dtype=np.int8)
    raised = np.where(np.arange(len(values))[:, None] <= upper, 1, -1).astype(np.int8)
    np.put_along_axis(sides, order, raised, axis=0)
    indifferent = (low == high) | (annihilated & (spread < 1.0))
    return np.where(there, value, np.nan), np.where(part & ~indifferent, sides, 0).astype(np.int8)


def _inward(power: float, values: Floats, low: Floats, high: Floats) -> tuple[Floats, Callable[[Floats], Floats]]:
    """g(z) of what the mean is an average of and the way back, measured by an extreme child so that nothing overflows;
    a zero that annihilates is left to the caller."""
    if power == 1.0:
        down = np.frexp(np.maximum(np.abs(low), np.abs(high)))[1]
        return np.ldexp(values, -down), lambda mean: _unscaled(mean, down)
    if power == 0.0:
        return logarithm(np.maximum(values, SMALLEST_NORMAL)), exponential
    unit = high if power > 0.0 else low
    unit = np.where(unit > 0.0, unit, 1.0)
    with np.errstate(over="ignore"):
        ratio = exact.saturated(values / unit)
    is_zero = ratio <= 0.0
    terms = np.where(is_zero, 0.0, powers(np.where(is_zero, 1.0, ratio), power))

    def outward(mean: Floats) -> Floats:
        known = mean > 0.0
        with np.errstate(over="ignore"):
            return np.where(known, unit * powers(np.where(known, mean, 1.0), 1.0 / power), 0.0)

    return terms, outward


def _unscaled(mean: Floats, up: NDArray[np.int32]) -> Floats:
    with np.errstate(over="ignore"):
        found: Floats = np.ldexp(mean, up)
    return found


def _places(replicates: Replicates, sides: Sides, spread: float) -> NDArray[np.int64]:
    """The place of every rated unit among all, each time by the weights of that unit, and scores compared as replicates
    compare them."""
    official, count = replicates.design.official, len(replicates.rated)
    found = np.empty(count, dtype=np.int64)
    step = max(1, _WEIGHTS_AT_ONCE // len(official))
    for start in range(0, count, step):
        weights = official * (1.0 + spread * sides[:, start : start + step].T)
        units = np.arange(start, start + len(weights))
        given = Parameters(np.zeros((len(weights), len(replicates.design.choices)), dtype=np.int16), weights)

        def put(
            batch: Batch, scored: Floats, placed: Ranks, loops: ModuleType, units: NDArray[np.int64] = units
        ) -> None:
            own = units[batch.rows]
            found[own] = placed[np.arange(len(own)), own]  # the unit of row i stands in column i

        replicates.each(given, np.arange(len(weights)), put)
    return found
