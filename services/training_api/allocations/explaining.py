"""What is told of an allocation: to each person why, and of the whole what it comes to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.training_api.allocations import rules
from services.training_api.allocations.assembling import Assembled, Refused
from services.training_api.allocations.case import Assignment, Case
from services.training_api.allocations.first_come import first_come
from services.training_api.allocations.gathering import Facts
from services.training_api.allocations.measures import Measures, measure
from services.training_api.allocations.seating import seat_all
from services.training_api.allocations.solver import Solution
from shared.schemas.training.allocations import UnplacedReason as Reason

_MOST_FULL = 5
_SOLVER = "HiGHS 1.15.1"


class Explained:
    """The answers, ready to be written down."""

    def __init__(self, facts: Facts, assembled: Assembled, solution: Solution) -> None:
        self._facts, self._assembled, self._solution = facts, assembled, solution
        self._case = case = assembled.case
        self._number = {one.id: number for number, one in enumerate(case.people)}
        self._seated = seat_all(case, solution.assignment) or {}
        self._served = first_come(case)
        self._ways: dict[int, list[int]] = {}
        for number, way in enumerate(case.ways):
            self._ways.setdefault(way.person, []).append(number)
        self._taken = Counter(case.ways[way].site for way in solution.assignment.values())
        self._least: dict[int, float] = {}
        for taken in solution.assignment.values():
            site, worth = case.ways[taken].site, float(case.worth[taken])
            self._least[site] = min(worth, self._least.get(site, worth))
        self._held = Counter((case.ways[way].site, self._seated[person]) for person, way in solution.assignment.items())
        """By site and pool (None: open seats): who sits there."""
        self._crowds = Counter(
            (case.people[person].school, case.ways[way].site) for person, way in solution.assignment.items()
        )

    def rows(self) -> list[dict[str, Any]]:
        """The answer to each person."""
        return [self._row(row.educator_id, row.preferences) for row in self._facts.rows]

    def _row(self, educator_id: UUID, wishes: Sequence[UUID]) -> dict[str, Any]:
        person = self._number.get(educator_id)
        row: dict[str, Any] = {
            "educator_id": educator_id,
            "facts": self._facts.digest(educator_id),
            "cohort_id": None,
            "venue_id": None,
            "reason": None,
        }
        told: dict[str, Any] = {"years_without": self._facts.years.get(educator_id)}
        if person is not None:
            one = self._case.people[person]
            served = self._served.get(person)
            told |= {
                "district": one.district,
                "setting": one.setting,
                "first_come_venue_id": str(self._venue(served)) if served is not None else None,
            }
        if person is not None and person in self._solution.assignment:
            way = self._solution.assignment[person]
            place = self._facts.places[self._case.ways[way].site]
            row |= {"cohort_id": place.cohort_id, "venue_id": place.id}
            told |= self._placed(person, way, wishes)
        else:
            refused = self._assembled.refused.get(educator_id) or self._why(person)
            row["reason"] = refused.reason
            told |= {"facts": dict(refused.facts), **self._competition(person)}
        return row | {"told": told}

    def _venue(self, way: int) -> UUID:
        return self._facts.places[self._case.ways[way].site].id

    def _placed(self, person: int, way: int, wishes: Sequence[UUID]) -> dict[str, Any]:
        found = self._case.ways[way]
        pool = self._seated.get(person)
        dearer = wishes[: found.rank - 1] if found.rank else wishes
        return {
            "pool_id": str(self._case.sites[found.site].pools[pool].id) if pool is not None else None,
            "rank": found.rank or None,
            "km": found.km,
            "worth": float(self._case.worth[way]),
            "passed_over": [
                {"venue_id": str(venue), "rank": rank, "code": self._passed(person, venue)}
                for rank, venue in enumerate(dearer, 1)
            ],
        }

    def _passed(self, person: int, venue_id: UUID) -> str:
        for way in self._ways.get(person, ()):
            if self._venue(way) == venue_id:
                return "full" if self._is_full(self._case.ways[way].site) else "free"
        return "impossible"

    def _is_full(self, site: int) -> bool:
        return self._taken[site] >= self._case.sites[site].seats

    def _why(self, person: int | None) -> Refused:
        """Why somebody with ways has no seat: what stood against the venue that still had some."""
        assert person is not None
        free = [way for way in self._ways[person] if not self._is_full(self._case.ways[way].site)]
        if not free:
            return Refused(Reason.SEATS_TAKEN, {"venues": len(self._ways[person])})
        school = self._case.people[person].school
        limits = self._case.limits
        most = limits.most_per_school
        sites = [self._case.ways[way].site for way in free]
        if most is not None and all(self._crowds[school, site] >= most for site in sites):
            return Refused(Reason.SCHOOL_LIMIT, {"most_per_school": most})
        if all(self._is_closed(way) for way in free):
            return Refused(Reason.POOL_CLOSED, {"venues_with_seats": len(free)})
        if limits.need_choices:
            told = {"fewest_per_school": limits.fewest_per_school, "together": limits.together}
            return Refused(Reason.SCHOOL_LIMIT, told)
        return Refused(Reason.OUTWEIGHED, {"venues_with_seats": len(free)})

    def _is_closed(self, way: int) -> bool:
        """Whether the seats left at the venue are in pools that the person does not fit."""
        found = self._case.ways[way]
        site = self._case.sites[found.site]
        fits = any(self._held[found.site, pool] < site.pools[pool].seats for pool in found.pools)
        return not fits and self._held[found.site, None] >= site.open_seats

    def _competition(self, person: int | None) -> dict[str, Any]:
        if person is None or person not in self._ways:
            return {"full_venues": [], "short_by": None}
        prices = self._solution.seat_prices
        full = [way for way in self._ways[person] if self._is_full(self._case.ways[way].site)]
        full.sort(key=lambda way: (prices.get(self._case.ways[way].site, 0.0) - float(self._case.worth[way]), way))
        return {
            "full_venues": [
                {
                    "venue_id": str(self._venue(way)),
                    "price": prices.get(self._case.ways[way].site),
                    "least_worth": self._least.get(self._case.ways[way].site),
                    "worth": float(self._case.worth[way]),
                }
                for way in full[:_MOST_FULL]
            ],
            "short_by": self._solution.shortfalls.get(person),
        }

    def result(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The whole, ready for JSON."""
        solution, case = self._solution, self._case
        levels = [
            {"name": one.name, "best": one.best, "bound": one.bound, "kept": one.kept, "gap": one.gap}
            for one in solution.levels
        ]
        return {
            "unplaced": dict(sorted(Counter(row["reason"].value for row in rows if row["reason"]).items())),
            "proof": {
                "is_optimal": solution.is_optimal,
                "gap": max((one.gap for one in solution.levels), default=0.0),
                "levels": levels,
                "method": solution.method,
                "solver": _SOLVER,
                "seconds": round(solution.seconds, 3),
                "people": solution.size.people,
                "ways": solution.size.ways,
                "columns": solution.size.columns,
                "rows": solution.size.rows,
            },
            "allocation": told(case, solution.assignment),
            "first_come": told(case, self._served),
            "venues": [
                {
                    "venue_id": str(place.id),
                    "cohort_id": str(place.cohort_id),
                    "free": case.sites[number].seats,
                    "reserved": case.sites[number].seats - case.sites[number].open_seats,
                    "placed": self._taken[number],
                    "price": solution.seat_prices.get(number),
                }
                for number, place in enumerate(self._facts.places)
            ],
            "distance_basis": {"points": self._assembled.by_points, "areas": self._assembled.by_areas},
        }


def told(case: Case, assignment: Assignment) -> dict[str, Any]:
    """What an assignment comes to, ready for JSON."""
    found: Measures = measure(case, assignment)
    return {
        "placed": found.placed,
        "value": round(found.value, 6),
        "terms": {
            name: {
                "amount": round(term.amount, 6),
                "weight": term.weight,
                "contribution": round(term.contribution, 6),
            }
            for name, term in found.terms.items()
        },
        "long_without": found.long_without,
        "long_without_placed": found.long_without_placed,
        "total_km": round(found.total_km, 1),
        "mean_km": None if found.mean_km is None else round(found.mean_km, 2),
        "p95_km": found.p95_km,
        "first_wishes": found.first_wishes,
        "wishes": found.wishes,
        "worst_district": found.worst("district"),
        "best_district": found.best("district"),
        "rural_gap": found.rural_gap,
        "jain": found.jain,
        "gini": found.gini,
        "districts": dict(found.shares["district"]),
        "settings": dict(found.shares["setting"]),
    }


def message(reason: Reason) -> dict[str, str | None]:
    """The reason in words."""
    return dict(rules.MESSAGES[reason]._asdict())
