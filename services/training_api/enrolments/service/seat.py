"""Holding a seat, answering an offer, giving a seat up."""

from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.enrolments import errors, repository
from services.training_api.enrolments.service.reading import read_one
from services.training_api.enrolments.service.seating import check_hours
from services.training_api.enrolments.service.steps import (
    NOTHING_SAID,
    claim,
    demand_possible,
    find,
    free_of,
    let_go,
    offer_seat,
    step,
)
from services.training_api.reservations import service as reservations
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.enrolments import Command, EnrolmentRead
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import ParticipationState as Participation


async def offer(
    session: WriteSession, actor: Actor, enrolment_id: UUID, said: Command, *, now: datetime
) -> EnrolmentRead:
    """Offer a free seat to the first in line by hand. Raises `NotFirstInLine`, `NoFreeSeat`, `DoubleBooking`."""
    enrolment = await claim(session, actor, enrolment_id, Action.OFFER)
    run = await cohorts.run_of(session, enrolment.cohort_id)
    position = await repository.position(session, enrolment.id)
    if position != 1 and not run.has_pools:
        raise errors.NotFirstInLine(position=position)
    await demand_possible(session, enrolment, Action.OFFER, run, position=position, now=now)
    pools = await reservations.unreleased(session, run.id) if run.has_pools else []
    facts = reservations.wanted_facts(pools, await free_of(session, run, enrolment.venue_id))
    if facts is not None and not set(facts) & set(enrolment.facts):
        raise errors.NoFreeSeat
    await check_hours(session, enrolment.educator_id, repository.periods(enrolment.busy))
    first = await repository.first_waiting(session, enrolment.venue_id, facts=facts)
    if first is None or first[0] != enrolment.id:
        raise errors.NotFirstInLine(position=position)
    if not await offer_seat(session, run, enrolment.id, pools=pools, said=said, now=now):
        raise errors.DoubleBooking(cohort=run.code)
    return await read_one(session, enrolment, now=now)


async def accept(
    session: WriteSession, actor: Actor, enrolment_id: UUID, said: Command, *, now: datetime
) -> EnrolmentRead:
    """Take the offered seat. Raises `OfferExpired`."""
    enrolment = await claim(session, actor, enrolment_id, Action.ACCEPT)
    run = await cohorts.run_of(session, enrolment.cohort_id)
    await demand_possible(session, enrolment, Action.ACCEPT, run, now=now)
    await step(session, enrolment, Action.ACCEPT, Participation.CONFIRMED, said=said, now=now)
    return await read_one(session, enrolment, now=now)


async def decline(
    session: WriteSession, actor: Actor, enrolment_id: UUID, said: Command, *, now: datetime
) -> EnrolmentRead:
    """Leave the offered seat to the next in line."""
    return await _leave(session, actor, enrolment_id, Action.DECLINE, Participation.DECLINED, said=said, now=now)


async def withdraw(
    session: WriteSession, actor: Actor, enrolment_id: UUID, said: Command, *, now: datetime
) -> EnrolmentRead:
    """Leave the cohort or its waiting list; the seat goes to the first in line in the same transaction."""
    return await _leave(session, actor, enrolment_id, Action.WITHDRAW, Participation.WITHDRAWN, said=said, now=now)


async def defer(
    session: WriteSession, actor: Actor, enrolment_id: UUID, said: Command, *, now: datetime
) -> EnrolmentRead:
    """Put it off: the seat goes to the first in line, and the person may resume later."""
    return await _leave(session, actor, enrolment_id, Action.DEFER, Participation.DEFERRED, said=said, now=now)


async def expire(session: WriteSession, enrolment_id: UUID, *, now: datetime) -> bool:
    """End an offer nobody answered in time and pass the seat on; False if it was answered after all."""
    seen = await find(session, enrolment_id)
    await cohorts.lock_places(session, [seen.venue_id])
    enrolment = await repository.lock(session, enrolment_id)
    if enrolment is None or enrolment.offer_expires_at is None or now < enrolment.offer_expires_at:
        return False
    await let_go(session, enrolment, Action.EXPIRE, Participation.OFFER_EXPIRED, said=NOTHING_SAID, now=now)
    return True


async def expired_offers(session: AnySession, *, now: datetime, limit: int) -> list[UUID]:
    """Enrolments whose offers have run out, the oldest first."""
    return await repository.expired_offers(session, now=now, limit=limit)


async def _leave(
    session: WriteSession,
    actor: Actor,
    enrolment_id: UUID,
    action: Action,
    target: Participation,
    *,
    said: Command,
    now: datetime,
) -> EnrolmentRead:
    enrolment = await claim(session, actor, enrolment_id, action)
    await let_go(session, enrolment, action, target, said=said, now=now)
    return await read_one(session, enrolment, now=now)
