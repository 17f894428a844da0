"""Reading enrolments, waiting lists and seats."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Run
from services.training_api.eligibility import service as eligibility
from services.training_api.enrolments import errors, repository, rules
from services.training_api.enrolments.models import Enrolment
from services.training_api.enrolments.repository import Placed
from services.training_api.organisations import service as organisations
from services.training_api.seats import service as seats
from shared.auth import Actor
from shared.db.sessions import AnySession
from shared.errors import Problem, Text
from shared.schemas.actions import RefusedAction
from shared.schemas.base import TextOut
from shared.schemas.training.cohorts import SeatCount, SeatCounts
from shared.schemas.training.eligibility import OverrideRead
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import (
    EnrolmentQuery,
    EnrolmentRead,
    OutcomeRead,
    Refused,
    TransitionRead,
    WaitingEntry,
    WaitingQuery,
)
from shared.schemas.training.enrolments import EnrolmentStatus as Status

_WAITS = frozenset({Status.SUBMITTED, Status.WAITLISTED})
"""States in which `waiting_since` says something."""


async def get(session: AnySession, actor: Actor, enrolment_id: UUID, *, now: datetime) -> EnrolmentRead:
    """One enrolment, if within the caller's reach; `EnrolmentNotFound` also for those out of reach."""
    return await read_one(session, await _seen(session, actor, enrolment_id), now=now)


async def page(
    session: AnySession, actor: Actor, query: EnrolmentQuery, *, after: Sequence[Any] | None, now: datetime
) -> list[EnrolmentRead]:
    """Enrolments within the caller's reach, the oldest first."""
    found = await repository.page(session, query, organisations.sight(actor), after=after)
    return await _reads(session, found, now=now)


async def reads_of(session: AnySession, enrolment_ids: Sequence[UUID], *, now: datetime) -> list[EnrolmentRead]:
    """These enrolments, for who has made sure that they may be seen."""
    return await _reads(session, await repository.placed(session, enrolment_ids), now=now)


async def count(session: AnySession, actor: Actor, query: EnrolmentQuery) -> int:
    """How many there are."""
    return await repository.count(session, query, organisations.sight(actor))


async def count_open(session: AnySession, educator_id: UUID) -> int:
    """In how many cohorts the person still takes part, waits or is to be decided upon, wherever these are."""
    return await repository.count_open(session, educator_id)


async def transitions(session: AnySession, actor: Actor, enrolment_id: UUID) -> list[TransitionRead]:
    """All steps of an enrolment, from the first."""
    await _seen(session, actor, enrolment_id)
    return [TransitionRead.model_validate(step) for step in await repository.transitions(session, enrolment_id)]


async def overrides(session: AnySession, actor: Actor, enrolment_id: UUID) -> list[OverrideRead]:
    """Rules that were set aside when the person enrolled."""
    await _seen(session, actor, enrolment_id)
    return await eligibility.overrides(session, enrolment_id)


async def line(
    session: AnySession, actor: Actor, cohort_id: UUID, query: WaitingQuery, *, after: Sequence[Any] | None
) -> list[tuple[WaitingEntry, int]]:
    """The waiting list with its tickets, as far as the caller sees it. Raises `CohortNotFound`."""
    await cohorts.run_of(session, cohort_id)
    found = await repository.line(
        session, cohort_id, organisations.sight(actor), venue_id=query.venue_id, limit=query.limit, after=after
    )
    return [(_entry(enrolment, position), enrolment.ticket or 0) for enrolment, position in found]


async def line_length(session: AnySession, actor: Actor, cohort_id: UUID, query: WaitingQuery) -> int:
    """How many wait, as far as the caller sees them."""
    return await repository.line_length(session, cohort_id, organisations.sight(actor), venue_id=query.venue_id)


async def seat_counts(session: AnySession, cohort_id: UUID) -> SeatCounts:
    """Free and taken seats and who waits, venue by venue. Raises `CohortNotFound`."""
    places = await cohorts.places_of(session, cohort_id)
    counted = await seats.counts(session, [place.id for place in places])
    waiting = await repository.waiting_counts(session, [place.id for place in places])
    items = [
        SeatCount.model_validate(
            {
                "venue_id": place.id,
                "capacity": place.capacity,
                "taken": counted[place.id].taken,
                "free": counted[place.id].free,
                "waiting": waiting.get(place.id, 0),
            }
        )
        for place in places
    ]
    return SeatCounts(
        items=items,
        capacity=sum(item.capacity for item in items),
        taken=sum(item.taken for item in items),
        free=sum(item.free for item in items),
        waiting=sum(item.waiting for item in items),
    )


async def read_one(session: AnySession, enrolment: Enrolment, *, now: datetime) -> EnrolmentRead:
    """The enrolment as a body."""
    position = await repository.position(session, enrolment.id)
    return (await _reads(session, [(enrolment, position)], now=now))[0]


