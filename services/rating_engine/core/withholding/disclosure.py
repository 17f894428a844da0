"""What of a result may be shown, so that no figure resting on a few people can be worked out from the rest.

1. Primary: a value resting on fewer than `suppress_below` observations is hidden with all that is made of it alone.
2. Coding: a share of at most 5 %, or at least 95 %, of fewer than 50 is told as «at most 5 %» or «at least 95 %».
3. Score: where more than a third of the weight of a score is hidden small values or what stands for them, the score,
   the place and the band are not published; places are then taken among those that are.
4. Complementary: a published score and all contributions but one give the last away. So further values of the same unit
   are hidden, nearest in the tree first, and the contributions of what is hidden are told as one sum, until from
   everything published each protected value may still lie anywhere in an interval of the stated width. Node scores
   between a hidden value and its companion are hidden with them. Where no companion is left the score goes.
5. Totals: a mean or a sum over peers or an area is taken over what is published only, so it tells nothing
   that is not published already, whatever is subtracted from whatever.

The gate is `bounds.feasible`, exact for one tree. A scale that is itself taken from the population (extremes, mean,
places) tells of hidden values through the figures of others; such indicators are named in `exposed`, and `goalposts`
freezes their scales. Source: NCES 2011-603 (rules of American states); EU/ESSnet Handbook on Statistical Disclosure
Control (2024), chapter 4; docs/decisions/what-is-suppressed.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.steps import ranking
from services.rating_engine.core.types import Dataset, Flags, Floats, Methodology, Result
from services.rating_engine.core.withholding.suppression import Cells

WIDTH: Final = 0.1
"""Of the scale, the least a reader must be left unsure of."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is not shown, in the order of the units of the result."""

    primary: Mapping[str, Flags]
    """By indicator: values that rest on too few people."""
    coded: Mapping[str, tuple[str | None, ...]]
    """By indicator with shares: what is told instead of the value."""
    hidden: Mapping[str, Flags]
    """By indicator: value, n, normalised value and contribution are not shown; all for the same reason, `suppressed`.
    A coded share is among them: of it the code is shown."""
    merged: Mapping[str, Flags]
    """By indicator: its contribution is only told in the sum of the group."""
    merged_contribution: Floats
    """For each unit with a published score the sum of the contributions in the group; `MISSING` where there is none."""
    hidden_nodes: Mapping[str, Flags]
    """By node, the root included: its score is not shown."""
    unpublished: Flags
    """Units whose score, place and band are not shown."""
    reserved: Flags
    """Units of which anything is hidden: no second figure made of the same values may be shown beside the score, such
    as a posterior mean, a probability, a smallest step to the next band or a what-if."""
    rank: NDArray[np.int64]
    """Places among the published scores; 0 without one."""
    exposed: tuple[str, ...]
    """Indicators with protected values whose scale, or whose node, is about the whole population."""
    narrowest: float
    """The least that is left unsure of any protected value, as a share of what must be left: 1 or more is safe."""
    report: Mapping[str, int | float | list[str]]
    """Counts, for the artefact of the run."""


def suppress(
    dataset: Dataset,
    methodology: Methodology,
    result: Result,
    *,
    shares: Mapping[str, float] = MappingProxyType({}),
    width: float = WIDTH,
) -> Disclosure:
    """Decide what is shown of a result; `shares` are the indicators that are shares, with what 100 % is written as.

    Without `suppress_below` and without shares everything is shown. Cost: linear in units times indicators.
    """
    cells = Cells(dataset, methodology, result, shares, width)
    cells.protect()
    return _told(cells)


def _told(cells: Cells) -> Disclosure:
    units = np.flatnonzero(cells.touched())
    narrowest = min((float(left.min()) for left in cells.widths(units).values() if len(left)), default=float("inf"))
    merged = cells.merged()
    published = ~np.isnan(cells.result.score) & ~cells.unpublished
    together = np.zeros(len(cells.result.units))
    grouped = np.zeros(len(cells.result.units), dtype=np.bool_)
    for code, flags in merged.items():
        together += np.where(flags, np.nan_to_num(cells.result.contributions[code]), 0.0)
        grouped |= flags
    score = np.where(published, cells.result.score, np.nan)
    rank = ranking.competition(score) if cells.methodology.ranked else np.zeros_like(cells.result.rank)
    complementary = sum(int((cells.hidden[code] & ~cells.protected[code]).sum()) for code in cells.hidden)
    exposed = tuple(cells.exposed())
    return Disclosure(
        primary=cells.primary,
        coded=cells.codes,
        hidden=cells.hidden,
        merged=merged,
        merged_contribution=np.where(grouped & published, together, np.nan),
        hidden_nodes={code: flags & ~np.isnan(cells.result.nodes[code]) for code, flags in cells.nodes.items()},
        unpublished=cells.unpublished,
        reserved=cells.touched(),
        rank=rank,
        exposed=exposed,
        narrowest=narrowest,
        report={
            "primary": sum(int(flags.sum()) for flags in cells.primary.values()),
            "coded": sum(sum(told is not None for told in codes) for codes in cells.codes.values()),
            "complementary": complementary,
            "nodes": sum(
                int((flags & ~np.isnan(cells.result.nodes[code])).sum()) for code, flags in cells.nodes.items()
            ),
            "units": int(cells.touched().sum()),
            "unpublished": int(cells.unpublished.sum()),
            "exposed": list(exposed),
        },
    )
