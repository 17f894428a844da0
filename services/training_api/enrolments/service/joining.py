"""Coming into a cohort: enrolling, coming back, moving from another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Place, Run
from services.training_api.educators import service as educators
from services.training_api.educators.service import Learner
from services.training_api.eligibility import service as eligibility
from services.training_api.eligibility.service import Verdict
from services.training_api.enrolments import errors, repository, rules
from services.training_api.enrolments.models import Enrolment
from services.training_api.enrolments.service.reading import read, read_one
from services.training_api.enrolments.service.seating import (
    Seeker,
    find_seat,
    first_seat,
    lock_places,
    pools_for,
    seeker,
    with_time,
)
from services.training_api.enrolments.service.steps import NOTHING_SAID, check_reason, claim, find, pass_on, step
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Known
from services.training_api.programmes import service as programmes
from services.training_api.programmes.service import Taught
from services.training_api.seats import service as seats
from services.training_api.seats.service import SeatLocking, Taken
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.training.eligibility import EligibilityOverride
from shared.schemas.training.enrolments import ApplicationState as Application
from shared.schemas.training.enrolments import Command, EnrolmentCreate, EnrolmentRead, TransferCommand
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import ParticipationState as Participation
from shared.schemas.training.words import ApprovalLevel


async def enrol(
    session: WriteSession, actor: Actor, body: EnrolmentCreate, *, locking: SeatLocking, now: datetime
) -> EnrolmentRead:
    """Give the person a seat or a place in line; where the programme asks for approval, write the application down.

    Raises `EducatorUnknown`, `CohortUnknown`, `VenueUnknown`, `OutOfReach`, `CohortClosed`, `AfterCutOff`,
    `NotEligible`, `AlreadyEnrolled`, `DoubleBooking`; with an override `ReasonUnknown`.
    """
    learner = await educators.hold(session, body.educator_id, pointer="/educator_id")
    workplace = await organisations.demand(session, actor, Scope.TRAINING_ENROL, learner.organisation_id)
    run = await cohorts.run_to_join(session, body.cohort_id, pointer="/cohort_id")
    await check_not_in(session, learner, run)
    programme, verdict = await _check_may_join(session, actor, learner, run, override=body.override, now=now)
    places = await with_time(session, learner.id, await places_near(session, learner, run, body.venue_id))
    who = await seeker(session, learner, workplace, run, now=now)
    said = NOTHING_SAID
    if body.override is not None and not verdict.eligible:
        said = Command(reason_code=body.override.reason_code, comment=body.override.comment)
    if programme.approval_chain:
        wish = Wish(places[0], is_venue=body.venue_id is not None)
        joined = await _apply(session, learner, who, run, wish, programme.approval_chain[0], said=said, now=now)
    else:
        place, seat = await find_seat(session, places, who.pools, locking=locking)
        joined = await join(session, learner, who, run, place, seat, said=said, now=now)
    if body.override is None or verdict.eligible:
        return joined
    today = day_in_kazakhstan(now)
    await eligibility.keep_override(session, joined.id, verdict, body.override, on=today, now=now)
    return joined


async def resume(
    session: WriteSession, actor: Actor, enrolment_id: UUID, said: Command, *, now: datetime
) -> EnrolmentRead:
    """Come back to the cohort: to a free seat, or to the end of the line. Raises as `enrol` does."""
    seen = await find(session, enrolment_id)
    learner = await educators.hold(session, seen.educator_id, pointer="/educator_id")
    run = await cohorts.run_to_join(session, seen.cohort_id, pointer="/cohort_id")
    await lock_places(session, run, [seen.venue_id], now=now)
    enrolment = await claim(session, actor, enrolment_id, Action.RESUME)
    await _check_may_join(session, actor, learner, run, now=now)
    place = await cohorts.place_of(session, run.id, enrolment.venue_id)
    await with_time(session, learner.id, [place])
    enrolment.busy = repository.multirange(place.hours)
    pools = await pools_for(session, run, enrolment.facts, now=now)
    seat = await seats.take(session, enrolment.venue_id, pools=pools, locking=SeatLocking.SKIP_LOCKED)
    if seat is None:
        enrolment.ticket = await cohorts.next_ticket(session, enrolment.venue_id)
        enrolment.waiting_since = now
    else:
        enrolment.seat_id = seat.id
        enrolment.pool_id = seat.pool_id
    target = Participation.WAITLISTED if seat is None else Participation.CONFIRMED
    await step(session, enrolment, Action.RESUME, target, said=said, now=now)
    return await read_one(session, enrolment, now=now)


async def transfer(
    session: WriteSession, actor: Actor, enrolment_id: UUID, body: TransferCommand, *, now: datetime
) -> EnrolmentRead:
    """Move to another cohort or venue; gives the new enrolment.

    Raises `SameCohort`, `ReasonNeeded`, `ApprovalNeeded`, and as `enrol` does.
    """
    seen = await find(session, enrolment_id)
    if body.cohort_id == seen.cohort_id and body.venue_id in (None, seen.venue_id):
        raise errors.SameCohort(pointer="/cohort_id")
    learner = await educators.hold(session, seen.educator_id, pointer="/educator_id")
    run = await cohorts.run_to_join(session, body.cohort_id, pointer="/cohort_id")
    places = await places_near(session, learner, run, body.venue_id)
    await lock_places(session, run, [seen.venue_id, *(place.id for place in places)], now=now)
    former = await claim(session, actor, enrolment_id, Action.TRANSFER)
    left = await cohorts.run_of(session, former.cohort_id)
    if rules.is_after_cut_off(left.changes_close_on, today=day_in_kazakhstan(now)):
        await check_reason(session, body, Participation.TRANSFERRED, now=now, needed=True)
    programme, _ = await _check_may_join(session, actor, learner, run, now=now)
    if programme.approval_chain and left.programme_id != programme.id:
        raise errors.ApprovalNeeded(pointer="/cohort_id", next_approver=programme.approval_chain[0].value)
    if run.id != former.cohort_id:
        await check_not_in(session, learner, run)
    places = await with_time(session, learner.id, places, but=former.id)
    workplace = await organisations.get(session, learner.organisation_id)
    who = await seeker(session, learner, workplace, run, now=now)
    held, former.seat_id, former.transferred_to = former.seat_id, None, new_id()
    await step(session, former, Action.TRANSFER, Participation.TRANSFERRED, said=body, now=now)
    found = await first_seat(session, places, who.pools, locking=SeatLocking.SKIP_LOCKED)
    place, seat = found or (places[0], None)
    new = await join(session, learner, who, run, place, seat, said=body, now=now, enrolment_id=former.transferred_to)
    if held is not None:
        await pass_on(session, held, former.cohort_id, former.venue_id, now=now)
    return new


async def check_not_in(session: WriteSession, learner: Learner, run: Run) -> None:
    """See that the person is not in the cohort. Raises `AlreadyEnrolled`."""
    booked = await repository.in_cohort(session, cohort_id=run.id, educator_id=learner.id)
    if booked is not None:
        raise errors.AlreadyEnrolled(enrolment_id=str(booked.id), status=booked.status)


async def _check_may_join(
    session: WriteSession,
    actor: Actor,
    learner: Learner,
    run: Run,
    *,
    override: EligibilityOverride | None = None,
    now: datetime,
) -> tuple[Taught, Verdict]:
    check_open(run, now=now)
    programme = await programmes.taught(session, run.programme_id)
    today = day_in_kazakhstan(now)
    return programme, await eligibility.admit(session, actor, learner, run, programme, override=override, on=today)


def check_open(run: Run, *, now: datetime) -> None:
    """See that people may come into the cohort today. Raises `CohortClosed`, `AfterCutOff`."""
    today = day_in_kazakhstan(now)
    if not rules.enrolment_is_open(run.status, run.enrolment_opens_on, run.enrolment_closes_on, today=today):
        raise errors.CohortClosed(cohort=run.code, status=run.status)
    if run.changes_close_on is not None and rules.is_after_cut_off(run.changes_close_on, today=today):
        raise errors.AfterCutOff(day=run.changes_close_on.isoformat())


async def places_near(session: WriteSession, learner: Learner, run: Run, venue_id: UUID | None) -> list[Place]:
    """The venue asked for; else all of them, those nearest to the workplace first."""
    if venue_id is not None:
        return [await cohorts.place_of(session, run.id, venue_id, pointer="/venue_id")]
    places = await cohorts.places_of(session, run.id)
    wanted = {learner.organisation_id, *(place.organisation_id for place in places)}
    return nearest_first(places, learner.organisation_id, await organisations.find_many(session, wanted))


def nearest_first(places: Sequence[Place], workplace_id: UUID, known: Mapping[UUID, Known]) -> list[Place]:
    """The places by how much of the way of areas they share with the workplace."""
    paths = {organisation_id: set(organisation.area_path) for organisation_id, organisation in known.items()}
    home = paths.get(workplace_id, set())
    # Sorting keeps the order in which the venues were added where they are equally near.
    return sorted(places, key=lambda place: -len(home & paths.get(place.organisation_id, set())))


@dataclass(frozen=True, slots=True)
class Wish:
    """Where somebody who applies would learn."""

    place: Place
    is_venue: bool
    """Whether this very venue was asked for."""


async def _apply(
    session: WriteSession,
    learner: Learner,
    who: Seeker,
    run: Run,
    wish: Wish,
    approver: ApprovalLevel,
    *,
    said: Command,
    now: datetime,
) -> EnrolmentRead:
    enrolment = Enrolment(
        id=new_id(),
        cohort_id=run.id,
        venue_id=wish.place.id,
        venue_is_wished=wish.is_venue,
        educator_id=learner.id,
        organisation_id=learner.organisation_id,
        next_approver=approver,
        waiting_since=now,
        busy=repository.multirange(wish.place.hours),
        facts=list(who.facts),
        created_at=now,
        updated_at=now,
    )
    session.add(enrolment)
    await step(session, enrolment, Action.ENROL, Application.SUBMITTED, said=said, now=now, is_new=True)
    return read(enrolment, run, position=None, seat=None, now=now)


async def join(
    session: WriteSession,
    learner: Learner,
    who: Seeker,
    run: Run,
    place: Place,
    seat: Taken | None,
    *,
    said: Command,
    now: datetime,
    enrolment_id: UUID | None = None,
) -> EnrolmentRead:
    """Write an accepted enrolment down, with the seat or, under the lock of the venue, with the next place in line."""
    enrolment = Enrolment(
        id=enrolment_id or new_id(),
        cohort_id=run.id,
        venue_id=place.id,
        educator_id=learner.id,
        organisation_id=learner.organisation_id,
        seat_id=seat.id if seat else None,
        ticket=None if seat else await cohorts.next_ticket(session, place.id),
        waiting_since=None if seat else now,
        pool_id=seat.pool_id if seat else None,
        busy=repository.multirange(place.hours),
        facts=list(who.facts),
        created_at=now,
        updated_at=now,
    )
    session.add(enrolment)
    target = Participation.CONFIRMED if seat else Participation.WAITLISTED
    await step(session, enrolment, Action.ENROL, Application.ACCEPTED, target, said=said, now=now, is_new=True)
    if seat is not None:
        return read(enrolment, run, position=None, seat=seat.number, now=now)
    return await read_one(session, enrolment, now=now)
