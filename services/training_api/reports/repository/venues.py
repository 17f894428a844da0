"""Seats and waiting lists by venue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid, bindparam, text

from shared.db.sessions import AnySession
from shared.schemas.training.reports import VenueReportQuery

_CHOSEN = """
    FROM venues
    JOIN cohorts ON cohorts.id = venues.cohort_id
    JOIN programmes ON programmes.id = cohorts.programme_id
    JOIN organisations ON organisations.id = venues.organisation_id
    WHERE cohorts.status NOT IN ('draft', 'cancelled', 'completed')
      AND (CAST(:cohort_id AS uuid) IS NULL OR cohorts.id = :cohort_id)
      AND (CAST(:provider_id AS uuid) IS NULL OR programmes.provider_id = :provider_id)
      AND (CAST(:programme_code AS text) IS NULL OR programmes.code = :programme_code)
      AND (CAST(:area AS text) IS NULL OR organisations.area_path @> ARRAY[CAST(:area AS text)])
      AND (CAST(:since AS date) IS NULL OR cohorts.ends_on >= :since)
      AND (CAST(:subject AS text) IS NULL OR EXISTS (
          SELECT FROM programme_modules WHERE programme_id = programmes.id AND subject = :subject
      ))
"""
_TYPES: dict[str, Any] = {
    "cohort_id": Uuid(),
    "provider_id": Uuid(),
    "programme_code": Text(),
    "area": Text(),
    "since": Date(),
    "subject": Text(),
}
_FILTERS = [bindparam(name, type_=kind) for name, kind in _TYPES.items()]
_PAGE = text(
    f"""
    WITH chosen AS (
        SELECT venues.id, venues.organisation_id, organisations.name_kk, organisations.name_ru, organisations.name_en,
               organisations.area, cohorts.id AS cohort_id, cohorts.code, cohorts.status, cohorts.starts_on,
               cohorts.ends_on, programmes.code AS programme_code, programmes.id AS programme_id
        {_CHOSEN}
          AND (CAST(:after_on AS date) IS NULL
               OR (cohorts.starts_on, venues.id) > (:after_on, CAST(:after_id AS uuid)))
        ORDER BY cohorts.starts_on, venues.id
        LIMIT :limit
    ),
    seated AS (
        SELECT venue_id, count(*) AS seats, count(*) FILTER (WHERE free) AS free
        FROM seats WHERE venue_id IN (SELECT id FROM chosen) GROUP BY venue_id
    ),
    queued AS (
        SELECT venue_id, count(*) FILTER (WHERE status = 'offered') AS offered,
               count(*) FILTER (WHERE status = 'waitlisted') AS waiting
        FROM enrolments WHERE cohort_id IN (SELECT cohort_id FROM chosen) GROUP BY venue_id
    ),
    told AS (
        SELECT programme_id, array_agg(DISTINCT subject ORDER BY subject) AS subjects
        FROM programme_modules WHERE programme_id IN (SELECT programme_id FROM chosen) GROUP BY programme_id
    )
    SELECT chosen.id, chosen.organisation_id, chosen.name_kk, chosen.name_ru, chosen.name_en, chosen.area,
           chosen.cohort_id, chosen.code, chosen.status, chosen.starts_on, chosen.ends_on, chosen.programme_code,
           coalesce(told.subjects, '{{}}'), coalesce(seated.seats, 0), coalesce(seated.free, 0),
           coalesce(queued.offered, 0), coalesce(queued.waiting, 0)
    FROM chosen
    LEFT JOIN seated ON seated.venue_id = chosen.id
    LEFT JOIN queued ON queued.venue_id = chosen.id
    LEFT JOIN told ON told.programme_id = chosen.programme_id
    ORDER BY chosen.starts_on, chosen.id
    """  # noqa: S608 -- constants
).bindparams(
    *_FILTERS,
    bindparam("after_on", type_=Date),
    bindparam("after_id", type_=Uuid),
    bindparam("limit", type_=Integer),
)
_COUNT = text(f"SELECT count(*) {_CHOSEN}").bindparams(*_FILTERS)


@dataclass(frozen=True, slots=True)
class Seats:
    """One venue."""

    venue_id: UUID
    organisation_id: UUID
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    area: str | None
    cohort_id: UUID
    cohort_code: str
    cohort_status: str
    starts_on: date
    ends_on: date
    programme_code: str
    subjects: list[str]
    seats: int
    free: int
    offered: int
    waiting: int


async def venues(session: AnySession, query: VenueReportQuery, *, after: Sequence[Any] | None) -> list[Seats]:
    """By the first day of the cohort, one more than a page if there is one."""
    after_on, after_id = after or (None, None)
    more = {"after_on": after_on, "after_id": after_id, "limit": query.limit + 1}
    found: Sequence[Any] = (await session.execute(_PAGE, {**_values(query), **more})).all()
    return [Seats(*row) for row in found]


async def venues_count(session: AnySession, query: VenueReportQuery) -> int:
    return int((await session.execute(_COUNT, _values(query))).scalar_one())


def _values(query: VenueReportQuery) -> dict[str, Any]:
    return {name: getattr(query, name) for name in _TYPES}
