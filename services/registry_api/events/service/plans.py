"""What is done with plans of events: drafted, approved, revised, and asked how far they are carried out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.events import errors, rules
from services.registry_api.events.models import EventPlan, EventPlanItem, EventPlanRevision
from services.registry_api.events.repository import plans as repository
from services.registry_api.patches import patched
from services.registry_api.texts import text
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.registry.event_plans import (
    EventPlanApprove,
    EventPlanCreate,
    EventPlanItemCreate,
    EventPlanItemUpdate,
)

_COPIED = ("item_id", "month", "title_kk", "title_ru", "title_en", "kind", "responsible_id", "note")


async def draft(session: WriteSession, actor: Actor, asked: EventPlanCreate, *, now: datetime) -> UUID:
    """Draft a plan; its id. Raises `OwnerNeeded`, `OrganisationUnknown`, `AreaUnknown`, `MonthOutsideYear`."""
    today = day_in_kazakhstan(now)
    named = {"/organisation_id": asked.organisation_id}
    named |= {f"/items/{place}/responsible_id": item.responsible_id for place, item in enumerate(asked.items)}
    known = await belonging.areas_of(session, named, on=today)
    area = asked.area or (known[asked.organisation_id] if asked.organisation_id is not None else None)
    if area is None and asked.organisation_id is None:
        raise errors.OwnerNeeded(pointer="/organisation_id")
    if area is not None:
        await areas.require(session, area, since=today)
    places = [(area, asked.organisation_id)]
    if asked.organisation_id is not None:
        places.append((known[asked.organisation_id], asked.organisation_id))
    await belonging.demand(session, actor, *places, on=today)
    plan = EventPlan(
        id=new_id(),
        organisation_id=asked.organisation_id,
        area_code=area,
        network=asked.network,
        academic_year=asked.academic_year,
        title_kk=asked.title.kk,
        title_ru=asked.title.ru,
        title_en=asked.title.en,
        latest_revision=1,
        approved_revision=None,
        created_at=now,
        updated_at=now,
    )
    items = [
        _item_columns(asked.academic_year, item, pointer=f"/items/{place}/month")
        for place, item in enumerate(asked.items)
    ]
    await repository.add(session, plan)
    revision = EventPlanRevision(id=new_id(), plan_id=plan.id, number=1, drafted_at=now)
    await repository.add(session, revision)
    await repository.add(session, *(_item(revision, {**item, "item_id": new_id()}) for item in items))
    return plan.id


async def lock(session: WriteSession, plan_id: UUID) -> EventPlan:
    """The plan, for a change. Raises `EventPlanNotFound`."""
    plan = await repository.lock(session, plan_id)
    if plan is None:
        raise errors.EventPlanNotFound()
    return plan


async def add_item(
    session: WriteSession, actor: Actor, plan: EventPlan, asked: EventPlanItemCreate, *, now: datetime
) -> UUID:
    """Plan one thing more; its id. An approved plan gets a new revision, the approved one stays as it is."""
    await _demand(session, actor, plan, on=day_in_kazakhstan(now))
    item = _item_columns(plan.academic_year, asked, pointer="/month")
    await belonging.areas_of(session, {"/responsible_id": asked.responsible_id}, on=day_in_kazakhstan(now))
    revision, items = await _open_draft(session, plan, now=now)
    if len(items) >= rules.MOST_ITEMS:
        raise errors.PlanFull(limit=rules.MOST_ITEMS)
    item_id = new_id()
    await repository.add(session, _item(revision, {**item, "item_id": item_id}))
    return item_id


async def change_item(
    session: WriteSession, actor: Actor, plan: EventPlan, item_id: UUID, patch: EventPlanItemUpdate, *, now: datetime
) -> None:
    """Change an item, in a new revision if the latest is approved; a patch that changes nothing makes none."""
    await _demand(session, actor, plan, on=day_in_kazakhstan(now))
    _, items = await _latest(session, plan)
    former = _find(items, item_id)
    asked = patched(EventPlanItemCreate, _document(former), patch)
    after = _item_columns(plan.academic_year, asked, pointer="/month")
    await belonging.areas_of(session, {"/responsible_id": asked.responsible_id}, on=day_in_kazakhstan(now))
    if all(getattr(former, name) == value for name, value in after.items()):
        return
    _, items = await _open_draft(session, plan, now=now)
    row = _find(items, item_id)
    for name, value in after.items():
        setattr(row, name, value)
    await session.flush()


async def remove_item(session: WriteSession, actor: Actor, plan: EventPlan, item_id: UUID, *, now: datetime) -> None:
    """Take an item out of the plan, in a new revision if the latest is approved."""
    await _demand(session, actor, plan, on=day_in_kazakhstan(now))
    _, items = await _latest(session, plan)
    _find(items, item_id)
    _, items = await _open_draft(session, plan, now=now)
    await repository.remove(session, _find(items, item_id))


async def approve(
    session: WriteSession, actor: Actor, plan: EventPlan, asked: EventPlanApprove, *, now: datetime
) -> None:
    """Put the latest revision in force. Raises `NothingToApprove`."""
    today = day_in_kazakhstan(now)
    await _demand(session, actor, plan, on=today, scope=Scope.REGISTRY_APPROVE)
    revision, items = await _latest(session, plan)
    if revision.approved_on is not None or not items:
        raise errors.NothingToApprove()
    revision.approved_on = asked.on or today
    revision.approver_role = asked.approver_role
    revision.document = asked.document
    plan.approved_revision = revision.number
    plan.updated_at = now
    await repository.touch(session, plan)
    data = {
        "id": str(plan.id),
        "organisation_id": str(plan.organisation_id) if plan.organisation_id else None,
        "area": plan.area_code,
        "network": plan.network,
        "academic_year": plan.academic_year,
        "title": text(plan, "title"),
        "revision": revision.number,
        "item_count": len(items),
        "approved_on": revision.approved_on.isoformat(),
    }
    await outbox.add(
        session,
        outbox.Event(kind="event_plan.approved", subject="event_plan", subject_id=plan.id, data=data, occurred_at=now),
    )


async def _demand(
    session: WriteSession, actor: Actor, plan: EventPlan, *, on: date, scope: Scope = Scope.REGISTRY_WRITE
) -> None:
    await belonging.demand(session, actor, (plan.area_code, plan.organisation_id), on=on, scope=scope)


async def _latest(session: WriteSession, plan: EventPlan) -> tuple[EventPlanRevision, list[EventPlanItem]]:
    revision = await repository.revision(session, plan.id, plan.latest_revision)
    assert revision is not None  # a plan is drafted with its first revision
    return revision, list(await repository.items(session, revision.id))


async def _open_draft(
    session: WriteSession, plan: EventPlan, *, now: datetime
) -> tuple[EventPlanRevision, list[EventPlanItem]]:
    """The revision that may be changed: the latest or, where that is approved, a new one that says the same."""
    revision, items = await _latest(session, plan)
    plan.updated_at = now
    if revision.approved_on is not None:
        plan.latest_revision += 1
        revision = EventPlanRevision(id=new_id(), plan_id=plan.id, number=plan.latest_revision, drafted_at=now)
        await repository.add(session, revision)
        items = [_item(revision, {name: getattr(item, name) for name in _COPIED}) for item in items]
        await repository.add(session, *items)
    await repository.touch(session, plan)
    return revision, items


def _item(revision: EventPlanRevision, told: Mapping[str, Any]) -> EventPlanItem:
    return EventPlanItem(id=new_id(), plan_id=revision.plan_id, revision_id=revision.id, **told)


def _find(items: Sequence[EventPlanItem], item_id: UUID) -> EventPlanItem:
    for item in items:
        if item.item_id == item_id:
            return item
    raise errors.EventPlanItemNotFound()


def _item_columns(academic_year: str, asked: EventPlanItemCreate, *, pointer: str) -> dict[str, Any]:
    return {
        "month": rules.month_in(academic_year, asked.month, pointer=pointer),
        "title_kk": asked.title.kk,
        "title_ru": asked.title.ru,
        "title_en": asked.title.en,
        "kind": asked.kind,
        "responsible_id": asked.responsible_id,
        "note": asked.note,
    }


def _document(item: EventPlanItem) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": item.kind, "responsible_id": item.responsible_id, "note": item.note}
    found |= {"month": f"{item.month:%Y-%m}", "title": text(item, "title")}
    return {name: value for name, value in found.items() if value is not None}
