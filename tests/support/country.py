"""A registry of national size, written straight into its tables: what lists and searches are measured on."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from deploy.demo.world import SEED, Scale, districts_of, world
from services.registry_api.organisations import attributes
from services.registry_api.organisations.repository import bulk
from shared.db.engine import Database
from shared.ids import new_id

ORGANISATIONS = 8000
_KNOWN_SINCE = datetime(2025, 9, 1, tzinfo=UTC)
_LISTS = ("levels", "languages_of_instruction", "programme_tags")
_NUMBERS = {"latitude": float, "longitude": float}
_DISTRICTS = "SELECT code, parent_code, kind FROM area_states WHERE level = 2 AND upper_inf(recorded)"


async def settle(
    database: Database, *, more: Sequence[Mapping[str, Any]] = (), type_: str | None = None, count: int = ORGANISATIONS
) -> list[UUID]:
    """Write `count` organisations of the demo's country, those of `more` among them, or only of one type; the ids of
    `more`, in their order.
    """
    async with database.writing() as session:
        areas = [(row.code, row.parent_code, row.kind) for row in await session.execute(text(_DISTRICTS))]
        places = world(Scale.NATIONAL, districts_of(areas)).places
        known = [place.row for place in places if type_ is None or place.row["type"] == type_]
        rows = random.Random(SEED).sample(known, count - len(more))
        ids = [new_id() for _ in range(count)]
        states = [_state(id_, row) for id_, row in zip(ids, [*more, *rows], strict=True)]
        await bulk.insert(session, [(id_, True) for id_ in ids], now=_KNOWN_SINCE)
        await bulk.restate(session, closed=[], states=states, now=_KNOWN_SINCE)
    async with database.writer.connect() as connection:
        engine = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await engine.execute(text("ANALYZE"))
    return ids[: len(more)]


def _state(organisation_id: UUID, row: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(attributes.COLUMNS)
    for name, value in row.items():
        column = {"area": "area_code"}.get(name, name.replace(".", "_"))
        if column in values:
            values[column] = _NUMBERS.get(column, lambda same: same)(value)
    for name in _LISTS:
        values[name] = [one for one in (values[name] or "").split(";") if one]
    values["design_capacity"] = int(values["design_capacity"]) if values["design_capacity"] else None
    values["shift_count"] = int(values["shift_count"]) if values["shift_count"] else None
    return {
        **values,
        **attributes.derived(values),
        "organisation_id": organisation_id,
        "status": row.get("status", "open"),
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_until": None,
    }
