"""What a missing value costs: nothing more than its weight, a low value instead, or the rating itself.

Present means: the unit has the value. Coverage of a unit is the share of the effective weight of its leaves (the
product of relative weights from the root down) that is present; coverage of a node is the share of its children,
counted without weights, that have a value (`dat_thresh` of COINr). Both are measured before anything is put in a gap,
whatever the reason of the gap, and a share equal to its threshold is enough.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import Flags, Floats, Leaf, Node

LOW_SHARE = 0.1
"""`penalise` takes the value that a tenth of the group does not exceed."""


def effective_weights(tree: Node) -> dict[str, float]:
    """Each indicator's share of the whole: the product of relative weights on its path; 0 below a node whose children
    all weigh nothing, as in a replicate that leaves its last indicator out."""
    shares: dict[str, float] = {}

    def descend(node: Node, share: float) -> None:
        total = math.fsum(child.weight for child in node.children)
        for child in node.children:
            below = share * (child.weight / total) if total > 0.0 else 0.0
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


def node_weight(weights: Sequence[float], children: Sequence[Floats]) -> Floats:
    """Share of the weight of the children that have a value; 1 for children that all weigh nothing."""
    total = math.fsum(weights)
    if total == 0.0:
        return np.ones(len(children[0]))
    return exact.weight_present(weights, [~np.isnan(child) for child in children]) / total


def complete(children: Sequence[Floats]) -> Flags:
    """Where no child is missing, as `require` asks."""
    whole: Flags = ~np.logical_or.reduce([np.isnan(child) for child in children])
    return whole


def penalised(
    child: Floats, chargeable: Flags, groups: Sequence[tuple[Flags, Flags]], previous: Floats | None
) -> Floats:
    """`child` with a low value in its chargeable gaps: the lower of the group's low decile, its mean, and the unit's
    own last value.

    The low decile is the smallest observed value that at least a tenth of the group's values do not exceed, so in a
    group of ten or fewer it is the lowest. The mean is lower still only where a few values are far below all others;
    with it, a value drawn from the group is never expected to be worse than what is charged for hiding it. `groups` are
    (members, population compared with); without any value there the gaps stay.
    """
    filled = child.copy()
    for members, population in groups:
        known = np.sort(child[population & ~np.isnan(child)])
        gaps = members & chargeable
        if len(known) == 0 or not gaps.any():
            continue
        low = min(exact.low_quantile(known, LOW_SHARE), centre(known))
        filled[gaps] = low if previous is None else np.fmin(low, previous[gaps])
    return filled


def centre(known: Floats) -> float:
    """The arithmetic mean of values of any size."""
    scale = exact.exponent(known)
    return math.ldexp(exact.mean(np.ldexp(known, -scale)), scale)


def median(known: Floats) -> float:
    """The middle value, or half way between the two middle ones."""
    ordered = np.sort(known)
    low, high = float(ordered[(len(ordered) - 1) // 2]), float(ordered[len(ordered) // 2])
    return low / 2.0 + high / 2.0 if low != high else low


def imputed(
    values: Floats, gaps: Flags, groups: Sequence[tuple[Flags, Flags]], middle: Callable[[Floats], float]
) -> Floats:
    """`values` with the mean or median (`middle`) of the group in the gaps; of everyone where the group has no value.

    The mean of the means is unchanged by it, and so is the place of nobody who has a value; a unit below its group
    gains by hiding, which is why a public methodology charges instead. Source: OECD/JRC Handbook (2008), step 3; COINr
    `i_mean`, `i_median`, `i_mean_grp`, `i_median_grp`.
    """
    filled = values.copy()
    everyone = values[~np.isnan(values)]
    for members, population in groups:
        wanted = members & gaps
        if not wanted.any() or len(everyone) == 0:
            continue
        known = values[population & ~np.isnan(values)]
        filled[wanted] = middle(known if len(known) else everyone)
    return filled


def expected(values: Floats, gaps: Flags, groups: Sequence[tuple[Flags, Flags]]) -> tuple[Floats, Floats]:
    """What is known of a value nobody may see: the mean of its group, and the variance (n - 1) of the group's values.

    That is the posterior of empirical Bayes without any evidence of its own (λ = 0), the sampling variance of the
    others included, so the interval is rather too wide than too narrow. `MISSING` outside the gaps and where a group
    has no value; the variance of a single value is taken from everyone.
    """
    means, variances = np.full(len(values), np.nan), np.full(len(values), np.nan)
    everyone = values[~np.isnan(values)]
    for members, population in groups:
        wanted = members & gaps
        if not wanted.any():
            continue
        known = values[population & ~np.isnan(values)]
        if len(known) == 0:
            continue
        means[wanted] = centre(known)
        variances[wanted] = _variance(known if len(known) > 1 else everyone)
    return means, variances


def _variance(known: Floats) -> float:
    scale = exact.exponent(known)
    scaled = np.ldexp(known, -scale)
    deviation = exact.sample_sd(scaled, exact.mean(scaled))
    with np.errstate(over="ignore"):
        return float(exact.saturated(np.ldexp(np.array([deviation * deviation]), 2 * scale))[0])
