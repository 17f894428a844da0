"""Targets as callers see them: one, a page of them, and all one ever said."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.targets import repository, rules
from services.registry_api.targets.errors import TargetNotFound, TargetUnknown
from services.registry_api.targets.models import TargetState
from services.registry_api.targets.repository import Row, Wanted
from shared.db.sessions import AnySession
from shared.schemas.registry.targets import TargetsQuery

_SAME = (
    *("organisation_id", "territory_version", "organisation_types", "each_at_least", "baseline_value", "baseline_on"),
    *("comparator", "value_low", "value_high", "qualifier", "due", "due_latest", "stated_by_role", "stated_on"),
    *("quote", "source_url", "authoritative", "status", "supersedes_id", "superseded_by", "source_system"),
    *("parent_id", "children_rule", "children_note"),
)


async def page(session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int) -> list[dict[str, Any]]:
    """Up to `limit` + 1 targets behind a position, in the order in which they were recorded."""
    rows = await repository.page(session, wanted, after=after, limit=limit + 1)
    return await documents(session, rows)


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many the list has."""
    return await repository.count(session, wanted)


async def wanted(session: AnySession, query: TargetsQuery, *, today: date) -> Wanted:
    """What a query asks for."""
    on = query.as_of or today
    scopes: list[str] | None = None
    if query.inside is not None:
        scopes = await areas.codes_under(session, query.inside, on=on, known_at=query.known_at)
    for asked in (query.area, str(query.organisation) if query.organisation else None):
        if asked is not None:
            scopes = [asked] if scopes is None else [one for one in scopes if one == asked]
    return Wanted(
        on=on,
        known_at=query.known_at,
        indicator=query.indicator,
        scopes=scopes,
        parent=query.parent,
        status=query.status,
        authoritative=query.authoritative,
        conflict=query.conflict,
    )


async def find(session: AnySession, target_id: UUID, *, on: date, known_at: datetime | None = None) -> Row:
    """A target on a day or, before its first day, as it was first stated. Raises `TargetNotFound`."""
    row = await repository.nearest(session, target_id, on=on, known_at=known_at)
    if row is None:
        raise TargetNotFound()
    return row


async def get(session: AnySession, target_id: UUID, *, on: date, known_at: datetime | None = None) -> dict[str, Any]:
    """The same as `TargetRead`. Raises `TargetNotFound`."""
    (document,) = await documents(session, [await find(session, target_id, on=on, known_at=known_at)])
    return document


async def history(session: AnySession, target_id: UUID, *, known_at: datetime | None = None) -> list[dict[str, Any]]:
    """All states of a target. Raises `TargetNotFound`."""
    states = await repository.history(session, target_id, known_at=known_at)
    if not states:
        raise TargetNotFound()
    version = (await find(session, target_id, on=states[-1].valid.lower or date.min, known_at=known_at)).version
    return await documents(session, [Row(state, version, conflict=False) for state in states])


async def require(session: AnySession, target_ids: Collection[UUID], *, pointer: str) -> None:
    """Raise `TargetUnknown` unless all of these are targets."""
    if target_ids and set(target_ids) - await repository.known(session, target_ids):
        raise TargetUnknown(pointer=pointer)


async def documents(session: AnySession, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows as `TargetRead` reads them."""
    definitions = await indicators.by_id(session, {row.state.indicator_id for row in rows})
    return [_document(row, definitions[row.state.indicator_id]) for row in rows]


def age_band(definition: Definition) -> dict[str, int | None] | None:
    """The ages an indicator covers."""
    if definition.age_youngest is None:
        return None
    return {"youngest": definition.age_youngest, "oldest": definition.age_oldest}


def change(before: float | None, after: float | None, unit: str) -> dict[str, Any] | None:
    """A difference as `DifferenceRead` reads it."""
    found = rules.change(before, after)
    if found is None:
        return None
    return {"absolute": found.absolute, "unit": rules.unit_of_change(unit), "percent": found.percent}


def _document(row: Row, definition: Definition) -> dict[str, Any]:
    state: TargetState = row.state
    return {
        **{name: getattr(state, name) for name in _SAME},
        "id": state.target_id,
        "version": row.version,
        "conflict": row.conflict,
        "indicator": state.indicator_code,
        "indicator_version": definition.version,
        "unit": definition.unit,
        "age_band": age_band(definition),
        "area": state.area_code,
        "planned_change": change(state.baseline_value, state.value_low, definition.unit),
        "valid_from": state.valid.lower,
        "valid_until": state.valid.upper,
        "recorded_at": state.recorded.lower,
    }
