"""The steps that use cases are made of: claiming an enrolment, changing its state, passing a seat on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Run
from services.training_api.enrolments import errors, repository, rules
from services.training_api.enrolments.models import Enrolment, EnrolmentTransition
from services.training_api.enrolments.repository import Behind, Concluded
from services.training_api.enrolments.rules import State
from services.training_api.enrolments.service.reading import standing_of
from services.training_api.organisations import service as organisations
from services.training_api.reasons import service as reasons
from services.training_api.reservations import service as reservations
from services.training_api.reservations.service import Pool
from services.training_api.seats import service as seats
from services.training_api.seats.service import SeatLocking
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession, authorship
from shared.schemas.training.enrolments import Command, EnrolmentMachine
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status
from shared.schemas.training.enrolments import ParticipationState as Participation
from shared.schemas.training.reasons import ReasonList

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
    if rules.is_for_managers(action):
        await cohorts.demand(session, actor, seen.cohort_id)
    else:
        await organisations.demand(session, actor, Scope.TRAINING_ENROL, seen.organisation_id)
    return await hold(session, seen, action)


async def hold(session: WriteSession, seen: Enrolment, action: Action) -> Enrolment:
    """The enrolment, its venue and itself locked, if its state allows the action. Raises `TransitionNotAllowed`."""
    await cohorts.lock_places(session, [seen.venue_id])
    enrolment = await repository.lock(session, seen.id)
    assert enrolment is not None
    standing = standing_of(enrolment)
    if standing.machine(action) is None:
        allowed = ", ".join(rules.commands(standing)) or "—"
        raise errors.TransitionNotAllowed(status=enrolment.status, allowed=allowed)
    return enrolment


async def step(
    session: WriteSession,
    enrolment: Enrolment,
    action: Action,
    *targets: State,
    said: Command,
    now: datetime,
    is_new: bool = False,
) -> None:
    """Change the state in one machine or several, write the steps down and tell others.

    What else changes was set before. Raises `ReasonUnknown`.
    """
    if action is not Action.ENROL:  # whoever enrols with a reason has one of another list, and has checked it
        await check_reason(session, said, targets[-1], now=now)
    before = standing_of(enrolment)
    for target in targets:
        setattr(enrolment, rules.machine_of(target).name, target)
    enrolment.status = rules.status_of(enrolment.application, enrolment.participation, enrolment.outcome)
    enrolment.updated_at = now
    if enrolment.status is not Status.OFFERED:
        enrolment.offer_expires_at = None
    await session.flush()
    first = 1 if is_new else await repository.next_number(session, enrolment.id)
    for number, target in enumerate(targets, first):
        machine = rules.machine_of(target)
        session.add(
            EnrolmentTransition(
                enrolment_id=enrolment.id,
                number=number,
                machine=EnrolmentMachine(machine.name),
                action=action.value,
                from_status=before.of(machine),
                to_status=target.value,
                actor=authorship(session).subject,
                reason_code=said.reason_code,
                comment=said.comment,
                evidence=[item.model_dump(mode="json", exclude_none=True) for item in said.evidence] or None,
                effective_on=said.effective_on or day_in_kazakhstan(now),
                recorded_at=now,
            )
        )
    await outbox.add(session, event_of(enrolment))


def event_of(enrolment: Enrolment | Concluded) -> outbox.Event:
    """What others are told of the state an enrolment has reached."""
    return outbox.Event(
        kind=f"enrolment.{enrolment.status}",
        subject="enrolment",
        subject_id=enrolment.id,
        data={
            "id": str(enrolment.id),
            "cohort_id": str(enrolment.cohort_id),
            "venue_id": str(enrolment.venue_id),
            "organisation_id": str(enrolment.organisation_id),
            "status": enrolment.status.value,
        },
    )


async def demand_possible(
    session: WriteSession,
    enrolment: Enrolment,
    action: Action,
    run: Run,
    *,
    position: int | None = None,
    now: datetime,
) -> None:
    """Raise what stands against the action although the tables have a way, as `refused_actions` tells it."""
    problem = rules.obstacle(action, run, position=position, offer_expires_at=enrolment.offer_expires_at, now=now)
    if problem is not None:
        raise problem


async def check_reason(
    session: WriteSession, said: Command, target: State, *, now: datetime, needed: bool = False
) -> None:
    """Whether the reason is one of the list of its machine. Raises `ReasonNeeded`, `ReasonUnknown`."""
    if said.reason_code is None and not needed:
        return
    list_ = ReasonList(rules.machine_of(target).name)
    on = said.effective_on or day_in_kazakhstan(now)
    with session.no_autoflush:  # a step half taken is not yet as the database wants it
        await reasons.check(session, list_, said.reason_code, on=on, needed=needed)


async def let_go(
    session: WriteSession, enrolment: Enrolment, action: Action, target: State, *, said: Command, now: datetime
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

    Who is busy elsewhere at that time keeps the place in line and is passed over; so is who fits none of the pools
    that the free seats are kept in.
    """
    if not rules.may_offer_by_itself(run.status, run.starts_on, run.changes_close_on, today=day_in_kazakhstan(now)):
        return
    pools = await reservations.unreleased(session, run.id) if run.has_pools else []
    behind: Behind | None = None
    while True:
        free = await free_of(session, run, venue_id)
        if not free:
            return
        facts = reservations.wanted_facts(pools, free)
        following = await repository.first_waiting(session, venue_id, behind=behind, facts=facts)
        if following is None:
            return
        enrolment_id, behind = following
        await offer_seat(session, run, enrolment_id, pools=pools, said=NOTHING_SAID, now=now)


async def free_of(session: WriteSession, run: Run, venue_id: UUID) -> set[UUID | None]:
    """The pools that have a free seat at the venue, None among them for a seat that anybody may have."""
    if run.has_pools:
        return await seats.free_pools(session, venue_id)
    return {None} if await seats.any_free(session, venue_id) else set()


async def offer_seat(
    session: WriteSession, run: Run, enrolment_id: UUID, *, pools: Sequence[Pool], said: Command, now: datetime
) -> bool:
    """Hold a free seat for who waits; False if that person holds one elsewhere at that time."""
    async with repository.attempt(session) as attempt:
        enrolment = await repository.lock(session, enrolment_id)
        assert enrolment is not None
        fitting = reservations.fitting(pools, enrolment.facts)
        seat = await seats.take(session, enrolment.venue_id, pools=fitting, locking=SeatLocking.SKIP_LOCKED)
        if seat is None:
            raise errors.NoFreeSeat
        enrolment.seat_id = seat.id
        enrolment.pool_id = seat.pool_id
        enrolment.offer_expires_at = rules.offer_deadline(run.starts_on, run.changes_close_on, now=now)
        await step(session, enrolment, Action.OFFER, Participation.OFFERED, said=said, now=now)
    return not attempt.refused
