"""What happens to a whole cohort and so to everybody in it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.rules import CohortAction
from services.training_api.enrolments import repository
from services.training_api.enrolments.rules import State
from services.training_api.enrolments.service.steps import NOTHING_SAID, fill
from services.training_api.reasons import service as reasons
from shared import audit
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.training.cohorts import CohortRead, VenueRead
from shared.schemas.training.enrolments import ApplicationState as Application
from shared.schemas.training.enrolments import Command
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import ParticipationState as Participation
from shared.schemas.training.reasons import ReasonList


async def start(session: WriteSession, actor: Actor, cohort_id: UUID, *, now: datetime) -> CohortRead:
    """The course begins: who has a confirmed seat has started."""
    read = await cohorts.move(session, actor, cohort_id, CohortAction.START, now=now)
    await _move_all(session, cohort_id, Action.START, Participation.STARTED, said=NOTHING_SAID, now=now)
    return read


async def cancel(session: WriteSession, actor: Actor, cohort_id: UUID, said: Command, *, now: datetime) -> CohortRead:
    """The cohort does not take place: every enrolment that is not yet over is cancelled with it.

    Raises `ReasonUnknown`, and as `cohorts.move` does.
    """
    on = said.effective_on or day_in_kazakhstan(now)
    await reasons.check(session, ReasonList.COHORT, said.reason_code, on=on, needed=True)
    read = await cohorts.move(session, actor, cohort_id, CohortAction.CANCEL, now=now)
    await _move_all(
        session, cohort_id, Action.CANCEL, Participation.CANCELLED, Application.CANCELLED, said=said, now=now
    )
    return read


async def resize(
    session: WriteSession,
    actor: Actor,
    cohort_id: UUID,
    venue_id: UUID,
    *,
    capacity: int,
    check: Callable[[int], None],
    now: datetime,
) -> VenueRead:
    """Give a venue more seats, which go to the line first, or fewer, once `check` has agreed to its version.

    Raises `CohortNotFound`, `VenueNotFound`, `OutOfReach`, `SeatsTaken`.
    """
    await cohorts.demand(session, actor, cohort_id)
    await cohorts.resize(session, cohort_id, venue_id, capacity=capacity, check=check, now=now)
    await fill(session, await cohorts.run_of(session, cohort_id), venue_id, now=now)
    return next(venue for venue in await cohorts.venues(session, cohort_id) if venue.id == venue_id)


async def _move_all(
    session: WriteSession, cohort_id: UUID, action: Action, *targets: State, said: Command, now: datetime
) -> None:
    """Take everybody that the tables have a way for to the target in each machine."""
    await cohorts.lock_places(session, [place.id for place in await cohorts.places_of(session, cohort_id)])
    moved = 0
    for target in targets:
        moved += await repository.move_all(session, cohort_id, action, target, said=said, now=now)
    await audit.note(
        session, action=action, resource_type="cohort", resource_id=cohort_id, enrolments=moved, status=targets[0].value
    )
