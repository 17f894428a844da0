"""The statements that count over the tables of several capabilities at once; they only read."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Date, Text, Uuid, bindparam, text

from shared.db.engine import consistent
from shared.db.sessions import AnySession, ReadSession

# Tables are named here as text: coverage stands above all capabilities, belongs to none of them, and a report over
# five tables asked piece by piece would be five thousand queries.

_ORGANISATIONS = text(
    """
    SELECT id, type, kind, area, ownership, setting
    FROM organisations
    WHERE NOT deleted
      AND status NOT IN ('proposed', 'approved', 'under_construction', 'created_in_error')
      AND (CAST(:organisation_type AS text) IS NULL OR type = :organisation_type)
      AND (CAST(:area AS text) IS NULL OR area_path @> CAST(ARRAY[:area] AS text[]))
    ORDER BY id
    """
).bindparams(bindparam("organisation_type", type_=Text), bindparam("area", type_=Text))

# Grouped and not joined: the server cannot guess how many teachers are employed on a day, and with a wrong guess it
# compares every teacher with every certificate (10 s instead of 30 ms for 15,000 teachers).
_UPSKILLED = text(
    """
    WITH persons AS (
        SELECT educator_id,
               (array_agg(organisation_id) FILTER (WHERE organisation_id IS NOT NULL))[1] AS organisation_id,
               bool_or(is_upskilled) AS is_upskilled
        FROM (
            SELECT educator_id, organisation_id, false AS is_upskilled
            FROM employments
            WHERE role = 'teacher' AND period @> :as_of
            UNION ALL
            SELECT certificates.educator_id, NULL, true
            FROM certificates
            JOIN norm_rules AS of_issue ON of_issue.code = 'pd-3y' AND of_issue.period @> certificates.issued_on
            JOIN norm_rules AS of_day ON of_day.code = 'pd-3y' AND of_day.period @> :as_of
            WHERE certificates.kind = 'certificate'
              AND certificates.approved
              AND certificates.academic_hours >= of_issue.min_hours
              AND certificates.issued_on <= :as_of
              AND certificates.issued_on > (:as_of - make_interval(months => of_day.window_months))::date
        ) AS seen
        GROUP BY educator_id
    )
    SELECT organisation_id, count(*) AS teachers, count(*) FILTER (WHERE is_upskilled) AS upskilled
    FROM persons
    WHERE organisation_id IS NOT NULL
    GROUP BY organisation_id
    """
).bindparams(bindparam("as_of", type_=Date))

_TAUGHT = text(
    """
    SELECT organisations.type AS organisation_type,
           count(DISTINCT certificates.educator_id) AS teachers,
           count(*) AS certificates,
           count(DISTINCT certificates.organisation_id) AS organisations,
           grouping(organisations.type) = 1 AS is_total
    FROM certificates
    JOIN organisations ON organisations.id = certificates.organisation_id
    LEFT JOIN enrolments ON enrolments.id = certificates.enrolment_id
    LEFT JOIN programmes ON programmes.id = certificates.programme_id
    WHERE certificates.kind = 'certificate'
      AND certificates.issued_on <= :as_of
      AND (CAST(:since AS date) IS NULL OR certificates.issued_on >= :since)
      AND (CAST(:area AS text) IS NULL OR organisations.area_path @> ARRAY[CAST(:area AS text)])
      AND (CAST(:cohort_id AS uuid) IS NULL OR enrolments.cohort_id = :cohort_id)
      AND (CAST(:programme_code AS text) IS NULL OR programmes.code = :programme_code)
    GROUP BY GROUPING SETS ((organisations.type), ())
    ORDER BY organisations.type
    """
).bindparams(
    bindparam("as_of", type_=Date),
    bindparam("since", type_=Date),
    bindparam("area", type_=Text),
    bindparam("cohort_id", type_=Uuid),
    bindparam("programme_code", type_=Text),
)

# One main workplace at a time, so nobody is counted in two areas.
_CERTIFIED = text(
    """
    SELECT organisations.area, organisations.area_path, count(*) AS teachers
    FROM employments
    JOIN organisations ON organisations.id = employments.organisation_id
    WHERE employments.role = 'teacher' AND employments.period @> :as_of
      AND (CAST(:area AS text) IS NULL OR organisations.area_path @> ARRAY[CAST(:area AS text)])
      AND (CAST(:subject AS text) IS NULL OR employments.subjects @> ARRAY[CAST(:subject AS text)])
      AND employments.educator_id IN (
        SELECT certificates.educator_id
        FROM certificates
        JOIN norm_rules AS of_issue ON of_issue.code = 'pd-3y' AND of_issue.period @> certificates.issued_on
        JOIN norm_rules AS of_day ON of_day.code = 'pd-3y' AND of_day.period @> :as_of
        LEFT JOIN programmes ON programmes.id = certificates.programme_id
        WHERE certificates.kind = 'certificate'
          AND certificates.approved
          AND certificates.academic_hours >= of_issue.min_hours
          AND certificates.issued_on <= :as_of
          AND certificates.issued_on > (:as_of - make_interval(months => of_day.window_months))::date
          AND (CAST(:programme_code AS text) IS NULL OR programmes.code = :programme_code)
          AND (CAST(:source AS text) IS NULL OR certificates.source = :source)
      )
    GROUP BY organisations.area, organisations.area_path
    ORDER BY organisations.area, organisations.area_path
    """
).bindparams(
    bindparam("as_of", type_=Date),
    bindparam("area", type_=Text),
    bindparam("subject", type_=Text),
    bindparam("programme_code", type_=Text),
    bindparam("source", type_=Text),
)


@dataclass(frozen=True, slots=True)
class Upskilled:
    """Of the teachers of one organisation, how many meet the norm."""

    id: UUID
    type: str
    kind: str | None
    area: str | None
    ownership: str | None
    setting: str | None
    teachers: int
    upskilled: int


@dataclass(frozen=True, slots=True)
class Taught:
    """Persons, documents and workplaces of one type of organisation, or of all."""

    organisation_type: str | None
    teachers: int
    certificates: int
    organisations: int
    is_total: bool


@dataclass(frozen=True, slots=True)
class Certified:
    """Certified teachers who work in one area."""

    area: str | None
    area_path: list[str]
    teachers: int


async def upskilled(
    session: ReadSession, *, as_of: date, organisation_type: str | None, area: str | None
) -> list[Upskilled]:
    """All organisations in the order of their ids, those without teachers among them."""
    async with consistent(session):
        listed = await session.execute(_ORGANISATIONS, {"organisation_type": organisation_type, "area": area})
        organisations = listed.all()
        counted = {row[0]: (row[1], row[2]) for row in await session.execute(_UPSKILLED, {"as_of": as_of})}
    return [
        Upskilled(
            id=row.id,
            type=row.type,
            kind=row.kind,
            area=row.area,
            ownership=row.ownership,
            setting=row.setting,
            teachers=counted.get(row.id, (0, 0))[0],
            upskilled=counted.get(row.id, (0, 0))[1],
        )
        for row in organisations
    ]


async def taught(
    session: AnySession,
    *,
    as_of: date,
    since: date | None,
    area: str | None,
    cohort_id: UUID | None,
    programme_code: str | None,
) -> list[Taught]:
    """By type of organisation, and the total."""
    found = await session.execute(
        _TAUGHT,
        {"as_of": as_of, "since": since, "area": area, "cohort_id": cohort_id, "programme_code": programme_code},
    )
    return [Taught(*row) for row in found]


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
