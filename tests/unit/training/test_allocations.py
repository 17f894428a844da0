"""The decision itself, against enumeration of everything that could be decided."""

import itertools
import random
from collections.abc import Iterator
from uuid import UUID

import pytest

from services.training_api.allocations import measures
from services.training_api.allocations.case import (
    Applicant,
    Assignment,
    Case,
    Floor,
    Limits,
    Pool,
    Site,
    Way,
    Weights,
    canonical,
)
from services.training_api.allocations.first_come import first_come
from services.training_api.allocations.model import least
from services.training_api.allocations.solver import Stopped, solve

_INSTANCES = 150
_NO_LIMITS = Limits()
_FLOORS = {"district": Floor(0.25, smallest=1), "setting": Floor(0.34, smallest=1)}


def _case(chance: random.Random, *, limits: Limits = _NO_LIMITS, placed_first: bool = True) -> Case:
    """A few people of a few schools, with gaps, wishes, pools and scarce seats."""
    people, ways = [], []
    sites = []
    for number in range(chance.randint(1, 3)):
        pools = tuple(
            Pool(UUID(int=900 + 10 * number + place), chance.randint(0, 2), chance.randint(0, 1))
            for place in range(chance.randint(0, 2))
        )
        sites.append(Site(UUID(int=800 + number), chance.randint(0, 2), pools))
    for number in range(chance.randint(1, 6)):
        school = chance.randint(0, 2)
        years = chance.choice([None, 0.5, 2.0, 4.0, 7.0])
        need = 1.0 if years is None else min(years, 5.0) / 5
        setting = "rural" if school else "urban"
        people.append(
            Applicant(
                UUID(int=chance.getrandbits(100)), UUID(int=school), f"d{school % 2}", setting, need, years, number
            )
        )
        wished = chance.sample(range(len(sites)), len(sites))
        for place, site in enumerate(sites):
            if chance.random() < 0.2:
                continue
            fits = frozenset(one for one in range(len(site.pools)) if chance.random() < 0.5)
            km = chance.choice([0.0, 12.5, 80.0, 310.0])
            rank = wished.index(place) + 1 if chance.random() < 0.7 else 0
            ways.append(Way(number, place, km, rank, chance.random() < 0.8, chance.random() < 0.8, fits))
    floors = {name: floor for name, floor in _FLOORS.items() if chance.random() < 0.7}
    weights = Weights() if placed_first else Weights(placed=chance.choice([0.5, 2.0]))
    return canonical(people, sites, ways, limits=limits, floors=floors, placed_first=placed_first, weights=weights)


def _all(case: Case) -> Iterator[dict[int, int]]:
    """Every assignment that keeps the limits."""
    choices: list[list[int | None]] = [[None] for _ in case.people]
    for number, way in enumerate(case.ways):
        choices[way.person].append(number)
    for taken in itertools.product(*choices):
        assignment = {person: way for person, way in enumerate(taken) if way is not None}
        if not measures.faults(case, assignment):
            yield assignment


def _worth(case: Case, assignment: Assignment) -> float:
    return measures.measure(case, assignment).value


def _worst(case: Case, family: str, assignment: Assignment) -> float:
    return min(sum(one in assignment for one in people) / len(people) for people in case.judged(family).values())


def _best_by_enumeration(case: Case) -> tuple[list[float], float]:
    """The best of each level in turn, by looking at everything."""
    left = list(_all(case))
    levels = []
    if case.placed_first:
        most = max(len(one) for one in left)
        left = [one for one in left if len(one) == most]
        levels.append(float(most))
    for family, floor in case.floors.items():
        best = max(_worst(case, family, one) for one in left)
        levels.append(best)
        demanded = {
            name: least(max(0.0, best - floor.slack), len(people)) for name, people in case.judged(family).items()
        }
        left = [
            one
            for one in left
            if all(
                sum(person in one for person in people) >= demanded[name]
                for name, people in case.judged(family).items()
            )
        ]
    return levels, max(_worth(case, one) for one in left)


@pytest.mark.parametrize(
    ("limits", "placed_first"),
    [
        (Limits(), True),
        (Limits(), False),
        (Limits(most_per_school=1), True),
        (Limits(fewest_per_school=2), True),
        (Limits(together=True), True),
        (Limits(most_per_school=2, fewest_per_school=2, together=True), True),
    ],
    ids=["seats", "weighed", "most", "fewest", "together", "all limits"],
)
def test_the_optimum_is_what_enumeration_finds_level_by_level(limits: Limits, placed_first: bool) -> None:
    chance = random.Random(str((limits, placed_first)))
    for _ in range(_INSTANCES if limits == Limits() else 40):
        case = _case(chance, limits=limits, placed_first=placed_first)

        solution = solve(case)

        if not case.ways:
            assert solution.assignment == {}
            continue
        levels, worth = _best_by_enumeration(case)
        assert [level.best for level in solution.levels[:-1]] == pytest.approx(levels, abs=1e-9)
        assert _worth(case, solution.assignment) == pytest.approx(worth, abs=2e-6)
        assert solution.is_optimal
        assert not measures.faults(case, solution.assignment)


