"""The declared choices of a methodology as a unit cube: every point of it is one way to rate the same data.

A factor owns as many columns as it has numbers to draw. The weights of a level are one factor of as many columns as
there are weights: weight k becomes w_k (1 + spread (2u - 1)). A factor with alternatives owns one column, cut into
equal parts from 0 to 1. Where some normalisation and some aggregation cannot go together, the pair is one factor.
"""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import sobol
from services.rating_engine.core.types import Floats
from services.rating_engine.core.variants import Combination, Variants


class Cube:
    """All that varies in `variants`, by factor."""

    def __init__(self, variants: Variants) -> None:
        self._variants = variants
        self.official = variants.official

    @cached_property
    def _levels(self) -> Mapping[str, list[slice]]:
        spread = self._variants.uncertainty.spread
        return {f"weights_{depth}": slots for depth, slots in self._variants.levels} if spread > 0.0 else {}

    @cached_property
    def factors(self) -> Mapping[str, slice]:
        """`weights_1` from the root down, `normalisation` and `aggregation`, or both as `method`."""
        widths = {name: sum(slot.stop - slot.start for slot in slots) for name, slots in self._levels.items()}
        variants = self._variants
        kinds, means = len(variants.normalisations), len(variants.aggregations)
        if len(variants.combinations) == kinds * means:
            widths |= {"normalisation": 1} if kinds > 1 else {}
            widths |= {"aggregation": 1} if means > 1 else {}
        elif len(variants.combinations) > 1:
            widths["method"] = 1
        ends = np.cumsum([0, *widths.values()]).tolist()
        return {name: slice(start, end) for name, start, end in zip(widths, ends, ends[1:], strict=False)}

    def ranks(self, points: Floats) -> NDArray[np.int64]:
        """Ranks of the rated units at each point, one row a point."""
        chosen = {
            name: sobol.chosen(points[:, self.factors[name].start], count).tolist()
            for name, count in (
                ("normalisation", len(self._variants.normalisations)),
                ("aggregation", len(self._variants.aggregations)),
                ("method", len(self._variants.combinations)),
            )
            if name in self.factors
        }
        combinations = [
            self._combination({name: places[row] for name, places in chosen.items()}) for row in range(len(points))
        ]
        return self._variants.ranks_at(combinations, self._multipliers(points)).astype(np.int64)

    def _multipliers(self, points: Floats) -> Floats:
        multipliers = np.ones((len(points), self._variants.width))
        for name, slots in self._levels.items():
            part = points[:, self.factors[name]]
            start = 0
            for slot in slots:
                end = start + slot.stop - slot.start
                multipliers[:, slot] = 1.0 + self._variants.uncertainty.spread * (2.0 * part[:, start:end] - 1.0)
                start = end
        return multipliers

    def _combination(self, at: Mapping[str, int]) -> Combination:
        variants = self._variants
        if "method" in at:
            return variants.combinations[at["method"]]
        return Combination(
            variants.normalisations[at.get("normalisation", 0)], variants.aggregations[at.get("aggregation", 0)]
        )
