"""Levels one after the other, each kept while the next is sought, and a proof of what was found."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import numpy as np

from services.training_api.allocations.case import Assignment, Case, Floats
from services.training_api.allocations.highs import WHOLE, Found, Solver, Stopped
from services.training_api.allocations.measures import faults
from services.training_api.allocations.model import Programme, alike, apart, build, least

__all__ = ["Level", "Size", "Solution", "Stopped", "solve"]
_SHARE_OF_TIME = 0.2
"""How much of the time left one step may take before the last level."""

_FEW_WAYS = 2000
"""Up to so many ways, branch and bound is tried for the upper levels too; beyond, their gap is told."""


@dataclass(frozen=True, slots=True)
class Level:
    """What was sought, how much of it was found, and how much of it every later level keeps."""

    name: str
    best: float
    bound: float
    """No assignment has more than this, the levels before being kept."""
    kept: float

    @property
    def gap(self) -> float:
        """(bound − best) / max(|best|, 1): 0 is a proof that nothing better exists."""
        excess = self.bound - self.best
        return excess / max(1.0, abs(self.best)) if excess > WHOLE else 0.0


@dataclass(frozen=True, slots=True)
class Size:
    """How large the programme of the last level was."""

    people: int
    ways: int
    columns: int
    rows: int
    entries: int


@dataclass(frozen=True)
class Solution:
    """An assignment and what proves it."""

    assignment: Assignment
    levels: tuple[Level, ...]
    size: Size
    seconds: float
    method: str
    """`simplex`: the relaxed programme was whole; `branch_and_bound`: it had to be branched."""
    seat_prices: Mapping[int, float] = field(default_factory=dict)
    """By site: what one more open seat there would bring, in persons of the last level (dual of the relaxation)."""
    shortfalls: Mapping[int, float] = field(default_factory=dict)
    """By person not placed: by how much a seat at the nearest-priced venue is worth too little (reduced cost)."""

    @property
    def is_optimal(self) -> bool:
        """Whether it is proved on every level that nothing better exists."""
        return all(level.gap == 0 for level in self.levels)


def solve(case: Case, *, seconds: float = 20.0, stop: Callable[[], bool] = lambda: False) -> Solution:
    """The best assignment, level by level; about `seconds` at most where branching is needed.

    1. `placed` (if it comes first): P* = max Σ a_c, and from then on Σ a_c ≥ P*.
    2. `district`, `setting` (where asked for): θ* = max min_g a_g / n_g over whole numbers, found among the shares
       k / n_g by halving, and from then on a_g ≥ ⌈(θ* − slack) n_g⌉.
    3. `worth`: max Σ w_uv x_uv.

    Levels 1 and 2 are solved with people who are alike taken together. The relaxation is solved first; where it is
    whole, its value is the proof. Where schools choose venues, the programme without these choices gives the bounds,
    repairing its answer gives a first one (`_repaired`), and branch and bound goes on from there until the time is
    over.
    """
    begun = time.monotonic()
    if not case.ways:
        return Solution({}, (), Size(len(case.people), 0, 0, 0, 0), 0.0, "simplex")
    solver = Solver(seconds, stop)
    found = _by_levels(solver, _without_choices(case))
    if not faults(case, found.assignment):
        return replace(found, seconds=time.monotonic() - begun)
    first = _repaired(solver, case, found.assignment)
    return replace(_by_levels(solver, case, first), seconds=time.monotonic() - begun)


def _by_levels(solver: Solver, case: Case, first: Assignment | None = None) -> Solution:
    """One level after the other; `first` is an answer that is known already where schools choose venues."""
    crowd = build(case, alike(case))
    flow = crowd if first is None else build(_without_choices(case), crowd.units)
    is_small = len(case.ways) <= _FEW_WAYS
    answer: dict[int, int] = dict(first or {})
    levels: list[Level] = []
    if case.placed_first:
        flow.aim_at_number()
        found = solver.settle(flow)
        most = math.floor(min(found.bound, len(case.people)) + WHOLE)
        if flow is not crowd and len(answer) < most and is_small:
            crowd.aim_at_number()
            found = solver.settle(crowd, seconds=solver.left * _SHARE_OF_TIME)
            most = math.floor(min(most, found.bound) + WHOLE)
        better = _disband(crowd, found) if flow is crowd or is_small else {}
        answer = better if len(better) > len(answer) and (flow is crowd or not faults(case, better)) else answer
        levels.append(Level("placed", len(answer), most, len(answer)))
        crowd.demand_number(len(answer))
        flow.demand_number(len(answer))
    for family, floor in case.floors.items():
        groups = case.judged(family)
        if not groups:
            continue
        low = _share(groups, answer) if first is not None else 0.0
        theta, bound, better = _raise_floor(solver, flow, family, low)
        if flow is not crowd:
            bound = theta
            theta, better = low, {}
            if low < bound and is_small:
                theta, above, better = _raise_floor(solver, crowd, family, low)
                bound = min(bound, above)
        answer = better or answer
        kept = max(0.0, min(theta, bound - floor.slack))
        levels.append(Level(family, theta, bound, kept))
        crowd.demand(family, kept)
        flow.demand(family, kept)
    programme = build(case, apart(case))
    _take_over(crowd, programme)
    start = _start(solver, programme, answer) if first is not None else None
    found = solver.settle(programme, start=start)
    assignment = _disband(programme, found) or answer
    broken = faults(case, assignment)
    if broken:
        raise AssertionError(f"the solver broke a limit: {broken}")
    value = math.fsum(float(case.worth[way]) for way in assignment.values())
    bound = min(found.bound, _at_most(case))
    bound = bound if bound > value + WHOLE else value
    return Solution(
        assignment=assignment,
        levels=(*levels, Level("worth", value, bound, value)),
        size=Size(len(case.people), len(case.ways), *_size(programme)),
        seconds=0.0,
        method="branch_and_bound" if found.is_branched else "simplex",
        **_prices(programme, found, assignment),
    )


def _at_most(case: Case) -> float:
    """What no assignment is worth more than, seats or no seats: a bound where nothing better is known."""
    best: dict[int, float] = {}
    for way, worth in zip(case.ways, case.worth, strict=True):
        best[way.person] = max(float(worth), best.get(way.person, 0.0))
    return math.fsum(best.values())


def _without_choices(case: Case) -> Case:
    return replace(case, limits=replace(case.limits, fewest_per_school=1, together=False))


def _repaired(solver: Solver, case: Case, assignment: Assignment) -> Assignment:
    """An answer that keeps the limits of schools, found by taking away the ways that break them, a few at a time.

    Where too few of a school go, nobody of it may go any more; of schools that are torn apart, the third that is
    torn least gets the venue where most of its people are. Then everything is solved again. Each turn takes ways
    away, so it ends.
    """
    left = list(range(len(case.ways)))
    while faults(case, assignment):
        banned: set[tuple[object, int]] = set()
        torn: list[tuple[float, str, object, int]] = []
        for school, sites in _crowds(case, assignment).items():
            banned |= {(school, site) for site, crowd in sites.items() if crowd < case.limits.fewest_per_school}
            if case.limits.together and len(sites) > 1:
                home = min(sites, key=lambda site, sites=sites: (-sites[site], site))  # type: ignore[misc]
                torn.append((-sites[home] / sum(sites.values()), str(school), school, home))
        hurried = solver.left < 2.0
        homes = {school: home for _, _, school, home in sorted(torn)[: len(torn) if hurried else -(-len(torn) // 3)]}
        left = [
            number
            for number in left
            if (school := case.people[case.ways[number].person].school, case.ways[number].site) not in banned
            and homes.get(school, case.ways[number].site) == case.ways[number].site
        ]
        if not left:
            return {}
        smaller = replace(_without_choices(case), ways=[case.ways[number] for number in left])
        assignment = {person: left[way] for person, way in _by_levels(solver, smaller).assignment.items()}
    return assignment


def _crowds(case: Case, assignment: Assignment) -> dict[UUID, dict[int, int]]:
    """How many of each school go to each venue."""
    found: dict[UUID, dict[int, int]] = {}
    for person, way in assignment.items():
        sites = found.setdefault(case.people[person].school, {})
        sites[case.ways[way].site] = sites.get(case.ways[way].site, 0) + 1
    return found


def _raise_floor(
    solver: Solver, programme: Programme, family: str, low_share: float
) -> tuple[float, float, dict[int, int]]:
    """The best worst share, what it cannot exceed, and an assignment that has it; from a share known to be possible."""
    groups = programme.case.judged(family)
    programme.aim({})
    shares = sorted({k / len(people) for people in groups.values() for k in range(len(people) + 1)})
    low = max((place for place, share in enumerate(shares) if share <= low_share + 1e-12), default=0)
    best = dict[int, int]()
    possible, high = low, len(shares)
    while high - possible > 1:  # what even the relaxation cannot have, nobody can
        middle = (possible + high) // 2
        programme.demand(family, shares[middle])
        found = solver.run(programme)
        if found.values is None:
            high = middle
            continue
        possible = middle
        if found.is_whole:
            low, best = middle, _disband(programme, found)
    high = possible + 1
    middle = possible  # the highest is the likeliest
    while high - low > 1:
        programme.demand(family, shares[middle])
        found = solver.settle(programme, seconds=solver.left * _SHARE_OF_TIME)
        if found.values is not None:
            low, best = middle, _disband(programme, found)
        else:
            high = middle
            possible = min(possible, middle - 1) if found.is_impossible else possible
        middle = (low + high) // 2
    return _worst(groups, shares[low]), _worst(groups, shares[max(low, possible)]), best


def _share(groups: Mapping[str, list[int]], assignment: Assignment) -> float:
    """The worst share among the groups."""
    return min(sum(one in assignment for one in people) / len(people) for people in groups.values())


def _worst(groups: Mapping[str, list[int]], share: float) -> float:
    """The worst share if every group has the least whole number that the share demands."""
    return min(least(share, len(people)) / len(people) for people in groups.values())


def _take_over(crowd: Programme, programme: Programme) -> None:
    """Demand of the second programme what is demanded of the first."""
    programme.row_lower[programme.total] = crowd.row_lower[crowd.total]
    for family, rows in crowd.groups.items():
        for name, row in rows.items():
            programme.row_lower[programme.groups[family][name]] = crowd.row_lower[row]


def _disband(programme: Programme, found: Found) -> dict[int, int]:
    """By person the way; of those alike the first members go to the first venues, and so on."""
    if found.values is None:
        return {}
    taken: dict[int, int] = {}
    assignment: dict[int, int] = {}
    for column, (number, place) in enumerate(programme.x):
        unit = programme.units[number]
        for _ in range(round(found.values[column])):
            member = taken.get(number, 0)
            taken[number] = member + 1
            assignment[unit.members[member]] = unit.ways[place][member]
    return assignment


def _start(solver: Solver, programme: Programme, assignment: Mapping[int, int]) -> Floats | None:
    """The best whole answer in which schools use the venues that they use in this assignment."""
    used = {(programme.case.people[one].school, programme.case.ways[way].site) for one, way in assignment.items()}
    try:
        for school, sites in programme.choices.items():
            for site in sites:
                programme.choose(school, site, (school, site) in used)
        found = solver.run(programme)
    finally:
        for school, sites in programme.choices.items():
            for site in sites:
                programme.choose(school, site, None)
    return np.round(found.values) if found.values is not None and found.is_whole else None


def _size(programme: Programme) -> tuple[int, int, int]:
    return len(programme.upper), len(programme.row_upper), len(programme.rows)


def _prices(programme: Programme, relaxed: Found, assignment: Mapping[int, int]) -> dict[str, Any]:
    if relaxed.row_duals is None or relaxed.column_duals is None:
        return {}
    shortfalls: dict[int, float] = {}
    for column, (number, _) in enumerate(programme.x):
        person = programme.units[number].members[0]
        if person not in assignment:
            lacking = abs(float(relaxed.column_duals[column]))
            shortfalls[person] = min(lacking, shortfalls.get(person, math.inf))
    return {
        "seat_prices": {site: round(abs(float(relaxed.row_duals[row])), 6) for site, row in programme.seats.items()},
        "shortfalls": {person: round(value, 6) for person, value in shortfalls.items()},
    }
