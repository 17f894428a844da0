"""Documents: how many persons got how many, and where those who hold them work."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, Date, Text, Uuid, bindparam, text
from sqlalchemy.types import ARRAY

from services.training_api.coverage.repository.persons import HOLDS, INSIDE, RULES
from services.training_api.organisations.service import Reach
from shared.db.sessions import AnySession

_TAUGHT = text(
    f"""
    SELECT organisations.type AS organisation_type,
           count(DISTINCT certificates.educator_id) AS teachers,
           count(*) AS certificates,
           count(DISTINCT certificates.organisation_id) AS organisations,
           grouping(organisations.type) = 1 AS is_total,
           count(DISTINCT certificates.educator_id) FILTER (WHERE NOT (
               :everywhere OR organisations.id = ANY(:organisations) OR organisations.area_path && :areas
           )) AS outside
    FROM certificates
    JOIN organisations ON organisations.id = certificates.organisation_id
    LEFT JOIN enrolments ON enrolments.id = certificates.enrolment_id
    LEFT JOIN programmes ON programmes.id = certificates.programme_id
    WHERE {HOLDS}
      AND (CAST(:since AS date) IS NULL OR certificates.issued_on >= :since)
      AND (CAST(:area AS text) IS NULL OR organisations.area_path @> ARRAY[CAST(:area AS text)])
      AND (CAST(:cohort_id AS uuid) IS NULL OR enrolments.cohort_id = :cohort_id)
      AND (CAST(:programme_code AS text) IS NULL OR programmes.code = :programme_code)
    GROUP BY GROUPING SETS ((organisations.type), ())
    ORDER BY organisations.type
    """  # noqa: S608 -- constants
).bindparams(
    bindparam("as_of", type_=Date),
    bindparam("since", type_=Date),
    bindparam("area", type_=Text),
    bindparam("cohort_id", type_=Uuid),
    bindparam("programme_code", type_=Text),
    bindparam("everywhere", type_=Boolean),
    bindparam("areas", type_=ARRAY(Text)),
    bindparam("organisations", type_=ARRAY(Uuid)),
)

# One main workplace at a time, so nobody is counted in two areas.
_CERTIFIED = text(
    f"""
    SELECT organisations.area, organisations.area_path, count(*) AS teachers
    FROM employments
    JOIN organisations ON organisations.id = employments.organisation_id
    WHERE employments.role = 'teacher' AND employments.period @> :as_of
      AND (CAST(:area AS text) IS NULL OR organisations.area_path @> ARRAY[CAST(:area AS text)])
      AND (CAST(:subject AS text) IS NULL OR employments.subjects @> ARRAY[CAST(:subject AS text)])
      AND employments.educator_id IN (
        SELECT certificates.educator_id
        FROM certificates
        {RULES}
        LEFT JOIN programmes ON programmes.id = certificates.programme_id
        WHERE {HOLDS} AND {INSIDE}
          AND (CAST(:programme_code AS text) IS NULL OR programmes.code = :programme_code)
          AND (CAST(:source AS text) IS NULL OR certificates.source = :source)
      )
    GROUP BY organisations.area, organisations.area_path
    ORDER BY organisations.area, organisations.area_path
    """  # noqa: S608 -- constants
).bindparams(
    bindparam("as_of", type_=Date),
    bindparam("area", type_=Text),
    bindparam("subject", type_=Text),
    bindparam("programme_code", type_=Text),
    bindparam("source", type_=Text),
)


@dataclass(frozen=True, slots=True)
class Taught:
    """Persons, documents and workplaces of one type of organisation, or of all."""

    organisation_type: str | None
    teachers: int
    certificates: int
    organisations: int
    is_total: bool
    outside: int
    """For how many of the persons the caller is not responsible."""


@dataclass(frozen=True, slots=True)
class Certified:
    """Certified teachers who work in one area."""

    area: str | None
    area_path: list[str]
    teachers: int


async def taught(
    session: AnySession,
    *,
    as_of: date,
    since: date | None,
    area: str | None,
    cohort_id: UUID | None,
    programme_code: str | None,
    reach: Reach,
) -> list[Taught]:
    """By type of organisation, and the total."""
    values = {
        "as_of": as_of,
        "since": since,
        "area": area,
        "cohort_id": cohort_id,
        "programme_code": programme_code,
        "everywhere": reach.everywhere,
        "areas": sorted(reach.areas),
        "organisations": sorted(reach.organisations),
    }
    return [Taught(*row) for row in await session.execute(_TAUGHT, values)]


async def certified(
    session: AnySession,
    *,
    as_of: date,
    area: str | None,
    subject: str | None,
    programme_code: str | None,
    source: str | None,
) -> list[Certified]:
    """Teachers with a certificate that counts towards the norm on the day, by area of work."""
    values = {"as_of": as_of, "area": area, "subject": subject, "programme_code": programme_code, "source": source}
    return [Certified(row[0], list(row[1]), row[2]) for row in await session.execute(_CERTIFIED, values)]
