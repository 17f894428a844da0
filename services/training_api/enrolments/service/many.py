"""Enrolling many at once: everything that is the same for all is asked once, and each person is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.rules import overlap
from services.training_api.cohorts.service import Place, Run
from services.training_api.educators import service as educators
from services.training_api.educators.service import Learner
from services.training_api.eligibility import service as eligibility
from services.training_api.enrolments import errors, repository, rules
from services.training_api.enrolments.models import Enrolment, EnrolmentTransition
from services.training_api.enrolments.repository import Booked, Live
from services.training_api.enrolments.rules import State
from services.training_api.enrolments.service.joining import check_open, enrol, nearest_first
from services.training_api.enrolments.service.reading import read
from services.training_api.enrolments.service.seating import refusal
from services.training_api.enrolments.service.steps import event_of
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Known
from services.training_api.programmes import service as programmes
from services.training_api.reservations import service as reservations
from services.training_api.seats import service as seats
from services.training_api.seats.service import SeatLocking, Taken
from shared import audit, outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession, authorship
from shared.errors import Problem
from shared.ids import new_id
from shared.schemas.training.enrolments import ApplicationState as Application
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentCreate, EnrolmentMachine, EnrolmentRead
from shared.schemas.training.enrolments import ParticipationState as Participation
from shared.schemas.training.words import ApprovalLevel


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one person: an enrolment, or the problem that `enrol` would have raised."""

    wanted: EnrolmentCreate
    enrolment: EnrolmentRead | None
    problem: Problem | None


@dataclass(slots=True)
class _Crowd:
    """Everything known of the people and their workplaces, whatever cohort they want."""

    held: Mapping[UUID, Learner | Problem]
    workplaces: Mapping[UUID, Known]
    booked: dict[UUID, list[Booked]] = field(default_factory=dict)
    """Seats given in this very call."""


