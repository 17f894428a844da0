"""Which of two units is above the other, where the weights are not the declared ones.

Every weight of the tree varies by its own uniform factor 1 ± spread: the box of weights around the declared ones. The
share of the box in which the first unit is above is estimated from seeded draws, a tie counting half, with its standard
error sqrt(p (1 - p) / n). For a mean of two children the border is a plane, for a tree it is not, so nothing is taken
as linear. Values and gaps are held: a gap leaves its weight to the present children of the node.

Source: weight-space analysis of composite indicators (Permanyer 2011; Foster, McGillivray and Seth 2013); ENGINE 3.9.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.arithmetic import SMALLEST_NORMAL, bounded_exponential, logarithm, powers
from services.rating_engine.core.steps import explain
from services.rating_engine.core.types import Copeland, Floats, Leaf, Node

SPREAD = 0.25
DRAWS = 4_096
_DIGITS = 12
_REACH = 100.0
"""A weight is tried from a hundredth to a hundredfold of the declared one, and at nothing."""
_STEPS = 201
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the box of weights has the first unit above the second."""

    value: float
    error: float
    draws: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One weight that would turn the order."""

    code: str
    """The node or indicator whose weight it is."""
    declared: float
    needed: float
    """The weight at which both are level; the order turns just beyond it."""


def is_defined(tree: Node) -> bool:
    """Whether the score of a unit depends on its own values alone."""
    return not any(isinstance(node.aggregation, Copeland) for node in tree.nodes())


def share_above(
    tree: Node,
    first: Mapping[str, float],
    second: Mapping[str, float],
    *,
    spread: float = SPREAD,
    seed: int = 0,
    draws: int = DRAWS,
) -> Share:
    """The share of the box where the first is above; values by indicator on the common scale, `MISSING` for a gap."""
    children = _children(tree)
    generator = np.random.Generator(np.random.PCG64(seed))
    factors = 1.0 + spread * generator.uniform(-1.0, 1.0, (len(children), draws))
    apart = _apart(tree, first, second, dict(zip(children, factors, strict=True)))
    share = float((np.count_nonzero(apart > 0.0) + 0.5 * np.count_nonzero(apart == 0.0)) / draws)
    return Share(share, math.sqrt(share * (1.0 - share) / draws), draws)


def turning(tree: Node, first: Mapping[str, float], second: Mapping[str, float], *, most: int = 5) -> list[Turn]:
    """The single weights that would turn the order, the smallest relative change first; none where the two are level.

    Each weight is moved alone, from nothing to a hundredfold; the nearest change of sign is narrowed by halving.
    """
    children = _children(tree)
    one = {code: np.ones(1) for code in children}
    sign = math.copysign(1.0, apart) if (apart := float(_apart(tree, first, second, one)[0])) else 0.0
    if sign == 0.0:
        return []
    grid = np.append(np.exp(np.linspace(-math.log(_REACH), math.log(_REACH), _STEPS)), 0.0)
    found = []
    for code, declared in children.items():
        if declared <= 0.0:
            continue

        def gap(factors: Floats, code: str = code) -> Floats:
            return sign * _apart(tree, first, second, {**one, code: factors})

        turned = grid[gap(grid) < 0.0]
        if len(turned) == 0:
            continue
        near = float(min(turned.tolist(), key=lambda factor: abs(math.log(max(factor, 1e-3)))))
        low, high = 1.0, near
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            low, high = (middle, high) if float(gap(np.array([middle]))[0]) > 0.0 else (low, middle)
        found.append((abs(math.log(max(high, 1e-3))), Turn(code, declared, declared * high)))
    return [turn for _, turn in sorted(found, key=lambda pair: (pair[0], pair[1].code))[:most]]


def _children(tree: Node) -> dict[str, float]:
    """Every weight in the tree by the code of what bears it."""
    return {
        child.indicator if isinstance(child, Leaf) else child.code: child.weight
        for node in tree.nodes()
        for child in node.children
    }


def _apart(
    tree: Node, first: Mapping[str, float], second: Mapping[str, float], factors: Mapping[str, Floats]
) -> Floats:
    """Score of the first less score of the second for each column of factors, level where they differ by rounding."""
    one, other = _score(tree, first, factors), _score(tree, second, factors)
    width = np.maximum(np.maximum(np.abs(one), np.abs(other)), 1e-300)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.round(one / width - other / width, _DIGITS)


def _score(node: Node, values: Mapping[str, float], factors: Mapping[str, Floats]) -> Floats:
    power = explain.power_of(node.aggregation)
    total = np.zeros(1)
    terms: list[tuple[Floats, Floats]] = []
    none = np.zeros(1, dtype=np.bool_)
    for child in node.children:
        is_leaf = isinstance(child, Leaf)
        code = child.indicator if isinstance(child, Leaf) else child.code
        value = np.array([values.get(code, math.nan)]) if is_leaf else _score(child, values, factors)  # type: ignore[arg-type]
        weight = np.where(np.isnan(value), 0.0, child.weight * factors[code])
        total = total + weight
        annihilates = (power <= 0.0) & (value <= 0.0) & (weight > 0.0)
        none = none | annihilates
        usable = (
            np.where(np.isnan(value) | (value <= 0.0), 1.0, np.maximum(value, SMALLEST_NORMAL))
            if power != 1.0
            else np.nan_to_num(value)
        )
        term = usable if power == 1.0 else logarithm(usable) if power == 0.0 else powers(usable, power)
        is_zero = (value <= 0.0) & (power > 0.0) & (power != 1.0)
        terms.append((weight, np.where(is_zero, 0.0, term)))
    whole = np.where(total > 0.0, total, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = exact.saturated(sum((weight / whole * term for weight, term in terms), np.zeros(1)))
    if power == 1.0:
        outward = mean
    elif power == 0.0:
        outward = bounded_exponential(mean)
    else:
        outward = np.where(mean > 0.0, powers(np.where(mean > 0.0, mean, 1.0), 1.0 / power), 0.0)
    return np.where(total > 0.0, np.where(none, 0.0, outward), np.nan)
