"""What a missing value costs: nothing more than its weight, a low value instead, or the rating itself.

Present means: the unit has the value. Coverage of a unit is the share of the effective weight of its leaves (the
product of relative weights from the root down) that is present; coverage of a node is the share of its children,
counted without weights, that have a value (`dat_thresh` of COINr). Both are measured before anything is put in a gap,
whatever the reason of the gap, and a share equal to its threshold is enough.
"""

import math
from collections.abc import Sequence

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import EXEMPT_REASONS, Column, Flags, Floats, Leaf, Node

LOW_SHARE = 0.1
"""`penalise` takes the value that a tenth of the group does not exceed."""


def exempt(column: Column) -> Flags:
    """Where a value is missing for a reason that is not the unit's own choice."""
    gaps = np.isnan(column.values)
    if column.reasons is None:
        return np.zeros_like(gaps)
    return gaps & np.array([reason in EXEMPT_REASONS for reason in column.reasons], dtype=np.bool_)


def effective_weights(tree: Node) -> dict[str, float]:
    """Each indicator's share of the whole: the product of relative weights on its path."""
    shares: dict[str, float] = {}

    def descend(node: Node, share: float) -> None:
        total = math.fsum(child.weight for child in node.children)
        for child in node.children:
            below = share * (child.weight / total)
            if isinstance(child, Leaf):
                shares[child.indicator] = below
            else:
                descend(child, below)

    descend(tree, 1.0)
    return shares


def coverage(weights: Sequence[float], present: Sequence[Flags]) -> Floats:
    """Σ w present / Σ w, exactly 1 for a unit that has everything."""
    return exact.weight_present(weights, present) / math.fsum(weights)


def node_coverage(children: Sequence[Floats]) -> Floats:
    """Share of the children that have a value."""
    count = np.zeros(len(children[0]))
    for child in children:
        count += ~np.isnan(child)
    return count / len(children)


def complete(children: Sequence[Floats]) -> Flags:
    """Where no child is missing, as `require` asks."""
    whole: Flags = ~np.logical_or.reduce([np.isnan(child) for child in children])
    return whole


def penalised(
    child: Floats, chargeable: Flags, groups: Sequence[tuple[Flags, Flags]], previous: Floats | None
) -> Floats:
    """`child` with a low value in its chargeable gaps: the lower of the group's low decile and the unit's own last
    value.

    The low decile is the smallest observed value that at least a tenth of the group's values do not exceed, so in a
    group of ten or fewer it is the lowest. `groups` are (members, population compared with); without any value there
    the gaps stay.
    """
    filled = child.copy()
    for members, population in groups:
        known = np.sort(child[population & ~np.isnan(child)])
        gaps = members & chargeable
        if len(known) == 0 or not gaps.any():
            continue
        low = exact.low_quantile(known, LOW_SHARE)
        filled[gaps] = low if previous is None else np.fmin(low, previous[gaps])
    return filled
