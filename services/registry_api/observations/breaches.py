"""The statements that find values which break rules: those just staged and merged, or all that stand.

One statement a rule. Staged values have been merged when they are looked at, so that they are seen among all others:
a ratio is checked whichever of its two indicators came last, a sum whichever of its parts did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, assert_never
from uuid import UUID

import asyncpg

from services.registry_api.validation.service import Rule
from shared.db.engine import driver_connection
from shared.db.failures import conceal
from shared.db.sessions import WriteSession
from shared.schemas.registry.quality_rules import Change, Compare, Parts, Plausible, Range, Ratio, Required

_PATIENCE_SECONDS = 120
_MOST = 20_000
"""A rule that so many values break is wrong itself."""

Ids = Mapping[str, Sequence[UUID]]
"""The versions of each indicator."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A value that breaks a rule, and what was expected of it."""

    id: UUID | None
    """The revision; None where a value is missing altogether."""
    place: int | None
    """Where it stood in the batch."""
    organisation_id: UUID | None
    area_code: str | None
    indicator_id: UUID
    period: str
    source_system: str | None
    value: float | None
    low: float | None
    high: float | None


# Only names of our own tables and columns become part of the statements below.

_STANDS = "upper_inf({0}.recorded) AND {0}.status <> 'withdrawn'"
_IN_DAYS = "{0}.period_end >= coalesce($2::date, '-infinity') AND {0}.period_end < coalesce($3::date, 'infinity')"
_OWN = "{0}.id, {1} AS place, {0}.organisation_id, {0}.area_code, {0}.indicator_id, {0}.period, {0}.source_system"
_MORE = "{0}.period_end, {0}.value, {0}.missing_reason, {0}.break_in_series"
_ASKED = "($1::uuid[] IS NULL OR known.indicator_id = ANY ($1::uuid[]))"

_ALL = f"""
    SELECT {_OWN.format("known", "NULL::bigint")}, {_MORE.format("known")} FROM observations AS known
    WHERE {_STANDS.format("known")} AND {_ASKED} AND {_IN_DAYS.format("known")}
"""  # noqa: S608
_STAGED = f"""
    SELECT {_OWN.format("known", "staged.place")}, {_MORE.format("known")}
    FROM staged_observations AS staged JOIN observations AS known ON known.id = staged.id
    WHERE {_STANDS.format("known")} AND {_ASKED} AND {_IN_DAYS.format("known")}
"""  # noqa: S608
_SHOWN = "id, place, organisation_id, area_code, indicator_id, period, source_system"


def _from(subjects: str, condition: str, low: str, high: str, *, more: str = "") -> str:
    shown = ", ".join(f"one.{name}" for name in _SHOWN.split(", "))
    return f"""
        SELECT {shown}, one.value, {low} AS low, {high} AS high FROM ({subjects}) AS one {more}
        WHERE {condition} LIMIT {_MOST}
    """  # noqa: S608


