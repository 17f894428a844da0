"""Figures for everybody: tables of areas and lists of organisations, and what a caller's reach opens of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.disclosure import service as disclosure
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.observations import figures, rules, showing
from services.registry_api.observations.errors import PeriodUnknown
from services.registry_api.observations.figures import Position
from services.registry_api.observations.rules import Period
from services.registry_api.observations.showing import Said
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.registry.figures import AreaTableQuery, OrganisationFiguresQuery


def reads_everything(actor: Actor | None) -> bool:
    """Whether nothing is hidden from the caller, wherever it is."""
    return actor is not None and actor.reaches(None, None, scope=Scope.REGISTRY_READ)


async def area_table(
    session: AnySession, query: AreaTableQuery, *, actor: Actor | None, now: datetime
) -> dict[str, Any]:
    """An area and those right below it, as `AreaTable` reads it.

    What is hidden is decided over all areas of the country and over every source, whatever part of them is asked for:
    two answers side by side tell no more than each of them. Raises `IndicatorsUnknown`, `PeriodUnknown`.
    """
    period = _period(query.period)
    (definition,) = await indicators.in_force(session, [query.indicator], period.last, pointer="?indicator")
    rows = await figures.of_areas(session, indicators=[definition.id], period=period.text, known_at=query.known_at)
    codes = {row["area_code"] for row in rows} | ({query.area} if query.area else set())
    paths = await areas.paths(session, codes, on=period.last) if codes else {}
    hidden = await hidden_areas(session, definition, rows, paths)
    is_guarded = definition.code in await disclosure.fewest(session, [definition.code])
    wanted = [row for row in rows if query.source_system in (None, row["source_system"])]
    latest: dict[str, dict[str, Any]] = {}
    for row in sorted(wanted, key=lambda row: row["recorded_from"]):
        latest[row["area_code"]] = row
    is_open = reads_everything(actor)
    items = []
    for code, row in sorted(latest.items()):
        if not _is_wanted(query.area, paths[code]):
            continue
        sees = is_open or (actor is not None and actor.reaches(paths[code], None, scope=Scope.REGISTRY_READ))
        figure = showing.shown(
            definition, _said(row), is_hidden=code in hidden and not sees, is_open=is_guarded and sees
        )
        parent = next((above for above in reversed(paths[code][:-1]) if above in latest), None)
        items.append({"area": code, "parent": parent, **figure})
    items.sort(key=lambda item: (item["area"] != query.area, item["area"]))
    whole = next((item for item in items if item["area"] == query.area), None)
    return {
        "indicator": definition.code,
        "indicator_version": definition.version,
        "unit": definition.unit,
        "period": period.text,
        "area": query.area,
        "items": items,
        "split": showing.split(definition, whole, [item for item in items if item is not whole]),
    }


def _is_wanted(area: str | None, path: Sequence[str]) -> bool:
    """The area itself and those right below it; without one, the regions."""
    if area is None:
        return len(path) == 1
    return area in path[-2:]


async def hidden_areas(
    session: AnySession, definition: Definition, rows: Iterable[Mapping[str, Any]], paths: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """The areas of which nobody without reach sees the value, because some source's value would give people away."""
    fewest = (await disclosure.fewest(session, [definition.code])).get(definition.code)
    if fewest is None:
        return frozenset()
    by_source: dict[str, dict[str, Said]] = {}
    for row in rows:
        by_source.setdefault(row["source_system"], {})[row["area_code"]] = _said(row)
    hidden: frozenset[str] = frozenset()
    for said in by_source.values():
        hidden |= showing.hidden_areas(definition, said, paths, fewest=fewest)
    return hidden


async def organisation_figures(
    session: AnySession,
    query: OrganisationFiguresQuery,
    *,
    actor: Actor | None,
    now: datetime,
    after: Position | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 organisations in the order of what is shown of them; `_position` continues the list.

    Raises `IndicatorsUnknown`, `PeriodUnknown`.
    """
    definition, told = await _told(session, query, actor=actor, now=now)
    rows = await figures.of_organisations(
        session, told, is_falling=query.sort == "-value", after=after, limit=limit + 1
    )
    return [_organisation(definition, row, is_falling=query.sort == "-value") for row in rows]


async def count_organisation_figures(
    session: AnySession, query: OrganisationFiguresQuery, *, actor: Actor | None, now: datetime
) -> int:
    """How many the list has."""
    return await figures.count_of_organisations(session, (await _told(session, query, actor=actor, now=now))[1])


async def _told(
    session: AnySession, query: OrganisationFiguresQuery, *, actor: Actor | None, now: datetime
) -> tuple[Definition, dict[str, Any]]:
    period = _period(query.period)
    today = day_in_kazakhstan(now)
    (definition,) = await indicators.in_force(session, [query.indicator], period.last, pointer="?indicator")
    fewest = (await disclosure.fewest(session, [definition.code])).get(definition.code)
    reached: Sequence[str] = ()
    trusted = actor if actor is not None and actor.has(Scope.REGISTRY_READ) else None
    if fewest is not None and trusted is not None and trusted.area is not None and not reads_everything(trusted):
        path = await areas.codes_above(session, trusted.area, on=today)
        if trusted.reaches(path, None, scope=Scope.REGISTRY_READ):
            reached = await areas.codes_under(session, trusted.area, on=today)
    return definition, figures.asked(
        indicators=[definition.id],
        period=period.text,
        day=today,
        organisation_type=query.organisation_type.value if query.organisation_type else None,
        areas=None if query.area is None else await areas.codes_under(session, query.area, on=today),
        fewest=fewest,
        min_n=definition.min_n,
        is_share=showing.is_share(definition),
        everything=reads_everything(trusted),
        reached=reached,
        own=trusted.organisation if trusted is not None else None,
    )


def _organisation(definition: Definition, row: Mapping[str, Any], *, is_falling: bool) -> dict[str, Any]:
    value = row["shown_value"] or 0.0
    return {
        "organisation_id": row["organisation_id"],
        "name": {"kk": row["name_kk"], "ru": row["name_ru"], "en": row["name_en"]},
        "area": row["area_code"],
        **showing.shown(definition, _said(row), is_hidden=row["is_hidden"], is_open=row["is_open"]),
        "_position": (row["rank"], -value if is_falling else value, row["organisation_id"]),
    }


def position(keys: Sequence[Any]) -> Position:
    """A position of the list from what a cursor carries."""
    return int(keys[0]), float(keys[1]), UUID(str(keys[2]))


def _said(row: Mapping[str, Any]) -> Said:
    names = ("value", "n", "variance", "missing_reason", "missing_code", "status", "source_system", "break_in_series")
    return Said(**{name: row[name] for name in names})


def _period(text: str) -> Period:
    found = rules.period(text)
    if found is None:
        raise PeriodUnknown(pointer="?period")
    return found
