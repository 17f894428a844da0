"""Every SQL statement about academic years, directives and their items."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import aliased

from services.registry_api.directives.models import AcademicYear, DirectionItem, DirectionItemState, Directive
from shared.db import bitemporal, keyset
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.directives import DirectivesQuery

KEYS = (keyset.Key(Directive.id.expression),)
YEAR_KEYS = (keyset.Key(AcademicYear.code.expression),)


@dataclass(frozen=True, slots=True)
class Item:
    """An item, what it says on a day, and the item that goes on from it."""

    item: DirectionItem
    state: DirectionItemState
    continued_in: UUID | None


async def year(session: AnySession, code: str) -> AcademicYear | None:
    """A school year."""
    return await session.get(AcademicYear, code)


async def lock_year(session: WriteSession, code: str) -> AcademicYear | None:
    """A school year, for a change."""
    return await session.get(AcademicYear, code, with_for_update=True, populate_existing=True)


async def years(session: AnySession, *, after: Sequence[Any] | None, limit: int) -> list[AcademicYear]:
    """School years in their order."""
    statement = select(AcademicYear).order_by(*keyset.order_by(YEAR_KEYS)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(YEAR_KEYS, after))
    return list(await session.scalars(statement))


async def count_years(session: AnySession) -> int:
    """How many school years there are."""
    return await session.scalar(select(func.count()).select_from(AcademicYear)) or 0


async def add(session: WriteSession, row: AcademicYear | Directive | DirectionItem) -> None:
    """A new row."""
    session.add(row)
    await session.flush()


async def page(
    session: AnySession, query: DirectivesQuery, *, after: Sequence[Any] | None, limit: int
) -> list[Directive]:
    """Directives in the order in which they were entered."""
    statement = select(Directive).where(*_filters(query)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return list(await session.scalars(statement))


async def count(session: AnySession, query: DirectivesQuery) -> int:
    """How many the list has."""
    return await session.scalar(select(func.count()).select_from(Directive).where(*_filters(query))) or 0


def _filters(query: DirectivesQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.area is not None:
        conditions.append(Directive.area_code == query.area)
    if query.academic_year is not None:
        conditions.append(Directive.academic_year == query.academic_year)
    if query.source_kind is not None:
        conditions.append(Directive.source_kind == query.source_kind)
    return conditions


async def find(session: AnySession, directive_id: UUID) -> Directive | None:
    """A directive."""
    return await session.get(Directive, directive_id)


async def lock(session: WriteSession, directive_id: UUID) -> Directive | None:
    """A directive, for a change of it or of its items."""
    return await session.get(Directive, directive_id, with_for_update=True, populate_existing=True)


async def latest_of(session: AnySession, area: str) -> UUID | None:
    """The directive of an area for its latest school year."""
    statement = (
        select(Directive.id)
        .where(Directive.area_code == area)
        .order_by(Directive.academic_year.desc(), Directive.id.desc())
        .limit(1)
    )
    found: UUID | None = await session.scalar(statement)
    return found


async def successor(session: AnySession, directive_id: UUID, academic_year: str) -> UUID | None:
    """The directive of a year that took over the open items of this one."""
    statement = select(Directive.id).where(
        Directive.origin_id == directive_id, Directive.academic_year == academic_year
    )
    found: UUID | None = await session.scalar(statement)
    return found


async def items(session: AnySession, directive_id: UUID, *, on: date, known_at: datetime | None = None) -> list[Item]:
    """The items of a directive in their order, as they stand on a day."""
    following = aliased(DirectionItem)
    statement = (
        select(DirectionItem, DirectionItemState, following.id)
        .join(
            DirectionItemState,
            and_(DirectionItemState.item_id == DirectionItem.id, bitemporal.as_of(DirectionItemState, on, known_at)),
        )
        .outerjoin(following, following.origin_item_id == DirectionItem.id)
        .where(DirectionItem.directive_id == directive_id)
        .order_by(DirectionItem.position, DirectionItem.id, following.id)
    )
    found: dict[UUID, Item] = {}
    for item, state, continued_in in await session.execute(statement):
        found.setdefault(item.id, Item(item, state, continued_in))
    return list(found.values())


async def codes(session: AnySession, directive_id: UUID) -> list[str]:
    """The codes of all items of a directive."""
    statement = select(DirectionItem.code).where(DirectionItem.directive_id == directive_id)
    return list(await session.scalars(statement))


async def add_items(
    session: WriteSession,
    rows: Collection[tuple[DirectionItem, Mapping[str, Any]]],
    *,
    since: date | None,
    now: datetime,
) -> None:
    """New items with their first states."""
    session.add_all(item for item, _ in rows)
    await session.flush()
    session.add_all(
        DirectionItemState(id=new_id(), item_id=item.id, valid=Range(since, None), recorded=Range(now, None), **state)
        for item, state in rows
    )
    await session.flush()


async def amend(
    session: WriteSession, item_id: UUID, changes: Mapping[str, Any], *, since: date, now: datetime
) -> None:
    """Change an item from a day on. Raises `NothingToAmendError`."""
    await bitemporal.amend(session, DirectionItemState, {"item_id": item_id}, changes, valid_from=since, now=now)


async def touch(session: WriteSession, row: Directive | AcademicYear, *, now: datetime) -> None:
    """Count a change."""
    row.updated_at = now
    await session.flush()


async def has_item(session: AnySession, directive_id: UUID, item_id: UUID) -> bool:
    """Whether the item belongs to the directive."""
    statement = select(literal(1)).where(DirectionItem.id == item_id, DirectionItem.directive_id == directive_id)
    return await session.scalar(statement) is not None
