"""What is done with allocations: asking, reading, comparing, and having one applied."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.allocations import errors, explaining, repository, rules
from services.training_api.allocations.models import Allocation, AllocationPerson
from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Run
from services.training_api.educators import service as educators
from services.training_api.enrolments import service as enrolments
from services.training_api.organisations import service as organisations
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from services.training_api.seats import service as seats
from shared import jobs, outbox
from shared.auth import Actor, Role, Scope
from shared.auth.errors import OutOfReach
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError
from shared.ids import new_id
from shared.schemas.actions import RefusedAction
from shared.schemas.base import TextOut
from shared.schemas.training.allocation_questions import AllocationCreate
from shared.schemas.training.allocation_questions import AllocationPerson as Wanted
from shared.schemas.training.allocations import AllocationAction as Action
from shared.schemas.training.allocations import (
    AllocationComparison,
    AllocationMeasures,
    AllocationQuery,
    AllocationRead,
    AllocationSummary,
    PlacementQuery,
    PlacementRead,
    UnplacedQuery,
    UnplacedRead,
)
from shared.schemas.training.allocations import AllocationStatus as Status
from shared.schemas.training.cohorts import CohortStatus

SOLVE = "allocation.solve"
APPLY = "allocation.apply"
_COMPARED = (
    *("placed", "value", "long_without_placed", "total_km", "mean_km", "p95_km", "first_wishes", "wishes"),
    *("worst_district", "best_district", "rural_gap", "jain", "gini"),
)
_STAFF_A_TURN = 500


async def ask(session: WriteSession, actor: Actor, body: AllocationCreate, *, now: datetime) -> AllocationRead:
    """Write the question down and have it solved; nobody is enrolled by that.

    Raises `CohortUnknown`, `OutOfReach`, `OneProvider`, `CohortOver`, `VenueForeign`, `PeopleUnknown`,
    `NobodyApplies`, `TooManyApply`.
    """
    runs = [
        await cohorts.run_to_join(session, one, pointer=f"/cohort_ids/{n}") for n, one in enumerate(body.cohort_ids)
    ]
    owners = {(await programmes.taught(session, run.programme_id)).provider_id for run in runs}
    for owner in sorted(owners):
        await providers.demand(session, actor, owner)
    if len(owners) > 1:
        raise errors.OneProvider(pointer="/cohort_ids")
    for number, run in enumerate(runs):
        if run.status not in (CohortStatus.DRAFT, CohortStatus.OPEN):
            raise errors.CohortOver(pointer=f"/cohort_ids/{number}", cohort=run.code, status=run.status)
    await _check_venues(session, runs, body)
    people = await _people(session, actor, body, runs, on=day_in_kazakhstan(now))
    allocation = Allocation(
        id=new_id(),
        provider_id=owners.pop(),
        cohort_ids=list(body.cohort_ids),
        status=Status.QUEUED,
        question=body.model_dump(mode="json", exclude={"people"}),
        people=len(people),
        created_at=now,
        updated_at=now,
    )
    allocation.job_id = await jobs.enqueue(
        session, kind=SOLVE, arguments={"allocation_id": str(allocation.id)}, now=now, actor=actor
    )
    session.add(allocation)
    await session.flush()
    await repository.add_people(session, [row | {"allocation_id": allocation.id} for row in people])
    return _read(allocation)


async def apply(session: WriteSession, actor: Actor, allocation_id: UUID, *, now: datetime) -> AllocationRead:
    """Have the allocation applied by a job. Raises `AllocationNotFound`, `OutOfReach`, `NotSolved`, `AllocationStale`.

    Seats are compared here already, so that who asks hears of it at once; people again when it is applied.
    """
    allocation = await _demand(session, actor, allocation_id, lock=True)
    if not rules.MACHINE.allows(Action.APPLY, allocation.status):
        raise errors.NotSolved(status=allocation.status)
    changed = await changed_seats(session, allocation)
    if changed:
        raise errors.AllocationStale(changed)
    arguments = {"allocation_id": str(allocation.id), "subject": actor.subject, "reach": _reach(actor)}
    allocation.apply_job_id = await jobs.enqueue(session, kind=APPLY, arguments=arguments, now=now, actor=actor)
    allocation.updated_at = now
    await session.flush()
    return _read(allocation)


async def changed_seats(session: AnySession, allocation: Allocation) -> list[FieldError]:
    """Venues whose free seats, or cohorts whose states, are not what they were when it was solved."""
    then: Mapping[str, Any] = allocation.seats or {}
    runs = await cohorts.runs_of(session, allocation.cohort_ids)
    free = await seats.free_by_pool(session, [UUID(one) for one in then])
    of = {place.id: place.cohort_id for one in allocation.cohort_ids for place in await cohorts.places_of(session, one)}
    changed: list[FieldError] = []
    for venue, was in then.items():
        venue_id = UUID(venue)
        there = {str(pool or "open"): count for pool, count in sorted(free[venue_id].items(), key=str)}
        status = runs[of[venue_id]].status.value
        if there != was["free"]:
            before, after = (
                ", ".join(f"{pool} {count}" for pool, count in one.items()) for one in (was["free"], there)
            )
            changed.append(errors.changed("seats_changed", f"/venues/{venue}", was=before or "0", now=after or "0"))
        if status != was["cohort"]:
            changed.append(errors.changed("cohort_changed", f"/cohorts/{of[venue_id]}", was=was["cohort"], now=status))
    return changed


def _counted(free: Mapping[str, int]) -> str:
    return ", ".join(f"{pool} {count}" for pool, count in free.items()) or "0"


async def get(session: AnySession, actor: Actor, allocation_id: UUID) -> AllocationRead:
    """One allocation of a provider whose courses the caller manages. Raises `AllocationNotFound`, `OutOfReach`."""
    return _read(await _demand(session, actor, allocation_id))


async def page(
    session: AnySession, actor: Actor, query: AllocationQuery, *, after: Sequence[Any] | None
) -> list[AllocationSummary]:
    """Allocations of the providers whose courses the caller manages, the newest first."""
    found = await repository.page(session, query, await _managed(session, actor), after=after)
    return [AllocationSummary.model_validate(one) for one in found]


async def count(session: AnySession, actor: Actor, query: AllocationQuery) -> int:
    """How many there are."""
    return await repository.count(session, query, await _managed(session, actor))


async def placements(
    session: AnySession, actor: Actor, allocation_id: UUID, query: PlacementQuery, *, after: int | None
) -> list[tuple[PlacementRead, int]]:
    """Who is placed, with the place in the order of application, as far as the caller sees the workplaces."""
    rows = await _answers(session, actor, allocation_id, query, after=after)
    return [(PlacementRead.model_validate({**(row.told or {}), **_columns(row)}), row.number) for row in rows]


async def unplaced(
    session: AnySession, actor: Actor, allocation_id: UUID, query: UnplacedQuery, *, after: int | None
) -> list[tuple[UnplacedRead, int]]:
    """Who is not placed, and why not."""
    rows = await _answers(session, actor, allocation_id, query, after=after)
    blank = {"district": None, "setting": None, "first_come_venue_id": None}
    return [
        (
            UnplacedRead.model_validate(
                {**blank, **(row.told or {}), **_columns(row), "message": TextOut(**explaining.message(row.reason))}
            ),
            row.number,
        )
        for row in rows
        if row.reason is not None
    ]


async def count_answers(
    session: AnySession, actor: Actor, allocation_id: UUID, query: PlacementQuery | UnplacedQuery
) -> int:
    """How many of them the caller sees."""
    return await repository.count_answers(session, allocation_id, query, organisations.sight(actor))


async def compare(session: AnySession, actor: Actor, one_id: UUID, other_id: UUID) -> AllocationComparison:
    """Two solved allocations side by side. Raises `AllocationNotFound`, `OutOfReach`, `NotSolved`."""
    measures, places = [], []
    for allocation_id in (one_id, other_id):
        allocation = await _demand(session, actor, allocation_id)
        if allocation.result is None:
            raise errors.NotSolved(status=allocation.status)
        measures.append(AllocationMeasures.model_validate(allocation.result["allocation"]))
        places.append(await repository.places(session, allocation_id))
    first, second = places
    return AllocationComparison(
        one=measures[0],
        other=measures[1],
        difference={
            name: round(after - before, 6)
            for name in _COMPARED
            if (before := getattr(measures[0], name)) is not None and (after := getattr(measures[1], name)) is not None
        },
        same_people=first.keys() == second.keys(),
        only_one=sum(venue is not None and second.get(who) is None for who, venue in first.items()),
        only_other=sum(venue is not None and first.get(who) is None for who, venue in second.items()),
        moved=sum(
            venue is not None and second.get(who) is not None and second[who] != venue for who, venue in first.items()
        ),
    )


async def tell(session: WriteSession, allocation: Allocation, *, kind: str) -> None:
    """Let others learn of it; no person is named."""
    data = {
        "id": str(allocation.id),
        "provider_id": str(allocation.provider_id),
        "cohort_ids": [str(one) for one in allocation.cohort_ids],
        "status": allocation.status.value,
        "people": allocation.people,
        "placed": allocation.placed,
    }
    await outbox.add(session, outbox.Event(kind=kind, subject="allocation", subject_id=allocation.id, data=data))


def actor_of(subject: str, reach: Mapping[str, Any]) -> Actor:
    """Whoever asked, as kept in the arguments of a job."""
    return Actor(
        subject,
        frozenset(Role(role) for role in reach["roles"]),
        frozenset(Scope(scope) for scope in reach["scopes"]),
        reach["area"],
        UUID(reach["organisation"]) if reach["organisation"] else None,
        reach["issuer"],
    )


def _reach(actor: Actor) -> dict[str, Any]:
    return {
        "roles": sorted(role.value for role in actor.roles),
        "scopes": sorted(scope.value for scope in actor.scopes),
        "area": actor.area,
        "organisation": str(actor.organisation) if actor.organisation else None,
        "issuer": actor.issuer,
    }


async def _demand(session: AnySession, actor: Actor, allocation_id: UUID, *, lock: bool = False) -> Allocation:
    if lock:
        allocation = await repository.lock(session, allocation_id)  # type: ignore[arg-type] # only writers lock
    else:
        allocation = await repository.find(session, allocation_id)
    if allocation is None:
        raise errors.AllocationNotFound
    await providers.demand(session, actor, allocation.provider_id)
    return allocation


async def _managed(session: AnySession, actor: Actor) -> list[UUID]:
    managed = []
    for provider_id in await repository.providers(session):
        try:
            await providers.demand(session, actor, provider_id)
        except OutOfReach:
            continue
        managed.append(provider_id)
    return managed


async def _check_venues(session: AnySession, runs: Sequence[Run], body: AllocationCreate) -> None:
    known = {place.id for run in runs for place in await cohorts.places_of(session, run.id)}
    for number, venue in enumerate(body.venues):
        if venue.venue_id not in known:
            raise errors.VenueForeign(pointer=f"/venues/{number}/venue_id")
    for number, one in enumerate(body.people):
        for place, wish in enumerate(one.preferences):
            if wish not in known:
                raise errors.VenueForeign(pointer=f"/people/{number}/preferences/{place}")


async def _people(
    session: AnySession, actor: Actor, body: AllocationCreate, runs: Sequence[Run], *, on: date
) -> list[dict[str, Any]]:
    """Everybody the question is about, once each: those named, then applicants, then the staff of workplaces."""
    wanted: dict[UUID, Wanted | None] = {one.educator_id: one for one in body.people}
    if body.applicants:
        found = await enrolments.applicants(session, [run.id for run in runs])
        wanted |= {one.educator_id: None for one in found if one.educator_id not in wanted}
    for learner_id in await _staff(session, actor, body, on=on):
        wanted.setdefault(learner_id, None)
    if not wanted:
        raise errors.NobodyApplies
    if len(wanted) > rules.MOST_PEOPLE:
        raise errors.TooManyApply(limit=rules.MOST_PEOPLE)
    workplaces = await educators.workplaces(session, list(wanted))
    known = await organisations.find_many(session, set(workplaces.values()))
    reached = {
        one for one, place in known.items() if actor.reaches(place.area_path, place.id, scope=Scope.TRAINING_ENROL)
    }
    named = [one.educator_id for one in body.people]
    unknown = [number for number, one in enumerate(named) if workplaces.get(one) not in reached]
    if unknown:
        raise errors.PeopleUnknown(unknown)
    rows = [
        {
            "educator_id": who,
            "organisation_id": workplaces[who],
            "preferences": list(one.preferences) if one else [],
            "languages": list(one.languages) if one else [],
        }
        for who, one in wanted.items()
        if workplaces.get(who) in reached
    ]
    if not rows:
        raise errors.NobodyApplies
    return [row | {"number": number} for number, row in enumerate(rows)]


async def _staff(session: AnySession, actor: Actor, body: AllocationCreate, *, on: date) -> list[UUID]:
    workplaces: list[UUID] = list(body.organisation_ids)
    after: UUID | None = None
    while body.area is not None:
        found = await educators.staffed(
            session, actor, organisation_id=None, area=body.area, on=on, after=after, limit=_STAFF_A_TURN
        )
        workplaces += found[:_STAFF_A_TURN]
        if len(found) <= _STAFF_A_TURN:
            break
        after = found[_STAFF_A_TURN - 1]
    if not workplaces:
        return []
    return sorted(learner.id for learner in await educators.staff_on(session, workplaces, on))


async def _answers(
    session: AnySession,
    actor: Actor,
    allocation_id: UUID,
    query: PlacementQuery | UnplacedQuery,
    *,
    after: int | None,
) -> list[AllocationPerson]:
    await _demand(session, actor, allocation_id)
    reach = organisations.sight(actor)
    return await repository.answers(session, allocation_id, query, reach, after=after, limit=query.limit)


def _columns(row: AllocationPerson) -> dict[str, Any]:
    names = ("educator_id", "organisation_id", "cohort_id", "venue_id", "reason", "enrolment_id")
    return {name: getattr(row, name) for name in names}


def _read(allocation: Allocation) -> AllocationRead:
    result = allocation.result or {}
    return AllocationRead.model_validate(
        {
            "id": allocation.id,
            "provider_id": allocation.provider_id,
            "status": allocation.status,
            "question": AllocationCreate.model_validate(allocation.question),
            "people": allocation.people,
            "placed": allocation.placed,
            "unplaced": result.get("unplaced"),
            "proof": result.get("proof"),
            "allocation": result.get("allocation"),
            "first_come": result.get("first_come"),
            "venues": result.get("venues", []),
            "distance_basis": result.get("distance_basis"),
            "job_id": allocation.job_id,
            "apply_job_id": allocation.apply_job_id,
            "allowed_actions": rules.MACHINE.commands(allocation.status),
            "refused_actions": [
                RefusedAction(action=one.action, code=one.code, message=TextOut(**one.message._asdict()))
                for one in rules.MACHINE.refusals(allocation.status)
            ],
            "created_at": allocation.created_at,
            "solved_at": allocation.solved_at,
            "applied_at": allocation.applied_at,
            "version": allocation.version,
        }
    )
