"""How plans of events are looked at: revision by revision, in lists, and by what was carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.events import columns, errors, rules
from services.registry_api.events.models import EventPlan, EventPlanItem, EventPlanRevision
from services.registry_api.events.repository import plans as repository
from services.registry_api.events.repository.plans import Wanted
from services.registry_api.organisations.service import trusts
from services.registry_api.texts import text
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession
from shared.schemas.registry.event_plans import EventPlansQuery
from shared.schemas.registry.events import EventStatus


@dataclass(frozen=True, slots=True)
class Seen:
    """One plan as a caller sees it."""

    document: dict[str, Any]
    version: int


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
