"""A tree as flat arrays for the loops of replicates: rows of values, children by place, powers instead of means."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import exact
from services.rating_engine.core.arithmetic import brought
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

_AS_GOOD_AS_ZERO = 1e-8
_STEEPEST = 600.0
"""|p ln z| up to which powers of values stay well within the doubles."""


def power_of(aggregation: Aggregation) -> float | None:
    """p of the power mean that the aggregation is (0: geometric); `None` for what is no mean of powers."""
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
            return None


@dataclass(frozen=True, slots=True)
class Programme:
    """Nodes children first; the places 0 .. rows - 1 are rows of `rows`, those after them nodes in their order."""

    rows: Floats
    """Values of leaves, each already as the mean above adds it up (its logarithm below a geometric mean)."""
    gappy: Flags
    """Whether a row has a gap."""
    first: NDArray[np.int64]
    """Where the children of each node begin, and after the last node where they end."""
    child: NDArray[np.int64]
    """The place of each child."""
    power: Floats
    """Nodes by two: the power of its own mean and the power its value is handed up as."""
    absent: NDArray[np.uint8]
    """Nodes by units: 1 where too little is known for the node to have a value."""
    has_absent: Flags
    order: NDArray[np.int64]
    """Where each child's weight stands in a row of weights in the order of `factors.slots`."""


def of(
    tree: Node,
    entering: Mapping[str, Floats],
    missing_nodes: Mapping[str, Flags],
    slots: Mapping[str, slice],
) -> Programme | None:
    """The programme of a tree over what enters at its leaves; `None` for a tree the loops do not know.

    They know arithmetic, geometric, harmonic and power means of values of ordinary size, with gaps, at any depth.
    """
    nodes = list(tree.nodes())[::-1]
    own = {node.code: power_of(node.aggregation) for node in nodes}
    if any(power is None for power in own.values()) or not _is_ordinary(entering, own.values()):
        return None
    powers = {code: power for code, power in own.items() if power is not None}
    rows: dict[tuple[str, float], int] = {}
    for node in nodes:
        for child in node.children:
            if isinstance(child, Leaf):
                rows.setdefault((child.indicator, powers[node.code]), len(rows))
    place = {node.code: len(rows) + number for number, node in enumerate(nodes)}
    children: list[int] = []
    order: list[int] = []
    first, wanted = [0], {tree.code: 1.0}
    for node in nodes:
        for below in node.children:
            if isinstance(below, Leaf):
                children.append(rows[below.indicator, powers[node.code]])
            else:
                children.append(place[below.code])
                wanted[below.code] = powers[node.code]
        order.extend(range(slots[node.code].start, slots[node.code].stop))
        first.append(len(children))
    values = np.empty((len(rows), len(next(iter(entering.values())))))
    for row, (code, power) in enumerate(rows):
        values[row] = brought(entering[code], 1.0, power)
    return Programme(
        rows=values,
        gappy=np.array([bool(np.isnan(row).any()) for row in values]),
        first=np.array(first, dtype=np.int64),
        child=np.array(children, dtype=np.int64),
        power=np.array([[powers[node.code], wanted[node.code]] for node in nodes]),
        absent=np.array([missing_nodes[node.code] for node in nodes], dtype=np.uint8),
        has_absent=np.array([bool(missing_nodes[node.code].any()) for node in nodes]),
        order=np.array(order, dtype=np.int64),
    )


def _is_ordinary(entering: Mapping[str, Floats], powers: Collection[float | None]) -> bool:
    steepest = max(1.0, *(abs(power) for power in powers if power is not None))
    for values in entering.values():
        sizes = np.abs(values[np.isfinite(values) & (values != 0.0)])
        if len(sizes) and steepest * max(abs(np.log(sizes.min())), abs(np.log(sizes.max()))) > _STEEPEST:
            return False
        if exact.exponent(np.nan_to_num(values)) != 0:
            return False
    return True
