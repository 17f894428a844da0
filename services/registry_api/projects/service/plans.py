"""What is done with development plans: a version takes the place of the one before, and both stay readable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.projects import errors, rules
from services.registry_api.projects.models import DevelopmentPlan, DevelopmentPlanVersion
from services.registry_api.projects.repository import plans as repository
from services.registry_api.projects.repository import projects
from services.registry_api.projects.repository.plans import Wanted
from services.registry_api.texts import spread, text
from shared import outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession, WriteSession
from shared.errors import FieldError
from shared.ids import new_id
from shared.schemas.registry.development_plans import (
    DevelopmentPlanCreate,
    DevelopmentPlansQuery,
    DevelopmentPlanVersionCreate,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One version of a plan as a caller sees it."""

    document: dict[str, Any]
    version: int


async def enter(session: WriteSession, actor: Actor, asked: DevelopmentPlanCreate, *, now: datetime) -> UUID:
    """Enter the first version of a plan; the plan's id."""
    await _demand(session, actor, asked.organisation_id, now=now)
    plan = DevelopmentPlan(id=new_id(), organisation_id=asked.organisation_id, latest=1, created_at=now, updated_at=now)
    await repository.add(session, plan)
    await _write(session, plan, asked, now=now)
    return plan.id


async def lock(session: WriteSession, plan_id: UUID) -> DevelopmentPlan:
    """The plan, for a change. Raises `DevelopmentPlanNotFound`."""
    plan = await repository.lock(session, plan_id)
    if plan is None:
        raise errors.DevelopmentPlanNotFound()
    return plan


async def supersede(
    session: WriteSession, actor: Actor, plan: DevelopmentPlan, asked: DevelopmentPlanVersionCreate, *, now: datetime
) -> None:
    """Put a new version in force; the one before stays as it is."""
    await _demand(session, actor, plan.organisation_id, now=now)
    plan.latest += 1
    plan.updated_at = now
    await _write(session, plan, asked, now=now)


async def get(session: AnySession, plan_id: UUID, *, number: int | None, now: datetime) -> Seen:
    """A version of a plan, by default the one in force. Raises `DevelopmentPlanNotFound`."""
    plan = await repository.find(session, plan_id)
    versions = await repository.versions(session, plan_id) if plan is not None else ()
    shown = next((row for row in reversed(versions) if number in (None, row.number)), None)
    if plan is None or shown is None:
        raise errors.DevelopmentPlanNotFound()
    names = await belonging.names(session, {plan.organisation_id}, on=day_in_kazakhstan(now))
    document = {
        **_summary(plan, shown, names),
        **{name: getattr(shown, name) for name in ("strategies", "project_ids", "starts_on", "ends_on", "reason")},
        "model": text(shown, "model") or {},
        "superseded_by": shown.number + 1 if shown.number < plan.latest else None,
        "versions": [{name: getattr(row, name) for name in ("number", "recorded_at", "reason")} for row in versions],
    }
    return Seen(document, plan.version)


async def wanted_by(session: ReadSession, query: DevelopmentPlansQuery, *, now: datetime) -> Wanted:
    """The filters of a query, its area with all that lies in it."""
    today = day_in_kazakhstan(now)
    inside = await areas.codes_under(session, query.area, on=today) if query.area is not None else None
    return Wanted(areas=inside, organisation_id=query.organisation_id, on=today)


async def page(
    session: ReadSession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Plans as `DevelopmentPlanSummary` reads them, one more than `limit` if there are more."""
    rows = await repository.page(session, wanted, after=after, limit=limit + 1)
    names = await belonging.names(session, {plan.organisation_id for plan, _ in rows}, on=wanted.on)
    return [_summary(plan, version, names) for plan, version in rows]


async def count(session: ReadSession, wanted: Wanted) -> int:
    """How many the list has."""
    return await repository.count(session, wanted)


async def _demand(session: WriteSession, actor: Actor, organisation_id: UUID, *, now: datetime) -> None:
    today = day_in_kazakhstan(now)
    known = await belonging.areas_of(session, {"/organisation_id": organisation_id}, on=today)
    await belonging.demand(session, actor, (known[organisation_id], organisation_id), on=today)


async def _write(
    session: WriteSession, plan: DevelopmentPlan, asked: DevelopmentPlanVersionCreate, *, now: datetime
) -> None:
    rules.check_period(asked.starts_on, asked.ends_on)
    there = await projects.exist(session, asked.project_ids)
    wrong = [
        FieldError(f"/project_ids/{place}", errors.ProjectUnknown.code, errors.ProjectUnknown.title)
        for place, one in enumerate(asked.project_ids)
        if one not in there
    ]
    if wrong:
        raise errors.ProjectUnknown(errors=wrong)
    version = DevelopmentPlanVersion(
        id=new_id(),
        plan_id=plan.id,
        number=plan.latest,
        **spread("title", asked.title),
        **spread("model", asked.model),
        strategies=[one.model_dump(exclude_none=True) for one in asked.strategies],
        project_ids=[str(one) for one in asked.project_ids],
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        reason=asked.reason,
        recorded_at=now,
    )
    await repository.add(session, version)
    await outbox.add(
        session,
        outbox.Event(
            kind="development_plan.entered" if plan.latest == 1 else "development_plan.superseded",
            subject="development_plan",
            subject_id=plan.id,
            data={
                "id": str(plan.id),
                "organisation_id": str(plan.organisation_id),
                "number": plan.latest,
                "title": text(version, "title"),
            },
            occurred_at=now,
        ),
    )


def _summary(plan: DevelopmentPlan, version: DevelopmentPlanVersion, names: Any) -> dict[str, Any]:
    return {
        "id": plan.id,
        "organisation": names[plan.organisation_id],
        "title": text(version, "title"),
        "number": version.number,
        "recorded_at": version.recorded_at,
    }