def test_the_order_in_which_people_are_named_decides_nothing() -> None:
    chance = random.Random(7)
    for _ in range(40):
        case = _case(chance)
        order = list(range(len(case.people)))
        chance.shuffle(order)
        place = {old: new for new, old in enumerate(order)}
        ways = [
            Way(place[way.person], way.site, way.km, way.rank, way.language, way.subject, way.pools)
            for way in case.ways
        ]
        chance.shuffle(ways)
        shuffled = canonical([case.people[one] for one in order], case.sites, ways, floors=case.floors)

        first, second = solve(case), solve(shuffled)

        assert first.assignment == second.assignment
        assert [level.best for level in first.levels] == [level.best for level in second.levels]


def test_first_come_keeps_seats_and_the_most_of_a_school_and_is_never_better() -> None:
    chance = random.Random(11)
    for _ in range(100):
        case = _case(chance, limits=Limits(most_per_school=2))

        served = first_come(case)

        assert not measures.faults(case, served)
        assert len(served) <= len(solve(case).assignment)


def test_who_is_longest_without_training_gets_the_scarce_seat() -> None:
    people = [
        Applicant(UUID(int=1), UUID(int=1), "d", "urban", 0.2, 1.0, 0),
        Applicant(UUID(int=2), UUID(int=2), "d", "urban", 1.0, None, 1),
    ]
    case = canonical(people, [Site(UUID(int=9), 1)], [Way(0, 0, 1.0, 1), Way(1, 0, 1.0, 1)])

    solution = solve(case)

    assert set(solution.assignment) == {1}
    assert set(first_come(case)) == {0}
    # The seat costs at least what the first person would bring to it, and at most what the second one brings.
    assert case.worth[0] - 1e-6 <= solution.seat_prices[0] <= case.worth[1] + 1e-6
    assert solution.shortfalls.keys() == {0}


def test_people_of_equal_worth_are_served_in_the_order_of_application() -> None:
    people = [Applicant(UUID(int=9 - one), UUID(int=1), "d", "urban", 1.0, None, one) for one in range(4)]
    case = canonical(people, [Site(UUID(int=9), 2)], [Way(one, 0, 1.0) for one in range(4)])

    placed = {case.people[person].arrival for person in solve(case).assignment}

    assert placed == {0, 1}


def test_a_seat_of_a_pool_goes_to_nobody_else_although_it_stays_empty() -> None:
    people = [Applicant(UUID(int=one), UUID(int=1), "d", "urban", 1.0, None, one) for one in range(3)]
    sites = [Site(UUID(int=9), 1, (Pool(UUID(int=10), 2),))]
    case = canonical(people, sites, [Way(one, 0, 1.0, pools=frozenset({0} if one == 2 else ())) for one in range(3)])

    solution = solve(case)

    assert len(solution.assignment) == 2
    assert 2 in solution.assignment


def test_a_district_is_not_left_behind_for_the_kilometres_of_another() -> None:
    people, ways = [], []
    for number in range(20):
        is_far = number >= 10
        people.append(
            Applicant(UUID(int=number + 1), UUID(int=number), "far" if is_far else "near", "urban", 0.5, 2.5, number)
        )
        ways.append(Way(number, 0, 400.0 if is_far else 5.0))
    sites = [Site(UUID(int=99), 10)]
    free = measures.measure(case := canonical(people, sites, ways), solve(case).assignment)
    even = canonical(people, sites, ways, floors={"district": Floor(0.1)})
    fair = measures.measure(even, solve(even).assignment)

    assert free.worst("district") == 0
    assert fair.worst("district") == 0.4
    assert free.placed == fair.placed == 10
    assert free.jain is not None
    assert fair.jain is not None
    assert free.jain < fair.jain


def test_work_that_is_asked_to_stop_stops() -> None:
    with pytest.raises(Stopped):
        solve(_with_ways(), stop=lambda: True)


def _with_ways() -> Case:
    return canonical(
        [Applicant(UUID(int=1), UUID(int=1), "d", "urban", 1.0, None, 0)], [Site(UUID(int=2), 1)], [Way(0, 0, 1.0)]
    )


def test_shares_are_even_by_jain_and_gini_as_their_authors_say() -> None:
    assert measures.jain([1, 0, 0, 0]) == 0.25
    assert measures.jain([]) is None
    assert measures.gini([0, 0, 0, 1]) == 0.75
    assert measures.gini([0.0, 0.0]) == 0.0
    assert measures.percentile([3.0, 1.0, 2.0], 0.95) == 3.0
