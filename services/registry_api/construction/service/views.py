"""Rows as the schemas of the contract read them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from services.registry_api.construction import rules
from services.registry_api.construction.repository import (
    ConstructionCost,
    ConstructionDate,
    ConstructionFact,
    ConstructionPlan,
    ConstructionRisk,
    ConstructionStageChange,
)
from shared.schemas.registry.construction_words import ConstructionReason, CostKind, DateKind

Row = Mapping[str, Any]


def project(row: Row) -> dict[str, Any]:
    """A project as it stands."""
    point = None if row["latitude"] is None else {"latitude": row["latitude"], "longitude": row["longitude"]}
    return {
        **{name: row[name] for name in row if name not in ("funding", "latitude", "longitude", "area_code")},
        "name": names(row),
        "area": row["area_code"],
        "location": point,
        "funding": funding(row["funding"]),
        "idle_reason": idle_reason(row),
    }


def names(row: Row) -> dict[str, str | None]:
    """What it is called."""
    return {language: row[f"name_{language}"] for language in ("kk", "ru", "en")}


def idle_reason(row: Row) -> str | None:
    """Why it stands idle; unknown where nobody said."""
    return (row["idle_reason"] or ConstructionReason.UNKNOWN.value) if row["idle"] else None


def funding(stated: Sequence[Row]) -> list[dict[str, Any]]:
    """The sources, with the shares that follow from their amounts."""
    amounts = [Decimal(one["amount"]) if one["amount"] is not None else None for one in stated]
    shares = rules.shares(amounts, [one["share"] for one in stated])
    return [{**one, "share": share} for one, share in zip(stated, shares, strict=True)]


def idle(row: Row, *, days: int) -> dict[str, Any]:
    """A school that stands idle."""
    return {
        **{name: row[name] for name in ("id", "reference", "design_capacity", "built_on", "commissioned_on")},
        "name": names(row),
        "area": row["area_code"],
        "idle_days": days,
        "reason": idle_reason(row),
    }


def step(row: ConstructionStageChange) -> dict[str, Any]:
    """One step."""
    told = ("number", "from_stage", "to_stage", "effective_on", "reason", "comment", "evidence", "recorded_at")
    return {name: getattr(row, name) for name in told}


def timetable(rows: Sequence[ConstructionDate]) -> list[dict[str, Any]]:
    """Gate by gate: what stands, how far it slipped, and all that was said."""
    return [_gate(gate.value, [row for row in rows if row.gate == gate]) for gate in rules.GATES]


def _gate(gate: str, rows: Sequence[ConstructionDate]) -> dict[str, Any]:
    of = {kind: [row for row in rows if row.kind == kind] for kind in DateKind}
    agreed = next(iter(of[DateKind.AGREED]), None)
    forecast, actual = (next(reversed(of[kind]), None) for kind in (DateKind.FORECAST, DateKind.ACTUAL))
    slip = rules.slip_days(*(one.earliest if one else None for one in (agreed, actual, forecast)))
    before: dict[str, ConstructionDate] = {}
    history = []
    for row in rows:
        last = before.get(row.kind)
        history.append(
            {
                **{name: getattr(row, name) for name in ("kind", "reason", "comment", "source", "recorded_at")},
                "date": row.text,
                "moved_days": (row.earliest - last.earliest).days if last else None,
            }
        )
        before[row.kind] = row
    texts = {name: one.text if one else None for name, one in (("agreed", agreed), ("forecast", forecast))}
    return {
        "gate": gate,
        **texts,
        "actual": actual.text if actual else None,
        "slip_days": slip,
        "history": history,
    }


def costs(rows: Sequence[ConstructionCost]) -> dict[str, Any]:
    """What stands of each kind, and how it came to it."""
    of = {kind: [row.amount for row in rows if row.kind == kind] for kind in CostKind}
    latest = {kind.value: money(amounts[-1]) if amounts else None for kind, amounts in of.items()}
    reached = (of[CostKind.ACTUAL] or of[CostKind.CONTRACT])[-1:]
    first_plan = of[CostKind.PLAN][:1]
    over = None
    if reached and first_plan:
        over = rules.percent(float(reached[0] - first_plan[0]), float(first_plan[0]))
    before: dict[str, Decimal] = {}
    history = []
    for row in rows:
        last = before.get(row.kind)
        history.append(
            {
                **{name: getattr(row, name) for name in ("kind", "effective_on", "reason", "comment", "recorded_at")},
                "amount": money(row.amount),
                "currency": "KZT",
                "variation": None if last is None else money(row.amount - last),
            }
        )
        before[row.kind] = row.amount
    return {**latest, "over_plan_percent": over, "history": history}


def period(row: ConstructionRisk | ConstructionFact) -> dict[str, Any]:
    """One period of a risk or a fact."""
    told = ("area", "level", "note") if isinstance(row, ConstructionRisk) else ("fact", "source")
    return {
        **{name: getattr(row, name) for name in told},
        "valid_from": row.valid.lower,
        "valid_until": row.valid.upper,
        "recorded_at": row.recorded.lower,
        "superseded_at": row.recorded.upper,
    }


def plans(rows: Sequence[ConstructionPlan]) -> list[dict[str, Any]]:
    """What was said of a programme; of those who gave a number of schools, all but the latest are superseded."""
    counted = [row for row in rows if row.schools is not None]
    latest = max(counted, key=lambda row: (row.stated_latest, row.number), default=None)
    names_ = (
        *("number", "programme", "source", "url", "stated_on", "schools", "places", "rural_schools"),
        *("rural_percent_low", "rural_percent_high", "qualifier", "note", "recorded_at"),
    )
    return [
        {
            **{name: getattr(row, name) for name in names_},
            "cost": None if row.cost is None else money(row.cost),
            "superseded": row.schools is not None and row is not latest,
        }
        for row in rows
    ]


def money(amount: Decimal) -> str:
    """Two decimals, never an exponent."""
    return f"{amount:.2f}"


def by_project(rows: Sequence[Any]) -> dict[Any, list[Any]]:
    """Rows that stand in the order of their projects, by project."""
    return {project_id: list(group) for project_id, group in groupby(rows, key=lambda row: row.project_id)}
