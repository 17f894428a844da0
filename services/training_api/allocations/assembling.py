"""From facts to the case that is decided, and to those about whom nothing is to be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.training_api.allocations import errors, rules
from services.training_api.allocations.case import (
    Applicant,
    Case,
    Floor,
    Limits,
    Pool,
    Site,
    Way,
    Weights,
    canonical,
)
from services.training_api.allocations.gathering import Course, Facts
from services.training_api.cohorts.rules import overlap
from services.training_api.educators.service import Learner
from services.training_api.organisations.service import Known
from services.training_api.reservations import service as reservations
from shared.schemas.training.allocation_questions import AllocationVenue
from shared.schemas.training.allocations import UnplacedReason as Reason
from shared.schemas.training.enrolments import EnrolmentStatus
from shared.schemas.training.words import ApprovalLevel

_BY_PLACE = (Reason.NOT_WISHED, Reason.LANGUAGE, Reason.SUBJECT, Reason.TOO_FAR, Reason.POOL_CLOSED)
"""What may stand against a venue, from what is looked at first."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody who has no way at all, and why."""

    reason: Reason
    facts: Mapping[str, Any]


@dataclass
class Assembled:
    """The case, and what it left out."""

    case: Case
    refused: dict[UUID, Refused] = field(default_factory=dict)
    """By person, also those who are in the case although they have no way."""
    barred: dict[tuple[UUID, UUID], Reason] = field(default_factory=dict)
    """By person and venue: why not there."""
    by_points: int = 0
    by_areas: int = 0


