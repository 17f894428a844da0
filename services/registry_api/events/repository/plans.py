"""Every SQL statement about plans of events."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, exists, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm.attributes import flag_modified

from services.registry_api.events.models import Event, EventPlan, EventPlanItem, EventPlanRevision
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession

KEYS = (
    keyset.Key(EventPlan.academic_year.expression, descending=True),
    keyset.Key(EventPlan.id.expression, descending=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which plans are asked for; what is None does not matter."""

    areas: Sequence[str] | None = None
    organisation_id: UUID | None = None
    network: str | None = None
    academic_year: str | None = None
    only_approved: bool = False


async def page(session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int) -> Sequence[EventPlan]:
    """Plans, those of the latest year first."""
    query = select(EventPlan).where(*_conditions(wanted)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        query = query.where(keyset.after(KEYS, [after[0], UUID(str(after[1]))]))
    return (await session.scalars(query)).all()


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(EventPlan).where(*_conditions(wanted))) or 0


async def find(session: AnySession, plan_id: UUID) -> EventPlan | None:
    """One plan."""
    return await session.get(EventPlan, plan_id)


async def lock(session: WriteSession, plan_id: UUID) -> EventPlan | None:
    """One plan, which nobody else changes until this transaction ends."""
    query = select(EventPlan).where(EventPlan.id == plan_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def revisions(session: AnySession, plan_id: UUID) -> list[tuple[EventPlanRevision, int]]:
    """The revisions of a plan in their order, each with the number of its items."""
    items = select(func.count()).where(EventPlanItem.revision_id == EventPlanRevision.id).scalar_subquery()
    query = (
        select(EventPlanRevision, items)
        .where(EventPlanRevision.plan_id == plan_id)
        .order_by(EventPlanRevision.number)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def revision(session: AnySession, plan_id: UUID, number: int) -> EventPlanRevision | None:
    """One revision."""
    query = select(EventPlanRevision).where(EventPlanRevision.plan_id == plan_id, EventPlanRevision.number == number)
    return (await session.scalars(query)).one_or_none()


async def items(session: AnySession, revision_id: UUID) -> Sequence[EventPlanItem]:
    """The items of a revision, by month and in the order they were planned."""
    query = (
        select(EventPlanItem)
        .where(EventPlanItem.revision_id == revision_id)
        .order_by(EventPlanItem.month, EventPlanItem.item_id)
    )
    return (await session.scalars(query)).all()


async def has_item(session: AnySession, item_id: UUID) -> bool:
    """Whether some plan has or had this item."""
    return bool(await session.scalar(select(exists().where(EventPlanItem.item_id == item_id))))


async def events_of(session: AnySession, item_ids: Collection[UUID]) -> Sequence[Event]:
    """The events that carry out these items."""
    query = select(Event).where(Event.plan_item_id == func.any(literal(list(item_ids))))
    return (await session.scalars(query)).all()


async def add(session: WriteSession, *rows: EventPlan | EventPlanRevision | EventPlanItem) -> None:
    """New rows of one table."""
    session.add_all(rows)
    await session.flush()


async def remove(session: WriteSession, item: EventPlanItem) -> None:
    """Take an item out of a draft."""
    await session.delete(item)
    await session.flush()


async def touch(session: WriteSession, plan: EventPlan) -> None:
    """Count one more change of the plan, even where only its items have changed."""
    flag_modified(plan, "updated_at")
    await session.flush()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.areas is not None:
        found.append(EventPlan.area_code == func.any(literal(list(wanted.areas), ARRAY(Text))))
    if wanted.organisation_id is not None:
        found.append(EventPlan.organisation_id == wanted.organisation_id)
    if wanted.network is not None:
        found.append(EventPlan.network == wanted.network)
    if wanted.academic_year is not None:
        found.append(EventPlan.academic_year == wanted.academic_year)
    if wanted.only_approved:
        found.append(EventPlan.approved_revision.is_not(None))
    return found
