"""What ballots amount to: means with honest margins, totals over organisations, and what of it may be shown."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import Floats

CONFIDENCE = 0.95
Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean on a scale of 0 to 100."""

    value: float
    n: int
    population: int
    spread: float
    """s², the weighted sample variance of one answer."""
    variance: float | None
    """Sampling variance of the mean; None where a single answer tells nothing of it."""
    low: float | None
    high: float | None
    """Ends of the 95 % interval, kept within 0 to 100."""

    @property
    def margin(self) -> float | None:
        """Half of the 95 % interval before it was kept within the scale: t(n − 1) · √variance."""
        return None if self.variance is None else student(self.n - 1) * math.sqrt(self.variance)


def student(df: float) -> float:
    """The 97.5 % quantile of Student's t, the factor of a 95 % margin."""
    from scipy.special import stdtrit  # here: its import would cost every start of the service

    return float(stdtrit(df, (1 + CONFIDENCE) / 2))


def mean(values: Floats, weights: Floats, *, population: int, design_effect: float = 1.0) -> Estimate:
    """Mean of n answers of a frame of N: ȳ = Σwy/Σw with variance deff · s²/n · (1 − n/N).

    s² = Σw(y − ȳ)²/Σw · n/(n − 1); deff is Kish's, so what raking gains in precision is not claimed. The last factor is
    the correction for a finite population (Cochran 1977, 2.6): when everybody has answered nothing is left to chance.
    `values` are 0 to 100 without gaps, n ≥ 1; N is taken as n where it is smaller. Sums are exact: order is no matter.
    """
    n = len(values)
    whole = exact.total(weights)
    centre = exact.total(weights * values) / whole
    if n == 1:
        return Estimate(centre, 1, max(population, 1), 0.0, 0.0 if population <= 1 else None, None, None)
    deviations = values - centre
    spread = exact.total(weights * deviations * deviations) / whole * n / (n - 1)
    variance = design_effect * spread / n * max(0.0, 1.0 - n / population) if population > n else 0.0
    half = student(n - 1) * math.sqrt(variance)
    return Estimate(centre, n, max(population, n), spread, variance, max(0.0, centre - half), min(100.0, centre + half))


def pooled(parts: Sequence[Estimate]) -> Estimate:
    """The mean over several organisations, each counting by its frame: Σ N ȳ / Σ N, variance Σ (N/ΣN)² v.

    That is the estimator of a stratified sample (Cochran 1977, 5.3). A part with a single answer takes the s² of all
    others together, weighted by n − 1; where no part has two answers the variance is unknown. At least one part.
    """
    whole = math.fsum(part.population for part in parts)
    value = math.fsum(part.population * part.value for part in parts) / whole
    freedom = sum(part.n - 1 for part in parts)
    common = math.fsum((part.n - 1) * part.spread for part in parts) / freedom if freedom else None
    n = sum(part.n for part in parts)
    terms = []
    for part in parts:
        own = part.variance
        if own is None and common is not None:
            own = common * (1.0 - 1.0 / part.population)
        if own is None:
            return Estimate(value, n, int(whole), 0.0, None, None, None)
        terms.append((part.population / whole) ** 2 * own)
    variance = math.fsum(terms)
    half = student(max(1, freedom)) * math.sqrt(variance)
    low, high = max(0.0, value - half), min(100.0, value + half)
    return Estimate(value, n, int(whole), common or 0.0, variance, low, high)


def differs(kept: Estimate, without: Estimate) -> bool:
    """Whether leaving answers out moves the mean by more than one standard error of the mean with all of them."""
    moved = abs(kept.value - without.value)
    return moved > 1e-9 and (kept.variance is None or moved > math.sqrt(kept.variance))


def coded(share: float, n: int) -> float:
    """A share in percent as it may be published: of fewer than 50 persons, nothing beyond 5 and 95 (NCES 2011-603)."""
    return share if n >= 50 else min(95.0, max(5.0, share))


def cells_allow(counts: Sequence[int], least: int) -> bool:
    """Whether a distribution may be shown: each answer was given by nobody or by `least` and more, and not by all.

    >>> cells_allow([0, 12, 30], 10), cells_allow([3, 12, 30], 10), cells_allow([0, 0, 45], 10)
    (True, False, False)
    """
    filled = [count for count in counts if count]
    return len(filled) > 1 and min(filled) >= least


def protected(parents: Mapping[Node, Node | None], own: Mapping[Node, int], *, least: int) -> set[Node]:
    """The nodes of a tree whose figures may be shown together.

    A node's figure rests on the answers of all leaves below it; `own` are the answers of leaves. Figures of nested
    sets say exactly as much as what each adds to those inside it: the answers of a node that are in none of the nodes
    shown below it. Such a remainder is nobody or `least` and more for every node shown; while it is not, the smallest
    node shown directly below is hidden too and its remainder joins. Then no sum or difference of figures, of whatever
    many, rests on fewer than `least` answers.
    """
    children: dict[Node, list[Node]] = {}
    for node, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(node)
    shown: set[Node] = set()
    remainder: dict[Node, int] = {}

    def settle(node: Node) -> None:
        below = children.get(node, [])
        left = own.get(node, 0) + sum(remainder[child] for child in below if child not in shown)
        if left >= least or not below:
            remainder[node] = left
            if left >= least:
                shown.add(node)
            return
        visible = sorted((child for child in below if child in shown), key=lambda child: (remainder[child], str(child)))
        while 0 < left < least and visible:
            hidden = visible.pop(0)
            shown.discard(hidden)
            left += remainder[hidden]
        remainder[node] = left
        if left >= least or (left == 0 and visible):
            shown.add(node)

    for node in _upwards(parents, children):
        settle(node)
    return shown


def _upwards(parents: Mapping[Node, Node | None], children: Mapping[Node, Sequence[Node]]) -> list[Node]:
    """Every node after all nodes below it."""
    order = [node for node, parent in parents.items() if parent is None]
    for node in order:
        order.extend(children.get(node, ()))
    return order[::-1]


def row_means(columns: Sequence[Floats]) -> Floats:
    """The mean over columns for each row: one ballot's score over its questions. Sums are exact; nothing is missing."""
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return np.array([math.fsum(row) / len(columns) for row in rows], dtype=np.float64)