_PLAUSIBLE = {
    "condition": "one.value < definition.plausible_min OR one.value > definition.plausible_max",
    "low": "definition.plausible_min",
    "high": "definition.plausible_max",
    "more": "JOIN indicators AS definition ON definition.id = one.indicator_id",
}
_RANGE = {
    "condition": "one.value < $4::float8 OR one.value > $5::float8",
    "low": "$4::float8",
    "high": "$5::float8",
}
_EARLIER = f"""
    CROSS JOIN LATERAL (
        SELECT earlier.value FROM observations AS earlier
        WHERE {_STANDS.format("earlier")} AND earlier.{{0}} = one.{{0}} AND earlier.indicator_id = one.indicator_id
            AND earlier.source_system = one.source_system AND earlier.value IS NOT NULL
            AND earlier.period_end < one.period_end
        ORDER BY earlier.period_end DESC LIMIT 1
    ) AS former
    CROSS JOIN LATERAL (
        SELECT CASE WHEN $5::boolean THEN $4::float8 * abs(former.value) / 100 ELSE $4::float8 END AS most
    ) AS allowed
"""  # noqa: S608
_CHANGE = {
    "condition": "one.{0} IS NOT NULL AND NOT one.break_in_series AND abs(one.value - former.value) > allowed.most",
    "low": "former.value - allowed.most",
    "high": "former.value + allowed.most",
    "more": _EARLIER,
}
_OTHER = f"""
    CROSS JOIN LATERAL (
        SELECT beside.value FROM observations AS beside
        WHERE {_STANDS.format("beside")} AND beside.{{0}} = one.{{0}} AND beside.indicator_id = ANY ($4::uuid[])
            AND beside.period = one.period AND beside.value IS NOT NULL
        ORDER BY lower(beside.recorded) DESC, beside.source_system LIMIT 1
    ) AS other
    CROSS JOIN LATERAL (SELECT {{1}} AS low, {{2}} AS high) AS bounds
"""  # noqa: S608
_PAIR = {
    "condition": "one.{0} IS NOT NULL AND (one.value < bounds.low OR one.value > bounds.high)",
    "low": "bounds.low",
    "high": "bounds.high",
    "more": _OTHER,
}
_STAGED_PAIR = f"""
    SELECT {_OWN.format("known", "touched.place")}, {_MORE.format("known")}
    FROM (
        SELECT {{0}}, period, min(place) AS place FROM staged_observations
        WHERE same IS NOT TRUE AND indicator_id = ANY ($1::uuid[] || $4::uuid[]) AND {{0}} IS NOT NULL
        GROUP BY {{0}}, period
    ) AS touched
    JOIN observations AS known ON known.{{0}} = touched.{{0}} AND known.period = touched.period
    WHERE {_STANDS.format("known")} AND known.indicator_id = ANY ($1::uuid[]) AND {_IN_DAYS.format("known")}
"""  # noqa: S608
_STAGED_SUMS = f"""
    SELECT {_OWN.format("known", "touched.place")}, {_MORE.format("known")}
    FROM (
        SELECT area_code, indicator_id, period, source_system, min(place) AS place
        FROM (
            SELECT staged.area_code, indicator_id, period, source_system, place FROM staged_observations AS staged
            WHERE same IS NOT TRUE AND area_code IS NOT NULL AND indicator_id = ANY ($1::uuid[])
            UNION ALL
            SELECT above.parent_code, indicator_id, period, source_system, place FROM staged_observations AS staged
            JOIN area_states AS above
                ON above.code = staged.area_code AND upper_inf(above.recorded) AND above.valid @> staged.period_end
            WHERE same IS NOT TRUE AND above.parent_code IS NOT NULL AND indicator_id = ANY ($1::uuid[])
        ) AS spoken GROUP BY area_code, indicator_id, period, source_system
    ) AS touched
    JOIN observations AS known USING (area_code, indicator_id, period, source_system)
    WHERE {_STANDS.format("known")} AND {_IN_DAYS.format("known")}
"""  # noqa: S608
_SUMS = {
    "condition": """
        one.area_code IS NOT NULL AND one.value IS NOT NULL AND parts.reported > 0 AND (
            parts.total > one.value + $4::float8
            OR (parts.reported = parts.all AND parts.total < one.value - $4::float8)
        )
    """,
    "low": "parts.total - $4::float8",
    "high": "parts.total + $4::float8",
    "more": f"""
        CROSS JOIN LATERAL (
            SELECT count(*) AS all, count(part.value) AS reported, sum(part.value) AS total
            FROM area_states AS below
            LEFT JOIN observations AS part
                ON part.area_code = below.code AND part.indicator_id = one.indicator_id AND part.period = one.period
                AND part.source_system = one.source_system AND {_STANDS.format("part")}
            WHERE below.parent_code = one.area_code AND upper_inf(below.recorded) AND below.valid @> one.period_end
        ) AS parts
    """,  # noqa: S608
}
_SILENT = {
    "condition": "one.value IS NULL AND one.missing_reason = 'not_reported'",
    "low": "NULL::float8",
    "high": "NULL::float8",
}
_ABSENT = f"""
    WITH latest AS (
        SELECT known.period, known.period_end, known.indicator_id FROM observations AS known
        WHERE {_STANDS.format("known")} AND {_ASKED} AND {_IN_DAYS.format("known")} AND organisation_id IS NOT NULL
        ORDER BY known.period_end DESC LIMIT 1
    )
    SELECT NULL::uuid AS id, NULL::bigint AS place, state.organisation_id, NULL::text AS area_code,
        latest.indicator_id, latest.period, NULL::text AS source_system, NULL::float8 AS value, NULL::float8 AS low,
        NULL::float8 AS high
    FROM latest
    JOIN indicators AS definition ON definition.id = latest.indicator_id
    JOIN organisation_states AS state ON upper_inf(state.recorded) AND state.valid @> latest.period_end
        AND state.status IN ('open', 'closing') AND state.type = ANY (definition.organisation_types)
    WHERE NOT EXISTS (
        SELECT FROM observations AS known
        WHERE {_STANDS.format("known")} AND {_ASKED} AND known.organisation_id = state.organisation_id
            AND known.period = latest.period AND known.missing_reason IS DISTINCT FROM 'not_reported'
    )
    LIMIT {_MOST}
"""  # noqa: S608
_SUBJECTS = ("organisation_id", "area_code")
_COMPARED = {
    "le": ("'-infinity'::float8", "other.value + $5::float8"),
    "ge": ("other.value - $5::float8", "'infinity'::float8"),
    "eq": ("other.value - $5::float8", "other.value + $5::float8"),
}
# Of something divided by nothing only nothing is right.
_DIVIDED = (
    "CASE WHEN other.value = 0 THEN 0 ELSE least($5::float8 * other.value, $6::float8 * other.value) END",
    "CASE WHEN other.value = 0 THEN 0 ELSE greatest($5::float8 * other.value, $6::float8 * other.value) END",
)


