"""From scores to places."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types import Floats

STEPS: Final = 40
"""Scores are told apart by steps of the greatest magnitude over two to this power, about a millionth of a millionth."""


def competition(score: Floats) -> NDArray[np.int64]:
    """1 + the number of units with a strictly higher score («1224»); 0 for a unit without a score.

    Equal means less than a step apart after rounding to steps: 0.1 + 0.2 and 0.3 tie, as they do on paper, although
    their doubles differ in the last bit. No score is published to so many digits.
    """
    known = ~np.isnan(score)
    told = score[known]
    most = float(np.max(np.abs(told), initial=0.0))
    steps = np.rint(np.ldexp(told, STEPS - int(np.frexp(most)[1]))) if most > 0.0 else told
    ordered = np.sort(steps)
    ranks = np.zeros(len(score), dtype=np.int64)
    ranks[known] = len(ordered) - np.searchsorted(ordered, steps, side="right") + 1
    return ranks
