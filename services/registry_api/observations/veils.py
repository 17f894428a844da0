"""What a caller with bounds does not see of others: in lists of observations and in the table made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.disclosure import service as disclosure
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.observations import figures, public, rules, showing
from services.registry_api.observations.repository import Column
from services.registry_api.observations.service import Table
from services.registry_api.observations.showing import Said
from services.registry_api.organisations.service import scope as organisations
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession

_HIDDEN = {"value": None, "n": None, "variance": None, "missing_code": None, "missing_reason": "suppressed", "note": ""}


async def upon(
    session: AnySession, actor: Actor, documents: Sequence[dict[str, Any]], *, now: datetime
) -> list[dict[str, Any]]:
    """Revisions as this caller sees them: of few people elsewhere only that something was reported."""
    if public.reads_everything(actor):
        return list(documents)
    fewest = await disclosure.fewest(session, {one["indicator"] for one in documents})
    guarded = [one for one in documents if one["indicator"] in fewest]
    if not guarded:
        return list(documents)
    today = day_in_kazakhstan(now)
    definitions = await indicators.versions(session, fewest)
    briefs = await organisations.briefly(
        session, {one["organisation_id"] for one in guarded if one["organisation_id"]}, on=today
    )
    places = {one["id"]: one["area"] or _area(briefs, one["organisation_id"]) for one in guarded}
    paths = await areas.paths(session, {area for area in places.values() if area}, on=today)
    beyond = {
        one["id"]
        for one in guarded
        if not actor.reaches(paths.get(places[one["id"]] or ""), one["organisation_id"], scope=Scope.REGISTRY_READ)
    }
    hidden: dict[tuple[UUID, str], frozenset[str]] = {}
    for one in guarded:
        definition = definitions[one["indicator"], one["indicator_version"]]
        key = (definition.id, one["period"])
        if one["id"] in beyond and one["area"] is not None and key not in hidden:
            hidden[key] = await _hidden_areas(session, definition, one["period"])
    return [
        {**one, **_HIDDEN}
        if one["id"] in beyond
        and _gives_away(definitions[one["indicator"], one["indicator_version"]], one, fewest[one["indicator"]], hidden)
        else one
        for one in documents
    ]


async def upon_table(session: AnySession, actor: Actor, table: Table) -> Table:
    """The table as this caller sees it."""
    if public.reads_everything(actor):
        return table
    fewest = await disclosure.fewest(session, set(table.columns))
    if not fewest:
        return table
    definitions = await indicators.latest(session, fewest)
    beyond = [
        not actor.reaches(path or None, organisation_id, scope=Scope.REGISTRY_READ)
        for organisation_id, path in zip(table.organisations, table.attributes["area_path"], strict=True)
    ]
    columns = {
        code: _veiled(column, definitions[code], fewest[code], beyond) if code in fewest else column
        for code, column in table.columns.items()
    }
    return replace(table, columns=columns)


def _veiled(column: Column, definition: Definition, fewest: int, beyond: Sequence[bool]) -> Column:
    hides = [
        is_beyond and showing.rests_on_few(definition, _said(value, n), fewest=fewest)
        for is_beyond, value, n in zip(beyond, column.value, column.n, strict=True)
    ]

    def kept(values: Sequence[Any]) -> list[Any]:
        return [None if hide else value for hide, value in zip(hides, values, strict=True)]

    reasons = ["suppressed" if hide else reason for hide, reason in zip(hides, column.reason, strict=True)]
    return Column(kept(column.value), kept(column.n), kept(column.variance), reasons)


def _gives_away(
    definition: Definition,
    one: Mapping[str, Any],
    fewest: int,
    hidden: Mapping[tuple[UUID, str], frozenset[str]],
) -> bool:
    is_hidden = one["area"] is not None and one["area"] in hidden[definition.id, one["period"]]
    return is_hidden or showing.rests_on_few(definition, _said(one["value"], one["n"]), fewest=fewest)


async def _hidden_areas(session: AnySession, definition: Definition, text: str) -> frozenset[str]:
    rows = await figures.of_areas(session, indicators=[definition.id], period=text, known_at=None)
    period = rules.period(text)
    assert period is not None, "what is recorded has a period"
    paths = await areas.paths(session, {row["area_code"] for row in rows}, on=period.last)
    return await public.hidden_areas(session, definition, rows, paths)


def _area(briefs: Mapping[UUID, organisations.Brief], organisation_id: UUID | None) -> str | None:
    brief = briefs.get(organisation_id) if organisation_id else None
    return brief.area if brief else None


def _said(value: float | None, n: int | None) -> Said:
    return Said(value, n, None, None, None, None, None, False)