async def _reads(session: AnySession, placed: Sequence[Placed], *, now: datetime) -> list[EnrolmentRead]:
    held = {enrolment.seat_id for enrolment, _ in placed if enrolment.seat_id is not None}
    numbers = await seats.numbers(session, held) if held else {}
    runs = await cohorts.runs_of(session, {enrolment.cohort_id for enrolment, _ in placed})
    return [
        read(
            enrolment,
            runs[enrolment.cohort_id],
            position=position,
            seat=numbers.get(enrolment.seat_id) if enrolment.seat_id else None,
            now=now,
        )
        for enrolment, position in placed
    ]


async def _seen(session: AnySession, actor: Actor, enrolment_id: UUID) -> Enrolment:
    reach = organisations.sight(actor)
    enrolment = await repository.find(session, enrolment_id)
    if enrolment is None:
        raise errors.EnrolmentNotFound
    workplace = (await organisations.find_many(session, [enrolment.organisation_id])).get(enrolment.organisation_id)
    if not reach.covers(workplace.area_path if workplace else [], enrolment.organisation_id):
        raise errors.EnrolmentNotFound
    return enrolment


def _entry(enrolment: Enrolment, position: int | None) -> WaitingEntry:
    return WaitingEntry.model_validate(
        {
            "enrolment_id": enrolment.id,
            "venue_id": enrolment.venue_id,
            "educator_id": enrolment.educator_id,
            "position": position,
            "priority": enrolment.priority,
            "since": enrolment.waiting_since,
        }
    )


def read(enrolment: Enrolment, run: Run, *, position: int | None, seat: int | None, now: datetime) -> EnrolmentRead:
    """The enrolment as a body, its cohort, its place in line and the number of its seat being known."""
    allowed, refused = _actions(enrolment, run, position=position, now=now)
    return EnrolmentRead.model_validate(
        {
            "id": enrolment.id,
            "cohort_id": enrolment.cohort_id,
            "venue_id": enrolment.venue_id,
            "educator_id": enrolment.educator_id,
            "organisation_id": enrolment.organisation_id,
            "application": enrolment.application,
            "participation": enrolment.participation,
            "status": enrolment.status,
            "next_approver": enrolment.next_approver,
            "waiting_since": enrolment.waiting_since if enrolment.status in _WAITS else None,
            "position": position,
            "seat": seat,
            "pool": enrolment.pool_id if seat is not None else None,
            "priority": enrolment.priority,
            "offer_expires_at": enrolment.offer_expires_at,
            "outcome": _outcome(enrolment),
            "transferred_to": enrolment.transferred_to,
            "substituted_by": enrolment.substituted_by,
            "allowed_actions": allowed,
            "refused_actions": refused,
            "created_at": enrolment.created_at,
            "version": enrolment.version,
        }
    )


def _outcome(enrolment: Enrolment) -> OutcomeRead | None:
    if enrolment.completed_on is None:
        return None
    return OutcomeRead.model_validate(
        {
            "state": enrolment.outcome,
            "attendance": enrolment.attendance,
            "tasks_done": enrolment.tasks_done,
            "score": enrolment.score,
            "completed_on": enrolment.completed_on,
            "unmet": enrolment.unmet,
        }
    )


def _actions(
    enrolment: Enrolment, run: Run, *, position: int | None, now: datetime
) -> tuple[list[Action], list[RefusedAction]]:
    """What a caller may ask for now, and why not for the rest."""
    standing = standing_of(enrolment)
    allowed, refused = [], list(_refused(standing))
    for action in rules.commands(standing):
        problem = rules.obstacle(action, run, position=position, offer_expires_at=enrolment.offer_expires_at, now=now)
        if problem is None:
            allowed.append(action)
        else:
            refused.append(_refusal(action, problem.code, problem.sentence()))
    return allowed, refused


@cache
def _refused(standing: rules.Standing) -> tuple[RefusedAction, ...]:
    return tuple(_refusal(one.action, one.code, one.message) for one in rules.refusals(standing))


def _refusal(action: Action, code: str, message: Text) -> RefusedAction:
    return RefusedAction(action=action.value, code=code, message=TextOut(**message._asdict()))


def told(problem: Problem) -> Refused:
    """Why something could not be done for one of many."""
    return Refused(
        code=problem.code,
        message=TextOut(**problem.sentence()._asdict()),
        pointer=problem.errors[0].pointer if problem.errors else None,
        context=dict(problem.values),
    )


def standing_of(enrolment: Enrolment) -> rules.Standing:
    """In which state of each machine it is."""
    return rules.Standing(enrolment.application, enrolment.participation, enrolment.outcome)
