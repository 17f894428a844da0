"""Every SQL statement about projects and their parts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import flag_modified

from services.registry_api.projects.models import Project, ProjectItem, ProjectLink, ProjectStakeholder
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession

KEYS = (keyset.Key(Project.id.expression, descending=True),)
_ITEM_KEYS = (keyset.Key(ProjectItem.number.expression),)
_TREE = 0x70726F6A
"""«proj»: one transaction at a time says what belongs to what, so that two do not close a circle together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which projects are asked for; what is None or empty does not matter."""

    areas: Sequence[str] | None = None
    owner_id: UUID | None = None
    under: UUID | None = None
    level: str | None = None
    kind: str | None = None
    statuses: Sequence[str] = ()


async def page(
    session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[Project, int]]:
    """Projects with the number of their items, the latest entered first."""
    items = select(func.count()).where(ProjectItem.project_id == Project.id).scalar_subquery()
    query = select(Project, items).where(*_conditions(wanted)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        query = query.where(keyset.after(KEYS, [UUID(str(after[0]))]))
    return [(row[0], row[1]) for row in await session.execute(query)]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(Project).where(*_conditions(wanted))) or 0


async def find(session: AnySession, project_id: UUID) -> Project | None:
    """One project."""
    return await session.get(Project, project_id)


async def lock(session: WriteSession, project_id: UUID) -> Project | None:
    """One project, which nobody else changes until this transaction ends."""
    query = select(Project).where(Project.id == project_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def lock_tree(session: WriteSession) -> None:
    """Let one transaction at a time say what belongs to what."""
    await session.execute(select(func.pg_advisory_xact_lock(_TREE)))


async def exist(session: AnySession, ids: Collection[UUID]) -> set[UUID]:
    """Those of `ids` that are projects."""
    return set(await session.scalars(select(Project.id).where(Project.id == func.any(literal(list(ids))))))


async def above(session: AnySession, project_id: UUID, *, deepest: int) -> Sequence[Project]:
    """What a project belongs to, the widest first; at most `deepest` of them."""
    start = select(Project.parent_id.label("id"), literal(1, Integer).label("depth")).where(Project.id == project_id)
    chain = start.cte("chain", recursive=True)
    higher = aliased(Project)
    chain = chain.union_all(
        select(higher.parent_id, chain.c.depth + 1).where(higher.id == chain.c.id, chain.c.depth < deepest)
    )
    query = select(Project).join(chain, chain.c.id == Project.id).order_by(chain.c.depth.desc())
    return (await session.scalars(query)).all()


async def item_count(session: AnySession, project_id: UUID) -> int:
    """How many items a project has."""
    query = select(func.count()).select_from(ProjectItem).where(ProjectItem.project_id == project_id)
    return await session.scalar(query) or 0


async def last_number(session: WriteSession, project_id: UUID) -> int:
    """The highest number of an item, 0 if there is none."""
    query = select(func.max(ProjectItem.number)).where(ProjectItem.project_id == project_id)
    return await session.scalar(query) or 0


async def items(
    session: AnySession, project_id: UUID, *, after: Sequence[Any] | None, limit: int
) -> Sequence[ProjectItem]:
    """The items of a project by their numbers."""
    query = select(ProjectItem).where(ProjectItem.project_id == project_id)
    if after is not None:
        query = query.where(keyset.after(_ITEM_KEYS, after))
    return (await session.scalars(query.order_by(*keyset.order_by(_ITEM_KEYS)).limit(limit))).all()


async def stakeholders(session: AnySession, project_id: UUID) -> Sequence[ProjectStakeholder]:
    """Who has a part in a project."""
    query = select(ProjectStakeholder).where(ProjectStakeholder.project_id == project_id)
    return (await session.scalars(query.order_by(ProjectStakeholder.position))).all()


async def links(session: AnySession, project_id: UUID) -> Sequence[ProjectLink]:
    """The links of a project in the order they were added."""
    query = select(ProjectLink).where(ProjectLink.project_id == project_id)
    return (await session.scalars(query.order_by(ProjectLink.id))).all()


async def part(
    session: WriteSession, model: type[ProjectItem] | type[ProjectLink], project_id: UUID, part_id: UUID
) -> ProjectItem | ProjectLink | None:
    """One item or link of a project."""
    found: ProjectItem | ProjectLink | None = await session.get(model, part_id)
    return found if found is not None and found.project_id == project_id else None


async def add(session: WriteSession, *rows: Project | ProjectItem | ProjectLink | ProjectStakeholder) -> None:
    """New rows of one table."""
    session.add_all(rows)
    await session.flush()


async def remove(session: WriteSession, row: ProjectItem | ProjectLink) -> None:
    """Take an item or a link out of a project."""
    await session.delete(row)
    await session.flush()


async def replace_stakeholders(
    session: WriteSession, former: Iterable[ProjectStakeholder], rows: Iterable[ProjectStakeholder]
) -> None:
    """Put others in place of those who had a part in it."""
    for one in former:
        await session.delete(one)
    await session.flush()
    session.add_all(rows)
    await session.flush()


async def touch(session: WriteSession, project: Project, changes: Mapping[str, Any]) -> None:
    """Write the changes and count one more, even where only parts of the project have changed."""
    for name, value in changes.items():
        setattr(project, name, value)
    flag_modified(project, "updated_at")
    await session.flush()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.areas is not None:
        found.append(Project.area_code == func.any(literal(list(wanted.areas), ARRAY(Text))))
    if wanted.owner_id is not None:
        found.append(Project.owner_id == wanted.owner_id)
    if wanted.under is not None:
        found.append(Project.id.in_(_under(wanted.under)))
    if wanted.level is not None:
        found.append(Project.level == wanted.level)
    if wanted.kind is not None:
        found.append(Project.kind == wanted.kind)
    if wanted.statuses:
        found.append(Project.status == func.any(literal(list(wanted.statuses), ARRAY(Text))))
    return found


def _under(programme_id: UUID) -> Any:
    member, lower = aliased(Project), aliased(Project)
    tree = select(member.id).where(member.parent_id == programme_id).cte("tree", recursive=True)
    # UNION and not UNION ALL: were there a circle after all, it would be gone round once.
    tree = tree.union(select(lower.id).where(lower.parent_id == tree.c.id))
    return select(tree.c.id)
