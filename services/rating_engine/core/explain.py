"""How much of a score comes from each indicator.

All means but Copeland's are homogeneous of degree one, so by Euler's theorem V = Σ_k z_k ∂V/∂z_k, which is also the
Aumann-Shapley value of the children along the ray from 0 (Aumann and Shapley 1974; Billera and Heath 1982). By the
chain rule the contribution of an indicator is its normalised value times the product of the derivatives on its path,
and over any mixture of means the contributions sum to the score.

- Arithmetic: w z. Contributions are points of the score.
- Geometric: w V. A contribution is an elasticity: a child's value better by 1 % lifts the node by 1 % of its
  contribution. The parts of a geometric node are therefore those of the weights; which child is weak is read from the
  node scores.
- Harmonic: w V (V / z): the weakest child carries the most. Power p: w V (z / V)^p.
- A node that is 0 because of a zero child has contributions of 0.
- Copeland counts wins, which have no derivative: a child's part is the wins it brought, and a child that is itself a
  node hands its part down by the weights of its present leaves.
"""

import math
from collections.abc import Mapping, Sequence
from typing import assert_never

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import (
    Aggregation,
    Copeland,
    Floats,
    PowerMean,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
)

ByIndicator = dict[str, Floats]
"""One array an indicator; 0 where the indicator plays no part for a unit."""


def slopes(
    aggregation: Aggregation, shares: Sequence[Floats], children: Sequence[Floats], value: Floats
) -> list[Floats]:
    """∂V/∂z_k for every child and unit; 0 where the child or the node has no value, or the node is 0 under a zero
    child. `shares` are the relative weights."""
    match aggregation:
        case WeightedArithmetic():
            power = 1.0
        case WeightedGeometric():
            power = 0.0
        case WeightedHarmonic():
            power = -1.0
        case PowerMean():
            power = aggregation.power
        case Copeland():
            raise TypeError("wins have no derivative")
        case _:
            assert_never(aggregation)
    return [
        np.where(np.isnan(child) | np.isnan(value), 0.0, share * _steepness(child, value, power))
        for share, child in zip(shares, children, strict=True)
    ]


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


def shared(parts: Sequence[Floats], below: Sequence[Mapping[str, Floats]]) -> ByIndicator:
    """Parts of a Copeland node handed down: `below` holds each child's leaves with their weight share in it."""
    return {
        indicator: np.nan_to_num(part) * share
        for part, shares in zip(parts, below, strict=True)
        for indicator, share in shares.items()
    }
