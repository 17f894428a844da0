"""What is done with projects: drafted, made active, filled with items and links, read within their programmes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.patches import patched
from services.registry_api.projects import columns, errors, rules
from services.registry_api.projects.models import Project
from services.registry_api.projects.repository import projects as repository
from services.registry_api.projects.repository.projects import Wanted
from services.registry_api.texts import text
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.projects import (
    ProjectAttributes,
    ProjectCreate,
    ProjectLevel,
    ProjectRead,
    ProjectsQuery,
    ProjectStatus,
    ProjectTransition,
    ProjectUpdate,
)

_TOLD = {
    ProjectStatus.DRAFT: "changed",
    ProjectStatus.ACTIVE: "activated",
    ProjectStatus.COMPLETED: "completed",
    ProjectStatus.STOPPED: "stopped",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One project as a caller sees it."""

    document: dict[str, Any]
    version: int


async def draft(session: WriteSession, actor: Actor, asked: ProjectCreate, *, now: datetime) -> UUID:
    """Enter a project as a draft; its id.

    Raises `OutOfReach`, `OrganisationUnknown`, `AreaUnknown`, `ProjectUnknown`, `ParentNotProgramme`, `PeriodReversed`.
    """
    found = await _columns(session, actor, asked, of=None, now=now)
    if asked.link_hosts:
        await _demand_approval(session, actor, found, now=now)
    project = Project(id=new_id(), **found, status=ProjectStatus.DRAFT.value, created_at=now, updated_at=now)
    await repository.add(session, project)
    await repository.replace_stakeholders(session, (), columns.stakeholders(project.id, asked))
    await _tell(session, "project.drafted", project, now=now)
    return project.id


async def lock(session: WriteSession, project_id: UUID) -> Project:
    """The project, for a change. Raises `ProjectNotFound`."""
    project = await repository.lock(session, project_id)
    if project is None:
        raise errors.ProjectNotFound()
    return project


async def change(session: WriteSession, actor: Actor, project: Project, patch: ProjectUpdate, *, now: datetime) -> None:
    """Change what is told of a project; an active one keeps what it needs. What is so already changes nothing."""
    await demand(session, actor, project, now=now)
    former = await repository.stakeholders(session, project.id)
    asked = patched(ProjectAttributes, columns.document(project, former), patch)
    after = await _columns(session, actor, asked, of=project, now=now)
    if after["link_hosts"] != project.link_hosts:
        await _demand_approval(session, actor, after, now=now)
    if project.status == ProjectStatus.ACTIVE:
        _check_ready(asked)
    if asked.items_planned is not None and asked.items_planned != project.items_planned:
        there = await repository.item_count(session, project.id)
        if there > asked.items_planned:
            raise errors.FewerThanThere(pointer="/items_planned", item_count=there)
    before = {name: getattr(project, name) for name in after}
    told = [columns.stakeholder_columns(place, one) for place, one in enumerate(asked.stakeholders)]
    others = [{name: getattr(row, name) for name in columns.STAKEHOLDER} for row in former] != told
    if others:
        await repository.replace_stakeholders(session, former, columns.stakeholders(project.id, asked))
    if others or before != after:
        await repository.touch(session, project, {**after, "updated_at": now})
        await _tell(session, "project.changed", project, now=now)


async def move(
    session: WriteSession, actor: Actor, project: Project, asked: ProjectTransition, *, now: datetime
) -> None:
    """Take the next step in its life. Raises `ProjectTransitionRefused`, `ReasonNeeded`, `ProjectNotReady`."""
    await demand(session, actor, project, now=now)
    rules.check_transition(ProjectStatus(project.status), asked.to, reason=asked.reason)
    if asked.to is ProjectStatus.ACTIVE:
        former = await repository.stakeholders(session, project.id)
        _check_ready(ProjectAttributes.model_validate(columns.document(project, former)))
    reason = asked.reason if asked.to is ProjectStatus.STOPPED else None
    changes = {"status": asked.to.value, "status_reason": reason, "updated_at": now}
    await repository.touch(session, project, changes)
    await _tell(session, f"project.{_TOLD[asked.to]}", project, now=now)


async def get(session: AnySession, project_id: UUID, *, now: datetime) -> Seen:
    """A project with all that belongs to it, and what it belongs to. Raises `ProjectNotFound`."""
    project = await repository.find(session, project_id)
    if project is None:
        raise errors.ProjectNotFound()
    return Seen(await _whole(session, project, now=now), project.version)


async def wanted_by(session: ReadSession, query: ProjectsQuery, *, now: datetime) -> Wanted:
    """The filters of a query, its area with all that lies in it."""
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=day_in_kazakhstan(now))
    return Wanted(
        areas=inside,
        owner_id=query.owner_id,
        under=query.under,
        level=query.level.value if query.level is not None else None,
        kind=query.kind,
        statuses=[status.value for status in query.status],
    )


