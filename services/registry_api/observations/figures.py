"""The statements that read the figures of one indicator and period, of areas and of organisations."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.registry_api.observations.showing import NOTHING_TO_DIVIDE_BY
from shared.db.sessions import AnySession

_OF_AREAS = text(
    """
    SELECT DISTINCT ON (area_code, source_system)
        area_code, value, n, variance, missing_reason, missing_code, status, source_system, break_in_series,
        lower(recorded) AS recorded_from
    FROM observations
    WHERE indicator_id = ANY (CAST(:indicators AS uuid[])) AND area_code IS NOT NULL AND period = :period
        AND status <> 'withdrawn'
        AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN upper_inf(recorded)
            ELSE recorded @> CAST(:known_at AS timestamptz) END
    ORDER BY area_code, source_system, lower(recorded) DESC
    """
)
_OF_ORGANISATIONS = """
    WITH said AS (
        SELECT DISTINCT ON (organisation_id)
            organisation_id, value, n, variance, missing_reason, missing_code, status, source_system, break_in_series
        FROM observations
        WHERE indicator_id = ANY (CAST(:indicators AS uuid[])) AND organisation_id IS NOT NULL AND period = :period
            AND status <> 'withdrawn' AND upper_inf(recorded)
        ORDER BY organisation_id, lower(recorded) DESC, source_system
    ), placed AS (
        SELECT said.*, state.name_kk, state.name_ru, state.name_en, state.area_code,
            CAST(:fewest AS bigint) IS NOT NULL AND coalesce(
                CAST(:everything AS boolean) OR state.area_code = ANY (CAST(:reached AS text[]))
                    OR state.organisation_id = CAST(:own AS uuid),
                false
            ) AS is_open
        FROM said
        JOIN organisation_states AS state ON state.organisation_id = said.organisation_id
            AND upper_inf(state.recorded) AND state.valid @> CAST(:day AS date)
            AND state.status NOT IN ('proposed', 'created_in_error')
        WHERE (CAST(:type AS text) IS NULL OR state.type = CAST(:type AS text))
            AND (CAST(:areas AS text[]) IS NULL OR state.area_code = ANY (CAST(:areas AS text[])))
    ), named AS (
        SELECT *,
            NOT is_open AND value IS NOT NULL AND coalesce(CASE
                WHEN NOT CAST(:is_share AS boolean) THEN least(value, n) < CAST(:fewest AS bigint)
                WHEN n IS NULL THEN CAST(:fewest AS bigint) IS NOT NULL
                ELSE n < CAST(:fewest AS bigint)
                    OR (round(value * n / 100) > 0 AND round(value * n / 100) < CAST(:fewest AS bigint))
            END, false) AS is_hidden,
            NOT is_open AND value IS NOT NULL AND coalesce(n < CAST(:min_n AS bigint), false) AS is_below,
            value IS NULL
                AND (n = 0 OR coalesce(lower(trim(missing_code)) = ANY (CAST(:nothing AS text[])), false)) AS is_none
        FROM placed
    ), ranked AS (
        SELECT *, CASE WHEN NOT is_hidden AND NOT is_below THEN value END AS shown_value,
            CASE
                WHEN value IS NOT NULL AND NOT is_hidden AND NOT is_below THEN 0
                WHEN is_none THEN 2
                ELSE 1
            END AS rank
        FROM named
    )
"""
_PAGE = """
    SELECT * FROM ranked
    WHERE CAST(:after_id AS uuid) IS NULL
        OR (rank, {0}coalesce(shown_value, 0), organisation_id)
            > (CAST(:after_rank AS int), CAST(:after_value AS float8), CAST(:after_id AS uuid))
    ORDER BY rank, {0}coalesce(shown_value, 0), organisation_id LIMIT :limit
"""
_PAGES = {sign: text(_OF_ORGANISATIONS + _PAGE.format(sign)) for sign in ("", "-")}
_COUNT = text(_OF_ORGANISATIONS + "SELECT count(*) FROM ranked")  # noqa: S608

Position = tuple[int, float, UUID]
"""Rank, value (with its sign where values fall) and organisation."""


async def of_areas(
    session: AnySession, *, indicators: Sequence[UUID], period: str, known_at: datetime | None
) -> list[dict[str, Any]]:
    """What each source says of each area."""
    told = {"indicators": list(indicators), "period": period, "known_at": known_at}
    return [dict(row) for row in (await session.execute(_OF_AREAS, told)).mappings()]


def asked(
    *,
    indicators: Sequence[UUID],
    period: str,
    day: date,
    organisation_type: str | None,
    areas: Collection[str] | None,
    fewest: int | None,
    min_n: int,
    is_share: bool,
    everything: bool,
    reached: Collection[str],
    own: UUID | None,
) -> dict[str, Any]:
    """What a list of organisations' figures depends on; `everything`, `reached` and `own` are whom the reader sees.

    Where small figures are hidden (`fewest`), theirs are not; what rests on too few for other reasons is, from all.
    """
    return {
        "indicators": list(indicators),
        "period": period,
        "day": day,
        "type": organisation_type,
        "areas": None if areas is None else list(areas),
        "fewest": fewest,
        "min_n": min_n,
        "is_share": is_share,
        "everything": everything,
        "reached": list(reached),
        "own": own,
        "nothing": sorted(NOTHING_TO_DIVIDE_BY),
    }


async def of_organisations(
    session: AnySession, told: dict[str, Any], *, is_falling: bool, after: Position | None, limit: int
) -> list[dict[str, Any]]:
    """A page in the order of the values that are shown; then those not shown, then those with nothing to divide by."""
    rank, value, organisation_id = after or (None, None, None)
    place = {"after_rank": rank, "after_value": value, "after_id": organisation_id, "limit": limit}
    rows = await session.execute(_PAGES["-" if is_falling else ""], {**told, **place})
    return [dict(row) for row in rows.mappings()]


async def count_of_organisations(session: AnySession, told: dict[str, Any]) -> int:
    """How many organisations have something said of them."""
    return int((await session.execute(_COUNT, told)).scalar_one())
