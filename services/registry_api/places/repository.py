"""The statements that read schools together with what was measured of them; they only read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Text, Uuid, bindparam, text

from shared.db.sessions import AnySession

# Tables are named here as text: a report over schools and their measures belongs to neither capability, and asked
# piece by piece it would be a question for each of 8,000 schools.


@dataclass(frozen=True, slots=True)
class Reported:
    """One school on a day, and one figure of one school year, if there is any."""

    organisation_id: UUID
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    area_code: str | None
    setting: str | None
    design_capacity: int | None
    since: date | None
    indicator_id: UUID | None
    year: int | None
    value: float | None


_REPORTED = text(
    """
    WITH schools AS (
        SELECT organisation_id, name_kk, name_ru, name_en, area_code, setting, design_capacity,
            lower(valid) AS since
        FROM organisation_states AS state
        WHERE state.type = 'school' AND state.status IN ('open', 'closing') AND state.valid @> CAST(:on AS date)
            AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN upper_inf(state.recorded)
                ELSE state.recorded @> CAST(:known_at AS timestamptz) END
            AND (CAST(:areas AS text[]) IS NULL OR state.area_code = ANY (:areas))
    ), figures AS (
        SELECT DISTINCT ON (organisation_id, indicator_id, period)
            organisation_id, indicator_id, CAST(left(period, 4) AS integer) AS year, value
        FROM observations
        WHERE indicator_id = ANY (CAST(:indicators AS uuid[])) AND organisation_id IS NOT NULL
            AND period ~ '^[0-9]{4}-[0-9]{4}$'
            AND left(period, 4) || '-09-01' <= to_char(CAST(:on AS date), 'YYYY-MM-DD')
            AND value IS NOT NULL AND status <> 'withdrawn'
            AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN upper_inf(recorded)
                ELSE recorded @> CAST(:known_at AS timestamptz) END
        ORDER BY organisation_id, indicator_id, period, lower(recorded) DESC, source_system
    )
    SELECT schools.organisation_id, name_kk, name_ru, name_en, area_code, setting, design_capacity, since,
        figures.indicator_id, figures.year, figures.value
    FROM schools LEFT JOIN figures ON figures.organisation_id = schools.organisation_id
    ORDER BY schools.organisation_id, figures.year
    """
).bindparams(
    bindparam("on", type_=Date),
    bindparam("known_at", type_=DateTime(timezone=True)),
    bindparam("areas", type_=ARRAY(Text)),
    bindparam("indicators", type_=ARRAY(Uuid)),
)


async def reported(
    session: AnySession,
    *,
    on: date,
    known_at: datetime | None,
    areas: Sequence[str] | None,
    indicators: Sequence[UUID],
) -> list[Reported]:
    """Every school that works on the day, a row for each figure of a school year that had begun, or one without."""
    values: dict[str, Any] = {
        "on": on,
        "known_at": known_at,
        "areas": None if areas is None else list(areas),
        "indicators": list(indicators),
    }
    return [Reported(*row) for row in await session.execute(_REPORTED, values)]
