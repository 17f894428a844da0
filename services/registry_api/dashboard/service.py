"""All that is promised for an area on one page, made of what other capabilities know."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.dashboard import rules
from services.registry_api.derived import service as derived
from services.registry_api.directives import service as directives
from services.registry_api.targets import service as targets
from shared.db.engine import consistent
from shared.db.sessions import ReadSession
from shared.schemas.registry.dashboard import DashboardQuery, DashboardRead
from shared.schemas.registry.target_progress import TargetSummary


async def page(session: ReadSession, query: DashboardQuery, *, today: date) -> DashboardRead:
    """The page of a directive or an area. Raises `DirectiveNotFound`, `AreaUnknown`."""
    on, known_at = query.as_of or today, query.known_at
    async with consistent(session) as still:
        if query.area is not None:
            await areas.require(still, query.area, since=date.min, pointer="?area")
        directive_id = query.directive
        if directive_id is None and query.area is not None:
            directive_id = await directives.latest_of(still, query.area)
        directive: Mapping[str, Any] | None = None
        if directive_id is not None:
            directive = await directives.get(still, directive_id, on=on, known_at=known_at)
        area = query.area or (directive["area"] if directive else None)
        before = rules.month_before(on)
        found = await targets.summaries(still, area=area, on=on, known_at=known_at)
        earlier = await targets.summaries(still, area=area, on=before, known_at=known_at)
        items = await _items(still, directive["items"] if directive else [], found, on=on, known_at=known_at)
        crowded, considered, unreported = await derived.three_shift_schools(still, area=area, on=on, known_at=known_at)
    standing = rules.to_go_by(found)
    return DashboardRead.model_validate(
        {
            "as_of": on,
            "compared_with": before,
            "area": area,
            "directive": directive,
            "items": items,
            "counts": rules.counts(standing),
            "targets": rules.worst_first(standing),
            "changes": rules.changes(earlier, standing),
            "three_shift": {"count": len(crowded), "considered": considered, "unreported": unreported},
        }
    )


async def _items(
    session: ReadSession,
    items: Sequence[Mapping[str, Any]],
    found: Sequence[TargetSummary],
    *,
    on: date,
    known_at: datetime | None,
) -> list[dict[str, Any]]:
    """Items with the lights of their targets; a target of another area is asked for besides."""
    known: dict[UUID, TargetSummary] = {one.target_id: one for one in found}
    wanted = [one for item in items for one in item["target_ids"] if one not in known]
    if wanted:
        others = await targets.summaries(session, target_ids=wanted, on=on, known_at=known_at)
        known |= {one.target_id: one for one in others}
    told = []
    for item in items:
        own = [known[one] for one in item["target_ids"] if one in known]
        told.append({**item, "targets": own, "light": targets.worst(own)})
    return told