async def find(session: WriteSession, rule: Rule, ids: Ids, *, staged: bool) -> list[Breach]:
    """The values that break a rule: of those that were staged and have been merged, or of all that stand."""
    asked = None if not rule.indicators else [one for code in rule.indicators for one in ids.get(code, ())]
    common = (asked, rule.first, rule.end)
    subjects = _STAGED if staged else _ALL
    expression = rule.expression
    told: tuple[Any, ...]
    match expression:
        case Plausible():
            return await _run(session, _from(subjects, **_PLAUSIBLE), *common)
        case Range():
            return await _run(session, _from(subjects, **_RANGE), *common, expression.low, expression.high)
        case Change():
            told = (*common, expression.most, expression.measured == "percent")
            return await _of_both(session, subjects, _CHANGE, told)
        case Ratio() | Compare():
            others = list(ids.get(expression.to, ()))
            if isinstance(expression, Ratio):
                bounds = _DIVIDED
                told = (*common, others, _open(expression.low, "-"), _open(expression.high, ""))
            else:
                bounds, told = _COMPARED[expression.comparator], (*common, others, expression.tolerance)
            return await _of_both(session, _STAGED_PAIR if staged else _ALL, _PAIR, told, *bounds)
        case Parts():
            return await _run(session, _from(_STAGED_SUMS if staged else _ALL, **_SUMS), *common, expression.tolerance)
        case Required():
            if staged:
                return await _run(session, _from(_STAGED, **_SILENT), *common)
            return [
                breach
                for code in rule.indicators
                for breach in await _run(session, _ABSENT, list(ids.get(code, ())), rule.first, rule.end)
            ]
        case _:
            assert_never(expression)


def _open(bound: float | None, sign: str) -> float:
    return float(f"{sign}inf") if bound is None else bound


async def _of_both(
    session: WriteSession, subjects: str, parts: Mapping[str, str], told: tuple[Any, ...], *bounds: str
) -> list[Breach]:
    found: list[Breach] = []
    for subject in _SUBJECTS:
        filled = {name: part.format(subject, *bounds) for name, part in parts.items()}
        found += await _run(session, _from(subjects.format(subject), **filled), *told)
    return found


async def _run(session: WriteSession, statement: str, *arguments: Any) -> list[Breach]:
    connection = await driver_connection(session)
    try:
        rows = await connection.fetch(statement, *arguments, timeout=_PATIENCE_SECONDS)
    except asyncpg.PostgresError as error:
        conceal(error)
        raise
    return [Breach(**{**row, "low": _finite(row["low"]), "high": _finite(row["high"])}) for row in rows]


def _finite(bound: float | None) -> float | None:
    return bound if bound is not None and isfinite(bound) else None
