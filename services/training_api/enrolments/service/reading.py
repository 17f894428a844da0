"""Reading enrolments, waiting lists and seats."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.eligibility import service as eligibility
from services.training_api.enrolments import errors, repository, rules
from services.training_api.enrolments.models import Enrolment
from services.training_api.enrolments.repository import Placed
from services.training_api.organisations import service as organisations
from services.training_api.seats import service as seats
from shared.auth import Actor
from shared.db.sessions import AnySession
from shared.schemas.training.cohorts import SeatCount, SeatCounts
from shared.schemas.training.eligibility import OverrideRead
from shared.schemas.training.enrolments import (
    EnrolmentQuery,
    EnrolmentRead,
    OutcomeRead,
    TransitionRead,
    WaitingEntry,
    WaitingQuery,
)


async def get(session: AnySession, actor: Actor, enrolment_id: UUID) -> EnrolmentRead:
    """One enrolment, if within the caller's reach; `EnrolmentNotFound` also for those out of reach."""
    return await read_one(session, await _seen(session, actor, enrolment_id))


async def page(
    session: AnySession, actor: Actor, query: EnrolmentQuery, *, after: Sequence[Any] | None
) -> list[EnrolmentRead]:
    """Enrolments within the caller's reach, the oldest first."""
    return await _reads(session, await repository.page(session, query, organisations.sight(actor), after=after))


async def count(session: AnySession, actor: Actor, query: EnrolmentQuery) -> int:
    """How many there are."""
    return await repository.count(session, query, organisations.sight(actor))


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


async def read_one(session: AnySession, enrolment: Enrolment) -> EnrolmentRead:
    """The enrolment as a body."""
    position = await repository.position(session, enrolment.id)
    return (await _reads(session, [(enrolment, position)]))[0]


async def _reads(session: AnySession, placed: Sequence[Placed]) -> list[EnrolmentRead]:
    held = {enrolment.seat_id for enrolment, _ in placed if enrolment.seat_id is not None}
    numbers = await seats.numbers(session, held) if held else {}
    return [
        read(enrolment, position=position, seat=numbers.get(enrolment.seat_id) if enrolment.seat_id else None)
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
            "since": enrolment.waiting_since,
        }
    )


def read(enrolment: Enrolment, *, position: int | None, seat: int | None) -> EnrolmentRead:
    """The enrolment as a body, its place in line and the number of its seat being known."""
    outcome = None
    if enrolment.completed_on is not None:
        outcome = OutcomeRead.model_validate(enrolment)
    return EnrolmentRead.model_validate(
        {
            "id": enrolment.id,
            "cohort_id": enrolment.cohort_id,
            "venue_id": enrolment.venue_id,
            "educator_id": enrolment.educator_id,
            "organisation_id": enrolment.organisation_id,
            "status": enrolment.status,
            "position": position,
            "seat": seat,
            "offer_expires_at": enrolment.offer_expires_at,
            "outcome": outcome,
            "transferred_to": enrolment.transferred_to,
            "allowed_actions": rules.allowed_actions(enrolment.status),
            "created_at": enrolment.created_at,
            "version": enrolment.version,
        }
    )
