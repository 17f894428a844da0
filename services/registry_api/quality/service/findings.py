"""The work queue: what is open, what may stay and why."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.quality import errors
from services.registry_api.quality.models import QualityFinding
from services.registry_api.quality.repository import findings as repository
from services.registry_api.quality.repository.findings import Reach
from services.registry_api.validation import service as validation
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.quality import FindingsQuery, FindingState


async def page(
    session: AnySession,
    query: FindingsQuery,
    *,
    actor: Actor,
    now: datetime,
    after: Sequence[Any] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 findings within the caller's reach, oldest first."""
    inside, reach = await _scope(session, query, actor, on=day_in_kazakhstan(now))
    rows = await repository.page(session, query, areas=inside, reach=reach, after=after, limit=limit + 1)
    return await _documents(session, rows)


async def count(session: AnySession, query: FindingsQuery, *, actor: Actor, now: datetime) -> int:
    """How many the list has."""
    inside, reach = await _scope(session, query, actor, on=day_in_kazakhstan(now))
    return await repository.count(session, query, areas=inside, reach=reach)


async def get(session: AnySession, actor: Actor, finding_id: UUID, *, now: datetime) -> dict[str, Any]:
    """One finding. Raises `FindingNotFound`."""
    row = await repository.find(session, finding_id)
    if row is None or not await _reaches(session, actor, row, Scope.REGISTRY_READ, on=day_in_kazakhstan(now)):
        raise errors.FindingNotFound()
    return (await _documents(session, [row]))[0]


async def acknowledge(
    session: WriteSession, actor: Actor, finding_id: UUID, *, reason: str, now: datetime
) -> dict[str, Any]:
    """Say why a value may stay as it is. Raises `FindingNotFound`, `FindingNotOpen`, `OutOfReach`."""
    row = await _changing(session, actor, finding_id, now=now)
    if row.state != FindingState.OPEN:
        raise errors.FindingNotOpen()
    row.state = FindingState.ACKNOWLEDGED.value
    row.acknowledged_at = row.updated_at = now
    row.acknowledged_by, row.acknowledged_reason = actor.subject, reason
    await session.flush()
    return (await _documents(session, [row]))[0]


async def reopen(session: WriteSession, actor: Actor, finding_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Put it back into the queue. Raises `FindingNotFound`, `FindingNotAcknowledged`, `OutOfReach`."""
    row = await _changing(session, actor, finding_id, now=now)
    if row.state != FindingState.ACKNOWLEDGED:
        raise errors.FindingNotAcknowledged()
    row.state, row.updated_at = FindingState.OPEN.value, now
    row.acknowledged_at = row.acknowledged_by = row.acknowledged_reason = None
    await session.flush()
    return (await _documents(session, [row]))[0]


async def _changing(session: WriteSession, actor: Actor, finding_id: UUID, *, now: datetime) -> QualityFinding:
    row = await repository.find(session, finding_id, for_update=True)
    today = day_in_kazakhstan(now)
    if row is None or not await _reaches(session, actor, row, Scope.REGISTRY_READ, on=today):
        raise errors.FindingNotFound()
    actor.demand(Scope.REGISTRY_WRITE, await _path(session, row.area_code, on=today), row.organisation_id)
    return row


async def _reaches(session: AnySession, actor: Actor, row: QualityFinding, scope: Scope, *, on: date) -> bool:
    return actor.reaches(await _path(session, row.area_code, on=on), row.organisation_id, scope=scope)


async def _path(session: AnySession, area: str | None, *, on: date) -> Sequence[str] | None:
    return None if area is None else await areas.codes_above(session, area, on=on)


async def _scope(
    session: AnySession, query: FindingsQuery, actor: Actor, *, on: date
) -> tuple[Collection[str] | None, Reach | None]:
    """The areas asked for, and how far a caller with bounds sees."""
    inside = None if query.area is None else await areas.codes_under(session, query.area, on=on)
    if actor.reaches(None, None, scope=Scope.REGISTRY_READ):
        return inside, None
    reached: Collection[str] = ()
    if actor.area is not None:
        path = await areas.codes_above(session, actor.area, on=on)
        if actor.reaches(path, None, scope=Scope.REGISTRY_READ):
            reached = await areas.codes_under(session, actor.area, on=on)
    return inside, Reach(reached, actor.organisation)


async def _documents(session: AnySession, rows: Sequence[QualityFinding]) -> list[dict[str, Any]]:
    texts = {rule.code: rule.text for rule in await validation.every(session)} if rows else {}
    names = (
        *("id", "rule", "severity", "organisation_id", "indicator", "period", "source_system", "observation_id"),
        *("value", "low", "high", "state", "found_at", "seen_at", "resolved_at"),
        *("acknowledged_at", "acknowledged_by", "acknowledged_reason"),
    )
    return [
        {
            **{name: getattr(row, name) for name in names},
            "area": row.area_code,
            "text": texts[row.rule]._asdict() if row.rule in texts else None,
        }
        for row in rows
    ]
