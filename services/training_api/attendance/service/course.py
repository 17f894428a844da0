"""What attendance asks of courses: the session, who is expected there, and who runs it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.training_api.attendance import errors
from services.training_api.attendance.rules.presence import Hours
from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Meeting
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.errors import EnrolmentNotFound, EnrolmentUnknown
from services.training_api.organisations import service as organisations
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach, ScopeMissing
from shared.clock import KAZAKHSTAN
from shared.db.sessions import AnySession
from shared.schemas.training.attendance_scans import ScanDirection
from shared.schemas.training.enrolments import ParticipationState as Participation
from shared.schemas.training.sessions import SessionStatus


@dataclass(frozen=True, slots=True)
class Person:
    """An enrolment as far as attendance goes."""

    enrolment_id: UUID
    cohort_id: UUID
    venue_id: UUID
    educator_id: UUID
    organisation_id: UUID
    has_seat: bool
    """A seat that is offered and not yet taken is none."""


async def meeting(session: AnySession, session_id: UUID) -> Meeting:
    """The session. Raises `SessionNotFound`."""
    return await cohorts.meeting(session, session_id)


def is_cancelled(found: Meeting) -> bool:
    """Whether the session does not take place."""
    return found.status is SessionStatus.CANCELLED


def demand_held(found: Meeting) -> None:
    """Raise `SessionCancelled` unless the session takes place."""
    if is_cancelled(found):
        raise errors.SessionCancelled


def hours(found: Meeting) -> Hours:
    """From when to when it is held."""
    return Hours(found.starts_at, found.ends_at)


def demand_open(hours: Hours, moment: datetime, direction: ScanDirection | None = None) -> None:
    """Raise `ScanTooEarly` or `ScanTooLate` unless the doors are open."""
    if moment < hours.opens(direction):
        raise errors.ScanTooEarly(opens_at=told(hours.opens(direction)))
    if moment >= hours.closes(direction):
        raise errors.ScanTooLate(closed_at=told(hours.closes(direction)))


async def expected(session: AnySession, found: Meeting) -> dict[UUID, Person]:
    """Everybody who holds a seat where the session is held, in the order of enrolments."""
    return {
        one.enrolment_id: Person(
            enrolment_id=one.enrolment_id,
            cohort_id=found.cohort_id,
            venue_id=one.venue_id,
            educator_id=one.educator_id,
            organisation_id=one.organisation_id,
            has_seat=True,
        )
        for one in await enrolments.expected(session, found.cohort_id, venue_id=found.venue_id)
        if one.participation is not Participation.OFFERED
    }


async def find_many(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, Person]:
    """Those of the enrolments that exist."""
    return {
        one.id: Person(
            enrolment_id=one.id,
            cohort_id=one.cohort_id,
            venue_id=one.venue_id,
            educator_id=one.educator_id,
            organisation_id=one.organisation_id,
            has_seat=one.has_seat and one.participation is not Participation.OFFERED,
        )
        for one in (await enrolments.standings(session, enrolment_ids)).values()
    }


async def standing(session: AnySession, enrolment_id: UUID) -> Person:
    """The enrolment a body names. Raises `EnrolmentUnknown`."""
    person = (await find_many(session, [enrolment_id])).get(enrolment_id)
    if person is None:
        raise EnrolmentUnknown(pointer="/enrolment_id")
    return person


async def own(session: AnySession, actor: Actor, enrolment_id: UUID) -> Person:
    """The enrolment of a path, for who enrols at its workplace or runs its course.

    Raises `EnrolmentNotFound`, `OutOfReach`.
    """
    person = (await find_many(session, [enrolment_id])).get(enrolment_id)
    if person is None:
        raise EnrolmentNotFound
    await demand_either(session, actor, person.cohort_id, person.organisation_id)
    return person


def demand_expected(found: Meeting, person: Person | None) -> None:
    """Raise `NotEnrolled` or `SeatAtAnotherVenue` unless the person holds a seat where the session is held."""
    if person is None or person.cohort_id != found.cohort_id or not person.has_seat:
        raise errors.NotEnrolled
    if found.venue_id is not None and person.venue_id != found.venue_id:
        raise errors.SeatAtAnotherVenue(venue_id=str(person.venue_id))


async def demand_course(session: AnySession, actor: Actor, cohort_id: UUID) -> None:
    """Raise `ScopeMissing` or `OutOfReach` unless the caller runs the course."""
    run = await cohorts.run_of(session, cohort_id)
    programme = await programmes.taught(session, run.programme_id)
    await providers.demand(session, actor, programme.provider_id)


async def runs_course(session: AnySession, actor: Actor, cohort_id: UUID) -> bool:
    """Whether the caller runs the course."""
    try:
        await demand_course(session, actor, cohort_id)
    except (ScopeMissing, OutOfReach):
        return False
    return True


async def demand_either(session: AnySession, actor: Actor, cohort_id: UUID, organisation_id: UUID) -> bool:
    """Whether the caller runs the course; who does not must enrol for the workplace, or `OutOfReach` is raised."""
    if await runs_course(session, actor, cohort_id):
        return True
    await organisations.demand(session, actor, Scope.TRAINING_ENROL, organisation_id)
    return False


def told(moment: datetime) -> str:
    """A moment as people in Kazakhstan read it in a problem document."""
    return moment.astimezone(KAZAKHSTAN).isoformat(timespec="seconds")