@dataclass(slots=True)
class _Course:
    """Everything known of one cohort, and what has been given away of it so far."""

    run: Run
    approver: ApprovalLevel | None
    places: Sequence[Place]
    hosts: Mapping[UUID, Known]
    unfit: Mapping[UUID, Problem | None]
    live: dict[UUID, Live]
    busy: Mapping[UUID, Sequence[Booked]]
    free: Mapping[UUID, list[Taken]]
    near: dict[UUID, list[Place]] = field(default_factory=dict)
    """The places as they are seen from each workplace."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """An enrolment that is not written yet; without a seat it gets a ticket, unless it is an application."""

    row: int
    enrolment: Enrolment
    seat: Taken | None


async def enrol_many(
    session: WriteSession,
    actor: Actor,
    wanted: Sequence[EnrolmentCreate],
    *,
    dry_run: bool,
    locking: SeatLocking,
    now: datetime,
) -> list[Answered]:
    """Enrol each person as `enrol` would, in the order given; who cannot is answered with the problem.

    People of cohorts with pools, and those for whom rules are set aside, come after the others of their cohort. A dry
    run answers the same and leaves nothing behind.
    """
    answers: dict[int, EnrolmentRead | Problem] = {}
    async with session.begin_nested() as trial:
        await _enrol_all(session, actor, wanted, answers, locking=locking, now=now)
        if dry_run:
            await trial.rollback()
    return [_answered(one, answers[row]) for row, one in enumerate(wanted)]


def _answered(wanted: EnrolmentCreate, answer: EnrolmentRead | Problem) -> Answered:
    if isinstance(answer, Problem):
        return Answered(wanted, None, answer)
    return Answered(wanted, answer, None)


async def _enrol_all(
    session: WriteSession,
    actor: Actor,
    wanted: Sequence[EnrolmentCreate],
    answers: dict[int, EnrolmentRead | Problem],
    *,
    locking: SeatLocking,
    now: datetime,
) -> None:
    held = await educators.hold_many(session, {one.educator_id for one in wanted}, pointer="/educator_id")
    learners = [one for one in held.values() if isinstance(one, Learner)]
    crowd = _Crowd(held, await organisations.find_many(session, {one.organisation_id for one in learners}))
    rows: dict[UUID, list[int]] = {}
    for row, one in enumerate(wanted):
        rows.setdefault(one.cohort_id, []).append(row)
    runs: dict[UUID, Run] = {}
    venues: set[UUID] = set()
    for cohort_id in sorted(rows):
        try:
            runs[cohort_id] = await cohorts.run_to_join(session, cohort_id, pointer="/cohort_id")
            venues |= {place.id for place in await cohorts.places_of(session, cohort_id)}
        except Problem as problem:
            answers.update(dict.fromkeys(rows[cohort_id], problem))
    await cohorts.lock_places(session, venues)
    for cohort_id, run in runs.items():
        alike = [row for row in rows[cohort_id] if wanted[row].override is None and not run.has_pools]
        await _enrol_alike(session, actor, wanted, alike, run, crowd, answers, now=now)
        for row in sorted(set(rows[cohort_id]) - set(alike)):
            answers[row] = await _enrol_one(session, actor, wanted[row], locking=locking, now=now)


async def _enrol_one(
    session: WriteSession, actor: Actor, wanted: EnrolmentCreate, *, locking: SeatLocking, now: datetime
) -> EnrolmentRead | Problem:
    try:
        async with session.begin_nested():
            return await enrol(session, actor, wanted, locking=locking, now=now)
    except Problem as problem:
        return problem


async def _enrol_alike(
    session: WriteSession,
    actor: Actor,
    wanted: Sequence[EnrolmentCreate],
    rows: Sequence[int],
    run: Run,
    crowd: _Crowd,
    answers: dict[int, EnrolmentRead | Problem],
    *,
    now: datetime,
) -> None:
    """People of one cohort without pools: the locks of all its venues are held, so seats are dealt out in memory."""
    if not rows:
        return
    try:
        check_open(run, now=now)
    except Problem as problem:
        answers.update(dict.fromkeys(rows, problem))
        return
    course = await _course(session, [wanted[row].educator_id for row in rows], run, crowd, now=now)
    placed: list[_Placed] = []
    for row in rows:
        try:
            placed.append(await _place(session, actor, row, wanted[row], course, crowd, now=now))
        except Problem as problem:
            answers[row] = problem
    positions = await _queue(session, placed)
    await _write(session, run, placed, now=now)
    for one in placed:
        seat = one.seat.number if one.seat else None
        answers[one.row] = read(one.enrolment, run, position=positions.get(one.enrolment.id), seat=seat, now=now)


async def _course(
    session: WriteSession, educator_ids: Sequence[UUID], run: Run, crowd: _Crowd, *, now: datetime
) -> _Course:
    programme = await programmes.taught(session, run.programme_id)
    places = await cohorts.places_of(session, run.id)
    learners = [one for one in (crowd.held[one] for one in dict.fromkeys(educator_ids)) if isinstance(one, Learner)]
    ids = [learner.id for learner in learners]
    hours = [period for place in places for period in place.hours]
    return _Course(
        run=run,
        approver=programme.approval_chain[0] if programme.approval_chain else None,
        places=places,
        hosts=await organisations.find_many(session, {place.organisation_id for place in places}),
        unfit=await eligibility.admit_many(session, learners, run, programme, on=day_in_kazakhstan(now)),
        live=await repository.live_in(session, run.id, ids),
        busy=await repository.busy_of(session, ids, hours),
        free=await seats.open_seats(session, [place.id for place in places]),
    )


async def _place(
    session: WriteSession,
    actor: Actor,
    row: int,
    wanted: EnrolmentCreate,
    course: _Course,
    crowd: _Crowd,
    *,
    now: datetime,
) -> _Placed:
    """Find a place as `enrol` does, in the same order of refusals."""
    learner = crowd.held[wanted.educator_id]
    if isinstance(learner, Problem):
        raise learner
    workplace = crowd.workplaces.get(learner.organisation_id)
    if workplace is None:
        raise organisations.unknown(learner.organisation_id)
    actor.demand(Scope.TRAINING_ENROL, workplace.area_path, workplace.id)
    if (there := course.live.get(learner.id)) is not None:
        raise errors.AlreadyEnrolled(enrolment_id=str(there.id), status=there.status)
    if (unfit := course.unfit[learner.id]) is not None:
        raise unfit
    places = await _with_time(session, wanted, learner, workplace, course, crowd)
    place, seat = (places[0], None) if course.approver else _deal(places, course.free)
    enrolment = _enrolment(learner, workplace, course, place, seat, now=now)
    enrolment.venue_is_wished = course.approver is not None and wanted.venue_id is not None
    course.live[learner.id] = Live(enrolment.id, course.run.id, enrolment.status)
    if seat is not None:
        mine = Booked(enrolment.id, course.run.id, place.id, tuple(place.hours))
        crowd.booked.setdefault(learner.id, []).append(mine)
    return _Placed(row, enrolment, seat)


async def _with_time(
    session: WriteSession,
    wanted: EnrolmentCreate,
    learner: Learner,
    workplace: Known,
    course: _Course,
    crowd: _Crowd,
) -> list[Place]:
    if wanted.venue_id is not None:
        places = [place for place in course.places if place.id == wanted.venue_id] or [
            await cohorts.place_of(session, course.run.id, wanted.venue_id, pointer="/venue_id")
        ]
    else:
        if workplace.id not in course.near:
            course.near[workplace.id] = nearest_first(
                course.places, workplace.id, {**course.hosts, workplace.id: workplace}
            )
        places = course.near[workplace.id]
    busy = [*course.busy.get(learner.id, ()), *crowd.booked.get(learner.id, ())]
    if not busy:
        return places
    free = [place for place in places if not any(overlap(place.hours, one.hours) for one in busy)]
    if not free:
        raise await refusal(session, next(one for one in busy if overlap(places[0].hours, one.hours)), places[0].hours)
    return free


def _deal(places: Sequence[Place], free: Mapping[UUID, list[Taken]]) -> tuple[Place, Taken | None]:
    for place in places:
        if free[place.id]:
            return place, free[place.id].pop(0)
    return places[0], None


def _enrolment(
    learner: Learner, workplace: Known, course: _Course, place: Place, seat: Taken | None, *, now: datetime
) -> Enrolment:
    facts = reservations.facts(
        organisation_id=learner.organisation_id,
        area_path=workplace.area_path,
        subjects=learner.subjects,
        category=learner.category,
        languages=workplace.languages,
    )
    participation = None if course.approver else Participation.CONFIRMED if seat else Participation.WAITLISTED
    application = Application.SUBMITTED if course.approver else Application.ACCEPTED
    return Enrolment(
        id=new_id(),
        cohort_id=course.run.id,
        venue_id=place.id,
        educator_id=learner.id,
        organisation_id=learner.organisation_id,
        application=application,
        participation=participation,
        status=rules.status_of(application, participation, None),
        next_approver=course.approver,
        seat_id=seat.id if seat else None,
        waiting_since=None if seat else now,
        priority=0,
        busy=repository.multirange(place.hours),
        facts=list(facts),
        version=1,
        created_at=now,
        updated_at=now,
    )


async def _queue(session: WriteSession, placed: Sequence[_Placed]) -> dict[UUID, int]:
    """Give tickets to those who wait, in their order; their positions."""
    lines: dict[UUID, list[Enrolment]] = {}
    for one in placed:
        if one.enrolment.participation is Participation.WAITLISTED:
            lines.setdefault(one.enrolment.venue_id, []).append(one.enrolment)
    waiting = await repository.waiting_counts(session, lines) if lines else {}
    positions: dict[UUID, int] = {}
    for venue_id in sorted(lines):
        tickets = await cohorts.next_tickets(session, venue_id, how_many=len(lines[venue_id]))
        for place, (enrolment, ticket) in enumerate(zip(lines[venue_id], tickets, strict=True), 1):
            enrolment.ticket = ticket
            positions[enrolment.id] = waiting.get(venue_id, 0) + place
    return positions


async def _write(session: WriteSession, run: Run, placed: Sequence[_Placed], *, now: datetime) -> None:
    if not placed:
        return
    written = [one.enrolment for one in placed]
    await seats.take_many(session, [one.seat.id for one in placed if one.seat is not None])
    await repository.add_many(session, written, [step for one in written for step in _steps(session, one, now=now)])
    await outbox.add_many(session, (event_of(enrolment) for enrolment in written))
    await audit.note(session, action="enrol", resource_type="cohort", resource_id=run.id, enrolments=len(written))


def _steps(session: WriteSession, enrolment: Enrolment, *, now: datetime) -> list[EnrolmentTransition]:
    targets: list[State] = [enrolment.application]
    if enrolment.participation is not None:
        targets.append(enrolment.participation)
    return [
        EnrolmentTransition(
            enrolment_id=enrolment.id,
            number=number,
            machine=EnrolmentMachine(rules.machine_of(target).name),
            action=Action.ENROL.value,
            to_status=target.value,
            actor=authorship(session).subject,
            effective_on=day_in_kazakhstan(now),
            recorded_at=now,
        )
        for number, target in enumerate(targets, 1)
    ]
