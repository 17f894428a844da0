"""How projects are looked at: one by one, in lists, through their histories, summed up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.construction import errors, repository, rules
from services.registry_api.construction.repository import (
    ConstructionCost,
    ConstructionDate,
    ConstructionFact,
    ConstructionPlan,
    ConstructionRisk,
    ConstructionStageChange,
    listing,
)
from services.registry_api.construction.repository.listing import Wanted
from services.registry_api.construction.service import views
from shared import edtf
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, ReadSession, WriteSession, authorship
from shared.schemas.registry.construction_reports import ProgrammePlanCreate
from shared.schemas.registry.construction_words import Stage

_REGIONS = 200


@dataclass(frozen=True, slots=True)
class Due:
    """A school that is to open."""

    project_id: UUID
    reference: str
    name: dict[str, str | None]
    area: str
    area_path: tuple[str, ...]
    design_capacity: int
    opens_on: str
    opens_earliest: date


async def get(session: AnySession, project_id: UUID, *, on: date, known_at: datetime | None = None) -> dict[str, Any]:
    """A project on a day. Raises `ProjectNotFound`."""
    row = await listing.one(session, Wanted(on=on, known_at=known_at, id=project_id))
    if row is None:
        raise errors.ProjectNotFound()
    return views.project(row)


async def page(session: ReadSession, wanted: Wanted, *, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Up to `limit` + 1 projects behind one, by id."""
    return [views.project(row) for row in await listing.page(session, wanted, after=after, limit=limit + 1)]


async def count(session: ReadSession, wanted: Wanted) -> int:
    """How many there are."""
    return await listing.count(session, wanted)


