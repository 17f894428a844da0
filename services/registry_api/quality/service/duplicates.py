"""Pairs of records that may be one organisation: listed, decided upon, pointed to what is to be done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.organisations.service import scope as organisations
from services.registry_api.quality import errors
from services.registry_api.quality.repository import duplicates as repository
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.quality import DuplicateDecide, DuplicatesQuery, DuplicateState


async def page(
    session: AnySession, query: DuplicatesQuery, *, now: datetime, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 pairs, most alike first."""
    today = day_in_kazakhstan(now)
    inside = None if query.area is None else await areas.codes_under(session, query.area, on=today)
    rows = await repository.page(
        session,
        state=query.state.value if query.state else None,
        areas=inside,
        day=today,
        after=after,
        limit=limit + 1,
    )
    return [_document(row) for row in rows]


async def count(session: AnySession, query: DuplicatesQuery, *, now: datetime) -> int:
    """How many the list has."""
    today = day_in_kazakhstan(now)
    inside = None if query.area is None else await areas.codes_under(session, query.area, on=today)
    return await repository.count(session, state=query.state.value if query.state else None, areas=inside, day=today)


async def get(session: AnySession, pair_id: UUID, *, now: datetime) -> dict[str, Any]:
    """One pair. Raises `DuplicateNotFound`."""
    rows = await repository.page(session, state=None, areas=None, day=day_in_kazakhstan(now), pair_id=pair_id)
    if not rows:
        raise errors.DuplicateNotFound()
    return _document(rows[0])


async def decide(
    session: WriteSession, actor: Actor, pair_id: UUID, asked: DuplicateDecide, *, now: datetime
) -> dict[str, Any]:
    """Say whether they are the same; it is never asked again. Who decides has to reach both.

    Raises `DuplicateNotFound`, `DuplicateDecided`, `OutOfReach`.
    """
    row = await repository.find(session, pair_id, for_update=True)
    if row is None:
        raise errors.DuplicateNotFound()
    today = day_in_kazakhstan(now)
    briefs = await organisations.briefly(session, [row.first_id, row.second_id], on=today)
    for organisation_id in (row.first_id, row.second_id):
        area = briefs[organisation_id].area if organisation_id in briefs else None
        path = None if area is None else await areas.codes_above(session, area, on=today)
        actor.demand(Scope.REGISTRY_APPROVE, path, organisation_id)
    if row.state != DuplicateState.OPEN:
        raise errors.DuplicateDecided()
    row.state, row.decided_by, row.decided_reason = asked.decision, actor.subject, asked.reason
    row.decided_at = row.updated_at = now
    data = {"first": str(row.first_id), "second": str(row.second_id), "decision": asked.decision}
    await outbox.add(
        session,
        outbox.Event(kind="duplicate.decided", subject="duplicate_candidate", subject_id=row.id, data=data),
    )
    return await get(session, pair_id, now=now)


def _document(row: dict[str, Any]) -> dict[str, Any]:
    names = (
        *("id", "score", "same_number", "same_area", "similarity", "distance_m", "state", "found_at"),
        *("decided_at", "decided_by", "decided_reason"),
    )
    hint = None
    if row["state"] == DuplicateState.SAME:
        hint = {
            "action": "merge",
            "path": "/v1/reorganisations",
            "predecessor": row["second_id"],
            "successor": row["first_id"],
        }
    return {
        **{name: row[name] for name in names},
        "first": _side(row, "one", "first_id"),
        "second": _side(row, "other", "second_id"),
        "hint": hint,
    }


def _side(row: dict[str, Any], side: str, key: str) -> dict[str, Any]:
    return {
        "organisation_id": row[key],
        "name": {language: row[f"{side}_name_{language}"] for language in ("kk", "ru", "en")},
        "area": row[f"{side}_area_code"],
    }
