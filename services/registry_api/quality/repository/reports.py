"""The statements of the reports: completeness, who is silent, scores, values far from their peers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.db.sessions import AnySession

_PRESENT = """
    present AS MATERIALIZED (
        SELECT state.organisation_id, state.type, state.area_code, state.name_kk, state.name_ru, state.name_en
        FROM organisation_states AS state
        WHERE upper_inf(state.recorded) AND state.valid @> CAST(:day AS date) AND state.status IN ('open', 'closing')
            AND (CAST(:areas AS text[]) IS NULL OR state.area_code = ANY (CAST(:areas AS text[])))
    ), asked AS MATERIALIZED (
        SELECT id, code, organisation_types, plausible_min, plausible_max
        FROM indicators WHERE id = ANY (CAST(:indicators AS uuid[]))
    ), said AS MATERIALIZED (
        SELECT DISTINCT ON (observation.organisation_id, version.code)
            observation.organisation_id, version.code, observation.value, observation.missing_reason
        FROM observations AS observation JOIN indicators AS version ON version.id = observation.indicator_id
        WHERE version.code IN (SELECT code FROM asked) AND observation.organisation_id IS NOT NULL
            AND observation.period = :period AND upper_inf(observation.recorded) AND observation.status <> 'withdrawn'
        ORDER BY observation.organisation_id, version.code, lower(observation.recorded) DESC
    )
"""
_REPORTED = "said.code IS NOT NULL AND said.missing_reason IS DISTINCT FROM 'not_reported'"
_IMPLAUSIBLE = "said.value < asked.plausible_min OR said.value > asked.plausible_max"
_COUNTS = f"""
    count(*) AS expected, count(*) FILTER (WHERE {_REPORTED}) AS reported, count(said.value) AS valued,
    count(*) FILTER (WHERE {_IMPLAUSIBLE}) AS implausible
"""
_JOINED = """
    FROM present JOIN asked ON present.type = ANY (asked.organisation_types)
    LEFT JOIN said ON said.organisation_id = present.organisation_id AND said.code = asked.code
"""
_COMPLETENESS = text(
    f"WITH {_PRESENT} SELECT asked.code, present.area_code, {_COUNTS} {_JOINED} GROUP BY asked.code, present.area_code"
)
_NAMED = "present.organisation_id, present.name_kk, present.name_ru, present.name_en, present.area_code"
_SILENT = f"""
    WITH {_PRESENT}
    SELECT {_NAMED} {_JOINED}
    WHERE NOT ({_REPORTED})
        AND (CAST(:after AS uuid) IS NULL OR present.organisation_id > CAST(:after AS uuid))
"""
_SILENT_PAGE = text(_SILENT + " ORDER BY present.organisation_id LIMIT :limit")
_SILENT_COUNT = text(f"SELECT count(*) FROM ({_SILENT}) AS silent")  # noqa: S608
_SCORES = f"""
    WITH {_PRESENT}, counted AS (
        SELECT present.organisation_id, {_COUNTS} {_JOINED}
        WHERE CAST(:type AS text) IS NULL OR present.type = CAST(:type AS text)
        GROUP BY present.organisation_id
    ), scored AS (
        SELECT counted.*,
            round((100.0 * reported / expected * (1 - CASE WHEN valued > 0 THEN 1.0 * implausible / valued ELSE 0 END)
                )::numeric, 2)::float8 AS score
        FROM counted
    )
"""  # noqa: S608
_SCORES_PAGE = text(
    f"""
    {_SCORES}
    SELECT scored.*, {_NAMED}, (
        SELECT count(*) FROM quality_findings AS finding
        WHERE finding.organisation_id = scored.organisation_id AND finding.state = 'open'
            AND finding.severity = 'error'
    ) AS open_errors
    FROM scored JOIN present USING (organisation_id)
    WHERE CAST(:after AS uuid) IS NULL
        OR (score, scored.organisation_id) > (CAST(:after_score AS float8), CAST(:after AS uuid))
    ORDER BY score, scored.organisation_id LIMIT :limit
    """  # noqa: S608
)
_SCORES_COUNT = text(f"{_SCORES} SELECT count(*) FROM scored")  # noqa: S608
_OUTLIERS = text(
    f"""
    WITH {_PRESENT}, valued AS (
        SELECT {_NAMED}, present.type, said.value {_JOINED} WHERE said.value IS NOT NULL
    ), middle AS (
        SELECT type, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median, count(*) AS peers
        FROM valued GROUP BY type
    ), spread AS (
        SELECT type, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(value - median)) AS mad,
            avg(abs(value - median)) AS mean
        FROM valued JOIN middle USING (type) GROUP BY type
    ), measured AS (
        SELECT valued.*, median, peers, mad,
            -- where more than half are alike the mean deviation takes the place of the median one
            CASE WHEN mad > 0 THEN 0.6744897501960817 * (value - median) / mad
                ELSE (value - median) / (1.2533141373155 * nullif(mean, 0)) END AS z
        FROM valued JOIN middle USING (type) JOIN spread USING (type)
    )
    SELECT * FROM measured
    WHERE peers >= :fewest AND abs(z) >= :threshold
        AND (CAST(:shown AS text[]) IS NULL OR area_code = ANY (CAST(:shown AS text[])))
    ORDER BY abs(z) DESC, organisation_id LIMIT :limit
    """  # noqa: S608
)
FEWEST_PEERS = 8
"""Of fewer, nobody can say what is usual."""


def scope(*, indicators: Collection[UUID], period: str, day: date, areas: Collection[str] | None) -> dict[str, Any]:
    """What every report depends on."""
    return {
        "indicators": list(indicators),
        "period": period,
        "day": day,
        "areas": None if areas is None else list(areas),
    }


async def completeness(session: AnySession, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Counts by indicator and area."""
    return [dict(row) for row in (await session.execute(_COMPLETENESS, told)).mappings()]


async def silent(session: AnySession, told: dict[str, Any], *, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Organisations that have not reported, by id."""
    rows = await session.execute(_SILENT_PAGE, {**told, "after": after, "limit": limit})
    return [dict(row) for row in rows.mappings()]


async def count_silent(session: AnySession, told: dict[str, Any]) -> int:
    """How many have not."""
    return int((await session.execute(_SILENT_COUNT, {**told, "after": None})).scalar_one())


async def scores(
    session: AnySession, told: dict[str, Any], *, type_: str | None, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Organisations and their scores, worst first."""
    score, organisation_id = after or (None, None)
    place = {"type": type_, "after_score": score, "after": organisation_id, "limit": limit}
    return [dict(row) for row in (await session.execute(_SCORES_PAGE, {**told, **place})).mappings()]


async def count_scores(session: AnySession, told: dict[str, Any], *, type_: str | None) -> int:
    """How many organisations something is expected of."""
    return int((await session.execute(_SCORES_COUNT, {**told, "type": type_})).scalar_one())


async def outliers(
    session: AnySession, told: dict[str, Any], *, shown: Collection[str] | None, threshold: float, limit: int
) -> list[dict[str, Any]]:
    """Values whose robust z within their type of organisation reaches the threshold, farthest first."""
    more = {
        "shown": None if shown is None else list(shown),
        "threshold": threshold,
        "limit": limit,
        "fewest": FEWEST_PEERS,
    }
    return [dict(row) for row in (await session.execute(_OUTLIERS, {**told, **more})).mappings()]
