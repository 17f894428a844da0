"""Finding a seat for a person: at which venues there is time, of which pools, and without anybody's going short."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.rules import Period, overlap
from services.training_api.cohorts.service import Place, Run
from services.training_api.educators.service import Learner
from services.training_api.enrolments import errors, repository
from services.training_api.enrolments.repository import Booked
from services.training_api.enrolments.service.steps import fill
from services.training_api.organisations.service import Known
from services.training_api.reservations import service as reservations
from services.training_api.seats import service as seats
from services.training_api.seats.service import SeatLocking, Taken
from shared.db.sessions import WriteSession
from shared.errors import Problem


@dataclass(frozen=True, slots=True)
class Seeker:
    """Who seeks a seat, as far as pools go."""

    facts: tuple[str, ...]
    pools: tuple[UUID, ...]
    """The pools whose seats the person may take, the best first."""


async def seeker(session: WriteSession, learner: Learner, workplace: Known, run: Run, *, now: datetime) -> Seeker:
    """What pools may ask of the person, and what they offer; those that are due are released first, to the line."""
    known = reservations.facts(
        organisation_id=learner.organisation_id,
        area_path=workplace.area_path,
        subjects=learner.subjects,
        category=learner.category,
        languages=workplace.languages,
    )
    return Seeker(tuple(known), tuple(await pools_for(session, run, known, now=now)))


async def pools_for(session: WriteSession, run: Run, known: Sequence[str], *, now: datetime) -> list[UUID]:
    """The pools from which a person with these facts may take seats, the best first; due ones are released first."""
    if not run.has_pools:
        return []
    pools = await reservations.unreleased(session, run.id)
    if any(pool.is_due(now) for pool in pools):
        await release_due(session, run, now=now)
        pools = await reservations.unreleased(session, run.id)
    return reservations.fitting(pools, known)


async def lock_places(session: WriteSession, run: Run, venue_ids: Collection[UUID], *, now: datetime) -> None:
    """Lock the venues, and where pools of the cohort are due all its venues: releasing these needs them.

    For who asks for `pools_for` under the lock of a venue: taking the others only then would not be in their order.
    """
    wanted = set(venue_ids)
    if run.has_pools and any(pool.is_due(now) for pool in await reservations.unreleased(session, run.id)):
        wanted |= {place.id for place in await cohorts.places_of(session, run.id)}
    await cohorts.lock_places(session, wanted)


async def release_due(session: WriteSession, run: Run, *, now: datetime) -> int:
    """Release the pools of the cohort that are due, in their order, each to the line; how many they were."""
    await cohorts.lock_places(session, [place.id for place in await cohorts.places_of(session, run.id)])
    due = [pool for pool in await reservations.unreleased(session, run.id) if pool.is_due(now)]
    for pool in reservations.in_order_of_release(due):
        for venue_id in await reservations.release(session, pool.id, now=now):
            await fill(session, run, venue_id, now=now)
    return len(due)


async def with_time(
    session: WriteSession, educator_id: UUID, places: Sequence[Place], *, but: UUID | None = None
) -> list[Place]:
    """Those of the places at whose hours the person neither holds a seat elsewhere nor teaches.

    Raises `DoubleBooking`, `TeachesThen` if there is none.
    """
    hours = [period for place in places for period in place.hours]
    found = await repository.on_hours(session, educator_id=educator_id, hours=hours, but=but)
    free = [place for place in places if not any(overlap(place.hours, one.hours) for one in found)]
    if found and not free:
        first = next(one for one in found if overlap(places[0].hours, one.hours))
        raise await refusal(session, first, places[0].hours)
    return free


async def check_hours(session: WriteSession, educator_id: UUID, hours: Sequence[Period]) -> None:
    """See that the person has time for a seat at these hours. Raises `DoubleBooking`, `TeachesThen`."""
    found = await repository.on_hours(session, educator_id=educator_id, hours=hours)
    if found:
        raise await refusal(session, found[0], hours)


async def find_seat(
    session: WriteSession, places: Sequence[Place], pools: Sequence[UUID], *, locking: SeatLocking
) -> tuple[Place, Taken | None]:
    """A seat at the first place that has one, or none and the first place, whose line is then ours to join.

    Sharing the lock of the venue tells whoever wants to join the line that a seat is being taken, and may come free
    again if this transaction fails. A seat seen to be locked by another is no reason to wait for it; but before
    somebody is sent to the line, all who are taking seats must have finished.
    """
    if found := await first_seat(session, places, pools, locking=locking):
        return found
    if locking is SeatLocking.NONE:
        return places[0], None
    await cohorts.lock_places(session, [place.id for place in places])
    for place in places:
        seat = await seats.take(session, place.id, pools=pools, locking=locking)
        if seat is not None:
            return place, seat
    return places[0], None


async def first_seat(
    session: WriteSession, places: Sequence[Place], pools: Sequence[UUID], *, locking: SeatLocking
) -> tuple[Place, Taken] | None:
    """A seat at the first place that has one nobody else is just taking."""
    for place in places:
        if not await seats.any_free(session, place.id, pools=pools):
            continue
        if locking is SeatLocking.NONE:
            seat = await seats.take(session, place.id, pools=pools, locking=locking)
            if seat is not None:
                return place, seat
            continue
        async with session.begin_nested() as sharing:
            await cohorts.share_place(session, place.id)
            seat = await seats.take(session, place.id, pools=pools, locking=locking)
            if seat is not None:
                return place, seat
            # Let go of the share: two who share and both want the line for themselves would wait for each other.
            await sharing.rollback()
    return None


async def refusal(session: WriteSession, booked: Booked, hours: Sequence[Period]) -> Problem:
    """The problem that names what stands in the way: a session that the person teaches, or a seat in another run."""
    if booked.cohort_id is None:
        return errors.TeachesThen(session_id=str(booked.id))
    other = await cohorts.run_of(session, booked.cohort_id)
    met = await cohorts.meetings(session, booked.cohort_id, venue_id=booked.venue_id)
    meeting = next((one for one in met if overlap([(one.starts_at, one.ends_at)], hours)), None)
    return errors.DoubleBooking(
        cohort=other.code,
        cohort_id=str(other.id),
        enrolment_id=str(booked.id),
        session_id=str(meeting.id) if meeting else None,
    )
