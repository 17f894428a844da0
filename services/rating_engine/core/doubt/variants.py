"""The declared alternatives of normalisation and aggregation, with weights that vary around themselves."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.doubt import factors
from services.rating_engine.core.doubt.factors import OFFICIAL
from services.rating_engine.core.doubt.parameters import Parameters, Setting
from services.rating_engine.core.doubt.replicates import Ranks, Replicates
from services.rating_engine.core.types import Dataset, Floats, Methodology, Node, Result, Uncertainty

__all__ = ["OFFICIAL", "Combination", "Variants"]


@dataclass(frozen=True, slots=True)
class Combination:
    """A normalisation for all indicators and an aggregation for all nodes; `OFFICIAL` is the methodology's own."""

    normalisation: str
    aggregation: str

    @property
    def name(self) -> str:
        """Both, as they are told."""
        return f"{self.normalisation} + {self.aggregation}"


class Variants:
    """All declared ways to rate one data set."""

    def __init__(
        self, dataset: Dataset, methodology: Methodology, rank: NDArray[np.int64], result: Result | None = None
    ) -> None:
        assert methodology.uncertainty is not None
        self.dataset = dataset
        self.methodology = methodology
        self.uncertainty: Uncertainty = methodology.uncertainty
        self.official = rank
        """Official ranks; 0 for units that are not rated, which take no part."""
        self.rated = np.flatnonzero(rank)
        self.result = result
        """The official rating, where bands are asked for too."""
        self.nodes = list(methodology.tree.nodes())
        self.slots = factors.slots(methodology.tree)
        """Where each node's weights are in a row of multipliers."""
        self.width = sum(len(node.children) for node in self.nodes)

    @cached_property
    def replicates(self) -> Replicates:
        """The same under any choices and weights."""
        return Replicates(self.dataset, self.methodology, self.official)

    @cached_property
    def levels(self) -> list[tuple[int, list[slice]]]:
        """Depth from 1, and the multipliers of the weights given at that depth; depths without a choice are left
        out."""
        depths: dict[int, list[slice]] = {}

        def descend(node: Node, depth: int) -> None:
            if sum(child.weight > 0 for child in node.children) > 1:
                depths.setdefault(depth, []).append(self.slots[node.code])
            for child in node.children:
                if isinstance(child, Node):
                    descend(child, depth + 1)

        descend(self.methodology.tree, 1)
        return sorted(depths.items())

    @cached_property
    def normalisations(self) -> list[str]:
        """Every normalisation that changes anything, after the official one."""
        return self._names("normalisation", self.uncertainty.normalisations)

    @cached_property
    def aggregations(self) -> list[str]:
        """Every aggregation that changes anything, after the official one."""
        return self._names("aggregation", self.uncertainty.aggregations)

    def _names(self, kind: str, declared: tuple[str, ...]) -> list[str]:
        if not declared:
            return [OFFICIAL]
        choice = next(choice for choice in self.replicates.design.choices if choice.kind == kind)
        return list(dict.fromkeys(choice.labels[place] for place in choice.live))

    @cached_property
    def combinations(self) -> list[Combination]:
        """Those that are defined for these data, the official one first.

        A mean that is not defined below zero is not combined with a normalisation that has gone below zero.
        """
        every = (Combination(*pair) for pair in product(self.normalisations, self.aggregations))
        return [combination for combination in every if self.replicates.is_defined(self._setting(combination))]

    def _setting(self, combination: Combination) -> Setting:
        taken = [0] * len(self.replicates.design.choices)
        for kind, name in (("normalisation", combination.normalisation), ("aggregation", combination.aggregation)):
            if name == OFFICIAL:
                continue
            places = [place for place, choice in enumerate(self.replicates.design.choices) if choice.kind == kind]
            taken[places[0]] = self.replicates.design.choices[places[0]].labels.index(name)
        return tuple(taken)

    def ranks(self, combination: Combination, multipliers: Floats) -> Ranks:
        """Ranks of the rated units with every weight multiplied by its entry in `multipliers`."""
        only: Ranks = self.ranks_at([combination], multipliers[None, :])[0]
        return only

    def ranks_at(self, combinations: list[Combination], multipliers: Floats) -> Ranks:
        """The same for many points at once, one row a point."""
        settings = {combination: self._setting(combination) for combination in set(combinations)}
        choices = np.array([settings[combination] for combination in combinations], dtype=np.int16)
        choices = choices.reshape(len(combinations), len(self.replicates.design.choices))
        return self.replicates.ranks(Parameters(choices, self.replicates.design.official * multipliers))
