"""Keeping seats of a cohort for some, releasing them to the line, and telling what became of them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from services.training_api import patches
from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Place
from services.training_api.enrolments import errors, repository
from services.training_api.enrolments.service.seating import release_due
from services.training_api.enrolments.service.steps import fill
from services.training_api.organisations import service as organisations
from services.training_api.reservations import service as reservations
from services.training_api.reservations.service import ReservationPool
from services.training_api.seats import service as seats
from shared import outbox
from shared.auth import Actor
from shared.clock import KAZAKHSTAN
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.cohorts import CohortStatus
from shared.schemas.training.reservations import HoldCreate, PoolCreate, PoolKind, PoolRead, PoolReport, PoolUpdate

_OVER = frozenset({CohortStatus.COMPLETED, CohortStatus.CANCELLED})


async def add_pool(
    session: WriteSession, actor: Actor, cohort_id: UUID, body: PoolCreate, *, now: datetime
) -> PoolRead:
    """Keep free seats for some. Seats that are taken stay whose they are.

    Raises `CohortNotFound`, `OutOfReach`, `CohortOver`, `VenueUnknown`, `OrganisationUnknown`, `PoolTooLarge`,
    `ReleaseInThePast`.
    """
    venue_ids = await _venues(session, actor, cohort_id, body.venue_id)
    if body.kind is PoolKind.SCHOOL:
        await organisations.require(session, UUID(body.key or ""), pointer="/key")
    pool = await reservations.add(
        session,
        venue_ids,
        cohort_id=cohort_id,
        venue_id=body.venue_id,
        kind=body.kind,
        key=body.key or "",
        count=body.seats,
        priority=body.priority,
        release_at=_morning(body.release_on),
        now=now,
    )
    return await _told(session, pool, kind="pool.added")


async def hold(session: WriteSession, actor: Actor, cohort_id: UUID, body: HoldCreate, *, now: datetime) -> PoolRead:
    """Hold free seats for one organisation until a deadline. Raises as `add_pool` does."""
    venue_ids = await _venues(session, actor, cohort_id, body.venue_id)
    await organisations.require(session, body.organisation_id)
    pool = await reservations.add(
        session,
        venue_ids,
        cohort_id=cohort_id,
        venue_id=body.venue_id,
        kind=PoolKind.SCHOOL,
        key=str(body.organisation_id),
        count=body.seats,
        is_hold=True,
        release_at=body.until,
        now=now,
    )
    return await _told(session, pool, kind="pool.added")


async def change_pool(
    session: WriteSession,
    actor: Actor,
    cohort_id: UUID,
    pool_id: UUID,
    patch: PoolUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> PoolRead:
    """Change what the patch names, once `check` has agreed to the version; seats let go of go to the line.

    Raises `PoolNotFound`, `PoolReleased`, `FieldRequired`, `PoolTaken`, and as `add_pool` does.
    """
    venue_ids = await _venues(session, actor, cohort_id, None)
    pool = await reservations.claim(session, cohort_id, pool_id)
    check(pool.version)
    changes = patches.changes(patch, nullable=frozenset({"release_on"}))
    if "release_on" in changes:
        changes["release_at"] = _morning(changes.pop("release_on"))
    there = venue_ids if pool.venue_id is None else [pool.venue_id]
    freed = await reservations.resize(session, pool, there, changes, now=now)
    await _to_the_line(session, cohort_id, freed, now=now)
    return await _told(session, pool, kind="pool.changed")


async def release_pool(
    session: WriteSession, actor: Actor, cohort_id: UUID, pool_id: UUID, *, now: datetime
) -> PoolRead:
    """Let anybody have the seats from now on; those that are free go to the line.

    Raises `CohortNotFound`, `OutOfReach`, `CohortOver`, `PoolNotFound`, `PoolReleased`.
    """
    await _venues(session, actor, cohort_id, None)
    pool = await reservations.claim(session, cohort_id, pool_id)
    await _to_the_line(session, cohort_id, await reservations.release(session, pool.id, now=now), now=now)
    return await _told(session, pool, kind="pool.released")


async def due_cohorts(session: AnySession, *, now: datetime, limit: int) -> list[UUID]:
    """Cohorts that have pools to release."""
    return await reservations.due_cohorts(session, now=now, limit=limit)


async def release_pools(session: WriteSession, cohort_id: UUID, *, now: datetime) -> int:
    """Release the pools of a cohort that are due, in their order, to the line; how many they were."""
    return await release_due(session, await cohorts.run_to_join(session, cohort_id, pointer=""), now=now)


async def pool_report(session: AnySession, cohort_id: UUID) -> PoolReport:
    """Whether the seats of a cohort went where they were meant to go. Raises `CohortNotFound`."""
    places = await cohorts.places_of(session, cohort_id)
    found = await reservations.of_cohort(session, cohort_id)
    counted = await seats.counts(session, [place.id for place in places])
    taken = await repository.taken_from_pools(session, cohort_id)
    items = await _reads(session, found, taken)
    return PoolReport(
        items=items,
        capacity=sum(place.capacity for place in places),
        reserved=sum(item.taken + item.free for item in items if not item.released),
        open_taken=sum(one.taken for one in counted.values()) - sum(item.taken for item in items),
        open_free=sum(one.free - one.kept for one in counted.values()),
    )


async def one_pool(session: AnySession, cohort_id: UUID, pool_id: UUID) -> PoolRead:
    """One pool of a cohort. Raises `CohortNotFound`, `PoolNotFound`."""
    await cohorts.run_of(session, cohort_id)
    pool = await reservations.get(session, cohort_id, pool_id)
    return await _read(session, pool)


async def _venues(session: WriteSession, actor: Actor, cohort_id: UUID, venue_id: UUID | None) -> list[UUID]:
    """The venue asked for, or all, with nobody joining and no line moving until the transaction ends."""
    cohort = await cohorts.demand(session, actor, cohort_id, lock=True)
    if cohort.status in _OVER:
        raise errors.CohortOver(status=cohort.status)
    places: Sequence[Place] = await cohorts.places_of(session, cohort_id)
    if venue_id is not None:
        places = [await cohorts.place_of(session, cohort_id, venue_id, pointer="/venue_id")]
    venue_ids = [place.id for place in places]
    await cohorts.lock_places(session, venue_ids)
    await cohorts.keep_seats(session, cohort)
    return venue_ids


async def _to_the_line(session: WriteSession, cohort_id: UUID, venue_ids: Sequence[UUID], *, now: datetime) -> None:
    run = await cohorts.run_of(session, cohort_id)
    for venue_id in venue_ids:
        await fill(session, run, venue_id, now=now)


def _morning(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), KAZAKHSTAN)


async def _told(session: WriteSession, pool: ReservationPool, *, kind: str) -> PoolRead:
    await session.flush()
    read = await _read(session, pool)
    data = read.model_dump(mode="json", include={"id", "cohort_id", "venue_id", "kind", "key", "seats", "released"})
    await outbox.add(session, outbox.Event(kind=kind, subject="pool", subject_id=pool.id, data=data))
    return read


async def _read(session: AnySession, pool: ReservationPool) -> PoolRead:
    taken = await repository.taken_from_pools(session, pool.cohort_id)
    return (await _reads(session, [pool], taken))[0]


async def _reads(session: AnySession, found: Sequence[ReservationPool], taken: dict[UUID, int]) -> list[PoolRead]:
    counted = await seats.pool_counts(session, [pool.id for pool in found])
    waiting: dict[UUID, int] = {}
    if found:
        asked = [(pool.id, pool.venue_id, reservations.tag(pool.kind, pool.key)) for pool in found]
        waiting = await repository.waiting_for(session, found[0].cohort_id, asked)
    return [
        PoolRead.model_validate(
            {
                **_same(pool),
                "key": pool.key or None,
                "taken": taken.get(pool.id, 0),
                "free": counted[pool.id].free,
                "waiting": waiting.get(pool.id, 0),
                "released": pool.released_at is not None,
            }
        )
        for pool in found
    ]


def _same(pool: ReservationPool) -> dict[str, Any]:
    made_here = {"key", "taken", "free", "waiting", "released"}
    return {name: getattr(pool, name) for name in PoolRead.model_fields if name not in made_here}
