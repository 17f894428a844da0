"""What can be worked out of a figure that is not shown, from all that is: the least and greatest value it may have.

Every node of the tree is an equation between its value and its children, g(V) = Σ s_k g(z_k), with g the identity for
the arithmetic mean, ln for the geometric, z^p for a power mean. What is published fixes variables; what is not lies in
the interval that the scale allows. Intervals are propagated up the tree and down again. Each variable stands in at most
two equations and the equations form a tree, so two passes find the exact bounds of every variable (bounds consistency
on an acyclic network; Dechter 2003, chapter 9); no linear programme can find narrower ones.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.rating_engine.core.types import (
    Aggregation,
    Copeland,
    Flags,
    Floats,
    Leaf,
    Node,
    PowerMean,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
)

Interval = tuple[Floats, Floats]

_MOST_POWER = 20.0
"""A power beyond it is judged as this one: by then the mean is the least or the greatest child to three digits."""
_CEILING = 1e6
"""Beyond this, in units of the greatest value there is, a bound says nothing."""
_FLOOR = 1e-6
"""What a child of 0 counts as where a mean has no logarithm or power of 0."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a reader has, for a number of units at once."""

    shares: Mapping[str, Sequence[Floats]]
    """By node: the weight of each child over what is present; 0 where it is not."""
    leaves: Mapping[str, Interval]
    """By indicator: the same value twice where it is shown, the bounds of its scale where it is not."""
    nodes: Mapping[str, Floats]
    """By node: its value, `MISSING` where it is not shown."""
    standing: Mapping[str, tuple[Flags, Floats]]
    """By node below the root: where something else than its own value stands for it, and what."""
    top: float
    """The greatest value an outranking may have."""


@dataclass(frozen=True, slots=True)
class _Line:
    """g and its inverse."""

    forward: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]


def feasible(tree: Node, published: Published, *, arithmetic: bool = False) -> Mapping[str, Interval]:
    """The least and greatest value of every indicator that agree with all that is published.

    `arithmetic`: every node is the arithmetic mean by `shares`, whatever it is called.
    """
    published, scale = _scaled(published)
    inside: dict[str, Interval] = {}
    found: dict[str, Interval] = {}

    def interval(child: Node | Leaf) -> Interval:
        return published.leaves[child.indicator] if isinstance(child, Leaf) else inside[child.code]

    def up(node: Node) -> None:
        for child in node.children:
            if isinstance(child, Node):
                up(child)
        line = _line(node.aggregation, arithmetic=arithmetic)
        own = published.nodes[node.code]
        if line is None:
            low, high = np.zeros(len(own)), np.full(len(own), published.top)
        else:
            shares = published.shares[node.code]
            low, high = (
                line.back(
                    sum(
                        (
                            share * line.forward(interval(child)[end])
                            for share, child in zip(shares, node.children, strict=True)
                        ),
                        np.zeros(len(own)),
                    )
                )
                for end in (0, 1)
            )
        shown = ~np.isnan(own)
        low, high = np.where(shown, own, low), np.where(shown, own, high)
        if node.code in published.standing:
            elsewhere, stands = published.standing[node.code]
            low, high = np.where(elsewhere, stands, low), np.where(elsewhere, stands, high)
        inside[node.code] = low, high

    def down(node: Node, low: Floats, high: Floats, bound: Flags) -> None:
        line = _line(node.aggregation, arithmetic=arithmetic)
        shares = published.shares[node.code]
        sides = [interval(child) for child in node.children]
        if line is not None:
            steps = [
                (share * line.forward(side[0]), share * line.forward(side[1]))
                for share, side in zip(shares, sides, strict=True)
            ]
            least, most = sum(step[0] for step in steps), sum(step[1] for step in steps)
            floor, ceiling = line.forward(low), line.forward(high)
        for place, child in enumerate(node.children):
            below, above = sides[place]
            if line is not None:
                share = shares[place]
                reached = bound & (share > 0.0)
                weight = np.where(reached, share, 1.0)
                highest = line.back((ceiling - (least - steps[place][0])) / weight)
                lowest = line.back((floor - (most - steps[place][1])) / weight)
                above = np.where(reached, np.minimum(above, np.maximum(highest, below)), above)
                below = np.where(reached, np.maximum(below, np.minimum(lowest, above)), below)
            if isinstance(child, Leaf):
                found[child.indicator] = below, above
            else:
                elsewhere = published.standing[child.code][0] if child.code in published.standing else ~bound & False
                down(child, below, above, ~elsewhere)

    up(tree)
    root = published.nodes[tree.code]
    low, high = inside[tree.code]
    down(tree, low, high, np.ones(len(root), dtype=np.bool_))
    return {code: (np.ldexp(least, scale), np.ldexp(most, scale)) for code, (least, most) in found.items()}


def _scaled(published: Published) -> tuple[Published, int]:
    """The same in units of a power of two near the greatest value: means are homogeneous, and no power overflows."""
    most = max(
        [published.top, *(float(np.max(np.abs(side), initial=0.0)) for of in published.leaves.values() for side in of)]
    )
    scale = math.frexp(most)[1] if most > 0.0 else 0
    return (
        Published(
            published.shares,
            {code: (np.ldexp(low, -scale), np.ldexp(high, -scale)) for code, (low, high) in published.leaves.items()},
            {code: np.ldexp(values, -scale) for code, values in published.nodes.items()},
            {code: (flags, np.ldexp(values, -scale)) for code, (flags, values) in published.standing.items()},
            math.ldexp(published.top, -scale),
        ),
        scale,
    )


def _line(aggregation: Aggregation, *, arithmetic: bool) -> _Line | None:
    """None for wins, which bound nothing but their number."""
    power = 1.0
    match aggregation:
        case WeightedArithmetic():
            power = 1.0
        case WeightedGeometric():
            power = 0.0
        case WeightedHarmonic():
            power = -1.0
        case PowerMean():
            power = max(-_MOST_POWER, min(_MOST_POWER, aggregation.power))
        case Copeland():
            return None
    if arithmetic or power == 1.0:
        return _Line(lambda z: z, lambda u: u)
    if math.isclose(power, 0.0, abs_tol=1e-8):
        return _Line(lambda z: np.log(np.maximum(z, _FLOOR)), lambda u: np.exp(np.minimum(u, math.log(_CEILING))))
    if power > 0.0:
        return _Line(
            lambda z: np.power(np.clip(z, 0.0, _CEILING), power),
            lambda u: np.power(np.clip(u, 0.0, _CEILING**power), 1.0 / power),
        )
    return _Line(
        lambda z: -np.power(np.maximum(z, _FLOOR), power),
        lambda u: np.power(np.maximum(-u, _CEILING**power), 1.0 / power),
    )
