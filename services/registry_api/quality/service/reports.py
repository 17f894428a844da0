"""Reports: how complete and plausible a period is, who is silent, how well each reports, what is far from its peers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.disclosure import service as disclosure
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.observations import rules as periods
from services.registry_api.observations.errors import PeriodUnknown
from services.registry_api.observations.rules import Period
from services.registry_api.quality import rules
from services.registry_api.quality.repository import reports as repository
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.registry.indicators import IndicatorLevel
from shared.schemas.registry.quality import CompletenessQuery, OutliersQuery, ScoresQuery, SilentQuery

_NOWHERE = "—"


async def completeness(session: AnySession, query: CompletenessQuery, *, now: datetime) -> dict[str, Any]:
    """What was expected and what came, line by line. Raises `PeriodUnknown`, `IndicatorsUnknown`."""
    period = period_of(query.period)
    asked = await _measured(session, period, query.indicator)
    told = await _scope(session, asked, period, query.area, now=now)
    rows = await repository.completeness(session, told) if asked else []
    owners = {one.code: one.source_system or _NOWHERE for one in asked}
    places = {row["area_code"] for row in rows if row["area_code"]} if query.by == "area" else set()
    paths = await areas.paths(session, places, on=period.last) if places else {}
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        match query.by:
            case "indicator":
                key = row["code"]
            case "owner":
                key = owners[row["code"]]
            case "area":
                key = _below(query.area, paths.get(row["area_code"], ()))
        lines.setdefault(key, []).append(row)
    return {
        "period": period.text,
        "items": [rules.line(key, kept) for key, kept in sorted(lines.items())],
        "total": rules.line("total", rows),
    }


async def silent(
    session: AnySession, query: SilentQuery, *, now: datetime, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 organisations that have not reported. Raises `PeriodUnknown`, `IndicatorsUnknown`."""
    told = await _of_one(session, query.indicator, query.period, query.area, now=now)
    return [_named(row) for row in await repository.silent(session, told, after=after, limit=limit + 1)]


async def count_silent(session: AnySession, query: SilentQuery, *, now: datetime) -> int:
    """How many have not."""
    return await repository.count_silent(
        session, await _of_one(session, query.indicator, query.period, query.area, now=now)
    )


async def scores(
    session: AnySession, query: ScoresQuery, *, now: datetime, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 organisations and how well they report, worst first. Raises `PeriodUnknown`."""
    told, type_ = await _scored(session, query, now=now)
    names = (*rules.COUNTS, "open_errors", "score")
    rows = await repository.scores(session, told, type_=type_, after=after, limit=limit + 1)
    return [{**_named(row), **{name: row[name] for name in names}} for row in rows]


async def count_scores(session: AnySession, query: ScoresQuery, *, now: datetime) -> int:
    """How many the list has."""
    told, type_ = await _scored(session, query, now=now)
    return await repository.count_scores(session, told, type_=type_)


async def outliers(session: AnySession, query: OutliersQuery, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Values far from those of their peers in the whole country. Raises `PeriodUnknown`, `IndicatorsUnknown`.

    Of indicators whose small figures are hidden, callers with bounds see those of their own area.
    """
    told = await _of_one(session, query.indicator, query.period, None, now=now)
    shown = None if query.area is None else await areas.codes_under(session, query.area, on=day_in_kazakhstan(now))
    if not actor.reaches(None, None, scope=Scope.REGISTRY_READ) and await disclosure.fewest(session, [query.indicator]):
        own = await areas.codes_under(session, actor.area, on=day_in_kazakhstan(now)) if actor.area else []
        shown = own if shown is None else sorted(set(own) & set(shown))
    rows = await repository.outliers(session, told, shown=shown, threshold=query.threshold, limit=query.limit)
    names = ("type", "value", "median", "mad", "peers", "z")
    return [{**_named(row), **{name: row[name] for name in names}} for row in rows]


def period_of(text: str, pointer: str = "?period") -> Period:
    """The period. Raises `PeriodUnknown`."""
    found = periods.period(text)
    if found is None:
        raise PeriodUnknown(pointer=pointer)
    return found


def organisation_key(keys: Sequence[Any] | None) -> UUID | None:
    """Where a list in the order of organisations goes on."""
    return UUID(str(keys[0])) if keys else None


async def _measured(session: AnySession, period: Period, code: str | None) -> list[Definition]:
    """The indicators of organisations that are measured for such periods."""
    if code is not None:
        return await indicators.in_force(session, [code], period.last, pointer="?indicator")
    return [
        one
        for one in await indicators.all_latest(session)
        if one.level is IndicatorLevel.ORGANISATION and periods.suits(period, one.period_kind)
    ]


async def _of_one(session: AnySession, code: str, text: str, area: str | None, *, now: datetime) -> dict[str, Any]:
    period = period_of(text)
    asked = await _measured(session, period, code)
    return await _scope(session, asked, period, area, now=now)


async def _scored(session: AnySession, query: ScoresQuery, *, now: datetime) -> tuple[dict[str, Any], str | None]:
    period = period_of(query.period)
    told = await _scope(session, await _measured(session, period, None), period, query.area, now=now)
    return told, query.organisation_type.value if query.organisation_type else None


async def _scope(
    session: AnySession, asked: Sequence[Definition], period: Period, area: str | None, *, now: datetime
) -> dict[str, Any]:
    """What a report depends on: organisations that work on the period's last day, or today while it lasts."""
    day = min(period.last, day_in_kazakhstan(now))
    inside = None if area is None else await areas.codes_under(session, area, on=day)
    return repository.scope(indicators=[one.id for one in asked], period=period.text, day=day, areas=inside)


def _below(area: str | None, path: Sequence[str]) -> str:
    """The area right below the one asked about, or the region, in which an organisation lies."""
    if not path:
        return _NOWHERE
    if area is None:
        return path[0]
    place = path.index(area) if area in path else -1
    return path[min(place + 1, len(path) - 1)]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "organisation_id": row["organisation_id"],
        "name": {"kk": row["name_kk"], "ru": row["name_ru"], "en": row["name_en"]},
        "area": row["area_code"],
    }
