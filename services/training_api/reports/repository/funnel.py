"""The way of applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Text, TextClause, Uuid, bindparam, text
from sqlalchemy.types import ARRAY

from services.training_api.holding import HELD
from services.training_api.organisations.service import Reach
from services.training_api.reports.repository.standing import STANDING
from shared.db.sessions import AnySession
from shared.schemas.training.reports import FunnelBreakdown

_KEYS: dict[FunnelBreakdown | None, tuple[str, str]] = {
    None: ("NULL::text", "NULL::text"),
    FunnelBreakdown.COHORT: ("cohorts.id::text", "cohorts.code"),
    FunnelBreakdown.PROGRAMME: ("programmes.code", "NULL::text"),
    FunnelBreakdown.AREA: ("coalesce(organisations.area_path[2], organisations.area_path[1])", "NULL::text"),
}


def _passed(key: str, name: str) -> str:
    return f"""
    WITH chosen AS (
        SELECT enrolments.id, {key} AS key, {name} AS name,
               (:everywhere OR organisations.id = ANY(:organisations) OR organisations.area_path && :areas) AS seen
        FROM enrolments
        JOIN cohorts ON cohorts.id = enrolments.cohort_id
        JOIN programmes ON programmes.id = cohorts.programme_id
        JOIN organisations ON organisations.id = enrolments.organisation_id
        WHERE (CAST(:cohort_id AS uuid) IS NULL OR enrolments.cohort_id = :cohort_id)
          AND (CAST(:provider_id AS uuid) IS NULL OR programmes.provider_id = :provider_id)
          AND (CAST(:programme_code AS text) IS NULL OR programmes.code = :programme_code)
          AND (CAST(:since AS date) IS NULL OR cohorts.starts_on >= :since)
          AND (CAST(:area AS text) IS NULL OR organisations.area_path @> ARRAY[CAST(:area AS text)])
    ),
    {STANDING},
    issued AS (
        SELECT certificates.enrolment_id, min(certificates.issued_on) AS issued_on
        FROM certificates
        WHERE certificates.kind = 'certificate' AND certificates.enrolment_id IS NOT NULL AND {HELD}
        GROUP BY certificates.enrolment_id
    ),
    dated AS (
        SELECT chosen.key, chosen.name, chosen.seen, standing.*, issued.issued_on
        FROM standing
        JOIN chosen ON chosen.id = standing.enrolment_id
        LEFT JOIN issued ON issued.enrolment_id = standing.enrolment_id
    ),
    passed AS (
        SELECT key, name, seen, issued_on AS d7,
               least(passed_on, issued_on) AS d6,
               least(attended_on, passed_on, issued_on) AS d5,
               least(confirmed_on, attended_on, passed_on, issued_on) AS d4,
               least(offered_on, confirmed_on, attended_on, passed_on, issued_on) AS d3,
               least(approved_on, offered_on, confirmed_on, attended_on, passed_on, issued_on) AS d2,
               least(applied_on, approved_on, offered_on, confirmed_on, attended_on, passed_on, issued_on) AS d1,
               last[2] AS status, last[3] AS reason, has_ended AND issued_on IS NULL AS has_ended
        FROM dated
    ),
    stepped AS (
        SELECT passed.*, num_nonnulls(d1, d2, d3, d4, d5, d6, d7) AS step FROM passed
    )
    """  # noqa: S608 -- constants


_FIGURES = """
    count(*) FILTER (WHERE NOT seen) AS outside,
    ARRAY[count(d1), count(d2), count(d3), count(d4), count(d5), count(d6), count(d7)] AS reached,
    ARRAY[
        count(*) FILTER (WHERE has_ended AND step = 1), count(*) FILTER (WHERE has_ended AND step = 2),
        count(*) FILTER (WHERE has_ended AND step = 3), count(*) FILTER (WHERE has_ended AND step = 4),
        count(*) FILTER (WHERE has_ended AND step = 5), count(*) FILTER (WHERE has_ended AND step = 6),
        count(*) FILTER (WHERE has_ended AND step = 7)
    ] AS ended,
    ARRAY[
        NULL,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY d2 - d1), percentile_cont(0.5) WITHIN GROUP (ORDER BY d3 - d2),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY d4 - d3), percentile_cont(0.5) WITHIN GROUP (ORDER BY d5 - d4),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY d6 - d5), percentile_cont(0.5) WITHIN GROUP (ORDER BY d7 - d6)
    ] AS days
