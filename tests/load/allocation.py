"""How well and how fast people are placed: `python -m tests.load.allocation` prints a table and asserts nothing."""

import math
import random
from collections.abc import Callable
from uuid import UUID

from services.training_api.allocations.case import (
    Applicant,
    Assignment,
    Case,
    Floor,
    Limits,
    Pool,
    Site,
    Way,
    canonical,
)
from services.training_api.allocations.first_come import first_come
from services.training_api.allocations.measures import Measures, measure
from services.training_api.allocations.solver import Solution, solve

SCHOOLS, TEACHERS_PER_SCHOOL, VENUES, DISTRICTS = 170, 10, 20, 17
FLOORS = {"district": Floor(0.05), "setting": Floor(0.05)}


def country(
    seats: int,
    *,
    pools: bool = False,
    scarce_words: bool = False,
    max_km: float = math.inf,
    limits: Limits | None = None,
) -> Case:
    """1,700 teachers of 170 schools in 17 districts, three in five schools rural, 20 venues with `seats` seats each.

    Remote districts have waited longer and learn of the course later. With `pools` half of the seats are kept for
    rural schools and a fifth for Kazakh; with `scarce_words` only a few venues teach in Russian or physics.
    """
    chance = random.Random(1700)
    sites = [
        Site(
            UUID(int=10**6 + one),
            seats - (seats // 2 + seats // 5 if pools else 0),
            (Pool(UUID(int=10**7 + one), seats // 2, 0), Pool(UUID(int=2 * 10**7 + one), seats // 5, 1))
            if pools
            else (),
        )
        for one in range(VENUES)
    ]
    venue_points = [(chance.uniform(0, 400), chance.uniform(0, 400)) for _ in sites]
    people: list[Applicant] = []
    ways: list[Way] = []
    order = list(range(SCHOOLS * TEACHERS_PER_SCHOOL))
    order.sort(key=lambda one: one // TEACHERS_PER_SCHOOL % DISTRICTS / 4 + chance.random() * DISTRICTS)
    arrivals = {person: place for place, person in enumerate(order)}
    for school in range(SCHOOLS):
        district = school % DISTRICTS
        x, y = chance.gauss(25 + district * 21, 25), chance.gauss(200, 110)
        rural = chance.random() < 0.6
        kazakh = chance.random() < 0.75
        for _ in range(TEACHERS_PER_SCHOOL):
            person = len(people)
            years = None if chance.random() < 0.1 else chance.expovariate(1 / (2 + district / 5))
            need = 1.0 if years is None else min(years, 5.0) / 5
            physics = chance.random() < 0.4
            people.append(
                Applicant(
                    UUID(int=person + 1),
                    UUID(int=10**5 + school),
                    f"{district:02}",
                    "rural" if rural else "urban",
                    need,
                    years,
                    arrivals[person],
                )
            )
            wished = chance.sample(range(VENUES), 3)
            for site, point in enumerate(venue_points):
                language = not scarce_words or kazakh or site % 5 == 0
                subject = not scarce_words or not physics or site % 4 == 0
                km = round(math.dist((x, y), point), 1)
                if km > max_km or not (language and subject):
                    continue
                rank = wished.index(site) + 1 if site in wished else 0
                fits = frozenset(([0] if rural else []) + ([1] if kazakh else [])) if pools else frozenset()
                ways.append(Way(person, site, km, rank, language, subject, fits))
    return canonical(people, sites, ways, floors=FLOORS, limits=limits or Limits())


CASES: dict[str, Callable[[], Case]] = {
    "1,700 seats": lambda: country(85),
    "1,360 seats": lambda: country(68),
    "1,360 seats, pools": lambda: country(68, pools=True),
    "scarce languages, subjects": lambda: country(85, scarce_words=True),
    "1,360 seats, 150 km, pools": lambda: country(68, pools=True, max_km=150.0),
    "1,360 seats, 4 of a school": lambda: country(68, limits=Limits(most_per_school=4)),
    "1,360 seats, 2 of a school": lambda: country(68, limits=Limits(fewest_per_school=2)),
}


def _row(case: Case, name: str, assignment: Assignment, solution: Solution | None) -> str:
    found: Measures = measure(case, assignment)
    proof = f"{solution.seconds:>8.2f}{max(level.gap for level in solution.levels):>8.2%}" if solution else ""
    return (
        f"{name:<40}{found.placed:>7}{found.long_without_placed / found.long_without:>8.1%}"
        f"{found.mean_km or 0:>8.1f}{found.p95_km or 0:>8.1f}{found.worst('district') or 0:>8.3f}"
        f"{found.rural_gap or 0:>+8.3f}{found.jain or 0:>8.4f}{found.value:>10.1f}{proof}"
    )


def main() -> None:
    """Print the table."""
    print(f"{SCHOOLS * TEACHERS_PER_SCHOOL:,} people of {SCHOOLS} schools in {DISTRICTS} districts, {VENUES} venues")
    print(
        f"{'':<40}{'placed':>7}{'>5 y':>8}{'mean km':>8}{'p95 km':>8}{'worst':>8}{'rur−urb':>8}{'Jain':>8}{'worth':>10}"
        f"{'seconds':>8}{'gap':>8}"
    )
    for name, make in CASES.items():
        case = make()
        solution = solve(case)
        print(_row(case, name, solution.assignment, solution))
        print(_row(case, "    first come, first served", first_come(case), None))


if __name__ == "__main__":
    main()
