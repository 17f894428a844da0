"""Cohorts, venues and sessions as bodies."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.training_api.cohorts import errors, repository, rules
from services.training_api.cohorts.models import Cohort, CourseSession
from services.training_api.cohorts.service.known import Place, found, place, places_of
from services.training_api.organisations import service as organisations
from services.training_api.seats import service as seats
from services.training_api.trainers import service as trainers
from shared.db.sessions import AnySession
from shared.schemas.base import TextOut
from shared.schemas.training.cohorts import CohortQuery, CohortRead, VenueQuery, VenueRead, Viability, Warned
from shared.schemas.training.sessions import SessionRead, SessionTrainer

_MADE_HERE = {"name", "allowed_actions", "viability", "warnings"}


async def get(session: AnySession, cohort_id: UUID) -> CohortRead:
    """One cohort. Raises `CohortNotFound`."""
    return await read_one(session, await found(session, cohort_id))


async def page(session: AnySession, query: CohortQuery, *, after: Sequence[Any] | None) -> list[CohortRead]:
    """Cohorts, the latest first."""
    return await _reads(session, await repository.page(session, query, after=after))


async def count(session: AnySession, query: CohortQuery) -> int:
    """How many there are."""
    return await repository.count(session, query)


async def venues(session: AnySession, cohort_id: UUID) -> list[VenueRead]:
    """The venues in the order they were added, and how full they are. Raises `CohortNotFound`."""
    return await venue_reads(session, await places_of(session, cohort_id))


async def venue_page(session: AnySession, query: VenueQuery, *, after: Sequence[Any] | None) -> list[VenueRead]:
    """Venues of all cohorts, the latest first."""
    return await venue_reads(session, [place(one) for one in await repository.venue_page(session, query, after=after)])


async def venue_count(session: AnySession, query: VenueQuery) -> int:
    """How many there are."""
    return await repository.venue_count(session, query)


async def sessions(session: AnySession, cohort_id: UUID) -> list[SessionRead]:
    """The meetings by day and hour. Raises `CohortNotFound`."""
    await found(session, cohort_id)
    return await session_reads(session, await repository.sessions(session, cohort_id))


async def one_session(session: AnySession, session_id: UUID) -> SessionRead:
    """One meeting. Raises `SessionNotFound`."""
    meeting = await repository.course_session(session, session_id)
    if meeting is None:
        raise errors.SessionNotFound
    return (await session_reads(session, [meeting]))[0]


async def taken(session: AnySession, cohort_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many seats of each cohort are taken."""
    of_cohorts = await repository.venue_ids(session, cohort_ids)
    counted = await seats.counts(session, [venue_id for ids in of_cohorts.values() for venue_id in ids])
    return {cohort_id: sum(counted[venue_id].taken for venue_id in ids) for cohort_id, ids in of_cohorts.items()}


async def read_one(session: AnySession, cohort: Cohort) -> CohortRead:
    """The cohort as a body."""
    return (await _reads(session, [cohort]))[0]


async def _reads(session: AnySession, cohorts: Sequence[Cohort]) -> list[CohortRead]:
    measured = [cohort.id for cohort in cohorts if cohort.minimum_seats_taken is not None]
    counted = await taken(session, measured) if measured else {}
    return [_read(cohort, counted.get(cohort.id, 0)) for cohort in cohorts]


def _read(cohort: Cohort, taken_: int) -> CohortRead:
    viability = None
    if cohort.minimum_seats_taken is not None:
        viability = Viability(
            minimum=cohort.minimum_seats_taken,
            taken=taken_,
            reached=taken_ >= cohort.minimum_seats_taken,
            decide_on=cohort.decide_on,
        )
    below = cohort.below_minimum and viability is not None and not viability.reached
    return CohortRead.model_validate(
        {
            **{name: getattr(cohort, name) for name in CohortRead.model_fields if name not in _MADE_HERE},
            "name": TextOut(kk=cohort.name_kk, ru=cohort.name_ru, en=cohort.name_en),
            "viability": viability,
            "warnings": [Warned(code="below_minimum", message=TextOut(**rules.BELOW_MINIMUM._asdict()))]
            if below
            else [],
            "allowed_actions": rules.allowed_actions(cohort.status),
        }
    )


async def venue_reads(session: AnySession, places: Sequence[Place]) -> list[VenueRead]:
    """Venues as bodies."""
    counted = await seats.counts(session, [one.id for one in places])
    hosts = await organisations.find_many(session, {one.organisation_id for one in places})
    return [
        VenueRead.model_validate(
            {
                "id": one.id,
                "cohort_id": one.cohort_id,
                "organisation_id": one.organisation_id,
                "area": host.area if (host := hosts.get(one.organisation_id)) else None,
                "room": one.room,
                "capacity": one.capacity,
                "free": counted[one.id].free,
                "version": one.version,
            }
        )
        for one in places
    ]


async def session_reads(session: AnySession, meetings: Sequence[CourseSession]) -> list[SessionRead]:
    """Sessions as bodies, with who teaches them."""
    teaching = await trainers.teaching(session, [meeting.id for meeting in meetings])
    return [
        _session(
            meeting,
            [
                SessionTrainer.model_validate({"id": one.trainer_id, "display_name": one.display_name})
                for one in teaching[meeting.id]
            ],
        )
        for meeting in meetings
    ]


def _session(meeting: CourseSession, taught_by: list[SessionTrainer]) -> SessionRead:
    holiday = rules.holiday(meeting.held_on)
    warnings = [] if holiday is None else [Warned(code="public_holiday", message=TextOut(**holiday._asdict()))]
    begins, ends = rules.hours(meeting.held_on, meeting.starts_at, meeting.ends_at)
    made_here = {"begins": begins, "ends": ends, "trainers": taught_by, "warnings": warnings}
    kept = {name: getattr(meeting, name) for name in SessionRead.model_fields if name not in made_here}
    return SessionRead.model_validate({**kept, **made_here})