async def page(
    session: ReadSession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """Projects as `ProjectSummary` reads them, one more than `limit` if there are more."""
    rows = await repository.page(session, wanted, after=after, limit=limit + 1)
    names = await belonging.names(session, {row.owner_id for row, _ in rows}, on=day_in_kazakhstan(now))
    return [columns.summary(row, item_count, names) for row, item_count in rows]


async def count(session: ReadSession, wanted: Wanted) -> int:
    """How many the list has."""
    return await repository.count(session, wanted)


async def _columns(
    session: WriteSession, actor: Actor, asked: ProjectAttributes, *, of: Project | None, now: datetime
) -> dict[str, Any]:
    today = day_in_kazakhstan(now)
    rules.check_period(asked.starts_on, asked.ends_on)
    named = {"/owner_id": asked.owner_id}
    named |= {
        f"/stakeholders/{place}/organisation_id": one.organisation_id for place, one in enumerate(asked.stakeholders)
    }
    known = await belonging.areas_of(session, named, on=today)
    area = asked.area or (known[asked.owner_id] if asked.owner_id is not None else None)
    places: list[tuple[str | None, UUID | None]] = [(area, asked.owner_id)]
    if asked.owner_id is not None:
        places.append((known[asked.owner_id], asked.owner_id))
    await belonging.demand(session, actor, *places, on=today)
    if area is not None:
        await areas.require(session, area, since=today)
    await _check_parent(session, asked, of=of)
    return columns.columns(asked, area=area)


async def _check_parent(session: WriteSession, asked: ProjectAttributes, *, of: Project | None) -> None:
    if of is not None and (of.parent_id, of.level) == (asked.parent_id, asked.level.value):
        return
    await repository.lock_tree(session)
    if of is not None and asked.level is ProjectLevel.PROJECT and await _has_programmes(session, of.id):
        raise errors.ParentNotProgramme(pointer="/level")
    if asked.parent_id is None:
        return
    parent = await repository.find(session, asked.parent_id)
    if parent is None:
        raise errors.ProjectUnknown(pointer="/parent_id")
    above = await repository.above(session, parent.id, deepest=rules.DEEPEST)
    if len(above) >= rules.DEEPEST or (of is not None and of.id in {parent.id, *(one.id for one in above)}):
        raise errors.ProjectsInCircle(pointer="/parent_id")
    rules.check_parent(asked.level, ProjectLevel(parent.level))


async def _has_programmes(session: WriteSession, project_id: UUID) -> bool:
    wanted = Wanted(under=project_id, level=ProjectLevel.PROGRAMME.value)
    return await repository.count(session, wanted) > 0


async def demand(session: WriteSession, actor: Actor, project: Project, *, now: datetime) -> None:
    """Raise `OutOfReach` unless the caller keeps this project."""
    await belonging.demand(session, actor, (project.area_code, project.owner_id), on=day_in_kazakhstan(now))


async def _demand_approval(session: WriteSession, actor: Actor, told: Mapping[str, Any], *, now: datetime) -> None:
    """Who keeps a project does not widen by oneself where it may lead to."""
    place = told["area_code"], told["owner_id"]
    await belonging.demand(session, actor, place, on=day_in_kazakhstan(now), scope=Scope.REGISTRY_APPROVE)


def _check_ready(asked: ProjectAttributes) -> None:
    has_goal = asked.goal is not None and any((asked.goal.kk, asked.goal.ru, asked.goal.en))
    rules.check_ready(
        has_owner=asked.owner_id is not None, has_goal=has_goal, stakeholder_count=len(asked.stakeholders)
    )


async def _whole(session: AnySession, project: Project, *, now: datetime) -> dict[str, Any]:
    today = day_in_kazakhstan(now)
    stakeholders = await repository.stakeholders(session, project.id)
    names = await belonging.names(session, {project.owner_id, *(one.organisation_id for one in stakeholders)}, on=today)
    above = await repository.above(session, project.id, deepest=rules.DEEPEST)
    path = await areas.codes_above(session, project.area_code, on=today) if project.area_code else ()
    return {
        **columns.summary(project, await repository.item_count(session, project.id), names),
        "status_reason": project.status_reason,
        "goal": text(project, "goal"),
        "above": [{"id": one.id, "level": one.level, "title": text(one, "title")} for one in above],
        "area_path": list(path),
        "stakeholders": [
            {"organisation": names.get(one.organisation_id), "body": text(one, "body"), "role": one.role}
            for one in stakeholders
        ],
        "links": [
            {"id": one.id, "url": one.url, "title": text(one, "title")}
            for one in await repository.links(session, project.id)
        ],
        "link_hosts": project.link_hosts,
        "next_statuses": list(rules.TRANSITIONS[ProjectStatus(project.status)]),
        "version": project.version,
    }


async def _tell(session: WriteSession, kind: str, project: Project, *, now: datetime) -> None:
    await session.flush()
    told = ProjectRead.model_validate(await _whole(session, project, now=now))
    await outbox.add(
        session,
        outbox.Event(
            kind=kind,
            subject="project",
            subject_id=project.id,
            data=told.model_dump(mode="json", exclude={"version", "next_statuses"}),
            occurred_at=now,
        ),
    )
