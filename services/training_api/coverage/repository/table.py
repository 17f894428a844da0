"""How many teachers of each organisation meet the norm: the columns of the indicator table."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Date, Text, bindparam, text

from services.training_api.coverage.repository.persons import HOLDS, INSIDE, RULES
from shared.db.engine import consistent
from shared.db.sessions import ReadSession

_ORGANISATIONS = text(
    """
    SELECT id, type, kind, area, area_path, ownership, setting
    FROM organisations
    WHERE NOT deleted
      AND status NOT IN ('proposed', 'approved', 'under_construction', 'created_in_error')
      AND (CAST(:organisation_type AS text) IS NULL OR type = :organisation_type)
      AND (CAST(:area AS text) IS NULL OR area_path @> CAST(ARRAY[:area] AS text[]))
    ORDER BY id
    """
).bindparams(bindparam("organisation_type", type_=Text), bindparam("area", type_=Text))

_UPSKILLED = text(
    f"""
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
            {RULES}
            WHERE {HOLDS} AND {INSIDE}
        ) AS seen
        GROUP BY educator_id
    )
    SELECT organisation_id, count(*) AS teachers, count(*) FILTER (WHERE is_upskilled) AS upskilled
    FROM persons
    WHERE organisation_id IS NOT NULL
    GROUP BY organisation_id
    """  # noqa: S608 -- constants
).bindparams(bindparam("as_of", type_=Date))


@dataclass(frozen=True, slots=True)
class Upskilled:
    """Of the teachers of one organisation, how many meet the norm."""

    id: UUID
    type: str
    kind: str | None
    area: str | None
    area_path: list[str]
    ownership: str | None
    setting: str | None
    teachers: int
    upskilled: int


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
            area_path=row.area_path,
            ownership=row.ownership,
            setting=row.setting,
            teachers=counted.get(row.id, (0, 0))[0],
            upskilled=counted.get(row.id, (0, 0))[1],
        )
        for row in organisations
    ]
