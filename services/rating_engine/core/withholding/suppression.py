"""The cells of a result that are hidden, and how many more must be so that none of them can be worked out."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.pipeline import goalposts
from services.rating_engine.core.pipeline.leaf import LeafState
from services.rating_engine.core.pipeline.preparation import prepare
from services.rating_engine.core.steps import normalise
from services.rating_engine.core.steps.missing import effective_weights
from services.rating_engine.core.steps.peers import groups as peer_groups
from services.rating_engine.core.types import (
    Copeland,
    Dataset,
    Fill,
    Flags,
    Floats,
    Leaf,
    Methodology,
    Node,
    Result,
    WeightedArithmetic,
)
from services.rating_engine.core.withholding import bounds

MOST_HIDDEN: Final = 1.0 / 3.0
"""Share of the weight of a score beyond which it is not published."""
FEW: Final = 50
"""Shares of fewer are told by a code near the ends."""
LOW_SHARE, HIGH_SHARE = 0.05, 0.95
AT_MOST, AT_LEAST = "at_most_5_percent", "at_least_95_percent"
ENOUGH: Final = 1.0 - 1e-9
_CODED_WIDTH = 0.5
"""Of a code's own interval, what a reader must be left unsure of."""
_LEAST = 1e-12


class Cells:
    """The cells of a result, while more and more of them are hidden."""

    def __init__(
        self, dataset: Dataset, methodology: Methodology, result: Result, shares: Mapping[str, float], width: float
    ) -> None:
        assert result.inside is not None
        self.methodology = methodology
        self.result = result
        self.tree = methodology.tree
        self.leaves = list(methodology.tree.leaves())
        self.paths = dict(_paths(methodology.tree, ()))
        prepared = prepare(dataset, methodology).dataset
        self._groups = peer_groups(prepared, methodology.peer_groups)
        self.entering = {leaf.indicator: result.inside.entering[leaf.indicator] for leaf in self.leaves}
        self.own = {leaf.indicator: ~np.isnan(prepared.columns[leaf.indicator].values) for leaf in self.leaves}
        self.primary = {leaf.indicator: self._small(prepared, leaf) for leaf in self.leaves}
        self.scales = {leaf.indicator: self._scale(leaf) for leaf in self.leaves}
        self.needed = {code: width * (high - low) for code, (low, high) in self.scales.items()}
        self.codes: dict[str, tuple[str | None, ...]] = {}
        self.code_bounds: dict[str, bounds.Interval] = {}
        for leaf in self.leaves:
            if leaf.indicator in shares:
                self._code(prepared, leaf, shares[leaf.indicator])
        self.protected = {
            code: flags | (self.code_bounds[code][1] - self.code_bounds[code][0] > 0 if code in self.codes else False)
            for code, flags in self.primary.items()
        }
        self.hidden = {code: flags.copy() for code, flags in self.protected.items()}
        self.nodes = {node.code: np.isnan(result.nodes[node.code]) for node in self.tree.nodes()}
        self.unpublished = self._too_much_hidden()
        self._withhold(self.unpublished)

    def _small(self, prepared: Dataset, leaf: Leaf) -> Flags:
        column = prepared.columns[leaf.indicator]
        if column.n is None:
            return np.zeros(len(column.values), dtype=np.bool_)
        return ~np.isnan(column.values) & (column.n < self.methodology.precision.suppress_below)

    def _scale(self, leaf: Leaf) -> tuple[float, float]:
        """The bounds a reader knows; of an open scale the extremes that occur."""
        values = self.entering[leaf.indicator]
        low, high = normalise.lower_bound(leaf.normalisation), normalise.upper_bound(leaf.normalisation)
        known = values[~np.isnan(values)]
        least = float(known.min()) if len(known) else 0.0
        most = float(known.max()) if len(known) else 0.0
        return min(low, least) if np.isfinite(low) else least, max(high, most) if np.isfinite(high) else most

    def _code(self, prepared: Dataset, leaf: Leaf, whole: float) -> None:
        """Shares near the ends of few people, with the bounds that the code leaves on the common scale."""
        column = prepared.columns[leaf.indicator]
        if column.n is None:
            return
        few = ~np.isnan(column.values) & (column.n < FEW) & ~self.primary[leaf.indicator]
        low, high = few & (column.values <= LOW_SHARE * whole), few & (column.values >= HIGH_SHARE * whole)
        self.codes[leaf.indicator] = tuple(
            AT_MOST if one else AT_LEAST if other else None
            for one, other in zip(low.tolist(), high.tolist(), strict=True)
        )
        state = LeafState(prepared, leaf, self.methodology, self._groups)
        ends = [
            state.scaled(np.where(low, 0.0, np.where(high, HIGH_SHARE * whole, np.nan))),
            state.scaled(np.where(low, LOW_SHARE * whole, np.where(high, whole, np.nan))),
        ]
        told = low | high
        values = self.entering[leaf.indicator]
        below, above = np.fmin(*ends), np.fmax(*ends)
        self.code_bounds[leaf.indicator] = (
            np.where(told, np.fmin(below, values), 0.0),
            np.where(told, np.fmax(above, values), 0.0),
        )

    def _too_much_hidden(self) -> Flags:
        inside = self.result.inside
        assert inside is not None
        weight = np.zeros(len(self.result.units))
        for leaf in self.leaves:
            fills = self.result.filled.get(leaf.indicator)
            stood = np.array([fill is Fill.EXPECTED for fill in fills]) if fills else np.zeros(len(weight), dtype=bool)
            weight += np.where(self.primary[leaf.indicator] | stood, inside.shares[leaf.indicator], 0.0)
        return (weight > MOST_HIDDEN + _LEAST) & ~np.isnan(self.result.score)

    def _withhold(self, units: Flags) -> None:
        """No score for these units, and no node score above anything they hide."""
        self.unpublished |= units
        self.nodes[self.tree.code] |= units
        for code, path in self.paths.items():
            for node in path:
                self.nodes[node] |= units & self.hidden[code]

    def bounds(self, units: NDArray[np.int64]) -> Mapping[str, bounds.Interval]:
        """What a reader can work out of these units."""
        inside = self.result.inside
        assert inside is not None
        leaves = {}
        for code, values in self.entering.items():
            low, high = self.scales[code]
            hidden = self.hidden[code][units]
            floor, ceiling = np.full(len(units), low), np.full(len(units), high)
            if code in self.codes:
                coded = np.array([told is not None for told in self.codes[code]], dtype=np.bool_)[units]
                floor = np.where(coded, self.code_bounds[code][0][units], floor)
                ceiling = np.where(coded, self.code_bounds[code][1][units], ceiling)
            known = np.nan_to_num(values[units])
            leaves[code] = np.where(hidden, floor, known), np.where(hidden, ceiling, known)
        shown = {code: np.where(self.nodes[code][units], np.nan, self.result.nodes[code][units]) for code in self.nodes}
        standing = {
            node.code: (np.isnan(self.result.nodes[node.code][units]), np.nan_to_num(inside.nodes[node.code][units]))
            for node in self.tree.nodes()
            if node is not self.tree
        }
        weights = {code: [share[units] for share in of] for code, of in inside.weights.items()}
        return bounds.feasible(
            self.tree,
            bounds.Published(weights, leaves, shown, standing, float(len(self.result.units) - 1)),
            arithmetic=self.methodology.precision.reliability_weights,
        )

    def widths(self, units: NDArray[np.int64]) -> Mapping[str, Floats]:
        """How much is left unsure of each protected value, as a share of what must be; infinite for the others."""
        found = {}
        for code, (low, high) in self.bounds(units).items():
            needed = np.full(len(units), self.needed[code])
            if code in self.codes:
                coded = np.array([told is not None for told in self.codes[code]], dtype=np.bool_)[units]
                span = self.code_bounds[code][1][units] - self.code_bounds[code][0][units]
                needed = np.where(coded, _CODED_WIDTH * span, needed)
            left = np.where(needed > 0.0, (high - low) / np.where(needed > 0.0, needed, 1.0), np.inf)
            found[code] = np.where(self.protected[code][units], left, np.inf)
        return found

    def protect(self) -> None:
        """Hide further values, one a unit and round, until every protected one is left unsure enough."""
        order = {leaf.indicator: self._companions(leaf) for leaf in self.leaves}
        units = np.flatnonzero(np.logical_or.reduce(list(self.protected.values())))
        for _ in range(len(self.leaves) + 2):
            if len(units) == 0:
                break
            widths = self.widths(units)
            served = np.zeros(len(self.result.units), dtype=np.bool_)
            still = np.zeros(len(self.result.units), dtype=np.bool_)
            for code, left in widths.items():
                narrow = np.zeros(len(served), dtype=np.bool_)
                narrow[units[~(left >= ENOUGH)]] = True
                still |= narrow
                narrow &= ~served
                for companion in order[code]:
                    if not narrow.any():
                        break
                    taken = narrow & self.own[companion] & ~self.hidden[companion] & ~self._alone(companion)
                    self._hide(companion, code, taken)
                    served |= taken
                    narrow &= ~taken
                served |= narrow
                self._withhold(narrow & ~np.isnan(self.result.score))
                self._cover(code, narrow)
            units = np.flatnonzero(still)

    def _alone(self, code: str) -> Flags:
        """Where hiding a value would leave nobody unsure of anything."""
        low, high = self.scales[code]
        return np.full(len(self.result.units), high <= low)

    def _companions(self, leaf: Leaf) -> list[str]:
        """Other indicators, the nearest in the tree first; of those the lightest that leaves enough unsure."""
        path, weights = self.paths[leaf.indicator], effective_weights(self.tree)

        def distance(other: Leaf) -> tuple[int, bool, float, str]:
            common = sum(1 for one, two in zip(path, self.paths[other.indicator], strict=False) if one == two)
            light = weights[other.indicator] < 0.5 * weights[leaf.indicator]
            weight = weights[other.indicator]
            return -common, light, -weight if light else weight, other.indicator

        return [
            other.indicator
            for other in sorted(self.leaves, key=distance)
            if other.indicator != leaf.indicator and weights[other.indicator] > 0.0
        ]

    def _hide(self, companion: str, code: str, units: Flags) -> None:
        """Hide a companion, and the node scores that would tell the two apart."""
        if not units.any():
            return
        self.hidden[companion] |= units
        mine, theirs = self.paths[code], self.paths[companion]
        common = {one for one, two in zip(mine, theirs, strict=False) if one == two}
        for node in {*mine, *theirs} - common:
            self.nodes[node] |= units

    def _cover(self, code: str, units: Flags) -> None:
        """The last resort: no node score above the value is shown."""
        for node in self.paths[code]:
            self.nodes[node] |= units

    def merged(self) -> Mapping[str, Flags]:
        """Whose contribution is told in a sum only: hidden values, all below a hidden node, and all below a node whose
        parts depend on something hidden."""
        found = {code: flags.copy() for code, flags in self.hidden.items()}
        for node in self.tree.nodes():
            covered = self.nodes[node.code].copy() if node is not self.tree else np.zeros_like(self.unpublished)
            if not isinstance(node.aggregation, WeightedArithmetic):
                for child in node.children:
                    covered |= self.hidden[child.indicator] if isinstance(child, Leaf) else self.nodes[child.code]
            covered &= self.touched()
            for leaf in node.leaves():
                found[leaf.indicator] |= covered
        return found

    def touched(self) -> Flags:
        """Units of which anything is hidden."""
        found: Flags = np.logical_or.reduce(list(self.hidden.values()))
        return found

    def exposed(self) -> Iterator[str]:
        """Indicators with protected values whose scale, or whose node, is about the whole population."""
        wins = {
            leaf.indicator
            for node in self.tree.nodes()
            if isinstance(node.aggregation, Copeland)
            for leaf in node.leaves()
        }
        for leaf in self.leaves:
            told = goalposts.depends_on_population(leaf) or leaf.indicator in wins
            if told and self.protected[leaf.indicator].any():
                yield leaf.indicator


def _paths(node: Node, above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every indicator with the nodes above it, the root first."""
    path = (*above, node.code)
    for child in node.children:
        if isinstance(child, Leaf):
            yield child.indicator, path
        else:
            yield from _paths(child, path)
