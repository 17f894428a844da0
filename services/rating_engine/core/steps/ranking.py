"""From scores to places."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types import Floats

BITS: Final = 40
"""Scores are told apart by so many leading bits, twelve digits."""


def competition(score: Floats) -> NDArray[np.int64]:
    """1 + the number of units with a strictly higher score («1224»); 0 for a unit without a score.

    Equal means alike in the leading `BITS`: 0.1 + 0.2 and 0.3 tie, as they do on paper, although their doubles differ
    in the last bit. No score is published to so many digits, and none is so large that smaller ones lose theirs.
    """
    known = ~np.isnan(score)
    mantissa, power = np.frexp(score[known])
    with np.errstate(over="ignore", under="ignore"):  # the largest double rounds up to infinity, and stays the largest
        told = np.ldexp(np.rint(np.ldexp(mantissa, BITS)), power - BITS)
    order = np.argsort(told)
    ascending = told[order]
    # Those who tie stand where the last of them does: next comes a higher score, or nobody.
    is_last = np.append(ascending[1:] != ascending[:-1], True)[: len(told)]
    lasts = np.flatnonzero(is_last)
    places = np.empty(len(told), dtype=np.int64)
    places[order] = len(told) - lasts[np.cumsum(is_last) - is_last]
    ranks = np.zeros(len(score), dtype=np.int64)
    ranks[known] = places
    return ranks
