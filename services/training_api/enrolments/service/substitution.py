"""Handing a seat over to a colleague of the same workplace; the waiting list is not touched."""

from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.educators import service as educators
from services.training_api.eligibility import service as eligibility
from services.training_api.enrolments import errors
from services.training_api.enrolments.service.applying import levels_of
from services.training_api.enrolments.service.joining import check_not_in, join
from services.training_api.enrolments.service.seating import lock_places, seeker, with_time
from services.training_api.enrolments.service.steps import check_reason, claim, demand_possible, find, step
from services.training_api.organisations import service as organisations
from services.training_api.programmes import service as programmes
from services.training_api.programmes.service import Taught
from services.training_api.seats import service as seats
from services.training_api.seats.service import Taken
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentRead, SubstituteCommand
from shared.schemas.training.enrolments import ParticipationState as Participation
from shared.schemas.training.words import ApprovalLevel


async def substitute(
    session: WriteSession, actor: Actor, enrolment_id: UUID, body: SubstituteCommand, *, now: datetime
) -> EnrolmentRead:
    """Send a colleague instead, on the same seat; gives the colleague's enrolment.

    Raises `EnrolmentNotFound`, `EducatorUnknown`, `SameEducator`, `NotAColleague`, `OutOfReach`, `NotEligible`,
    `TransitionNotAllowed`, `SubstitutionClosed`, `AlreadyEnrolled`, `ApprovalNeeded`, `DoubleBooking`,
    `ReasonUnknown`.
    """
    seen = await find(session, enrolment_id)
    if body.educator_id == seen.educator_id:
        raise errors.SameEducator(pointer="/educator_id")
    held = {
        one: await educators.hold(session, one, pointer="/educator_id") for one in _in_order(seen.educator_id, body)
    }
    colleague = held[body.educator_id]
    run = await cohorts.run_to_join(session, seen.cohort_id, pointer="/cohort_id")
    await lock_places(session, run, [seen.venue_id], now=now)
    former = await claim(session, actor, enrolment_id, Action.SUBSTITUTE)
    await demand_possible(session, former, Action.SUBSTITUTE, run, now=now)
    await check_reason(session, body, Participation.SUBSTITUTED, now=now)
    if colleague.organisation_id != former.organisation_id:
        raise errors.NotAColleague(pointer="/educator_id")
    await check_not_in(session, colleague, run)
    programme = await programmes.taught(session, run.programme_id)
    await _demand_approval(session, actor, former.organisation_id, programme)
    today = day_in_kazakhstan(now)
    await eligibility.admit(session, actor, colleague, run, programme, override=None, on=today)
    place = await cohorts.place_of(session, run.id, former.venue_id)
    await with_time(session, colleague.id, [place])
    workplace = await organisations.get(session, colleague.organisation_id)
    who = await seeker(session, colleague, workplace, run, now=now)
    assert former.seat_id is not None
    seat = Taken(former.seat_id, (await seats.numbers(session, [former.seat_id]))[former.seat_id], former.pool_id)
    former.seat_id, former.pool_id, former.substituted_by = None, None, new_id()
    await step(session, former, Action.SUBSTITUTE, Participation.SUBSTITUTED, said=body, now=now)
    return await join(session, colleague, who, run, place, seat, said=body, now=now, enrolment_id=former.substituted_by)


async def _demand_approval(session: WriteSession, actor: Actor, organisation_id: UUID, programme: Taught) -> None:
    """See that who sends the colleague is who would decide upon an application last.

    A person was approved, and no seat: the workplace may exchange people where nobody above it decides. Raises
    `ApprovalNeeded`.
    """
    if not programme.approval_chain or programme.approval_chain[-1] is ApprovalLevel.SCHOOL:
        return
    if programme.approval_chain[-1] not in await levels_of(session, actor, organisation_id, programme):
        raise errors.ApprovalNeeded(pointer="/educator_id", next_approver=programme.approval_chain[0].value)


def _in_order(former: UUID, body: SubstituteCommand) -> list[UUID]:
    """Two who are sent for each other at once must not wait for each other."""
    return sorted((former, body.educator_id))
