"""What a person reached, and what others need to know of who takes part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.training_api.enrolments import errors, repository
from services.training_api.enrolments.models import Enrolment
from services.training_api.enrolments.rules import State
from services.training_api.enrolments.service.reading import read_one
from services.training_api.enrolments.service.steps import check_reason, find, hold, step
from services.training_api.seats import service as seats
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.enrolments import ApplicationState as Application
from shared.schemas.training.enrolments import Command, EnrolmentRead
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status
from shared.schemas.training.enrolments import OutcomeState as Outcome
from shared.schemas.training.enrolments import ParticipationState as Participation


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is to be written down as the result."""

    outcome: Outcome | None
    """None: the person never came. `voided`: what was established does not hold, and the rest is left as it is."""
    attendance: float
    tasks_done: bool
    score: float | None
    unmet: Sequence[str]
    completed_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an enrolment stands, for other capabilities."""

    id: UUID
    cohort_id: UUID
    venue_id: UUID
    educator_id: UUID
    organisation_id: UUID
    has_seat: bool
    application: Application
    participation: Participation | None
    outcome: Outcome | None
    status: Status
    attendance: float | None
    tasks_done: bool | None
    score: float | None
    unmet: tuple[str, ...]
    completed_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Earned:
    """What a certificate needs to know of an enrolment."""

    id: UUID
    cohort_id: UUID
    educator_id: UUID
    organisation_id: UUID
    status: Status
    completed_on: date | None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who holds a seat and is expected to come, or came."""

    enrolment_id: UUID
    educator_id: UUID
    organisation_id: UUID
    venue_id: UUID
    participation: Participation | None


async def conclude(
    session: WriteSession, enrolment_id: UUID, conclusion: Conclusion, *, said: Command, now: datetime
) -> EnrolmentRead:
    """Write down what somebody else has established: the first time, after a re-sit, or that it does not hold.

    Whether the caller may is decided before. Raises `EnrolmentNotFound`, `TransitionNotAllowed`, `ReasonUnknown`, and
    `ReasonNeeded` when an outcome is voided without a reason.
    """
    seen = await find(session, enrolment_id)
    action = _action(seen, conclusion)
    enrolment = await hold(session, seen, action)
    if action is Action.VOID:
        await check_reason(session, said, Outcome.VOIDED, now=now, needed=True)
        await step(session, enrolment, action, Outcome.VOIDED, said=said, now=now)
        return await read_one(session, enrolment, now=now)
    enrolment.attendance = conclusion.attendance
    enrolment.tasks_done = conclusion.tasks_done
    enrolment.score = conclusion.score
    enrolment.completed_on = conclusion.completed_on
    enrolment.unmet = list(conclusion.unmet)
    held = enrolment.seat_id
    if conclusion.outcome is None:
        enrolment.seat_id = None
    await step(session, enrolment, action, *_targets(action, conclusion.outcome), said=said, now=now)
    if held is not None and enrolment.seat_id is None:
        await seats.give_back(session, held)
    return await read_one(session, enrolment, now=now)


def _action(seen: Enrolment, conclusion: Conclusion) -> Action:
    if conclusion.outcome is Outcome.VOIDED:
        return Action.VOID
    return Action.COMPLETE if seen.outcome is None or conclusion.outcome is None else Action.RESIT


def _targets(action: Action, outcome: Outcome | None) -> tuple[State, ...]:
    if outcome is None:
        return (Participation.NO_SHOW,)
    return (outcome,) if action is Action.RESIT else (Participation.FINISHED, outcome)


async def earned(session: WriteSession, enrolment_id: UUID, *, pointer: str) -> Earned:
    """What was reached, as it will stay until the transaction ends. Raises `EnrolmentUnknown`."""
    enrolment = await repository.lock(session, enrolment_id)
    if enrolment is None:
        raise errors.EnrolmentUnknown(pointer=pointer)
    return _earned(enrolment)


async def earned_in(session: AnySession, cohort_id: UUID, *, lock: bool) -> list[Earned]:
    """The same for all of a cohort who passed or attended; with `lock` they stay so until the transaction ends."""
    return [_earned(enrolment) for enrolment in await repository.concluded(session, cohort_id, lock=lock)]


async def standing(session: AnySession, enrolment_id: UUID) -> Standing:
    """Where it stands. Raises `EnrolmentNotFound`."""
    enrolment = await repository.find(session, enrolment_id)
    if enrolment is None:
        raise errors.EnrolmentNotFound
    return _standing(enrolment)


async def standings(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Where those of the enrolments stand that exist."""
    found = await repository.find_many(session, enrolment_ids) if enrolment_ids else []
    return {enrolment.id: _standing(enrolment) for enrolment in found}


def _standing(enrolment: Enrolment) -> Standing:
    return Standing(
        id=enrolment.id,
        cohort_id=enrolment.cohort_id,
        venue_id=enrolment.venue_id,
        educator_id=enrolment.educator_id,
        organisation_id=enrolment.organisation_id,
        has_seat=enrolment.seat_id is not None,
        application=enrolment.application,
        participation=enrolment.participation,
        outcome=enrolment.outcome,
        status=enrolment.status,
        attendance=enrolment.attendance,
        tasks_done=enrolment.tasks_done,
        score=enrolment.score,
        unmet=tuple(enrolment.unmet or ()),
        completed_on=enrolment.completed_on,
        version=enrolment.version,
    )


async def expected(session: AnySession, cohort_id: UUID, *, venue_id: UUID | None = None) -> list[Expected]:
    """Who holds a seat in the cohort, or at one of its venues, in the order of enrolling."""
    return [Expected(*row) for row in await repository.seated(session, cohort_id, venue_id=venue_id)]


def _earned(enrolment: Enrolment) -> Earned:
    return Earned(
        id=enrolment.id,
        cohort_id=enrolment.cohort_id,
        educator_id=enrolment.educator_id,
        organisation_id=enrolment.organisation_id,
        status=enrolment.status,
        completed_on=enrolment.completed_on,
        outcome=enrolment.outcome,
    )
