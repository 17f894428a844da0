"""What is done with cohorts: planning them, opening and closing enrolment, adding venues and sessions."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.cohorts import errors, repository, rules
from services.training_api.cohorts.models import Cohort, CourseSession, Venue
from services.training_api.cohorts.rules import CohortAction
from services.training_api.organisations import service as organisations
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from services.training_api.seats import service as seats
from shared import outbox
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.training.cohorts import (
    CohortCreate,
    CohortQuery,
    CohortRead,
    CohortStatus,
    SessionCreate,
    SessionRead,
    VenueCreate,
    VenueRead,
    Warned,
)


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


@dataclass(frozen=True, slots=True)
class Place:
    """A venue as far as seats and their order of preference go."""

    id: UUID
    cohort_id: UUID
    organisation_id: UUID
    room: str | None
    capacity: int
    version: int


async def plan(session: WriteSession, actor: Actor, body: CohortCreate, *, now: datetime) -> CohortRead:
    """Write a cohort down as a draft, with its venues and their seats.

    Raises `ProgrammeUnknown`, `OutOfReach`, `CohortExists`, `OrganisationUnknown`.
    """
    programme = await programmes.taught(session, body.programme_id, pointer="/programme_id")
    await providers.demand(session, actor, programme.provider_id)
    if await repository.code_exists(session, body.code):
        raise errors.CohortExists
    cohort = Cohort(
        programme_id=body.programme_id,
        code=body.code,
        name_kk=body.name.kk,
        name_ru=body.name.ru,
        name_en=body.name.en,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        enrolment_opens_on=body.enrolment_opens_on,
        enrolment_closes_on=body.enrolment_closes_on,
        status=CohortStatus.DRAFT,
        created_at=now,
        updated_at=now,
    )
    session.add(cohort)
    await session.flush()
    for number, venue in enumerate(body.venues):
        await _add_venue(session, cohort, venue, place=number + 1, pointer=f"/venues/{number}/organisation_id", now=now)
    return await _told(session, cohort, kind="cohort.planned")


async def add_venue(
    session: WriteSession, actor: Actor, cohort_id: UUID, body: VenueCreate, *, now: datetime
) -> VenueRead:
    """Add a venue with its seats. Raises `CohortNotFound`, `OutOfReach`, `ActionNotAllowed`, `OrganisationUnknown`."""
    cohort = await demand(session, actor, cohort_id, lock=True)
    if cohort.status in rules.OVER:
        raise errors.ActionNotAllowed(status=cohort.status)
    place = await repository.next_place(session, cohort_id)
    venue = await _add_venue(session, cohort, body, place=place, pointer="/organisation_id", now=now)
    return (await _venues(session, [venue]))[0]


async def add_session(
    session: WriteSession, actor: Actor, cohort_id: UUID, body: SessionCreate, *, now: datetime
) -> SessionRead:
    """Add a meeting; on a public holiday with a warning. Raises `SessionOutsideCohort`, `VenueUnknown`."""
    cohort = await demand(session, actor, cohort_id)
    if not cohort.starts_on <= body.held_on <= cohort.ends_on:
        raise errors.SessionOutsideCohort(
            pointer="/held_on", starts_on=cohort.starts_on.isoformat(), ends_on=cohort.ends_on.isoformat()
        )
    if body.venue_id is not None:
        await place_of(session, cohort_id, body.venue_id, pointer="/venue_id")
    meeting = CourseSession(cohort_id=cohort_id, created_at=now, updated_at=now, **body.model_dump())
    session.add(meeting)
    await session.flush()
    return _session(meeting)


async def move(
    session: WriteSession, actor: Actor, cohort_id: UUID, action: CohortAction, *, now: datetime
) -> CohortRead:
    """Take the cohort to its next state; what this means for enrolments is theirs to say.

    Raises `CohortNotFound`, `OutOfReach`, `ActionNotAllowed`, and `CohortHasNoVenue` when opened without one.
    """
    cohort = await demand(session, actor, cohort_id, lock=True)
    target = rules.after(cohort.status, action)
    if target is None:
        raise errors.ActionNotAllowed(status=cohort.status)
    if action is CohortAction.OPEN and not await repository.venues(session, cohort_id):
        raise errors.CohortHasNoVenue
    cohort.status = target
    cohort.updated_at = now
    return await _told(session, cohort, kind=f"cohort.{target}")


async def get(session: AnySession, cohort_id: UUID) -> CohortRead:
    """One cohort. Raises `CohortNotFound`."""
    return _read(await _find(session, cohort_id))


async def page(session: AnySession, query: CohortQuery, *, after: Sequence[Any] | None) -> list[CohortRead]:
    """Cohorts, the latest first."""
    return [_read(cohort) for cohort in await repository.page(session, query, after=after)]


async def count(session: AnySession, query: CohortQuery) -> int:
    """How many there are."""
    return await repository.count(session, query)


async def sessions(session: AnySession, cohort_id: UUID) -> list[SessionRead]:
    """The meetings by day and hour. Raises `CohortNotFound`."""
    await _find(session, cohort_id)
    return [_session(meeting) for meeting in await repository.sessions(session, cohort_id)]


async def venues(session: AnySession, cohort_id: UUID) -> list[VenueRead]:
    """The venues in the order they were added, and how full they are. Raises `CohortNotFound`."""
    return await _venues(session, await places_of(session, cohort_id))


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
    return _run(await _find(session, cohort_id))


async def runs_of(session: AnySession, cohort_ids: Collection[UUID]) -> dict[UUID, Run]:
    """Those of the cohorts that exist."""
    return {cohort.id: _run(cohort) for cohort in await repository.find_many(session, cohort_ids)}


async def run_to_join(session: WriteSession, cohort_id: UUID, *, pointer: str) -> Run:
    """The cohort a body names, which cannot change its state until the transaction ends. Raises `CohortUnknown`."""
    cohort = await repository.find_to_join(session, cohort_id)
    if cohort is None:
        raise errors.CohortUnknown(pointer=pointer)
    return _run(cohort)


def _run(cohort: Cohort) -> Run:
    return Run(
        id=cohort.id,
        code=cohort.code,
        programme_id=cohort.programme_id,
        status=cohort.status,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        enrolment_opens_on=cohort.enrolment_opens_on,
        enrolment_closes_on=cohort.enrolment_closes_on,
    )


async def places_of(session: AnySession, cohort_id: UUID) -> list[Place]:
    """The venues in the order they were added. Raises `CohortNotFound`."""
    await _find(session, cohort_id)
    return [_place(venue) for venue in await repository.venues(session, cohort_id)]


async def place_of(session: AnySession, cohort_id: UUID, venue_id: UUID, *, pointer: str | None = None) -> Place:
    """One venue of the cohort. Raises `VenueUnknown` when a body named it at `pointer`, else `VenueNotFound`."""
    venue = await repository.venue(session, venue_id)
    if venue is None or venue.cohort_id != cohort_id:
        raise errors.VenueUnknown(pointer=pointer) if pointer else errors.VenueNotFound
    return _place(venue)


async def share_place(session: WriteSession, venue_id: UUID) -> None:
    """Keep the venue's waiting list from moving until the transaction ends; others may share this."""
    await repository.share_venue(session, venue_id)


