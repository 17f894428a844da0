"""Deciding upon applications: school, district, provider, as many of them as the programme names."""

from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Place
from services.training_api.educators import service as educators
from services.training_api.enrolments import errors, repository
from services.training_api.enrolments.models import Enrolment
from services.training_api.enrolments.rules import State
from services.training_api.enrolments.service.joining import places_near
from services.training_api.enrolments.service.reading import read_one
from services.training_api.enrolments.service.seating import first_seat, lock_places, pools_for, with_time
from services.training_api.enrolments.service.steps import check_reason, claim, demand_possible, find, hold, step
from services.training_api.organisations import service as organisations
from services.training_api.programmes import service as programmes
from services.training_api.programmes.service import Taught
from services.training_api.providers import service as providers
from services.training_api.seats.service import SeatLocking
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach, ScopeMissing
from shared.db.sessions import WriteSession
from shared.schemas.training.enrolments import ApplicationState as Application
from shared.schemas.training.enrolments import Command, EnrolmentRead
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import ParticipationState as Participation
from shared.schemas.training.words import ApprovalLevel

_APPROVED_BY = {
    ApprovalLevel.SCHOOL: Application.SCHOOL_APPROVED,
    ApprovalLevel.DISTRICT: Application.DISTRICT_APPROVED,
}


async def approve(
    session: WriteSession,
    actor: Actor,
    enrolment_id: UUID,
    said: Command,
    *,
    venue_id: UUID | None = None,
    now: datetime,
) -> EnrolmentRead:
    """Approve for the level whose turn it is; after the last one the person gets a seat or a place in line.

    Who decides last may decide upon the venue too.

    Raises `EnrolmentNotFound`, `TransitionNotAllowed`, `OutOfReach`, `NotNextApprover`, `CohortClosed`, `AfterCutOff`,
    `DoubleBooking`, `ReasonUnknown`.
    """
    seen = await find(session, enrolment_id)
    learner = await educators.hold(session, seen.educator_id, pointer="/educator_id")
    await session.refresh(seen)  # whoever approved a moment ago held the person too
    run = await cohorts.run_to_join(session, seen.cohort_id, pointer="/cohort_id")
    programme = await programmes.taught(session, run.programme_id)
    mine = await _demand_reach(session, actor, seen.organisation_id, programme)
    places: list[Place] = []
    if seen.next_approver is not None and seen.next_approver is programme.approval_chain[-1]:
        places = await places_near(session, learner, run, venue_id or (seen.venue_id if seen.venue_is_wished else None))
        await lock_places(session, run, [seen.venue_id, *(place.id for place in places)], now=now)
    enrolment = await hold(session, seen, Action.APPROVE)
    level = _demand_turn(enrolment, mine)
    await demand_possible(session, enrolment, Action.APPROVE, run, now=now)
    later = programme.approval_chain[programme.approval_chain.index(level) + 1 :]
    targets: tuple[State, ...]
    if later:
        enrolment.next_approver, enrolment.waiting_since = later[0], now
        targets = (_APPROVED_BY[level],)
    else:
        places = await with_time(session, learner.id, places)
        pools = await pools_for(session, run, enrolment.facts, now=now)
        found = await first_seat(session, places, pools, locking=SeatLocking.SKIP_LOCKED)
        place, seat = found or (places[0], None)
        ticket = await cohorts.next_ticket(session, place.id) if seat is None else None
        enrolment.next_approver = None
        enrolment.venue_id, enrolment.busy = place.id, repository.multirange(place.hours)
        if seat is None:
            enrolment.ticket, enrolment.waiting_since = ticket, now
        else:
            enrolment.seat_id, enrolment.pool_id = seat.id, seat.pool_id
        targets = (Application.ACCEPTED, Participation.WAITLISTED if seat is None else Participation.CONFIRMED)
    await step(session, enrolment, Action.APPROVE, *targets, said=said, now=now)
    return await read_one(session, enrolment, now=now)


async def reject(
    session: WriteSession, actor: Actor, enrolment_id: UUID, said: Command, *, now: datetime
) -> EnrolmentRead:
    """Turn the application down, at the level whose turn it is. Raises as `approve` does, and `ReasonNeeded`."""
    seen = await find(session, enrolment_id)
    run = await cohorts.run_of(session, seen.cohort_id)
    programme = await programmes.taught(session, run.programme_id)
    mine = await _demand_reach(session, actor, seen.organisation_id, programme)
    enrolment = await hold(session, seen, Action.REJECT)
    _demand_turn(enrolment, mine)
    await check_reason(session, said, Application.REJECTED, now=now, needed=True)
    enrolment.next_approver = None
    await step(session, enrolment, Action.REJECT, Application.REJECTED, said=said, now=now)
    return await read_one(session, enrolment, now=now)


async def take_back(
    session: WriteSession, actor: Actor, enrolment_id: UUID, said: Command, *, now: datetime
) -> EnrolmentRead:
    """Cancel an application that nobody has decided upon to the end; who may enrol the person may do it."""
    enrolment = await claim(session, actor, enrolment_id, Action.CANCEL)
    enrolment.next_approver = None
    await step(session, enrolment, Action.CANCEL, Application.CANCELLED, said=said, now=now)
    return await read_one(session, enrolment, now=now)


async def levels_of(
    session: WriteSession, actor: Actor, organisation_id: UUID, programme: Taught
) -> frozenset[ApprovalLevel]:
    """The levels at which the caller decides upon people of the workplace."""
    workplace = await organisations.get(session, organisation_id)
    decides = {
        ApprovalLevel.SCHOOL: actor.reaches(None, workplace.id, scope=Scope.TRAINING_ENROL),
        ApprovalLevel.DISTRICT: actor.reaches(workplace.area_path, None, scope=Scope.TRAINING_ENROL),
        ApprovalLevel.PROVIDER: await _manages(session, actor, programme),
    }
    return frozenset(level for level, is_theirs in decides.items() if is_theirs)


async def _demand_reach(
    session: WriteSession, actor: Actor, organisation_id: UUID, programme: Taught
) -> frozenset[ApprovalLevel]:
    """The same; who decides nowhere learns nothing of the application. Raises `OutOfReach`."""
    mine = await levels_of(session, actor, organisation_id, programme)
    if not mine:
        raise OutOfReach
    return mine


def _demand_turn(enrolment: Enrolment, mine: frozenset[ApprovalLevel]) -> ApprovalLevel:
    """The level whose turn it is, if it is one of these. Raises `NotNextApprover`."""
    level = enrolment.next_approver
    assert level is not None
    if level not in mine:
        raise errors.NotNextApprover(next_approver=level.value)
    return level


async def _manages(session: WriteSession, actor: Actor, programme: Taught) -> bool:
    try:
        await providers.demand(session, actor, programme.provider_id)
    except (OutOfReach, ScopeMissing):
        return False
    return True
