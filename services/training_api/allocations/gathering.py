"""Looking up, in one go, all that an allocation depends on."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.allocations import repository, rules
from services.training_api.allocations.models import Allocation, AllocationPerson
from services.training_api.certificates import service as certificates
from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Place, Run
from services.training_api.educators import service as educators
from services.training_api.educators.service import Learner
from services.training_api.eligibility import service as eligibility
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.service import Applicant, Booked, Live
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Known
from services.training_api.programmes import service as programmes
from services.training_api.programmes.service import Taught
from services.training_api.reservations import service as reservations
from services.training_api.reservations.service import Pool
from services.training_api.seats import service as seats
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.training.allocation_questions import AllocationCreate


@dataclass(frozen=True, slots=True)
class Course:
    """A cohort with everything that belongs to it."""

    run: Run
    programme: Taught
    pools: Sequence[Pool]
    unfit: Mapping[UUID, Sequence[str]]
    """By person: the rules that do not hold."""
    live: Mapping[UUID, Live]
    applicants: Mapping[UUID, Applicant]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the question and the world say."""

    question: AllocationCreate
    rows: Sequence[AllocationPerson]
    learners: Mapping[UUID, Learner | None]
    known: Mapping[UUID, Known]
    """Workplaces and hosts."""
    courses: Mapping[UUID, Course]
    places: Sequence[Place]
    free: Mapping[UUID, Mapping[UUID | None, int]]
    busy: Mapping[UUID, Sequence[Booked]]
    years: Mapping[UUID, float | None]
    on: date

    def seats(self) -> dict[str, Any]:
        """Free seats and states by venue, ready for JSON: what must not have changed when it is applied."""
        return {
            str(place.id): {
                "cohort": self.courses[place.cohort_id].run.status.value,
                "free": {str(pool or "open"): count for pool, count in sorted(self.free[place.id].items(), key=str)},
            }
            for place in self.places
        }

    def digest(self, educator_id: UUID) -> str:
        """What the answer to this person rests on, in short."""
        learner = self.learners.get(educator_id)
        told = [
            None
            if learner is None
            else [
                str(learner.organisation_id),
                learner.role.value,
                sorted(learner.subjects),
                str(learner.left_on),
                str(learner.category),
            ],
            [[str(code) for code in course.unfit.get(educator_id, ())] for course in self.courses.values()],
            [
                [str(live.id), live.status.value] if (live := course.live.get(educator_id)) else None
                for course in self.courses.values()
            ],
            sorted(str(one.id) for one in self.busy.get(educator_id, ())),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


async def gather(session: WriteSession, allocation: Allocation, *, now: datetime) -> Facts:
    """Everything that the answer depends on. What people are busy with stays so until the transaction ends."""
    question = AllocationCreate.model_validate(allocation.question)
    on = day_in_kazakhstan(now)
    rows = await repository.people(session, allocation.id)
    ids = [row.educator_id for row in rows]
    learners = await educators.learners(session, ids)
    present = [learner for learner in learners.values() if learner is not None]
    courses: dict[UUID, Course] = {}
    places: list[Place] = []
    taking_part = {venue.venue_id for venue in question.venues}
    waiting = await enrolments.applicants(session, allocation.cohort_ids)
    for cohort_id in allocation.cohort_ids:
        run = await cohorts.run_of(session, cohort_id)
        programme = await programmes.taught(session, run.programme_id)
        unfit = await eligibility.admit_many(session, present, run, programme, on=on)
        courses[cohort_id] = Course(
            run=run,
            programme=programme,
            pools=[pool for pool in await reservations.unreleased(session, cohort_id) if not pool.is_due(now)],
            unfit={who: [error.code for error in one.errors] for who, one in unfit.items() if one is not None},
            live=await enrolments.live_in(session, cohort_id, ids),
            applicants={one.educator_id: one for one in waiting if one.cohort_id == cohort_id},
        )
        found = await cohorts.places_of(session, cohort_id)
        places += [place for place in found if not taking_part or place.id in taking_part]
    held = await certificates.held_by(session, ids, on=on)
    last = {who: max(one.issued_on for one in papers) for who, papers in held.items() if papers}
    organisation_ids = {learner.organisation_id for learner in present} | {place.organisation_id for place in places}
    return Facts(
        question=question,
        rows=rows,
        learners=learners,
        known=await organisations.find_many(session, organisation_ids),
        courses=courses,
        places=places,
        free=await seats.free_by_pool(session, [place.id for place in places]),
        busy=await enrolments.busy_of(session, ids, [hours for place in places for hours in place.hours]),
        years={who: rules.years_since(last.get(who), on=on) for who in ids},
        on=on,
    )
