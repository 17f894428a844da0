"""Targets under targets, and values under values: whether the parts make the whole."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.indicators import service as indicators
from services.registry_api.observations import series
from services.registry_api.observations.series import Point
from services.registry_api.targets import repository, rules
from services.registry_api.targets.models import TargetState
from services.registry_api.targets.repository import Row
from services.registry_api.targets.service import measuring, reading
from services.registry_api.targets.service.explaining import written
from services.registry_api.targets.service.figures import figures
from services.registry_api.targets.service.measuring import Measured
from shared.db.sessions import AnySession, ReadSession
from shared.errors import Text
from shared.schemas.registry.target_progress import CascadeRead, SplitRead
from shared.schemas.registry.targets import ChildrenRule

_MOST_AREAS = 1000
_ADDS_UP = Text(kk="Бөліктер бүтінді құрайды.", ru="Части складываются в целое.", en="The parts make the whole.")
_DIFFERS = Text(
    kk="Бүтін {whole}, бөліктер бірге {parts}: айырмасы {difference}.",
    ru="Целое {whole}, части вместе {parts}: разница {difference}.",
    en="The whole is {whole}, the parts together {parts}: a difference of {difference}.",
)
_NO_RULE = Text(
    kk="Бөліктер бүтінге қосылмайды.",
    ru="Части не складываются в целое.",
    en="The parts are not meant to add up.",
)
_NO_PARTS = Text(
    kk="Бұның астында нысаналы мән жоқ.", ru="Под этой целью целей нет.", en="There are no targets under this one."
)


async def cascade(session: AnySession, target_id: UUID, *, on: date, known_at: datetime | None = None) -> CascadeRead:
    """A target with those under it, and whether they add up by its rule. Raises `TargetNotFound`."""
    row = await reading.find(session, target_id, on=on, known_at=known_at)
    whole = row.state
    parts = await repository.parts(session, target_id, on=on, known_at=known_at)
    with_parts = await repository.with_parts(session, [one.target_id for one in parts], on=on, known_at=known_at)
    states = [whole, *parts]
    facts = await measuring.read(session, states, known_at=known_at)
    measured = await measuring.measure(session, facts, states, on=on, known_at=known_at)
    rule = ChildrenRule(whole.children_rule)
    promised = reconciled(whole.value_low, [one.value_low for one in parts], rule)
    high = None
    if whole.value_high is not None:
        high = reconciled(whole.value_high, [one.value_high for one in parts], rule)
    agree = [one["reconciles"] for one in (promised, high) if one is not None]
    return CascadeRead.model_validate(
        {
            "target_id": target_id,
            "as_of": on,
            "rule": rule,
            "children": [_child(one, measured[one.target_id], with_parts, on=on) for one in parts],
            "promised": promised,
            "promised_high": high,
            "measured": reconciled(
                _value(measured[whole.target_id]), [_value(measured[one.target_id]) for one in parts], rule
            ),
            "explained": False not in agree or bool(whole.children_note),
            "note": whole.children_note,
            "explanation": _told(promised, rule, parts)._asdict(),
        }
    )


def reconciled(whole: float | None, parts: Sequence[float | None], rule: ChildrenRule) -> dict[str, Any]:
    """Whether the parts make the whole by the rule; one part that is not known leaves it open."""
    together = _together([one for one in parts if one is not None], rule) if None not in parts else None
    if whole is None or together is None:
        return {"whole": whole, "parts": together, "difference": None, "reconciles": None}
    difference = rules.number(rules.exact(whole) - rules.exact(together))
    return {"whole": whole, "parts": together, "difference": difference, "reconciles": difference == 0}


def _together(parts: Sequence[float], rule: ChildrenRule) -> float | None:
    if not parts or rule is ChildrenRule.NONE:
        return None
    total = sum((rules.exact(one) for one in parts), Decimal(0))
    return rules.number(total if rule is ChildrenRule.SUM else total / len(parts))


def _child(state: TargetState, measured: Measured, with_parts: set[UUID], *, on: date) -> dict[str, Any]:
    found = figures(state, measured, on=on)
    return {
        "target_id": state.target_id,
        "area": state.area_code,
        "organisation_id": state.organisation_id,
        "value_low": state.value_low,
        "value_high": state.value_high,
        "actual": _value(measured),
        "progress": found.progress,
        "light": found.light,
        "has_children": state.target_id in with_parts,
    }


def _value(measured: Measured) -> float | None:
    return measured.actual.value if measured.actual else None


def _told(promised: dict[str, Any], rule: ChildrenRule, parts: Sequence[TargetState]) -> Text:
    if not parts:
        return _NO_PARTS
    if rule is ChildrenRule.NONE:
        return _NO_RULE
    if promised["reconciles"]:
        return _ADDS_UP
    return _DIFFERS.filled({name: written(promised[name]) for name in ("whole", "parts", "difference")})


async def split(session: ReadSession, target_id: UUID, *, on: date, known_at: datetime | None = None) -> SplitRead:
    """The latest value of a target's indicator by the areas directly under its area, from one source.

    Percentages make a whole by their denominators, everything else by its sum. Raises `TargetNotFound`.
    """
    row: Row = await reading.find(session, target_id, on=on, known_at=known_at)
    state = row.state
    definition = (await indicators.by_id(session, [state.indicator_id]))[state.indicator_id]
    under = await _areas_under(session, state.area_code, on=on, known_at=known_at)
    wanted = [*under, *([state.area_code] if state.area_code else [])]
    points = await series.read(session, indicator_ids=[definition.id], areas=wanted, known_at=known_at)
    seen = [point for point in points if point.first <= on and state.source_system in (None, point.source_system)]
    told = max(
        (point for point in seen if point.area in under), key=lambda point: (point.on, point.recorded_at), default=None
    )
    same = [
        point for point in seen if told and (point.period, point.source_system) == (told.period, told.source_system)
    ]
    in_percent = rules.unit_of_change(definition.unit) == "points"
    by_area = {point.area: _part(point, in_percent=in_percent) for point in same}
    parts = [by_area[code] for code in under if code in by_area]
    total = _total(parts, state.area_code, in_percent=in_percent)
    whole = by_area.get(state.area_code)
    return SplitRead.model_validate(
        {
            "target_id": target_id,
            "indicator": definition.code,
            "unit": definition.unit,
            "period": told.period if told else None,
            "source_system": told.source_system if told else None,
            "parts": parts,
            "total": total,
            "whole": whole,
            "missing": [code for code in under if code not in by_area],
            "reconciles": _agree(total, whole, in_percent=in_percent),
        }
    )


async def _areas_under(session: ReadSession, area: str | None, *, on: date, known_at: datetime | None) -> list[str]:
    if area is None:
        return []
    found = await areas.page(session, areas.Wanted(parent=area), on=on, known_at=known_at, limit=_MOST_AREAS)
    return [str(one["code"]) for one in found[:_MOST_AREAS]]


def _part(point: Point, *, in_percent: bool) -> dict[str, Any]:
    count = point.value
    if in_percent:
        count = None if point.n is None else _people(point.value, point.n)  # type: ignore[assignment] # unknown without n
    return {"area": point.area, "value": point.value, "n": point.n, "count": count}


def _people(percent: float, n: int) -> float:
    """How many a percentage means: a whole number where rounding of the percentage alone stands in between."""
    found = percent * n / 100
    return float(round(found)) if abs(found - round(found)) <= max(n * 5e-4, 1e-9) else found


def _total(parts: Sequence[dict[str, Any]], area: str | None, *, in_percent: bool) -> dict[str, Any] | None:
    if not parts or any(part["count"] is None for part in parts):
        return None
    count = rules.number(sum((rules.exact(part["count"]) for part in parts), Decimal(0)))
    n = None if any(part["n"] is None for part in parts) else sum(part["n"] for part in parts)
    if count is None or (in_percent and not n):
        return None
    return {"area": area, "value": count * 100 / n if in_percent and n else count, "n": n, "count": count}


def _agree(total: dict[str, Any] | None, whole: dict[str, Any] | None, *, in_percent: bool) -> bool | None:
    if total is None or whole is None or whole["count"] is None:
        return None
    same_n = not in_percent or total["n"] == whole["n"]
    return same_n and bool(abs(total["count"] - whole["count"]) < 1e-9)