async def lock_places(session: WriteSession, venue_ids: Collection[UUID]) -> None:
    """Have the venues' waiting lists alone, once everyone who shared them has finished."""
    await repository.lock_venues(session, venue_ids)


async def next_ticket(session: WriteSession, venue_id: UUID) -> int:
    """The next number of the venue's waiting list, under its lock."""
    return await repository.next_ticket(session, venue_id)


async def resize(
    session: WriteSession,
    cohort_id: UUID,
    venue_id: UUID,
    *,
    capacity: int,
    check: Callable[[int], None],
    now: datetime,
) -> None:
    """Give the venue another number of seats and keep its lock. Raises `VenueNotFound`, `SeatsTaken`."""
    locked = await repository.lock_venues(session, [venue_id])
    if not locked or locked[0].cohort_id != cohort_id:
        raise errors.VenueNotFound
    venue = locked[0]
    check(venue.version)
    await seats.provide(session, venue_id, capacity=capacity)
    venue.capacity = capacity
    venue.updated_at = now
    await session.flush()


async def _find(session: AnySession, cohort_id: UUID) -> Cohort:
    cohort = await repository.find(session, cohort_id)
    if cohort is None:
        raise errors.CohortNotFound
    return cohort


async def _add_venue(
    session: WriteSession, cohort: Cohort, body: VenueCreate, *, place: int, pointer: str, now: datetime
) -> Place:
    await organisations.require(session, body.organisation_id, pointer=pointer)
    venue = Venue(
        cohort_id=cohort.id,
        organisation_id=body.organisation_id,
        place=place,
        room=body.room,
        capacity=body.capacity,
        created_at=now,
        updated_at=now,
    )
    session.add(venue)
    await session.flush()
    await seats.provide(session, venue.id, capacity=body.capacity)
    return _place(venue)


async def _told(session: WriteSession, cohort: Cohort, *, kind: str) -> CohortRead:
    await session.flush()
    read = _read(cohort)
    data = read.model_dump(mode="json", exclude={"allowed_actions"})
    await outbox.add(session, outbox.Event(kind=kind, subject="cohort", subject_id=cohort.id, data=data))
    return read


async def _venues(session: AnySession, places: Sequence[Place]) -> list[VenueRead]:
    counted = await seats.counts(session, [place.id for place in places])
    hosts = await organisations.find_many(session, {place.organisation_id for place in places})
    return [
        VenueRead.model_validate(
            {
                "id": place.id,
                "cohort_id": place.cohort_id,
                "organisation_id": place.organisation_id,
                "area": host.area if (host := hosts.get(place.organisation_id)) else None,
                "room": place.room,
                "capacity": place.capacity,
                "free": counted[place.id].free,
                "version": place.version,
            }
        )
        for place in places
    ]


def _place(venue: Venue) -> Place:
    return Place(venue.id, venue.cohort_id, venue.organisation_id, venue.room, venue.capacity, venue.version)


def _read(cohort: Cohort) -> CohortRead:
    return CohortRead.model_validate(
        {
            **{
                name: getattr(cohort, name)
                for name in CohortRead.model_fields
                if name not in {"name", "allowed_actions"}
            },
            "name": TextOut(kk=cohort.name_kk, ru=cohort.name_ru, en=cohort.name_en),
            "allowed_actions": rules.allowed_actions(cohort.status),
        }
    )


def _session(meeting: CourseSession) -> SessionRead:
    holiday = rules.holiday(meeting.held_on)
    warnings = [] if holiday is None else [Warned(code="public_holiday", message=TextOut(**holiday._asdict()))]
    return SessionRead.model_validate(
        {
            **{name: getattr(meeting, name) for name in SessionRead.model_fields if name != "warnings"},
            "warnings": warnings,
        }
    )
