"""Planning cohorts and their venues, and taking them from one state to the next."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.training_api import patches
from services.training_api.cohorts import errors, repository, rules
from services.training_api.cohorts.models import Cohort, Venue
from services.training_api.cohorts.rules import CohortAction
from services.training_api.cohorts.service.known import demand, place
from services.training_api.cohorts.service.reading import read_one, taken, venue_reads
from services.training_api.organisations import service as organisations
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from services.training_api.seats import service as seats
from shared import outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.training.cohorts import (
    CohortCreate,
    CohortRead,
    CohortStatus,
    CohortUpdate,
    VenueCreate,
    VenueRead,
    dates_out_of_order,
)

_MAY_BE_NONE = frozenset(
    {
        *("enrolment_opens_on", "enrolment_closes_on", "changes_close_on", "substitution_closes_on"),
        *("minimum_seats_taken", "decide_on"),
    }
)
_NOT_TOLD = {"allowed_actions", "viability", "warnings"}
"""What follows from the rest, or changes without the cohort."""


async def plan(session: WriteSession, actor: Actor, body: CohortCreate, *, now: datetime) -> CohortRead:
    """Write a cohort down as a draft, with its venues and their seats.

    Raises `ProgrammeUnknown`, `ProgrammeNotValid`, `OutOfReach`, `CohortExists`, `OrganisationUnknown`.
    """
    programme = await programmes.taught_from(session, body.programme_id, body.starts_on, pointer="/programme_id")
    await providers.demand(session, actor, programme.provider_id)
    if await repository.code_exists(session, body.code):
        raise errors.CohortExists
    cohort = Cohort(
        **{name: getattr(body, name) for name in CohortCreate.model_fields if name not in {"name", "venues"}},
        name_kk=body.name.kk,
        name_ru=body.name.ru,
        name_en=body.name.en,
        status=CohortStatus.DRAFT,
        created_at=now,
        updated_at=now,
    )
    session.add(cohort)
    await session.flush()
    for number, venue in enumerate(body.venues):
        await _add_venue(
            session, cohort, venue, place_=number + 1, pointer=f"/venues/{number}/organisation_id", now=now
        )
    return await _told(session, cohort, kind="cohort.planned")


async def change(
    session: WriteSession,
    actor: Actor,
    cohort_id: UUID,
    patch: CohortUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> CohortRead:
    """Change what the patch names of a cohort that has not begun, once `check` has agreed to its version.

    Other days make other hours; what this means for enrolments is theirs to say. Raises `CohortNotFound`,
    `OutOfReach`, `ActionNotAllowed`, `FieldRequired`, `WaitingPolicyFixed`, `PeriodReversed`, `SessionsOutside`.
    """
    cohort = await demand(session, actor, cohort_id, lock=True)
    check(cohort.version)
    if cohort.status not in rules.CHANGEABLE:
        raise errors.ActionNotAllowed(status=cohort.status)
    changes = patches.changes(patch, nullable=_MAY_BE_NONE)
    policy = changes.get("waiting_policy", cohort.waiting_policy)
    if policy is not cohort.waiting_policy and cohort.status is not CohortStatus.DRAFT:
        raise errors.WaitingPolicyFixed(pointer="/waiting_policy")
    name = changes.pop("name", None)
    if name is not None:
        cohort.name_kk, cohort.name_ru, cohort.name_en = name.kk, name.ru, name.en
    for column, value in changes.items():
        setattr(cohort, column, value)
    if dates_out_of_order(cohort):
        raise errors.PeriodReversed
    if {"minimum_seats_taken", "decide_on"} & changes.keys():
        cohort.viability_checked_on, cohort.below_minimum = None, False
    outside = await repository.session_outside(session, cohort_id, cohort.starts_on, cohort.ends_on)
    if outside is not None:
        raise errors.SessionsOutside(session_id=str(outside.id), held_on=outside.held_on.isoformat())
    if patch.model_fields_set:
        cohort.updated_at = now
    if {"starts_on", "ends_on"} & changes.keys():
        await repository.count_hours(session, cohort_id)
    return await _told(session, cohort, kind="cohort.changed")


async def add_venue(
    session: WriteSession, actor: Actor, cohort_id: UUID, body: VenueCreate, *, now: datetime
) -> VenueRead:
    """Add a venue with its seats. Raises `CohortNotFound`, `OutOfReach`, `ActionNotAllowed`, `OrganisationUnknown`."""
    cohort = await demand(session, actor, cohort_id, lock=True)
    if cohort.status in rules.OVER:
        raise errors.ActionNotAllowed(status=cohort.status)
    number = await repository.next_place(session, cohort_id)
    venue = await _add_venue(session, cohort, body, place_=number, pointer="/organisation_id", now=now)
    await repository.count_hours(session, cohort_id)
    return (await venue_reads(session, [place(venue)]))[0]


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


async def move(
    session: WriteSession, actor: Actor, cohort_id: UUID, action: CohortAction, *, now: datetime
) -> CohortRead:
    """Take the cohort to its next state; what this means for enrolments is theirs to say.

    A cohort that is cancelled takes its sessions along: their rooms and trainers are free.
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
    if action is CohortAction.CANCEL:
        await repository.cancel_sessions(session, cohort_id, reason_code=rules.COHORT_CANCELLED, now=now)
    return await _told(session, cohort, kind=f"cohort.{target}")


async def keep_seats(session: WriteSession, cohort: Cohort) -> None:
    """From now on who takes a seat of the cohort asks first for whom it is kept; under the cohort's lock."""
    cohort.has_pools = True
    await session.flush()


async def decide(session: WriteSession, *, now: datetime) -> bool:
    """Look at one cohort whose day of decision has come, and tell if too few people come; False if there is none."""
    today = day_in_kazakhstan(now)
    cohort = await repository.to_decide(session, today=today)
    if cohort is None:
        return False
    counted = (await taken(session, [cohort.id]))[cohort.id]
    cohort.viability_checked_on = today
    cohort.below_minimum = counted < (cohort.minimum_seats_taken or 0)
    if cohort.below_minimum:
        data = {"id": str(cohort.id), "minimum": cohort.minimum_seats_taken, "taken": counted}
        event = outbox.Event(kind="cohort.below_minimum", subject="cohort", subject_id=cohort.id, data=data)
        await outbox.add(session, event)
    await session.flush()
    return True


async def _add_venue(
    session: WriteSession, cohort: Cohort, body: VenueCreate, *, place_: int, pointer: str, now: datetime
) -> Venue:
    await organisations.require(session, body.organisation_id, pointer=pointer)
    venue = Venue(
        cohort_id=cohort.id,
        organisation_id=body.organisation_id,
        place=place_,
        room=body.room,
        capacity=body.capacity,
        hours=repository.multirange([rules.whole_days(cohort.starts_on, cohort.ends_on)]),
        created_at=now,
        updated_at=now,
    )
    session.add(venue)
    await session.flush()
    await seats.provide(session, venue.id, capacity=body.capacity)
    return venue


async def _told(session: WriteSession, cohort: Cohort, *, kind: str) -> CohortRead:
    await session.flush()
    read = await read_one(session, cohort)
    data = read.model_dump(mode="json", exclude=_NOT_TOLD)
    await outbox.add(session, outbox.Event(kind=kind, subject="cohort", subject_id=cohort.id, data=data))
    return read
