"""What a project is made of and leads to: its items and its links."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api.projects import columns, errors, rules
from services.registry_api.projects.models import Project, ProjectItem, ProjectLink
from services.registry_api.projects.repository import projects as repository
from services.registry_api.projects.service.projects import demand
from services.registry_api.texts import spread
from shared.auth import Actor
from shared.db.sessions import ReadSession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.projects import ProjectItemCreate, ProjectLinkCreate


async def add_item(
    session: WriteSession, actor: Actor, project: Project, asked: ProjectItemCreate, *, now: datetime
) -> dict[str, Any]:
    """Add an item with the next number. Raises `ItemsLimit` where all that were planned are there."""
    await demand(session, actor, project, now=now)
    rules.check_room(await repository.item_count(session, project.id), project.items_planned)
    if asked.url is not None:
        rules.check_link(asked.url, await _hosts(session, project))
    item = ProjectItem(
        id=new_id(),
        project_id=project.id,
        number=await repository.last_number(session, project.id) + 1,
        **spread("title", asked.title),
        note=asked.note,
        url=asked.url,
    )
    await repository.add(session, item)
    await repository.touch(session, project, {"updated_at": now})
    return columns.item(item)


async def add_link(
    session: WriteSession, actor: Actor, project: Project, asked: ProjectLinkCreate, *, now: datetime
) -> None:
    """Add a link to a resource. Raises `LinkHostNotListed`, `LinksLimit`."""
    await demand(session, actor, project, now=now)
    rules.check_link(asked.url, await _hosts(session, project))
    if len(await repository.links(session, project.id)) >= rules.MOST_LINKS:
        raise errors.LinksLimit(limit=rules.MOST_LINKS)
    link = ProjectLink(id=new_id(), project_id=project.id, url=asked.url, **spread("title", asked.title))
    await repository.add(session, link)
    await repository.touch(session, project, {"updated_at": now})


async def remove_item(session: WriteSession, actor: Actor, project: Project, item_id: UUID, *, now: datetime) -> None:
    """Take an item out; the others keep their numbers."""
    await _remove(session, actor, project, ProjectItem, item_id, now=now)


async def remove_link(session: WriteSession, actor: Actor, project: Project, link_id: UUID, *, now: datetime) -> None:
    """Take a link out."""
    await _remove(session, actor, project, ProjectLink, link_id, now=now)


async def items(
    session: ReadSession, project_id: UUID, *, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """The items of a project by number, one more than `limit` if there are more. Raises `ProjectNotFound`."""
    if await repository.find(session, project_id) is None:
        raise errors.ProjectNotFound()
    return [columns.item(row) for row in await repository.items(session, project_id, after=after, limit=limit + 1)]


async def item_count(session: ReadSession, project_id: UUID) -> int:
    """How many items it has."""
    return await repository.item_count(session, project_id)


async def _hosts(session: WriteSession, project: Project) -> list[str]:
    above = await repository.above(session, project.id, deepest=rules.DEEPEST)
    return [host for one in (project, *above) for host in one.link_hosts]


async def _remove(
    session: WriteSession,
    actor: Actor,
    project: Project,
    model: type[ProjectItem] | type[ProjectLink],
    part_id: UUID,
    *,
    now: datetime,
) -> None:
    await demand(session, actor, project, now=now)
    row = await repository.part(session, model, project.id, part_id)
    if row is None:
        raise errors.ProjectPartNotFound()
    await repository.remove(session, row)
    await repository.touch(session, project, {"updated_at": now})
