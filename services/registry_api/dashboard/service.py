"""All that is promised for an area on one page, made of what other capabilities know."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.commitments import service as commitments
from services.registry_api.dashboard import rules
from services.registry_api.derived import service as derived
from services.registry_api.directives import service as directives
from services.registry_api.places import service as places
from services.registry_api.targets import service as targets
from shared.clock import day_in_kazakhstan
from shared.db.engine import consistent
from shared.db.sessions import ReadSession
from shared.schemas.registry.commitments import QuietQuery
from shared.schemas.registry.dashboard import MOST_MEMORANDA, DashboardQuery, DashboardRead
from shared.schemas.registry.places import DeficitQuery
from shared.schemas.registry.target_progress import TargetSummary

_FORESEEN_MONTHS = 36


async def page(session: ReadSession, query: DashboardQuery, *, now: datetime) -> DashboardRead:
    """The page of a directive or an area. Raises `DirectiveNotFound`, `AreaUnknown`."""
    on, known_at = query.as_of or day_in_kazakhstan(now), query.known_at
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
        before = rules.months_from(on, -1)
        found = await targets.summaries(still, area=area, on=on, known_at=known_at)
        earlier = await targets.summaries(still, area=area, on=before, known_at=known_at)
        items = await _items(still, directive["items"] if directive else [], found, on=on, known_at=known_at)
        crowded, considered, unreported = await derived.three_shift_schools(still, area=area, on=on, known_at=known_at)
        commitments_ = await commitments.summaries(still, area=area, on=on)
        quiet = await commitments.quiet(still, QuietQuery(on=query.as_of, area=area), now=now)
        until = rules.months_from(on, _FORESEEN_MONTHS)
        deficit = DeficitQuery(area=area, as_of=on, known_at=known_at, until=until)
        missing = await places.deficit(still, deficit, now=now)
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
            "commitments": {light.value: number for light, number in commitments_.delivery.items()},
            "quiet_memoranda": quiet[:MOST_MEMORANDA],
            "quiet_count": len(quiet),
            "place_deficit": missing["total"],
            "foreseen_for": until,
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
