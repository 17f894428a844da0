"""What an assignment comes to: terms of the objective, travel, and how even the shares are."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.training_api.allocations.case import Assignment, Case
from services.training_api.allocations.seating import seat_all

LONG_YEARS = 5.0
"""Without training for longer than this, or never trained: those whom coverage is about."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the objective."""

    amount: float
    """Sum over those placed, before the weight; for travel −km / D."""
    weight: float

    @property
    def contribution(self) -> float:
        """In persons."""
        return self.amount * self.weight


@dataclass(frozen=True, slots=True)
class Measures:
    """What an assignment comes to."""

    people: int
    placed: int
    value: float
    """The last level of the objective, in persons."""
    terms: Mapping[str, Term]
    long_without: int
    """People without training for more than five years."""
    long_without_placed: int
    total_km: float
    mean_km: float | None
    p95_km: float | None
    first_wishes: int
    """Placed at the venue they wished for most."""
    wishes: int
    """Placed at one of those they wished for."""
    shares: Mapping[str, Mapping[str, float]]
    """By family and group: which share of the applicants is placed; small groups left out."""
    jain: float | None
    gini: float | None

    def worst(self, family: str) -> float | None:
        """The smallest share among the groups of a family."""
        return min(self.shares[family].values(), default=None)

    def best(self, family: str) -> float | None:
        """The largest share among the groups of a family."""
        return max(self.shares[family].values(), default=None)

    @property
    def rural_gap(self) -> float | None:
        """Share of those placed from rural schools less that from urban ones."""
        shares = self.shares["setting"]
        return shares["rural"] - shares["urban"] if {"rural", "urban"} <= shares.keys() else None


def jain(shares: Sequence[float]) -> float | None:
    """Jain's index of fairness: J = (Σ s)² / (n · Σ s²), from 1/n (one has all) to 1 (all equal).

    R. Jain, D.-M. Chiu, W. Hawe: A Quantitative Measure of Fairness and Discrimination for Resource Allocation in
    Shared Computer Systems, DEC-TR-301, 1984. None without shares; 1 where all are zero.

    >>> jain([0.8, 0.8, 0.8])
    1.0
    >>> jain([1.0, 0.0])
    0.5
    """
    if not shares:
        return None
    squares = math.fsum(share * share for share in shares)
    return 1.0 if squares == 0 else min(1.0, math.fsum(shares) ** 2 / (len(shares) * squares))


def gini(shares: Sequence[float]) -> float | None:
    """Gini's coefficient: G = Σ_i Σ_j |s_i − s_j| / (2 n² · mean), from 0 (all equal) towards 1.

    C. Gini: Variabilità e mutabilità, 1912; computed from sorted values, G = Σ (2i − n − 1) s_(i) / (n Σ s).

    >>> gini([0.5, 0.5])
    0.0
    >>> gini([0.0, 1.0])
    0.5
    """
    if not shares:
        return None
    total, count = math.fsum(shares), len(shares)
    if total == 0:
        return 0.0
    ranked = enumerate(sorted(shares), 1)
    return max(0.0, math.fsum((2 * place - count - 1) * share for place, share in ranked) / (count * total))


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest of the values that at least that share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else None


def measure(case: Case, assignment: Assignment) -> Measures:
    """What the assignment comes to, by exact sums."""
    taken = [assignment[person] for person in sorted(assignment)]
    terms = {
        name: Term(math.fsum(float(values[way]) for way in taken), getattr(case.weights, name))
        for name, values in case.parts.items()
    }
    shares = {
        family: {name: sum(one in assignment for one in people) / len(people) for name, people in groups.items()}
        for family, groups in ((family, case.judged(family)) for family in case.groups)
    }
    kms = [case.ways[way].km for way in taken]
    long_ones = [number for number, one in enumerate(case.people) if one.years is None or one.years > LONG_YEARS]
    districts = list(shares["district"].values())
    return Measures(
        people=len(case.people),
        placed=len(taken),
        value=math.fsum(float(case.worth[way]) for way in taken),
        terms=terms,
        long_without=len(long_ones),
        long_without_placed=sum(number in assignment for number in long_ones),
        total_km=math.fsum(kms),
        mean_km=math.fsum(kms) / len(kms) if kms else None,
        p95_km=percentile(kms, 0.95),
        first_wishes=sum(case.ways[way].rank == 1 for way in taken),
        wishes=sum(case.ways[way].rank > 0 for way in taken),
        shares=shares,
        jain=jain(districts),
        gini=gini(districts),
    )


def faults(case: Case, assignment: Assignment) -> list[str]:
    """Which of the limits the assignment breaks; none if it may be carried out. Knows nothing of the solver."""
    found = [
        f"person {person} goes another's way" for person, way in assignment.items() if case.ways[way].person != person
    ]
    if seat_all(case, assignment) is None:
        found.append("more people than seats")
    crowds: dict[tuple[object, int], int] = {}
    for person, way in assignment.items():
        key = (case.people[person].school, case.ways[way].site)
        crowds[key] = crowds.get(key, 0) + 1
    limits = case.limits
    if limits.most_per_school is not None and any(crowd > limits.most_per_school for crowd in crowds.values()):
        found.append("too many of a school at a venue")
    if any(crowd < limits.fewest_per_school for crowd in crowds.values()):
        found.append("too few of a school at a venue")
    if limits.together and len({school for school, _ in crowds}) < len(crowds):
        found.append("a school is torn apart")
    return found
