"""Every replicate's choices and weights, from the seed alone.

Replicate 0 is official. Every other one draws each factor by itself: an alternative with equal probability, the
official one among them; weights by 1 + U(-spread, spread) or from a Dirichlet distribution. A replicate whose choices
cannot go together is drawn again, so all that can go together are equally likely. Each factor has a stream of its own
(PCG64 of the seed and the factor's place), so what one factor draws does not depend on the others, and weights not on
what was drawn again.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.doubt import factors
from services.rating_engine.core.doubt.factors import Choice, Draw
from services.rating_engine.core.types import Floats, Methodology

_TRIES = 1000
"""After so many draws that cannot go together a replicate is official."""
_CHOICES, _WEIGHTS = 0, 1

Setting = tuple[int, ...]
"""The alternative of every factor with alternatives."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """One row a replicate."""

    choices: NDArray[np.int16]
    """Replicates by factors with alternatives: which one; 0 is the official one."""
    weights: Floats
    """Replicates by weights, in the order of `factors.slots`."""

    def __len__(self) -> int:
        """How many replicates."""
        return len(self.choices)


class Design:
    """What varies in a methodology, and how replicates are drawn from it."""

    def __init__(self, methodology: Methodology) -> None:
        self.methodology = methodology
        self.choices: list[Choice] = factors.choices(methodology)
        self.draws: list[Draw] = factors.draws(methodology)
        self._slots = factors.slots(methodology.tree)
        tree = methodology.tree
        self.official = np.array([child.weight for node in tree.nodes() for child in node.children])
        codes = [
            getattr(child, "indicator", getattr(child, "code", "")) for node in tree.nodes() for child in node.children
        ]
        self._place = {code: place for place, code in enumerate(codes)}

    def methodology_of(self, setting: Setting) -> Methodology:
        """The methodology with these alternatives; weights stay as they are."""
        changed = self.methodology
        for choice, taken in zip(self.choices, setting, strict=True):
            if choice.changes:
                changed = choice.changes[taken](changed)
        return changed

    def of_method(self, setting: Setting) -> Setting:
        """The setting with the alternatives that change only weights left official."""
        return tuple(taken if choice.changes else 0 for choice, taken in zip(self.choices, setting, strict=True))

    def drawn(self, count: int, seed: int, is_defined: Callable[[Setting], bool]) -> Parameters:
        """The first `count` replicates of `seed`."""
        streams = [np.random.Generator(np.random.PCG64([seed, _CHOICES, place])) for place in range(len(self.choices))]
        taken = np.zeros((count, len(self.choices)), dtype=np.int16)
        for place, (choice, stream) in enumerate(zip(self.choices, streams, strict=True)):
            taken[:, place] = np.array(choice.live)[stream.integers(len(choice.live), size=count)]
        taken[0] = 0
        known: dict[Setting, bool] = {}

        def fits(row: Setting) -> bool:
            setting = self.of_method(row)
            if setting not in known:
                known[setting] = is_defined(setting)
            return known[setting]

        distinct, which = np.unique(taken, axis=0, return_inverse=True)
        together = np.array([fits(tuple(row)) for row in distinct.tolist()], dtype=np.bool_)
        for replicate in np.flatnonzero(~together[which.reshape(-1)]).tolist():
            for _ in range(_TRIES):
                for place, (choice, stream) in enumerate(zip(self.choices, streams, strict=True)):
                    taken[replicate, place] = choice.live[int(stream.integers(len(choice.live)))]
                if fits(tuple(taken[replicate].tolist())):
                    break
            else:
                taken[replicate] = 0
        return Parameters(taken, self.weights(taken, self.multipliers(count, seed)))

    def multipliers(self, count: int, seed: int, only: Draw | None = None) -> Floats:
        """What each weight is multiplied with, by all factors that draw weights or by one of them; row 0 is 1."""
        found = np.ones((count, len(self.official)))
        for place, draw in enumerate(self.draws):
            if only is not None and draw is not only:
                continue
            stream = np.random.Generator(np.random.PCG64([seed, _WEIGHTS, place]))
            for slot in draw.slots:
                if draw.factor.spread is not None:
                    width = slot.stop - slot.start
                    found[:, slot] *= 1.0 + draw.factor.spread * stream.uniform(-1.0, 1.0, (count, width))
                elif draw.factor.concentration is not None:
                    found[:, slot] *= _dirichlet(self.official[slot], draw.factor.concentration, count, stream)
        found[0] = 1.0
        return found

    def weights(self, taken: NDArray[np.int16], multipliers: Floats) -> Floats:
        """The weights of each replicate: a set's or the official ones, times the multipliers, 0 where left out."""
        found = np.tile(self.official, (len(taken), 1))
        out = np.ones_like(found)
        for column, choice in enumerate(self.choices):
            for alternative, change in enumerate(choice.weights):
                rows = taken[:, column] == alternative
                for code, weight in change.items():
                    target = out if choice.kind == "indicator_out" else found
                    target[rows, self._place[code]] = weight
        result: Floats = found * multipliers * out
        return result


def _dirichlet(weights: Floats, concentration: float, count: int, stream: np.random.Generator) -> Floats:
    """Shares drawn from Dirichlet(concentration · w / Σ w), over the official shares; a weight of 0 stays 0."""
    shares = weights / weights.sum()
    drawn = stream.standard_gamma(concentration * shares, (count, len(weights)))
    total = drawn.sum(axis=1, keepdims=True)
    drawn = np.where(total > 0.0, drawn / np.where(total > 0.0, total, 1.0), shares)
    found: Floats = np.where(shares > 0.0, drawn / np.where(shares > 0.0, shares, 1.0), 1.0)
    return found
