"""What was bought from providers, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Text, TextClause, Uuid, bindparam, text

from services.training_api.holding import HELD
from services.training_api.reports.repository.standing import HOLDING, STANDING
from shared.db.sessions import AnySession
from shared.schemas.training.reports import StatementQuery

_PLACED = f"""
    WITH listed AS (
        SELECT provider_contracts.* FROM provider_contracts
        WHERE (CAST(:provider_id AS uuid) IS NULL OR provider_id = :provider_id)
          AND (CAST(:programme_code AS text) IS NULL OR programme_code = :programme_code)
          AND (CAST(:since AS date) IS NULL OR lower(period) >= :since)
          AND (CAST(:until AS date) IS NULL OR lower(period) <= :until)
    ),
    chosen AS MATERIALIZED (
        SELECT enrolments.id, programmes.provider_id, programmes.code, cohorts.starts_on, organisations.area_path
        FROM enrolments
        JOIN cohorts ON cohorts.id = enrolments.cohort_id
        JOIN programmes ON programmes.id = cohorts.programme_id
        JOIN organisations ON organisations.id = enrolments.organisation_id
        WHERE programmes.provider_id IN (SELECT provider_id FROM listed)
          AND (CAST(:programme_code AS text) IS NULL OR programmes.code = :programme_code)
    ),
    {STANDING},
    issued AS (
        SELECT DISTINCT certificates.enrolment_id
        FROM certificates
        WHERE certificates.kind = 'certificate' AND certificates.enrolment_id IN (SELECT id FROM chosen) AND {HELD}
    ),
    seated AS (
        SELECT chosen.*,
               standing.outcome IN ('passed', 'attended') AS completed,
               issued.enrolment_id IS NOT NULL AS certificated
        FROM chosen
        JOIN standing ON standing.enrolment_id = chosen.id
        LEFT JOIN issued ON issued.enrolment_id = chosen.id
        WHERE standing.participation IN ({HOLDING})
    ),
    paid AS (
        SELECT DISTINCT ON (seated.id)
               seated.id, seated.provider_id, seated.starts_on, seated.completed, seated.certificated,
               provider_contracts.id AS contract_id
        FROM seated
        LEFT JOIN provider_contracts ON provider_contracts.provider_id = seated.provider_id
              AND provider_contracts.programme_code = seated.code
              AND provider_contracts.period @> seated.starts_on
              AND provider_contracts.area = ANY(seated.area_path)
        ORDER BY seated.id, array_position(seated.area_path, provider_contracts.area) DESC NULLS LAST
    )
"""  # noqa: S608 -- constants
"""`paid`: the seats held as of the day, each with the contract of the narrowest area that pays for it, or none."""

_TYPES: dict[str, Any] = {
    "as_of": Date(),
    "since": Date(),
    "until": Date(),
    "provider_id": Uuid(),
    "programme_code": Text(),
}


def _statement(sql: str) -> TextClause:
    return text(sql).bindparams(*(bindparam(name, type_=kind) for name, kind in _TYPES.items()))


_SOLD = _statement(
    f"""
    {_PLACED}
    SELECT listed.id, listed.number, listed.provider_id, providers.code, listed.programme_code, listed.area,
           lower(listed.period), upper(listed.period) - 1, listed.places, listed.price_per_place,
           count(paid.id), count(*) FILTER (WHERE paid.completed), count(*) FILTER (WHERE paid.certificated)
    FROM listed
    JOIN providers ON providers.id = listed.provider_id
    LEFT JOIN paid ON paid.contract_id = listed.id
    GROUP BY listed.id, listed.number, listed.provider_id, providers.code, listed.programme_code, listed.area,
             listed.period, listed.places, listed.price_per_place
    ORDER BY providers.code, lower(listed.period), listed.id
    """  # noqa: S608 -- constants
)
_UNCONTRACTED = _statement(
    f"""
    {_PLACED}
    SELECT provider_id, count(*)
    FROM paid
    WHERE contract_id IS NULL
      AND (CAST(:since AS date) IS NULL OR starts_on >= :since)
      AND (CAST(:until AS date) IS NULL OR starts_on <= :until)
    GROUP BY provider_id
    """  # noqa: S608 -- constants
)


@dataclass(frozen=True, slots=True)
class Sold:
    """One contract, and the seats held under it."""

    contract_id: UUID
    number: str
    provider_id: UUID
    provider_code: str
    programme_code: str
    area: str
    starts_on: date
    ends_on: date
    places: int
    price_per_place: Decimal
    used: int
    completed: int
    certificates: int


async def sold(session: AnySession, query: StatementQuery, *, as_of: date) -> list[Sold]:
    """The contracts asked for, by provider."""
    found: Sequence[Any] = (await session.execute(_SOLD, _values(query, as_of))).all()
    return [Sold(*row) for row in found]


async def uncontracted(session: AnySession, query: StatementQuery, *, as_of: date) -> dict[UUID, int]:
    """Seats held that no contract pays for, by provider."""
    return {row[0]: row[1] for row in await session.execute(_UNCONTRACTED, _values(query, as_of))}


def _values(query: StatementQuery, as_of: date) -> dict[str, Any]:
    return {"as_of": as_of, **{name: getattr(query, name) for name in _TYPES if name != "as_of"}}
