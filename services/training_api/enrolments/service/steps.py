"""The steps that use cases are made of: claiming an enrolment, changing its state, passing a seat on."""

from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Run
from services.training_api.enrolments import errors, repository, rules
from services.training_api.enrolments.models import Enrolment, EnrolmentTransition
from services.training_api.organisations import service as organisations
from services.training_api.seats import service as seats
from services.training_api.seats.service import SeatLocking
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession, authorship
from shared.schemas.training.enrolments import Command
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status

NOTHING_SAID = Command()
"""A step that needs no reason, because it follows from another."""


async def find(session: WriteSession, enrolment_id: UUID) -> Enrolment:
    """The enrolment as it is now, not held. Raises `EnrolmentNotFound`."""
    enrolment = await repository.find(session, enrolment_id)
    if enrolment is None:
        raise errors.EnrolmentNotFound
    return enrolment


async def claim(session: WriteSession, actor: Actor, enrolment_id: UUID, action: Action) -> Enrolment:
    """The enrolment, its venue and itself locked, if the caller may do this to it and its state allows it.

    What a person decides needs `training:enrol` over the workplace; what the course decides needs
    `training:manage` over the provider. Raises `EnrolmentNotFound`, `OutOfReach`, `TransitionNotAllowed`.
    """
    seen = await find(session, enrolment_id)
    if rules.BY_ACTION[action].is_for_managers:
        await cohorts.demand(session, actor, seen.cohort_id)
    else:
        await organisations.demand(session, actor, Scope.TRAINING_ENROL, seen.organisation_id)
    await cohorts.lock_places(session, [seen.venue_id])
    enrolment = await repository.lock(session, enrolment_id)
    assert enrolment is not None
    if not rules.is_allowed(action, enrolment.status):
        allowed = ", ".join(rules.allowed_actions(enrolment.status)) or "—"
        raise errors.TransitionNotAllowed(status=enrolment.status, allowed=allowed)
    return enrolment


async def step(
    session: WriteSession, enrolment: Enrolment, action: Action, target: Status, *, said: Command, now: datetime
) -> None:
    """Change the state, write the step down and tell others; what else changes was set before."""
    is_first = action is Action.ENROL
    before = None if is_first else enrolment.status
    enrolment.status = target
    enrolment.updated_at = now
    if target is not Status.OFFERED:
        enrolment.offer_expires_at = None
    await session.flush()
    session.add(
        EnrolmentTransition(
            enrolment_id=enrolment.id,
            number=1 if is_first else await repository.next_number(session, enrolment.id),
            action=action,
            from_status=before,
            to_status=target,
            actor=authorship(session).subject,
            reason_code=said.reason_code,
            comment=said.comment,
            effective_on=said.effective_on or day_in_kazakhstan(now),
            recorded_at=now,
        )
    )
    event = outbox.Event(
        kind=f"enrolment.{target}",
        subject="enrolment",
        subject_id=enrolment.id,
        data={
            "id": str(enrolment.id),
            "cohort_id": str(enrolment.cohort_id),
            "venue_id": str(enrolment.venue_id),
            "organisation_id": str(enrolment.organisation_id),
            "status": target.value,
        },
    )
    await outbox.add(session, event)


async def let_go(
    session: WriteSession, enrolment: Enrolment, action: Action, target: Status, *, said: Command, now: datetime
) -> None:
    """Take the step and, if a seat was held, pass it on, under the lock of the venue."""
    held, enrolment.seat_id = enrolment.seat_id, None
    await step(session, enrolment, action, target, said=said, now=now)
    if held is not None:
        await pass_on(session, held, enrolment.cohort_id, enrolment.venue_id, now=now)


async def pass_on(session: WriteSession, seat_id: UUID, cohort_id: UUID, venue_id: UUID, *, now: datetime) -> None:
    """Free the seat and offer it to the line."""
    await seats.give_back(session, seat_id)
    await fill(session, await cohorts.run_of(session, cohort_id), venue_id, now=now)


async def fill(session: WriteSession, run: Run, venue_id: UUID, *, now: datetime) -> None:
    """Offer every free seat of the venue to the line, in order, under the lock of the venue.

    Who holds a seat elsewhere on these days keeps the place in line and is passed over.
    """
    if not rules.may_offer_by_itself(run.status, run.starts_on, today=day_in_kazakhstan(now)):
        return
    ticket = 0
    while await seats.any_free(session, venue_id):
        following = await repository.first_waiting(session, venue_id, after_ticket=ticket)
        if following is None:
            return
        enrolment_id, ticket = following
        await offer_seat(session, run, enrolment_id, said=NOTHING_SAID, now=now)


async def offer_seat(session: WriteSession, run: Run, enrolment_id: UUID, *, said: Command, now: datetime) -> bool:
    """Hold a free seat for who waits; False if that person holds one elsewhere on these days."""
    async with repository.attempt(session) as attempt:
        enrolment = await repository.lock(session, enrolment_id)
        assert enrolment is not None
        seat = await seats.take(session, enrolment.venue_id, locking=SeatLocking.SKIP_LOCKED)
        if seat is None:
            raise errors.NoFreeSeat
        enrolment.seat_id = seat.id
        enrolment.offer_expires_at = rules.offer_deadline(run.starts_on, now=now)
        await step(session, enrolment, Action.OFFER, Status.OFFERED, said=said, now=now)
    return not attempt.refused
