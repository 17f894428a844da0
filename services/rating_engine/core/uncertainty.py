"""How much a place depends on choices that could reasonably have been made otherwise.

Replicate 0 is the official rating. Every other one draws a combination of normalisation and aggregation, all defined
ones being equally likely, and multiplies every weight by its own 1 + U(-spread, spread). Whether a unit is rated, and
from what, is not varied. Source: Saisana, Saltelli and Tarantola 2005 (JRSS A 168); OECD/JRC Handbook (2008), step 7;
COINr `get_sensitivity`.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types import MISSING, Floats
from services.rating_engine.core.variants import Variants

TOP = 0.1
"""The best tenth of the rated units."""
_UNITS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Ranks over the replicates, in the order of the units; `MISSING` for a unit that is not rated."""

    p05: Floats
    median: Floats
    p95: Floats
    top_share: Floats
    outside_interval: float
    mean_shift: float
    combinations: Mapping[str, int]


def spread(variants: Variants) -> Spread:
    """The replicates the methodology declares, from its seed."""
    count = variants.uncertainty.replicates
    generator = np.random.Generator(np.random.PCG64(variants.uncertainty.seed))
    choices = generator.integers(len(variants.combinations), size=count)
    choices[0] = 0
    used: Counter[str] = Counter()
    official = variants.official[variants.rated]
    ranks = np.empty((count, len(official)), dtype=np.int32)
    ranks[0] = official
    for replicate in range(count):
        combination = variants.combinations[int(choices[replicate])]
        used[combination.name] += 1
        multipliers = 1.0 + variants.uncertainty.spread * generator.uniform(-1.0, 1.0, variants.width)
        if replicate > 0:
            ranks[replicate] = variants.ranks(combination, multipliers)
    return _summary(variants, ranks, used)


def _summary(variants: Variants, ranks: NDArray[np.int32], used: Counter[str]) -> Spread:
    count, rated = ranks.shape
    official = ranks[0]
    low, middle, high, top = (np.empty(rated) for _ in range(4))
    best = math.ceil(TOP * rated)
    shift = 0
    for start in range(0, rated, _UNITS_AT_ONCE):
        block = slice(start, start + _UNITS_AT_ONCE)
        ordered = np.sort(ranks[:, block], axis=0)
        low[block] = ordered[max(0, math.ceil(0.05 * count) - 1)]
        middle[block] = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2.0
        high[block] = ordered[math.ceil(0.95 * count) - 1]
        top[block] = np.count_nonzero(ordered <= best, axis=0) / count
        shift += int(np.abs(ordered - official[block]).sum())

    def placed(values: Floats) -> Floats:
        everyone = np.full(len(variants.official), MISSING)
        everyone[variants.rated] = values
        return everyone

    outside = np.count_nonzero((official < low) | (official > high))
    return Spread(
        p05=placed(low),
        median=placed(middle),
        p95=placed(high),
        top_share=placed(top),
        outside_interval=outside / rated if rated else 0.0,
        mean_shift=shift / (count * rated) if rated else 0.0,
        combinations=dict(sorted(used.items())),
    )