"""
_TYPES: dict[str, Any] = {
    "as_of": Date(),
    "since": Date(),
    "cohort_id": Uuid(),
    "provider_id": Uuid(),
    "programme_code": Text(),
    "area": Text(),
    "everywhere": Boolean(),
    "areas": ARRAY(Text()),
    "organisations": ARRAY(Uuid()),
}


def _statement(sql: str) -> TextClause:
    return text(sql).bindparams(*(bindparam(name, type_=kind) for name, kind in _TYPES.items()))


def _counted(by: FunnelBreakdown | None) -> str:
    grouped = "(key), ()" if by else "()"
    key = "key" if by else "NULL::text AS key"
    return f"""
    {_passed(*_KEYS[by])},
    counted AS (
        SELECT {"grouping(key) = 1" if by else "true"} AS is_total, {key}, min(name) AS name, {_FIGURES}
        FROM stepped
        GROUP BY GROUPING SETS ({grouped})
    ),
    ends AS (
        SELECT coalesce(key, '') AS key, array_agg(ARRAY[step::text, status, reason, number::text]) AS told
        FROM (
            SELECT key, step, status, reason, count(*) AS number
            FROM stepped WHERE has_ended
            GROUP BY key, step, status, reason
        ) AS found
        GROUP BY coalesce(key, '')
    )
    SELECT counted.*, ends.told
    FROM counted
    LEFT JOIN ends ON ends.key = coalesce(counted.key, '') AND {"NOT counted.is_total" if by else "true"}
    ORDER BY counted.is_total DESC, counted.name, counted.key
    """  # noqa: S608 -- constants


_PASSAGES = {by: _statement(_counted(by)) for by in _KEYS}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which enrolments, as of which day, and who is asking."""

    as_of: date
    reach: Reach
    by: FunnelBreakdown | None
    since: date | None
    cohort_id: UUID | None
    provider_id: UUID | None
    programme_code: str | None
    area: str | None

    def values(self) -> dict[str, Any]:
        """What the parameters of a statement stand for."""
        told = {"everywhere": self.reach.everywhere, "areas": sorted(self.reach.areas)}
        rest = {name: getattr(self, name) for name in _TYPES if name not in {*told, "organisations"}}
        return {**told, **rest, "organisations": sorted(self.reach.organisations)}


@dataclass(frozen=True, slots=True)
class Ended:
    """How many enrolments ended in one way after one step."""

    step: int
    """From 1."""
    status: str
    reason_code: str | None
    enrolments: int


@dataclass(frozen=True, slots=True)
class Passage:
    """How many enrolments came to each of the seven steps, ended there, and after how many days."""

    is_total: bool
    key: str | None
    name: str | None
    outside: int
    reached: list[int]
    ended: list[int]
    days: list[float | None]
    ends: list[Ended]
    """Of the total only where nothing is told apart; otherwise its groups have them."""


async def passages(session: AnySession, wanted: Wanted) -> list[Passage]:
    """All together first, then each group."""
    found: Sequence[Any] = (await session.execute(_PASSAGES[wanted.by], wanted.values())).all()
    return [
        Passage(is_total, key, name, outside, reached, ended, days, _ended(ends))
        for is_total, key, name, outside, reached, ended, days, ends in found
    ]


def _ended(ends: Sequence[Sequence[Any]] | None) -> list[Ended]:
    return [Ended(int(step), status, reason, int(number)) for step, status, reason, number in ends or ()]