async def idle(session: ReadSession, wanted: Wanted, *, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Up to `limit` + 1 schools that are built and do not teach."""
    rows = await listing.page(session, replace(wanted, idle=True), after=after, limit=limit + 1)
    return [views.idle(row, days=(wanted.on - row["built_on"]).days) for row in rows]


async def steps(session: ReadSession, project_id: UUID) -> list[dict[str, Any]]:
    """All steps of a project. Raises `ProjectNotFound`."""
    await _require(session, project_id)
    return [views.step(row) for row in await repository.trail(session, ConstructionStageChange, [project_id])]


async def timetable(session: AnySession, project_id: UUID, *, known_at: datetime | None) -> list[dict[str, Any]]:
    """The dates of a project, gate by gate. Raises `ProjectNotFound`."""
    await _require(session, project_id)
    rows = await repository.trail(session, ConstructionDate, [project_id], known_at=known_at)
    return views.timetable(rows)


async def costs(session: AnySession, project_id: UUID, *, known_at: datetime | None) -> dict[str, Any]:
    """What a project costs. Raises `ProjectNotFound`."""
    await _require(session, project_id)
    return views.costs(await repository.trail(session, ConstructionCost, [project_id], known_at=known_at))


async def risks(
    session: AnySession, project_id: UUID, *, known_at: datetime | None, superseded: bool = False
) -> list[dict[str, Any]]:
    """The risks of a project. Raises `ProjectNotFound`."""
    await _require(session, project_id)
    found = await repository.dated(session, ConstructionRisk, project_id, known_at=known_at, superseded=superseded)
    return [views.period(row) for row in found]


async def facts(
    session: AnySession, project_id: UUID, *, known_at: datetime | None, superseded: bool = False
) -> list[dict[str, Any]]:
    """What is and was true of the building. Raises `ProjectNotFound`."""
    await _require(session, project_id)
    found = await repository.dated(session, ConstructionFact, project_id, known_at=known_at, superseded=superseded)
    return [views.period(row) for row in found]


async def totals(session: ReadSession, wanted: Wanted) -> dict[str, Any]:
    """The pipeline in numbers: cancelled projects stand in `by_stage` and nowhere else."""
    rows = await listing.every(session, wanted)
    standing = [row for row in rows if row["stage"] != Stage.CANCELLED]
    paths = await areas.paths(session, {row["area_code"] for row in standing}, on=wanted.on)
    by_region: dict[str, list[Any]] = {}
    for row in standing:
        by_region.setdefault(paths[row["area_code"]][0], []).append(row)
    regions = await areas.page(session, areas.Wanted(level=1), on=wanted.on, known_at=wanted.known_at, limit=_REGIONS)
    whole = _counts(standing)
    opening: Counter[str] = Counter()
    for row in standing:
        year = row["opens_earliest"] or row["operating_on"]
        opening[str(year.year) if year else "unknown"] += row["design_capacity"]
    return {
        **whole,
        "programme": wanted.programme,
        "as_of": wanted.on,
        "rural_percent": rules.percent(whole["rural"], whole["projects"]),
        "mean_design_capacity": round(whole["places"] / whole["projects"], 4) if whole["projects"] else None,
        "commissioned_percent": rules.percent(whole["commissioned"], whole["projects"]),
        "operating_percent": rules.percent(whole["operating"], whole["built"]),
        "by_stage": dict(sorted(Counter(row["stage"] for row in rows).items())),
        "idle_by_reason": dict(sorted(Counter(views.idle_reason(row) for row in standing if row["idle"]).items())),
        "opening_by_year": dict(sorted(opening.items())),
        "by_region": [
            {"area": region["code"], "name": region["name"], **_counts(by_region.get(region["code"], []))}
            for region in regions
        ],
        "stated": await plans(session, wanted.programme, known_at=wanted.known_at) if wanted.programme else [],
    }


async def slips(session: ReadSession, wanted: Wanted, gate: str) -> dict[str, Any]:
    """How late a gate was passed so far."""
    projects = [row["id"] for row in await listing.every(session, wanted)]
    found = rules.spread(await listing.slips(session, projects, gate, on=wanted.on, known_at=wanted.known_at))
    return {
        "gate": gate,
        "as_of": wanted.on,
        "n": found.n,
        "on_time": found.on_time,
        "median_days": found.median_days,
        "p80_days": found.p80_days,
        "by_reason": await listing.reasons(session, projects, gate, known_at=wanted.known_at),
    }


async def delivered(
    session: AnySession, *, funding: str | None, area: str | None, on: date, known_at: datetime | None = None
) -> int:
    """How many projects are commissioned on a day: built by sponsors, where `funding` says so."""
    inside = None if area is None else await areas.codes_under(session, area, on=on, known_at=known_at)
    rows = await listing.every(session, Wanted(on=on, known_at=known_at, areas=inside, funding=funding))
    return sum(row["commissioned_on"] is not None for row in rows)


async def due_by(session: AnySession, *, until: date, on: date, area: str | None = None) -> list[Due]:
    """Schools that do not teach on `on` and are to open by `until`, in the order in which they open."""
    inside = None if area is None else await areas.codes_under(session, area, on=on)
    rows = [
        row
        for row in await listing.every(session, Wanted(on=on, areas=inside))
        if row["stage"] not in (Stage.CANCELLED, Stage.SUSPENDED)
        and row["operating_on"] is None
        and row["opens_earliest"] is not None
        and row["opens_earliest"] <= until
    ]
    paths = await areas.paths(session, {row["area_code"] for row in rows}, on=on)
    found = [
        Due(
            project_id=row["id"],
            reference=row["reference"],
            name=views.names(row),
            area=row["area_code"],
            area_path=tuple(paths[row["area_code"]]),
            design_capacity=row["design_capacity"],
            opens_on=row["opens_on"],
            opens_earliest=row["opens_earliest"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda due: (due.opens_earliest, due.project_id))


async def state_plan(
    session: WriteSession, actor: Actor, programme: str, asked: ProgrammePlanCreate, *, now: datetime
) -> dict[str, Any]:
    """Write down what a source said of a programme. Raises `PlanContradictsItself`, `OutOfReach`."""
    actor.demand(Scope.REGISTRY_WRITE, None)
    low, high = asked.rural_percent_low, asked.rural_percent_high
    if low is not None and high is not None and low > high:
        raise errors.PlanContradictsItself(pointer="/rural_percent_low")
    if asked.rural_schools is not None and asked.schools is not None and asked.rural_schools > asked.schools:
        raise errors.PlanContradictsItself(pointer="/rural_schools")
    number = await repository.lock_plans(session, programme)
    row = ConstructionPlan(
        programme=programme,
        number=number,
        **asked.model_dump(exclude={"cost"}),
        cost=None if asked.cost is None else Decimal(asked.cost),
        stated_latest=edtf.parse(asked.stated_on).latest,
        recorded_at=now,
        recorded_by=authorship(session).subject,
    )
    await repository.add(session, [row])
    return next(one for one in await plans(session, programme) if one["number"] == number)


async def plans(session: AnySession, programme: str, *, known_at: datetime | None = None) -> list[dict[str, Any]]:
    """What was said of a programme."""
    return views.plans(await repository.plans(session, programme, known_at=known_at))


def _counts(rows: Sequence[Any]) -> dict[str, int]:
    return {
        "projects": len(rows),
        "places": sum(row["design_capacity"] for row in rows),
        "rural": sum(row["setting"] == "village" for row in rows),
        "built": sum(row["built_on"] is not None for row in rows),
        "commissioned": sum(row["commissioned_on"] is not None for row in rows),
        "operating": sum(row["operating_on"] is not None for row in rows),
        "idle": sum(row["idle"] for row in rows),
    }


async def _require(session: AnySession, project_id: UUID) -> None:
    if await repository.find(session, project_id) is None:
        raise errors.ProjectNotFound()
