"""Seats to come, and the norm of a day."""

from dataclasses import dataclass

from services.training_api.coverage.repository.persons import Selection, Statement
from shared.db.sessions import AnySession

_PLANNED = Statement(
    """
    WITH coming AS (
        SELECT venues.id, programmes.id AS programme_id, programmes.audience,
               coalesce(organisations.area_path[2], organisations.area_path[1]) AS district
        FROM cohorts
        JOIN programmes ON programmes.id = cohorts.programme_id
        JOIN venues ON venues.cohort_id = cohorts.id
        JOIN organisations ON organisations.id = venues.organisation_id
        WHERE cohorts.status IN ('open', 'closed')
          AND cohorts.starts_on > :as_of AND cohorts.starts_on <= :until
          AND (CAST(:area AS text) IS NULL OR organisations.area_path @> ARRAY[CAST(:area AS text)])
    ),
    free AS (
        SELECT seats.venue_id, count(*) AS seats
        FROM seats
        WHERE seats.free AND seats.venue_id IN (SELECT id FROM coming)
        GROUP BY seats.venue_id
    ),
    meant AS (
        SELECT coming.id, coming.district, modules.subject
        FROM coming JOIN programme_modules AS modules ON modules.programme_id = coming.programme_id
        UNION
        SELECT coming.id, coming.district, named.subject
        FROM coming
        CROSS JOIN LATERAL jsonb_array_elements(coming.audience) AS groups(told)
        CROSS JOIN LATERAL jsonb_array_elements_text(groups.told -> 'subjects') AS named(subject)
    )
    SELECT meant.subject, meant.district, sum(free.seats)::bigint AS seats
    FROM meant JOIN free ON free.venue_id = meant.id
    WHERE CAST(:subject AS text) IS NULL OR meant.subject = :subject
    GROUP BY meant.subject, meant.district
    """
)
_NORM = Statement(
    "SELECT code || '/' || number, min_hours, window_months FROM norm_rules WHERE code = 'pd-3y' AND period @> :as_of"
)


@dataclass(frozen=True, slots=True)
class Planned:
    """Free seats for one subject in one district."""

    subject: str
    district: str | None
    seats: int


@dataclass(frozen=True, slots=True)
class Norm:
    """The norm in force on a day."""

    rule: str
    min_hours: int
    window_months: int


async def planned(session: AnySession, wanted: Selection) -> list[Planned]:
    """Free seats of courses that begin within the days looked at; those for two subjects are in two rows."""
    return [Planned(*row) for row in await _PLANNED.rows(session, wanted)]


async def norm(session: AnySession, wanted: Selection) -> Norm | None:
    rows = await _NORM.rows(session, wanted)
    return Norm(*rows[0]) if rows else None
