"""Giving who waits another place in the line, where it goes by priority."""

from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.enrolments import errors, repository
from services.training_api.enrolments.service.reading import read_one
from services.training_api.enrolments.service.steps import find
from services.training_api.reasons import service as reasons
from shared import audit
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.training.cohorts import WaitingPolicy
from shared.schemas.training.enrolments import EnrolmentRead, EnrolmentStatus, PriorityCommand
from shared.schemas.training.reasons import ReasonList


async def prioritise(
    session: WriteSession, actor: Actor, enrolment_id: UUID, body: PriorityCommand, *, now: datetime
) -> EnrolmentRead:
    """Give who waits another place in a line that goes by priority; the trail tells why.

    Raises `EnrolmentNotFound`, `OutOfReach`, `WaitingByArrival`, `NotWaiting`, `ReasonUnknown`.
    """
    seen = await find(session, enrolment_id)
    cohort = await cohorts.demand(session, actor, seen.cohort_id)
    if cohort.waiting_policy is not WaitingPolicy.PRIORITY:
        raise errors.WaitingByArrival
    await reasons.check(session, ReasonList.ALLOCATION, body.reason_code, on=day_in_kazakhstan(now), needed=True)
    await cohorts.lock_places(session, [seen.venue_id])
    enrolment = await repository.lock(session, enrolment_id)
    assert enrolment is not None
    if enrolment.status is not EnrolmentStatus.WAITLISTED:
        raise errors.NotWaiting(status=enrolment.status)
    enrolment.priority = body.priority
    enrolment.updated_at = now
    await session.flush()
    await audit.note(
        session,
        action="prioritise",
        resource_type="enrolment",
        resource_id=enrolment_id,
        priority=body.priority,
        reason_code=body.reason_code,
        comment=body.comment,
    )
    return await read_one(session, enrolment, now=now)
