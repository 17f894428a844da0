"""From scores to places."""

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types import Floats


def competition(score: Floats) -> NDArray[np.int64]:
    """1 + the number of units with a strictly higher score («1224»); 0 for a unit without a score.

    Equal means equal to the last bit: scores are correctly rounded sums, so units alike in everything do tie.
    """
    known = ~np.isnan(score)
    ordered = np.sort(score[known])
    ranks = np.zeros(len(score), dtype=np.int64)
    ranks[known] = len(ordered) - np.searchsorted(ordered, score[known], side="right") + 1
    return ranks
