"""What other capabilities need to know of cohorts, venues and sessions, and the locks they take on them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.training_api.cohorts import errors, repository, rules
from services.training_api.cohorts.models import Cohort, CourseSession, Venue
from services.training_api.cohorts.rules import Period
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.cohorts import CohortStatus, WaitingPolicy
from shared.schemas.training.sessions import SessionStatus


@dataclass(frozen=True, slots=True)
class Run:
    """What other capabilities need to know of a cohort."""

    id: UUID
    code: str
    programme_id: UUID
    status: CohortStatus
    starts_on: date
    ends_on: date
    enrolment_opens_on: date | None
    enrolment_closes_on: date | None
    changes_close_on: date | None
    substitution_closes_on: date | None
    waiting_policy: WaitingPolicy
    has_pools: bool
    """Whether some of its seats are or were kept for some."""


@dataclass(frozen=True, slots=True)
class Place:
    """A venue as far as seats and their order of preference go."""

    id: UUID
    cohort_id: UUID
    organisation_id: UUID
    room: str | None
    capacity: int
    version: int
    hours: tuple[Period, ...]
    """When who learns there is busy."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session of a cohort."""

    id: UUID
    cohort_id: UUID
    venue_id: UUID | None
    """None: at every venue."""
    room_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    minutes: int
    title: str | None
    status: SessionStatus
    version: int
    """Counts changes, also those of its trainers; the SEQUENCE of calendars is one less."""


async def demand(session: WriteSession, actor: Actor, cohort_id: UUID, *, lock: bool = False) -> Cohort:
    """The cohort, if the caller may manage it. Raises `CohortNotFound`, `OutOfReach`."""
    cohort = await (repository.lock if lock else repository.find)(session, cohort_id)
    if cohort is None:
        raise errors.CohortNotFound
    programme = await programmes.taught(session, cohort.programme_id)
    await providers.demand(session, actor, programme.provider_id)
    return cohort


async def run_of(session: AnySession, cohort_id: UUID) -> Run:
    """What is needed to know of a cohort. Raises `CohortNotFound`."""
    return run(await found(session, cohort_id))


async def runs_of(session: AnySession, cohort_ids: Collection[UUID]) -> dict[UUID, Run]:
    """Those of the cohorts that exist."""
    return {cohort.id: run(cohort) for cohort in await repository.find_many(session, cohort_ids)}


async def run_to_join(session: WriteSession, cohort_id: UUID, *, pointer: str) -> Run:
    """The cohort a body names, which cannot change its state until the transaction ends. Raises `CohortUnknown`."""
    cohort = await repository.find_to_join(session, cohort_id)
    if cohort is None:
        raise errors.CohortUnknown(pointer=pointer)
    return run(cohort)


async def places_of(session: AnySession, cohort_id: UUID) -> list[Place]:
    """The venues in the order they were added. Raises `CohortNotFound`."""
    venues = await repository.venues(session, cohort_id)
    if not venues:
        await found(session, cohort_id)
    return [place(venue) for venue in venues]


async def place_of(session: AnySession, cohort_id: UUID, venue_id: UUID, *, pointer: str | None = None) -> Place:
    """One venue of the cohort. Raises `VenueUnknown` when a body named it at `pointer`, else `VenueNotFound`."""
    venue = await repository.venue(session, venue_id)
    if venue is None or venue.cohort_id != cohort_id:
        raise errors.VenueUnknown(pointer=pointer) if pointer else errors.VenueNotFound
    return place(venue)


async def share_place(session: WriteSession, venue_id: UUID) -> None:
    """Keep the venue's waiting list from moving until the transaction ends; others may share this."""
    await repository.share_venue(session, venue_id)


async def lock_places(session: WriteSession, venue_ids: Collection[UUID]) -> None:
    """Have the venues' waiting lists alone, once everyone who shared them has finished."""
    await repository.lock_venues(session, venue_ids)


async def next_ticket(session: WriteSession, venue_id: UUID) -> int:
    """The next number of the venue's waiting list, under its lock."""
    return await repository.next_ticket(session, venue_id)


async def next_tickets(session: WriteSession, venue_id: UUID, *, how_many: int) -> range:
    """So many next numbers of the venue's waiting list, under its lock."""
    return await repository.next_tickets(session, venue_id, how_many=how_many)


async def hours(session: AnySession, cohort_id: UUID, venue_id: UUID) -> list[Period]:
    """When who learns there is busy: during the sessions; while none are planned, on all days. Raises `VenueNotFound`.

    In order, none touching another.
    """
    return list((await place_of(session, cohort_id, venue_id)).hours)


async def meetings(session: AnySession, cohort_id: UUID, *, venue_id: UUID | None = None) -> list[Meeting]:
    """The sessions by day and hour, the cancelled among them; of a venue also those held at every venue."""
    return [meeting_of(one) for one in await repository.sessions(session, cohort_id, venue_id=venue_id)]


async def meeting(session: AnySession, session_id: UUID) -> Meeting:
    """One session. Raises `SessionNotFound`."""
    one = await repository.course_session(session, session_id)
    if one is None:
        raise errors.SessionNotFound
    return meeting_of(one)


async def meetings_by_id(session: AnySession, session_ids: Collection[UUID]) -> list[Meeting]:
    """Those of the sessions that exist, by day and hour: what a trainer teaches, for one."""
    return [meeting_of(one) for one in await repository.sessions_by_id(session, session_ids)]


async def meetings_in(session: AnySession, room_id: UUID) -> list[Meeting]:
    """What is held in a room, by day and hour, the cancelled sessions among it."""
    return [meeting_of(one) for one in await repository.sessions_in(session, room_id)]


async def found(session: AnySession, cohort_id: UUID) -> Cohort:
    """The row. Raises `CohortNotFound`."""
    cohort = await repository.find(session, cohort_id)
    if cohort is None:
        raise errors.CohortNotFound
    return cohort


def run(cohort: Cohort) -> Run:
    """The row as others know it."""
    return Run(
        id=cohort.id,
        code=cohort.code,
        programme_id=cohort.programme_id,
        status=cohort.status,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        enrolment_opens_on=cohort.enrolment_opens_on,
        enrolment_closes_on=cohort.enrolment_closes_on,
        changes_close_on=cohort.changes_close_on,
        substitution_closes_on=cohort.substitution_closes_on,
        waiting_policy=cohort.waiting_policy,
        has_pools=cohort.has_pools,
    )


def place(venue: Venue) -> Place:
    """The row as others know it."""
    return Place(
        id=venue.id,
        cohort_id=venue.cohort_id,
        organisation_id=venue.organisation_id,
        room=venue.room,
        capacity=venue.capacity,
        version=venue.version,
        hours=repository.periods(venue.hours),
    )


def meeting_of(one: CourseSession) -> Meeting:
    """The row as others know it."""
    begins, ends = rules.hours(one.held_on, one.starts_at, one.ends_at)
    return Meeting(
        id=one.id,
        cohort_id=one.cohort_id,
        venue_id=one.venue_id,
        room_id=one.room_id,
        starts_at=begins,
        ends_at=ends,
        minutes=int((ends - begins).total_seconds() // 60),
        title=one.title,
        status=one.status,
        version=one.version,
    )
