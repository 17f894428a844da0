"""What is done with plans of events: drafted, approved, revised, and asked how far they are carried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.events import columns, errors, rules
from services.registry_api.events.models import EventPlan, EventPlanItem, EventPlanRevision
from services.registry_api.events.repository import plans as repository
from services.registry_api.events.repository.plans import Wanted
from services.registry_api.organisations.service import trusts
from services.registry_api.patches import patched
from services.registry_api.texts import text
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.event_plans import (
    EventPlanApprove,
    EventPlanCreate,
    EventPlanItemCreate,
    EventPlanItemUpdate,
    EventPlansQuery,
)
from shared.schemas.registry.events import EventStatus

_COPIED = ("item_id", "month", "title_kk", "title_ru", "title_en", "kind", "responsible_id", "note")


@dataclass(frozen=True, slots=True)
class Seen:
    """One plan as a caller sees it."""

    document: dict[str, Any]
    version: int


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
    seen = await get(session, plan.id, actor=None, revision=None, now=now)
    data = {
        "id": str(plan.id),
        "organisation_id": str(plan.organisation_id) if plan.organisation_id else None,
        "area": plan.area_code,
        "network": plan.network,
        "academic_year": plan.academic_year,
        "title": seen.document["title"],
        "revision": revision.number,
        "item_count": len(items),
        "approved_on": revision.approved_on.isoformat(),
    }
    await outbox.add(
        session,
        outbox.Event(kind="event_plan.approved", subject="event_plan", subject_id=plan.id, data=data, occurred_at=now),
    )


async def get(session: AnySession, plan_id: UUID, *, actor: Actor | None, revision: int | None, now: datetime) -> Seen:
    """A plan with the items of one revision; strangers see approved ones only. Raises `EventPlanNotFound`."""
    plan, known, shown, items = await _visible(session, plan_id, actor=actor, revision=revision)
    ids = {plan.organisation_id, *(item.responsible_id for item in items)}
    names = await belonging.names(session, ids, on=day_in_kazakhstan(now))
    document = {
        **_summary(plan, names, trusted=trusts(actor)),
        "revision": shown.number,
        "items": [
            {
                "id": item.item_id,
                "month": f"{item.month:%Y-%m}",
                "title": text(item, "title"),
                "kind": item.kind,
                "responsible": names.get(item.responsible_id),
                "note": item.note,
            }
            for item in items
        ],
        "revisions": [
            {
                **{name: getattr(row, name) for name in ("number", "drafted_at", "approved_on", "approver_role")},
                "document": row.document,
                "item_count": item_count,
            }
            for row, item_count in known
        ],
        "version": plan.version,
    }
    return Seen(document, plan.version)


async def wanted_by(session: ReadSession, query: EventPlansQuery, *, actor: Actor | None, now: datetime) -> Wanted:
    """The filters of a query; strangers see plans that were approved."""
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=day_in_kazakhstan(now))
    return Wanted(
        areas=inside,
        organisation_id=query.organisation_id,
        network=query.network,
        academic_year=query.academic_year,
        only_approved=not trusts(actor),
    )


async def page(
    session: ReadSession,
    wanted: Wanted,
    *,
    after: Sequence[Any] | None,
    limit: int,
    now: datetime,
) -> list[dict[str, Any]]:
    """Plans as `EventPlanSummary` reads them, one more than `limit` if there are more."""
    rows = await repository.page(session, wanted, after=after, limit=limit + 1)
    names = await belonging.names(session, {row.organisation_id for row in rows}, on=day_in_kazakhstan(now))
    return [_summary(row, names, trusted=not wanted.only_approved) for row in rows]


async def count(session: ReadSession, wanted: Wanted) -> int:
    """How many the list has."""
    return await repository.count(session, wanted)


async def report(session: ReadSession, plan_id: UUID, *, actor: Actor | None, revision: int | None) -> dict[str, Any]:
    """Month by month what was planned and held; by default of the revision in force, or of the draft."""
    plan = await repository.find(session, plan_id)
    asked = revision or (plan.approved_revision if plan is not None else None)
    plan, _, shown, items = await _visible(session, plan_id, actor=actor, revision=asked)
    happened = [
        rules.Happened(event.plan_item_id, EventStatus(event.status), event.earliest)
        for event in await repository.events_of(session, [item.item_id for item in items])
        if event.plan_item_id is not None
    ]
    planned = [rules.Planned(item.item_id, item.month) for item in items]
    months = rules.carried_out(rules.months_of(plan.academic_year), planned, happened)
    held = sum(month["held"] for month in months)
    return {
        "plan_id": plan.id,
        "revision": shown.number,
        "planned": len(items),
        "held": held,
        "rate": rules.rate(held, len(items)),
        "months": months,
    }


async def _visible(
    session: AnySession, plan_id: UUID, *, actor: Actor | None, revision: int | None
) -> tuple[EventPlan, list[tuple[EventPlanRevision, int]], EventPlanRevision, Sequence[EventPlanItem]]:
    plan = await repository.find(session, plan_id)
    if plan is None:
        raise errors.EventPlanNotFound()
    known = await repository.revisions(session, plan_id)
    if not trusts(actor):
        known = [(row, item_count) for row, item_count in known if row.approved_on is not None]
    shown = next((row for row, _ in reversed(known) if revision in (None, row.number)), None)
    if shown is None:
        raise errors.EventPlanNotFound()
    return plan, known, shown, await repository.items(session, shown.id)


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


def _summary(plan: EventPlan, names: columns.Names, *, trusted: bool) -> dict[str, Any]:
    latest = plan.latest_revision if trusted else plan.approved_revision or plan.latest_revision
    return {
        **{name: getattr(plan, name) for name in ("id", "network", "academic_year", "approved_revision")},
        "organisation": names.get(plan.organisation_id),
        "area": plan.area_code,
        "title": text(plan, "title"),
        "status": rules.plan_status(latest=latest, approved=plan.approved_revision),
        "latest_revision": latest,
    }
