"""How much of a score comes from each indicator.

The parts of a node's children sum to its value V, and the parts of a child's leaves are handed up with it, so over any
tree the contributions of a rated unit sum to its score.

- Arithmetic: w z, points of the score, whatever the number of children.
- Geometric, harmonic and other power means of up to ten children: w V, the part of a child in a node that is level at
  V, and the exact Shapley value of its standing above or below that level (`shapley`). A weak child has less than its
  weight of V, less than nothing where it costs more than that. Source: Shapley 1953; for nodes within nodes Owen 1977.
- The same means of more children: the Euler parts z ∂V/∂z, which are the Aumann-Shapley values along the ray from 0
  (Billera and Heath 1982): geometric w V, harmonic w V (V / z), power p: w V (z / V)^p.
- A node that is 0 because of a zero child has parts of 0.
- Copeland: a child's part is the wins it brought less the defeats it cost, and a child that is itself a node hands its
  part down by the weights of its present leaves.

Handed up: a leaf has in its node s_i V + d_i, s_i its share of the weight and Σ d = 0. With C the part of that node in
its parent and m the slope of C, it has s_i C + m d_i there. In arithmetic trees this is the product of the weights
times z.

In a tree that is geometric throughout the score is also a product: of z^W over the indicators, W the share of the
weight over what is present.
"""

import math
from collections.abc import Mapping, Sequence
from typing import assert_never

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.steps import shapley
from services.rating_engine.core.types import (
    Aggregation,
    Copeland,
    Floats,
    Node,
    PowerMean,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
)

_AS_GOOD_AS_ZERO = 1e-8
ByIndicator = dict[str, Floats]
"""One array an indicator; 0 where the indicator plays no part for a unit."""


def slopes(
    aggregation: Aggregation, shares: Sequence[Floats], children: Sequence[Floats], value: Floats
) -> list[Floats]:
    """∂V/∂z_k for every child and unit; 0 where the child or the node has no value, or the node is 0 under a zero
    child. `shares` are the relative weights."""
    power = power_of(aggregation)
    return [
        np.where(np.isnan(child) | np.isnan(value), 0.0, share * _steepness(child, value, power))
        for share, child in zip(shares, children, strict=True)
    ]


def power_of(aggregation: Aggregation) -> float:
    """The power p of a mean; 0 for the geometric one."""
    match aggregation:
        case WeightedArithmetic():
            return 1.0
        case WeightedGeometric():
            return 0.0
        case WeightedHarmonic():
            return -1.0
        case PowerMean():
            return 0.0 if abs(aggregation.power) < _AS_GOOD_AS_ZERO else aggregation.power
        case Copeland():
            raise TypeError("wins are no mean")
        case _:
            assert_never(aggregation)


def relative(weights: Sequence[float], children: Sequence[Floats]) -> list[Floats]:
    """w / Σ w over the children present, for every unit; 0 for a missing one."""
    down = -math.frexp(max(weights))[1]
    scaled = [math.ldexp(weight, down) for weight in weights]
    present = [~np.isnan(child) for child in children]
    total = exact.weight_present(scaled, present)
    total = np.where(total == 0.0, 1.0, total)
    return [np.where(there, weight / total, 0.0) for weight, there in zip(scaled, present, strict=True)]


def _steepness(child: Floats, value: Floats, power: float) -> Floats:
    """(z / V)^(p - 1): what the derivative is beyond the weight."""
    if power == 1.0:
        return np.ones_like(child)
    usable = (child > 0.0) & (value > 0.0)
    with np.errstate(over="ignore", under="ignore"):
        ratio = exact.saturated(np.where(usable, value, 1.0) / np.where(usable, child, 1.0))
    if power == 0.0:
        steep = ratio
    elif power == -1.0:
        with np.errstate(over="ignore", under="ignore"):
            steep = exact.saturated(ratio * ratio)
    else:
        steep = exact.each(lambda one: _power(one, 1.0 - power), ratio.tolist(), count=len(ratio))
    return np.where(usable, steep, 0.0)


def _power(base: float, power: float) -> float:
    try:
        return math.pow(base, power)
    except (OverflowError, ValueError):
        return exact.LARGEST


