"""Every SQL statement about one project and its histories; many at once are read in `listing`."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.orm.attributes import flag_modified

from services.registry_api.base import Base
from services.registry_api.construction.models import (
    ConstructionCost,
    ConstructionDate,
    ConstructionFact,
    ConstructionIdleReason,
    ConstructionPlan,
    ConstructionProject,
    ConstructionProjectState,
    ConstructionRisk,
    ConstructionStageChange,
)
from shared.db import bitemporal
from shared.db.bitemporal import Bitemporal
from shared.db.sessions import AnySession, WriteSession

Trail = TypeVar("Trail", ConstructionStageChange, ConstructionDate, ConstructionCost)
"""A history that is only added to."""
Dated = TypeVar("Dated", ConstructionRisk, ConstructionFact)


async def find(session: AnySession, project_id: UUID) -> ConstructionProject | None:
    return await session.get(ConstructionProject, project_id)


async def lock(session: WriteSession, project_id: UUID) -> ConstructionProject | None:
    """The project, which nobody else changes until this transaction ends."""
    query = select(ConstructionProject).where(ConstructionProject.id == project_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def references_taken(session: AnySession, references: Collection[str]) -> set[str]:
    """Those of `references` that projects have."""
    listed = literal(list(references), ARRAY(Text))
    query = select(ConstructionProject.reference).where(ConstructionProject.reference == func.any(listed))
    return set(await session.scalars(query))


async def of_organisation(session: AnySession, organisation_id: UUID) -> UUID | None:
    """The project that became this school."""
    query = select(ConstructionProject.id).where(ConstructionProject.organisation_id == organisation_id).limit(1)
    found: UUID | None = await session.scalar(query)
    return found


async def add(session: WriteSession, *groups: Iterable[Base]) -> None:
    """Add rows, each group after the one it refers to."""
    for group in groups:
        session.add_all(group)
        await session.flush()


def state(project_id: UUID, columns: dict[str, Any], *, on: date, now: datetime) -> ConstructionProjectState:
    """What is true of a new project from a day on."""
    return ConstructionProjectState(project_id=project_id, valid=Range(on, None), recorded=Range(now, None), **columns)


def fact(project_id: UUID, what: str, *, on: date, source: str, now: datetime) -> ConstructionFact:
    """What is true of the building of a new project from a day on."""
    valid, recorded = Range(on, None), Range(now, None)
    return ConstructionFact(project_id=project_id, fact=what, source=source, valid=valid, recorded=recorded)


async def first_day(session: AnySession, project_id: UUID) -> date | None:
    """The first day of which anything is known of the project."""
    query = select(func.min(func.lower(ConstructionProjectState.valid))).where(
        ConstructionProjectState.project_id == project_id, bitemporal.current(ConstructionProjectState)
    )
    found: date | None = await session.scalar(query)
    return found


async def states(session: AnySession, project_id: UUID) -> Sequence[ConstructionProjectState]:
    """What is believed of the project, in the order of days."""
    return await bitemporal.history(session, ConstructionProjectState, {"project_id": project_id})


async def amend(
    session: WriteSession, project_id: UUID, changes: dict[str, Any], *, valid_from: date, now: datetime
) -> None:
    """Change attributes from a day on."""
    owner = {"project_id": project_id}
    await bitemporal.amend(session, ConstructionProjectState, owner, changes, valid_from=valid_from, now=now)


async def trail(
    session: AnySession, model: type[Trail], projects: Collection[UUID], *, known_at: datetime | None = None
) -> Sequence[Trail]:
    """What was added to the histories of these projects, each in its order."""
    query = (
        select(model)
        .where(model.project_id == func.any(literal(list(projects))))
        .order_by(model.project_id, model.number)
    )
    if known_at is not None:
        query = query.where(model.recorded_at <= known_at)
    return (await session.scalars(query)).all()


async def dated(
    session: AnySession,
    model: type[Dated],
    project_id: UUID,
    *,
    known_at: datetime | None = None,
    superseded: bool = False,
) -> Sequence[Dated]:
    """Periods of a project, with `superseded` also those that are no longer believed."""
    kind = model.area if issubclass(model, ConstructionRisk) else ConstructionFact.fact
    query = select(model).where(model.project_id == project_id)
    if known_at is not None:
        query = query.where(model.recorded.op("@>")(literal(known_at)))
    elif not superseded:
        query = query.where(bitemporal.current(model))
    return (await session.scalars(query.order_by(kind, func.lower(model.valid), func.lower(model.recorded)))).all()


async def replace_from(
    session: WriteSession, row: Bitemporal, owner: Sequence[str], *, on: date, now: datetime
) -> None:
    """From that day on the row holds, whatever held before."""
    row.valid = Range(on, None)
    await bitemporal.replace(session, row, owner, now=now)


async def facts_since(session: WriteSession, project_id: UUID, what: str, *, on: date) -> Sequence[ConstructionFact]:
    """Periods of a fact that reach to `on` or begin later."""
    query = select(ConstructionFact).where(
        ConstructionFact.project_id == project_id,
        ConstructionFact.fact == what,
        bitemporal.during(ConstructionFact, on, None),
    )
    return (await session.scalars(query.order_by(func.lower(ConstructionFact.valid)))).all()


async def end_fact(session: WriteSession, project_id: UUID, what: str, *, on: date, now: datetime) -> None:
    """From that day on it is so no longer."""
    owner = {"project_id": project_id, "fact": what}
    await bitemporal.end(session, ConstructionFact, owner, valid_from=on, now=now)


async def record_fact(
    session: WriteSession, project_id: UUID, what: str, *, on: date, source: str, now: datetime
) -> None:
    """From that day on it is so."""
    row = ConstructionFact(project_id=project_id, fact=what, source=source, valid=Range(on, None))
    await bitemporal.record(session, row, now=now)


async def touch(session: WriteSession, project: ConstructionProject, *, now: datetime) -> None:
    """Count one more change of the project."""
    project.updated_at = now
    flag_modified(project, "updated_at")  # a clock that stands still must not hide a change
    await session.flush()


async def lock_plans(session: WriteSession, programme: str) -> int:
    """The number the next statement about a programme gets; nobody else gets it."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtext("construction_plans"), func.hashtext(programme)))
    )
    query = select(func.coalesce(func.max(ConstructionPlan.number), 0) + 1).where(
        ConstructionPlan.programme == programme
    )
    return int(await session.scalar(query) or 1)


async def plans(session: AnySession, programme: str, *, known_at: datetime | None = None) -> Sequence[ConstructionPlan]:
    """What was said of a programme, in the order of the days it was said."""
    query = select(ConstructionPlan).where(ConstructionPlan.programme == programme)
    if known_at is not None:
        query = query.where(ConstructionPlan.recorded_at <= known_at)
    return (await session.scalars(query.order_by(ConstructionPlan.stated_latest, ConstructionPlan.number))).all()


__all__ = [
    "ConstructionCost",
    "ConstructionDate",
    "ConstructionFact",
    "ConstructionIdleReason",
    "ConstructionPlan",
    "ConstructionProject",
    "ConstructionProjectState",
    "ConstructionRisk",
    "ConstructionStageChange",
    "add",
    "amend",
    "dated",
    "end_fact",
    "fact",
    "facts_since",
    "find",
    "first_day",
    "lock",
    "lock_plans",
    "of_organisation",
    "plans",
    "record_fact",
    "references_taken",
    "replace_from",
    "state",
    "states",
    "touch",
    "trail",
]
