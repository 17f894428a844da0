"""What a person reached."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.enrolments import errors, repository, rules
from services.training_api.enrolments.service.reading import read_one
from services.training_api.enrolments.service.steps import claim, step
from services.training_api.programmes import service as programmes
from services.training_api.seats import service as seats
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.training.enrolments import CompleteCommand, EnrolmentRead
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status


@dataclass(frozen=True, slots=True)
class Earned:
    """What a certificate needs to know of an enrolment."""

    id: UUID
    cohort_id: UUID
    educator_id: UUID
    organisation_id: UUID
    status: Status
    completed_on: date | None


async def complete(
    session: WriteSession, actor: Actor, enrolment_id: UUID, body: CompleteCommand, *, now: datetime
) -> EnrolmentRead:
    """Establish the outcome by the rule of the programme. Raises `CourseNotBegun`."""
    enrolment = await claim(session, actor, enrolment_id, Action.COMPLETE)
    run = await cohorts.run_of(session, enrolment.cohort_id)
    today = day_in_kazakhstan(now)
    if today < run.starts_on:
        raise errors.CourseNotBegun
    programme = await programmes.taught(session, run.programme_id)
    outcome = rules.outcome(
        programme.completion, attendance=body.attendance, tasks_done=body.tasks_done, score=body.score
    )
    enrolment.attendance = body.attendance
    enrolment.tasks_done = body.tasks_done
    enrolment.score = body.score
    enrolment.completed_on = body.effective_on or today
    enrolment.unmet = list(outcome.unmet)
    held = enrolment.seat_id
    if outcome.status not in rules.OCCUPYING:
        enrolment.seat_id = None
    await step(session, enrolment, Action.COMPLETE, outcome.status, said=body, now=now)
    if held is not None and enrolment.seat_id is None:
        await seats.give_back(session, held)
    return await read_one(session, enrolment)


async def earned(session: WriteSession, enrolment_id: UUID, *, pointer: str) -> Earned:
    """What was reached, as it will stay until the transaction ends. Raises `EnrolmentUnknown`."""
    enrolment = await repository.lock(session, enrolment_id)
    if enrolment is None:
        raise errors.EnrolmentUnknown(pointer=pointer)
    return Earned(
        id=enrolment.id,
        cohort_id=enrolment.cohort_id,
        educator_id=enrolment.educator_id,
        organisation_id=enrolment.organisation_id,
        status=enrolment.status,
        completed_on=enrolment.completed_on,
    )