class _Distances:
    """Kilometres between workplaces and hosts, each pair asked for once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._points: dict[UUID, tuple[float, float]] = {
            one.organisation_id: (one.latitude, one.longitude) for one in facts.question.points
        }
        self._found: dict[tuple[UUID, UUID], float] = {}
        self.by_points = self.by_areas = 0

    def between(self, workplace: UUID, host: UUID) -> float:
        """Kilometres; 0 if they are one."""
        pair = (workplace, host)
        if pair not in self._found:
            self._found[pair] = self._measure(workplace, host)
        return self._found[pair]

    def _measure(self, workplace: UUID, host: UUID) -> float:
        assumed = self._facts.question.distances
        if workplace == host:
            self.by_points += 1
            return assumed.same_organisation
        one, other = self._points.get(workplace), self._points.get(host)
        if one is not None and other is not None:
            self.by_points += 1
            return round(rules.great_circle_km(one, other), 1)
        self.by_areas += 1
        home, there = (self._facts.known.get(one) for one in (workplace, host))
        return rules.area_km(home.area_path if home else [], there.area_path if there else [], assumed)


def assemble(facts: Facts) -> Assembled:
    """The case. Raises `WaysTooMany`."""
    question, objective = facts.question, facts.question.objective
    distances = _Distances(facts)
    sites, pool_places = _sites(facts)
    found = Assembled(Case([], sites, []))
    people: list[Applicant] = []
    ways: list[Way] = []
    for row in facts.rows:
        learner = facts.learners.get(row.educator_id)
        if learner is None:
            found.refused[row.educator_id] = Refused(Reason.DATA_BLOCKED, {})
            continue
        gates = {cohort_id: _gate(facts, course, learner) for cohort_id, course in facts.courses.items()}
        if all(gate is not None for gate in gates.values()):
            refused = next(gate for gate in gates.values() if gate is not None)
            found.refused[row.educator_id] = refused
            continue
        mine = _ways_of(
            facts, learner, row.preferences, row.languages, len(people), gates, pool_places, distances, found
        )
        if len(ways) + len(mine) > rules.MOST_WAYS:
            raise errors.WaysTooMany(ways=len(facts.rows) * len(facts.places), limit=rules.MOST_WAYS)
        ways += mine
        workplace = facts.known.get(learner.organisation_id)
        years = facts.years[row.educator_id]
        people.append(
            Applicant(
                id=row.educator_id,
                school=learner.organisation_id,
                district=rules.district(workplace.area_path if workplace else []),
                setting=rules.setting(workplace.setting if workplace else None),
                need=rules.need(years, long_years=objective.long_years),
                years=years,
                arrival=row.number,
            )
        )
    floors = {"district": objective.districts, "setting": objective.settings}
    found.case = canonical(
        people,
        sites,
        ways,
        weights=Weights(**objective.weights.model_dump()),
        limits=Limits(
            most_per_school=question.limits.most_per_school,
            fewest_per_school=question.limits.fewest_per_school,
            together=question.limits.together,
        ),
        placed_first=objective.placed_first,
        floors={name: Floor(one.slack, one.smallest) for name, one in floors.items() if one is not None},
        km_scale=objective.km_scale,
    )
    found.by_points, found.by_areas = distances.by_points, distances.by_areas
    return found


def _sites(facts: Facts) -> tuple[list[Site], list[dict[UUID, int]]]:
    sites, places = [], []
    for place in facts.places:
        kept = {pool.id for pool in facts.courses[place.cohort_id].pools}
        free = facts.free[place.id]
        pools = [
            Pool(pool, count) for pool, count in sorted(free.items(), key=str) if pool in kept and pool is not None
        ]
        # What is due for release is for anybody by the time of enrolling.
        open_seats = sum(count for pool, count in free.items() if pool not in kept)
        sites.append(Site(place.id, open_seats, tuple(pools)))
        places.append({pool.id: number for number, pool in enumerate(pools)})
    return sites, places


def _gate(facts: Facts, course: Course, learner: Learner) -> Refused | None:
    """Why the person cannot learn in the cohort, wherever."""
    live, applicant = course.live.get(learner.id), course.applicants.get(learner.id)
    chain = course.programme.approval_chain
    if applicant is None and live is not None:
        return Refused(Reason.ALREADY_ENROLLED, {"enrolment_id": str(live.id), "status": live.status.value})
    if applicant is not None and applicant.status is EnrolmentStatus.SUBMITTED:
        awaited = applicant.next_approver
        if awaited is not ApprovalLevel.PROVIDER or not chain or chain[-1] is not ApprovalLevel.PROVIDER:
            return Refused(Reason.APPROVAL_PENDING, {"next_approver": awaited.value if awaited else None})
    elif applicant is None and chain:
        return Refused(Reason.APPROVAL_PENDING, {"next_approver": chain[0].value})
    if failed := course.unfit.get(learner.id):
        return Refused(Reason.NOT_ELIGIBLE, {"cohort": course.run.code, "failed": list(failed)})
    return None


def _ways_of(
    facts: Facts,
    learner: Learner,
    wishes: Sequence[UUID],
    languages: Sequence[str],
    person: int,
    gates: Mapping[UUID, Refused | None],
    pool_places: Sequence[Mapping[UUID, int]],
    distances: _Distances,
    found: Assembled,
) -> list[Way]:
    workplace = facts.known.get(learner.organisation_id)
    speaks = set(languages or (workplace.languages if workplace else ()))
    known = _facts_for_pools(learner, workplace)
    taught: dict[UUID, AllocationVenue] = {venue.venue_id: venue for venue in facts.question.venues}
    ranks = {venue_id: number for number, venue_id in enumerate(wishes, 1)}
    busy = facts.busy.get(learner.id, ())
    ways: list[Way] = []
    seen: dict[Reason, Any] = {}
    nearest: float | None = None
    for number, place in enumerate(facts.places):
        if gates[place.cohort_id] is not None:
            found.barred[learner.id, place.id] = Reason.NOT_ELIGIBLE
            continue
        clash = next((one for one in busy if overlap(place.hours, one.hours)), None)
        applicant = facts.courses[place.cohort_id].applicants.get(learner.id)
        waits_here = applicant is not None and applicant.venue_id == place.id
        if clash is not None or (waits_here and applicant and applicant.status is EnrolmentStatus.WAITLISTED):
            reason = Reason.DOUBLE_BOOKED if clash is not None else Reason.ALREADY_ENROLLED
            seen[reason] = _booked(facts, clash)
            found.barred[learner.id, place.id] = reason
            continue
        venue = taught.get(place.id)
        in_language = not (venue and venue.languages and speaks) or not speaks.isdisjoint(venue.languages)
        on_subject = not (venue and venue.subjects) or not set(learner.subjects).isdisjoint(venue.subjects)
        km = distances.between(learner.organisation_id, place.organisation_id)
        nearest = km if nearest is None else min(nearest, km)
        pools = facts.courses[place.cohort_id].pools
        fits = frozenset(
            pool_places[number][pool]
            for pool in reservations.fitting((one for one in pools if one.venue_id in (None, place.id)), known)
            if pool in pool_places[number]
        )
        against = _against(facts, number, in_language, on_subject, km, place.id in ranks, fits)
        if against is None:
            ways.append(Way(person, number, km, ranks.get(place.id, 0), in_language, on_subject, fits))
        else:
            seen.setdefault(against, None)
            found.barred[learner.id, place.id] = against
    if not ways:
        found.refused[learner.id] = _why_nowhere(facts, seen, nearest)
    return ways


def _against(
    facts: Facts, number: int, in_language: bool, on_subject: bool, km: float, is_wished: bool, fits: frozenset[int]
) -> Reason | None:
    limits = facts.question.limits
    if limits.wished_only and not is_wished:
        return Reason.NOT_WISHED
    if limits.language_required and not in_language:
        return Reason.LANGUAGE
    if limits.subject_required and not on_subject:
        return Reason.SUBJECT
    if limits.max_km is not None and km > limits.max_km:
        return Reason.TOO_FAR
    place = facts.places[number]
    kept = {pool.id for pool in facts.courses[place.cohort_id].pools}
    free = facts.free[place.id]
    if fits or not free or any(count and pool not in kept for pool, count in free.items()):
        return None
    return Reason.POOL_CLOSED


def _why_nowhere(facts: Facts, seen: Mapping[Reason, Any], nearest: float | None) -> Refused:
    """What stood against the venue that came farthest."""
    for reason in reversed(_BY_PLACE):
        if reason in seen:
            told: dict[str, Any] = {"venues": len(facts.places)}
            if reason is Reason.TOO_FAR:
                told |= {"nearest_km": nearest, "max_km": facts.question.limits.max_km}
            return Refused(reason, told)
    for reason in (Reason.DOUBLE_BOOKED, Reason.ALREADY_ENROLLED):
        if reason in seen:
            return Refused(reason, seen[reason])
    return Refused(Reason.SEATS_TAKEN, {"venues": 0})


def _booked(facts: Facts, clash: Any) -> dict[str, Any]:
    if clash is None:
        return {}
    other = facts.courses.get(clash.cohort_id)
    return {
        "booking_id": str(clash.id),
        "cohort_id": str(clash.cohort_id) if clash.cohort_id else None,
        "cohort": other.run.code if other else None,
    }


def _facts_for_pools(learner: Learner, workplace: Known | None) -> list[str]:
    return reservations.facts(
        organisation_id=learner.organisation_id,
        area_path=workplace.area_path if workplace else [],
        subjects=learner.subjects,
        category=learner.category,
        languages=workplace.languages if workplace else [],
    )
