"""How far targets are: one in full, many in short."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.derived.service import Share
from services.registry_api.targets import repository, rules
from services.registry_api.targets.repository import Row, Wanted
from services.registry_api.targets.service import measuring, reading
from services.registry_api.targets.service.explaining import explain
from services.registry_api.targets.service.figures import Figures, figures
from services.registry_api.targets.service.measuring import Measured
from shared.db.sessions import AnySession
from shared.schemas.registry.target_progress import MOST_LAGGARDS, ProgressRead, TargetSummary
from shared.schemas.registry.targets import TargetStatus

MOST_AT_ONCE = 1000
"""Targets on one page for the akim; who has more asks district by district."""


async def progress(
    session: AnySession, target_id: UUID, *, on: date, known_at: datetime | None = None, across_breaks: bool = False
) -> ProgressRead:
    """How far a target is on a day. Where several disagree, the figures are those of the authoritative one.

    Raises `TargetNotFound`.
    """
    asked = await reading.find(session, target_id, on=on, known_at=known_at)
    stated = [asked]
    if asked.conflict:
        stated = await repository.agreeing_or_not(session, asked.state, on=on, known_at=known_at)
    used = asked if asked.state.authoritative else next((row for row in stated if row.state.authoritative), asked)
    rows = [used, *(row for row in stated if row.state.target_id != used.state.target_id)]
    states = [row.state for row in rows]
    facts = await measuring.read(session, states, known_at=known_at)
    measured = await measuring.measure(session, facts, states, on=on, known_at=known_at)
    found = {
        state.target_id: figures(state, measured[state.target_id], on=on, across_breaks=across_breaks)
        for state in states
    }
    return ProgressRead.model_validate(
        {
            **_figures(used, measured[used.state.target_id], found[used.state.target_id]),
            "target_id": target_id,
            "conflict": asked.conflict,
            "stated": [_stated(row, found[row.state.target_id]) for row in rows] if asked.conflict else [],
            "as_of": on,
            "known_at": known_at,
        }
    )


async def summaries(
    session: AnySession,
    *,
    area: str | None = None,
    target_ids: Sequence[UUID] | None = None,
    on: date,
    known_at: datetime | None = None,
) -> list[TargetSummary]:
    """How far the targets are that stand for an area and what lies under it, or just these, in a few statements."""
    if target_ids is not None:
        found = await repository.find(session, target_ids, on=on, known_at=known_at) if target_ids else {}
        rows = [found[one] for one in dict.fromkeys(target_ids) if one in found]
    else:
        scopes = None if area is None else await areas.codes_under(session, area, on=on, known_at=known_at)
        wanted = Wanted(on=on, known_at=known_at, scopes=scopes, status=TargetStatus.STATED.value)
        rows = await repository.page(session, wanted, after=None, limit=MOST_AT_ONCE)
    states = [row.state for row in rows]
    facts = await measuring.read(session, states, known_at=known_at)
    measured = await measuring.measure(session, facts, states, on=on, known_at=known_at)
    return [_summary(row, measured[row.state.target_id], on=on) for row in rows]


def _figures(row: Row, measured: Measured, found: Figures) -> dict[str, Any]:
    state, unit = row.state, measured.definition.unit
    names = (
        *("met", "regressed", "progress", "progress_low", "progress_high", "remaining", "remaining_high"),
        *("required_per_month", "approximate", "overdue", "trajectory", "forecast", "light", "light_reason"),
    )
    comparable = measured.actual is not None and found.met is not None
    return {
        **{name: getattr(found, name) for name in names},
        "used_target_id": state.target_id,
        "authoritative": state.authoritative,
        "indicator": state.indicator_code,
        "indicator_version": measured.definition.version,
        "age_band": reading.age_band(measured.definition),
        "unit": unit,
        "comparator": state.comparator,
        "qualifier": state.qualifier,
        "baseline_value": state.baseline_value,
        "value_low": state.value_low,
        "value_high": state.value_high,
        "due": state.due,
        "actual": measured.actual,
        "others": measured.others,
        "achieved_change": reading.change(state.baseline_value, measured.actual.value, unit)
        if measured.actual and comparable
        else None,
        "planned_change": reading.change(state.baseline_value, state.value_low, unit),
        "comparable": measured.comparable,
        "breaks": measured.breaks,
        "completion": _completion(measured.completion),
        "explanation": explain(state, measured, found)._asdict(),
    }


def _completion(share: Share | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {
        "done": share.n,
        "of": share.N,
        "by_type": [
            {"organisation_type": kind, "done": part.holding, "of": part.of, "share": part.percent}
            for kind, part in sorted(share.by_type.items())
        ],
        "laggard_count": len(share.laggards),
        "laggards": share.laggards[:MOST_LAGGARDS],
    }


def _stated(row: Row, found: Figures) -> dict[str, Any]:
    names = ("target_id", "authoritative", "stated_by_role", "comparator", "value_low", "value_high")
    return {**{name: getattr(row.state, name) for name in names}, "progress": found.progress, "met": found.met}


def _summary(row: Row, measured: Measured, *, on: date) -> TargetSummary:
    state, found = row.state, figures(row.state, measured, on=on)
    same = ("target_id", "organisation_id", "authoritative", "comparator", "value_low", "value_high", "due")
    told = ("progress", "progress_low", "progress_high", "met", "light", "light_reason")
    return TargetSummary.model_validate(
        {
            **{name: getattr(state, name) for name in same},
            **{name: getattr(found, name) for name in told},
            "indicator": state.indicator_code,
            "area": state.area_code,
            "conflict": row.conflict,
            "unit": measured.definition.unit,
            "actual": measured.actual.value if measured.actual else None,
            "actual_on": measured.actual.on if measured.actual else None,
            "source_system": measured.actual.source_system if measured.actual else None,
        }
    )


def worst(found: Sequence[TargetSummary]) -> str:
    """The light of several targets together; `no_data` where none has any."""
    return rules.worst([one.light for one in found])
