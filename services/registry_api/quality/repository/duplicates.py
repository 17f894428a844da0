"""Organisations that may be registered twice: found by number, area, folded name and distance."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.registry_api.quality.models import DuplicateCandidate
from shared.alphabet import search_tokens
from shared.db.sessions import AnySession, WriteSession

_FIND = text(
    """
    WITH present AS MATERIALIZED (
        SELECT organisation_id AS id, type, kind, area_code, school_number, latitude, longitude,
            btrim(regexp_replace(regexp_replace(search_key, CAST(:common AS text), ' ', 'g'), ' +', ' ', 'g')) AS own
        FROM organisation_states
        WHERE upper_inf(recorded) AND valid @> CAST(:day AS date) AND area_code IS NOT NULL
            AND status NOT IN ('closed', 'merged', 'created_in_error')
    ), paired AS (
        SELECT one.id AS first_id, other.id AS second_id, one.school_number = other.school_number AS same_number,
            similarity(one.own, other.own) AS alike,
            CAST(111195 * sqrt(
                power(one.latitude - other.latitude, 2)
                + power((one.longitude - other.longitude) * cos(radians(one.latitude)), 2)
            ) AS int) AS distance_m
        FROM present AS one
        JOIN present AS other USING (type, area_code)
        WHERE one.id < other.id
            -- a school may be called a gymnasium in one record; clubs of arts and of sports count each for itself
            AND (one.type = 'school' OR one.kind IS NULL OR other.kind IS NULL OR one.kind = other.kind)
            -- two numbers in one area are two schools, however alike their names
            AND (one.school_number IS NULL OR other.school_number IS NULL OR one.school_number = other.school_number)
    ), scored AS (
        SELECT first_id, second_id, coalesce(same_number, false) AS same_number, alike, distance_m,
            0.2 + 0.35 * CAST(coalesce(same_number, false) AS int) + 0.35 * alike
                + CASE WHEN distance_m <= :near THEN 0.1 ELSE 0 END AS score
        FROM paired
        WHERE same_number OR alike >= :alike OR (distance_m <= :near AND alike >= :alike_when_near)
    ), kept AS (
        INSERT INTO duplicate_candidates AS known (
            id, first_id, second_id, score, same_number, same_area, similarity, distance_m, state, found_at,
            version, created_at, updated_at
        )
        SELECT uuidv7(), first_id, second_id, score, same_number, true, alike, distance_m, 'open', :now, 1, :now, :now
        FROM scored
        ON CONFLICT (first_id, second_id) DO UPDATE SET
            score = excluded.score, same_number = excluded.same_number, similarity = excluded.similarity,
            distance_m = excluded.distance_m, updated_at = excluded.updated_at, version = known.version + 1,
            -- what a person decided is never asked again
            state = CASE WHEN known.state = 'gone' THEN 'open' ELSE known.state END
        RETURNING first_id, second_id
    )
    UPDATE duplicate_candidates AS known SET state = 'gone', updated_at = :now, version = version + 1
    WHERE state = 'open'
        AND NOT EXISTS (SELECT FROM scored WHERE scored.first_id = known.first_id
            AND scored.second_id = known.second_id)
    """
)
_COMMON_WORDS = """
    мектеп мектебі мектепке дейінгі жалпы білім беретін орта негізгі бастауыш гимназия гимназиясы лицей лицейі
    колледж колледжі бақша балабақша атындағы ауылы коммуналдық мемлекеттік мекемесі бөлімі
    школа общеобразовательная средняя основная начальная имени детский сад ясли село коммунальное государственное
    учреждение отдел отдела образования КММ КГУ ГККП МКҚК КГКП
"""
"""What so many are called that it tells nobody from another."""
_COMMON = rf"\m({'|'.join(sorted(set(search_tokens(_COMMON_WORDS))))})\M"
_NEAR_METRES, _ALIKE, _ALIKE_WHEN_NEAR = 150, 0.8, 0.5
_OF_PAIRS = """
    FROM duplicate_candidates AS pair
    CROSS JOIN LATERAL (
        SELECT state.* FROM organisation_states AS state
        WHERE state.organisation_id = pair.first_id AND upper_inf(state.recorded)
        ORDER BY state.valid @> CAST(:day AS date) DESC, lower(state.valid) DESC LIMIT 1
    ) AS one
    CROSS JOIN LATERAL (
        SELECT state.* FROM organisation_states AS state
        WHERE state.organisation_id = pair.second_id AND upper_inf(state.recorded)
        ORDER BY state.valid @> CAST(:day AS date) DESC, lower(state.valid) DESC LIMIT 1
    ) AS other
    WHERE (CAST(:state AS text) IS NULL OR pair.state = CAST(:state AS text))
        AND (CAST(:areas AS text[]) IS NULL OR one.area_code = ANY (CAST(:areas AS text[])))
        AND (CAST(:id AS uuid) IS NULL OR pair.id = CAST(:id AS uuid))
"""
_SIDE = ", ".join(
    f"{side}.{column} AS {side}_{column}"
    for side in ("one", "other")
    for column in ("name_kk", "name_ru", "name_en", "area_code")
)
_PAGE = text(
    f"""
    SELECT pair.*, {_SIDE} {_OF_PAIRS}
        AND (CAST(:after_id AS uuid) IS NULL
            OR (-pair.score, pair.id) > (CAST(:after_score AS float8), CAST(:after_id AS uuid)))
    ORDER BY -pair.score, pair.id LIMIT :limit
    """
)
_COUNT = text(f"SELECT count(*) {_OF_PAIRS}")


async def look(session: WriteSession, *, day: date, now: datetime) -> None:
    """Find the pairs of that day: new ones are open, those that are none any more are gone."""
    told = {"near": _NEAR_METRES, "alike": _ALIKE, "alike_when_near": _ALIKE_WHEN_NEAR, "common": _COMMON}
    await session.execute(_FIND, {"day": day, "now": now, **told})


async def find(session: AnySession, pair_id: UUID, *, for_update: bool = False) -> DuplicateCandidate | None:
    """One pair."""
    return await session.get(DuplicateCandidate, pair_id, with_for_update=for_update or None, populate_existing=True)


async def page(
    session: AnySession,
    *,
    state: str | None,
    areas: Collection[str] | None,
    day: date,
    after: Sequence[Any] | None = None,
    limit: int = 1,
    pair_id: UUID | None = None,
) -> list[dict[str, Any]]:
    """Pairs with their names, most alike first."""
    score, last = after or (None, None)
    told = {**_told(state, areas, day), "id": pair_id, "after_score": score, "after_id": last, "limit": limit}
    return [dict(row) for row in (await session.execute(_PAGE, told)).mappings()]


async def count(session: AnySession, *, state: str | None, areas: Collection[str] | None, day: date) -> int:
    """How many there are."""
    return int((await session.execute(_COUNT, {**_told(state, areas, day), "id": None})).scalar_one())


def _told(state: str | None, areas: Collection[str] | None, day: date) -> dict[str, Any]:
    return {"state": state, "areas": None if areas is None else list(areas), "day": day}