def chain(slopes_of_children: Sequence[Floats], below: Sequence[Mapping[str, Floats]]) -> ByIndicator:
    """Contributions to a node from the contributions to its children."""
    return {
        indicator: slope * contribution
        for slope, contributions in zip(slopes_of_children, below, strict=True)
        for indicator, contribution in contributions.items()
    }


def parts(
    aggregation: Aggregation,
    weights: Sequence[float],
    shares: Sequence[Floats],
    children: Sequence[Floats],
    value: Floats,
) -> tuple[list[Floats], list[Floats]] | None:
    """The part of each child in a node and its slope; none for an arithmetic mean, whose parts are w z."""
    power = power_of(aggregation)
    if power == 1.0:
        return None
    if sum(weight > 0.0 for weight in weights) > shapley.MOST_CHILDREN:
        steep = slopes(aggregation, shares, children, value)
        return [slope * np.nan_to_num(child) for slope, child in zip(steep, children, strict=True)], steep
    counted = [place for place, weight in enumerate(weights) if weight > 0.0]
    gains, steep = shapley.gains(
        power, [shares[place] for place in counted], [children[place] for place in counted], value
    )
    nothing = np.zeros(len(value))
    handed, slope = [nothing] * len(weights), [nothing] * len(weights)
    for place, gain, one in zip(counted, gains, steep, strict=True):
        with np.errstate(over="ignore"):
            handed[place] = exact.saturated(shares[place] * np.nan_to_num(value) + gain)
        slope[place] = one
    return handed, slope


def handed_up(
    handed: tuple[Sequence[Floats], Sequence[Floats]],
    children: Sequence[Floats],
    below: Sequence[Mapping[str, Floats]],
    shares: Sequence[Mapping[str, Floats]],
) -> ByIndicator:
    """Contributions to a node from the parts and slopes of its children; `shares` holds each child's leaves with their
    weight share in it."""
    found: ByIndicator = {}
    for part, slope, child, contributions, inside in zip(*handed, children, below, shares, strict=True):
        level = np.nan_to_num(child)
        for indicator, points in contributions.items():
            if len(contributions) == 1:
                found[indicator] = part
                continue
            share = inside[indicator]
            with np.errstate(over="ignore"):
                found[indicator] = exact.saturated(share * part + slope * (points - share * level))
    return found


def settled(contributions: ByIndicator, shares: Mapping[str, Floats], value: Floats) -> ByIndicator:
    """The same, with what rounding has left over shared by the weights, so that they sum to the value.

    Only where more than 1e-12 of the value is left: slopes of nearly level children lose digits when weights are a
    million of a million apart.
    """
    known = ~np.isnan(value)
    with np.errstate(over="ignore"):
        total = exact.row_sums([points / 2.0**10 for points in contributions.values()]) * 2.0**10
        left = np.where(known, exact.saturated(np.nan_to_num(value) - total), 0.0)
    off = np.abs(left) > 1e-12 * np.abs(np.nan_to_num(value))
    if not off.any():
        return contributions
    with np.errstate(over="ignore"):
        return {
            code: np.where(off, exact.saturated(points + shares[code] * left), points)
            for code, points in contributions.items()
        }


def factors(tree: Node, shares: Mapping[str, Floats], entering: Mapping[str, Floats]) -> ByIndicator | None:
    """z^W by indicator, their product the score, in a tree of geometric means throughout; none in any other tree.

    `shares` are the weights W over what is present; the factor of a missing value is `MISSING`.
    """
    if any(isinstance(node.aggregation, Copeland) or power_of(node.aggregation) != 0.0 for node in tree.nodes()):
        return None

    def raised(base: float, power: float) -> float:
        return math.nan if base != base or power == 0.0 else math.pow(base, power)

    return {
        code: exact.each(raised, values.tolist(), shares[code].tolist(), count=len(values))
        for code, values in entering.items()
    }


def shared(parts: Sequence[Floats], below: Sequence[Mapping[str, Floats]]) -> ByIndicator:
    """Parts of a Copeland node handed down: `below` holds each child's leaves with their weight share in it."""
    return {
        indicator: np.nan_to_num(part) * share
        for part, shares in zip(parts, below, strict=True)
        for indicator, share in shares.items()
    }
