"""The declared choices of a methodology as a unit cube: every point of it is one way to rate the same data.

A factor owns as many columns as it has numbers to draw. Weights that are drawn are one factor a level, of as many
columns as there are weights: with a spread, weight k becomes w_k (1 + spread (2u - 1)); from a Dirichlet distribution
it is the gamma quantile of u over their sum. A factor with alternatives owns one column, cut into equal parts from 0 to
1; those that change nothing are no part of it. Factors some of whose alternatives cannot go together for these data are
one factor over the combinations that can: `method` if there is one such group. Where three alternatives cannot go
together though each pair can, the official ones stand in. Sampling noise is no choice of method, and no factor here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.doubt import factors, sobol
from services.rating_engine.core.doubt.factors import Choice, Draw
from services.rating_engine.core.doubt.parameters import Parameters
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.core.types import Floats

_MOST_TOGETHER = 4096
"""Combinations of factors that cannot be taken apart; of more, the first are kept."""


@dataclass(frozen=True, slots=True)
class _Picked:
    """Factors with alternatives that are chosen by one number: their places, and the combinations it chooses from."""

    places: tuple[int, ...]
    alternatives: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Weights of one level that are drawn together."""

    draw: Draw
    slots: tuple[slice, ...]
    width: int


class Cube:
    """All that varies in `variants`, by factor."""

    def __init__(self, variants: Variants) -> None:
        self._replicates = variants.replicates
        self._design = variants.replicates.design
        self._tree = variants.methodology.tree
        self.official = variants.official

    @cached_property
    def _drawn(self) -> Mapping[str, _Drawn]:
        """By name the weights of each level that one factor draws: `weights_1` from the root down."""
        places = factors.slots(self._tree)
        found = {}
        for draw in self._design.draws:
            own = {(slot.start, slot.stop) for slot in draw.slots}
            levels: dict[int, list[slice]] = {}
            for level, node in factors.by_level(self._tree):
                slot = places[node.code]
                if (slot.start, slot.stop) in own:
                    levels.setdefault(level, []).append(slot)
            for level, slots in levels.items():
                name = f"{draw.name}_{level}" if draw is self._design.draws[0] else f"{draw.name}_level_{level}"
                found[name] = _Drawn(draw, tuple(slots), sum(slot.stop - slot.start for slot in slots))
        return found

    @cached_property
    def _picked(self) -> Mapping[str, _Picked]:
        """By name the factors with alternatives, those that depend on one another as one."""
        choices = self._design.choices
        moving = [place for place, choice in enumerate(choices) if len(choice.live) > 1]
        groups = [[place] for place in moving]
        for one, other in combinations(moving, 2):
            mine, theirs = (next(group for group in groups if place in group) for place in (one, other))
            if mine is not theirs and not self._go_together(one, other):
                groups.remove(theirs)
                mine.extend(theirs)
        bound = sum(len(group) > 1 for group in groups)
        found = {}
        for group in groups:
            names = [choices[place].name for place in sorted(group)]
            name = names[0] if len(names) == 1 else "method" if bound == 1 else "+".join(names)
            found[name] = self._combined(tuple(sorted(group)))
        return found

    def _go_together(self, one: int, other: int) -> bool:
        choices = self._design.choices
        if not (choices[one].changes and choices[other].changes):
            return True
        return all(
            self._is_defined({one: first, other: second})
            for first, second in product(choices[one].live, choices[other].live)
            if self._is_defined({one: first}) and self._is_defined({other: second})
        ) and all(self._is_defined({place: taken}) for place in (one, other) for taken in choices[place].live)

    def _is_defined(self, taken: Mapping[int, int]) -> bool:
        return self._replicates.is_defined(tuple(taken.get(place, 0) for place in range(len(self._design.choices))))

    def _combined(self, places: tuple[int, ...]) -> _Picked:
        choices: list[Choice] = [self._design.choices[place] for place in places]
        every = (dict(zip(places, row, strict=True)) for row in product(*(choice.live for choice in choices)))
        going = [tuple(row.values()) for row in every if self._is_defined(row)][:_MOST_TOGETHER]
        return _Picked(places, np.array(going or [(0,) * len(places)], dtype=np.int16))

    @cached_property
    def factors(self) -> Mapping[str, slice]:
        """The columns of each factor: drawn weights first, then the factors with alternatives, in their order."""
        widths = {name: drawn.width for name, drawn in self._drawn.items()}
        widths |= {name: 1 for name, picked in self._picked.items() if len(picked.alternatives) > 1}
        ends = np.cumsum([0, *widths.values()]).tolist()
        return {name: slice(start, end) for name, start, end in zip(widths, ends, ends[1:], strict=False)}

    @property
    def idle(self) -> tuple[str, ...]:
        """Declared factors that are no factors here: nothing they offer differs from what is official."""
        return tuple(choice.name for choice in self._design.choices if len(choice.live) == 1) + tuple(
            name for name, picked in self._picked.items() if len(picked.alternatives) == 1
        )

    def ranks(self, points: Floats) -> NDArray[np.int64]:
        """Ranks of the rated units at each point, one row a point."""
        return self._replicates.ranks(self.parameters(points)).astype(np.int64)

    def parameters(self, points: Floats) -> Parameters:
        """What each point means: an alternative of every factor and every weight."""
        taken = np.zeros((len(points), len(self._design.choices)), dtype=np.int16)
        multipliers = np.ones((len(points), len(self._design.official)))
        for name, columns in self.factors.items():
            part = points[:, columns]
            if name in self._drawn:
                self._draw(self._drawn[name], part, multipliers)
            else:
                picked = self._picked[name]
                taken[:, picked.places] = picked.alternatives[sobol.chosen(part[:, 0], len(picked.alternatives))]
        known: dict[tuple[int, ...], bool] = {}
        for row in taken:
            setting = self._design.of_method(tuple(row.tolist()))
            if setting not in known:
                known[setting] = self._replicates.is_defined(setting)
            if not known[setting]:
                row[:] = 0
        return Parameters(taken, self._design.weights(taken, multipliers))

    def _draw(self, drawn: _Drawn, part: Floats, multipliers: Floats) -> None:
        start = 0
        for slot in drawn.slots:
            end = start + slot.stop - slot.start
            multipliers[:, slot] *= self._multiplied(drawn.draw, self._design.official[slot], part[:, start:end])
            start = end

    def _multiplied(self, draw: Draw, weights: Floats, part: Floats) -> Floats:
        """What the weights of one node are multiplied with."""
        if draw.factor.spread is not None:
            return 1.0 + draw.factor.spread * (2.0 * part - 1.0)
        assert draw.factor.concentration is not None
        from scipy.special import gammaincinv

        shares = weights / weights.sum()
        drawn = gammaincinv(np.where(shares > 0.0, draw.factor.concentration * shares, 1.0), part)
        drawn = np.where(shares > 0.0, drawn, 0.0)
        total = drawn.sum(axis=1, keepdims=True)
        drawn = np.where(total > 0.0, drawn / np.where(total > 0.0, total, 1.0), shares)
        found: Floats = np.where(shares > 0.0, drawn / np.where(shares > 0.0, shares, 1.0), 1.0)
        return found
