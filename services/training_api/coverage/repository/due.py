"""Whose window of the norm ends, and who is already out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid

from services.training_api.coverage.repository.persons import PLACED, Selection, Statement
from shared.db.sessions import AnySession

_STATE = """
    CASE WHEN placed.out_on > :until THEN 'met'
         WHEN placed.out_on > :as_of THEN 'due'
         WHEN placed.out_on IS NOT NULL THEN 'out'
         WHEN placed.last_on IS NOT NULL THEN 'uncounted'
         ELSE 'never' END
"""
_COUNTS = """
    count(*) AS teachers,
    count(*) FILTER (WHERE state IN ('met', 'due')) AS met,
    count(*) FILTER (WHERE state = 'due') AS due,
    count(*) FILTER (WHERE state = 'out') AS out,
    count(*) FILTER (WHERE state = 'uncounted') AS uncounted,
    count(*) FILTER (WHERE state = 'never') AS never
"""
_JUDGED = f"judged AS MATERIALIZED (SELECT placed.*, {_STATE} AS state FROM placed)"  # noqa: S608 -- constants

_DUE = Statement(
    f"""
    WITH {PLACED}, {_JUDGED},
    dated AS (
        SELECT judged.*, CASE WHEN out_on > :as_of THEN to_char(out_on, 'YYYY-MM') END AS month FROM judged
    )
    SELECT CASE WHEN grouping(district) = 0 THEN 'area' WHEN grouping(month) = 0 THEN 'month' ELSE 'total' END AS what,
           coalesce(district, month) AS key, {_COUNTS}, count(*) FILTER (WHERE NOT seen) AS outside
    FROM dated
    GROUP BY GROUPING SETS ((district), (month), ())
    ORDER BY 1, 2
    """  # noqa: S608 -- constants
)
_WORKPLACES = f"""
    WITH {PLACED}, {_JUDGED}
    SELECT judged.organisation_id, organisations.name_kk, organisations.name_ru, organisations.name_en,
           organisations.type, organisations.area, {_COUNTS}
    FROM judged
    JOIN organisations ON organisations.id = judged.organisation_id
    WHERE judged.seen
    GROUP BY judged.organisation_id, organisations.name_kk, organisations.name_ru, organisations.name_en,
             organisations.type, organisations.area
"""  # noqa: S608 -- constants
_WORKPLACE_PAGE = Statement(
    f"SELECT * FROM ({_WORKPLACES}) AS listed "  # noqa: S608 -- constants
    "WHERE CAST(:after_id AS uuid) IS NULL OR organisation_id > :after_id ORDER BY organisation_id LIMIT :limit",
    after_id=Uuid(),
    limit=Integer(),
)
_WORKPLACE_COUNT = Statement(f"SELECT count(*) FROM ({_WORKPLACES}) AS listed")  # noqa: S608 -- constants
_LISTED = f"""
    WITH {PLACED}, {_JUDGED}
    SELECT judged.educator_id, judged.organisation_id, judged.subjects, judged.state, judged.last_on, judged.out_on,
           coalesce(judged.out_on, DATE '1900-01-01') AS place
    FROM judged
    WHERE judged.seen
      AND CASE WHEN CAST(:state AS text) IS NULL THEN judged.state <> 'met' ELSE judged.state = :state END
"""  # noqa: S608 -- constants
_NAMED_PAGE = Statement(
    f"""
    SELECT listed.*, educators.category, named.family_kk, named.given_kk, named.patronymic_kk,
           named.family_ru, named.given_ru, named.patronymic_ru
    FROM (
        SELECT * FROM ({_LISTED}) AS every
        WHERE CAST(:after_on AS date) IS NULL OR (place, educator_id) > (:after_on, CAST(:after_id AS uuid))
        ORDER BY place, educator_id
        LIMIT :limit
    ) AS listed
    JOIN educators ON educators.id = listed.educator_id
    LEFT JOIN educators AS named ON named.id = listed.educator_id AND named.state = 'active'
    ORDER BY listed.place, listed.educator_id
    """,  # noqa: S608 -- constants
    state=Text(),
    after_on=Date(),
    after_id=Uuid(),
    limit=Integer(),
)
_NAMED_COUNT = Statement(f"SELECT count(*) FROM ({_LISTED}) AS listed", state=Text())  # noqa: S608 -- constants
_LACKING = Statement(
    f"""
    WITH {PLACED}, {_JUDGED}
    SELECT told.subject, judged.district, count(*) AS teachers, count(*) FILTER (WHERE NOT seen) AS outside
    FROM judged LEFT JOIN LATERAL unnest(judged.subjects) AS told(subject) ON true
    WHERE judged.state <> 'met'
    GROUP BY told.subject, judged.district
    ORDER BY told.subject, judged.district
    """  # noqa: S608 -- constants
)

_LACKING_PERSONS = Statement(
    f"WITH {PLACED}, {_JUDGED} "  # noqa: S608 -- constants
    "SELECT count(*), count(*) FILTER (WHERE NOT seen) FROM judged WHERE state <> 'met'"
)


@dataclass(frozen=True, slots=True)
class Due:
    """Teachers of one district, those whose window ends in one month, or all."""

    what: str
    """`area`, `month` or `total`."""
    key: str | None
    teachers: int
    met: int
    """Who meet the norm on the day, those who are due among them."""
    due: int
    out: int
    uncounted: int
    never: int
    outside: int
    """For how many of them the caller is not responsible."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Teachers of one organisation."""

    organisation_id: UUID
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    type: str
    area: str | None
    teachers: int
    met: int
    due: int
    out: int
    uncounted: int
    never: int


@dataclass(frozen=True, slots=True)
class Named:
    """One teacher who is due or out."""

    educator_id: UUID
    organisation_id: UUID
    subjects: list[str]
    state: str
    last_on: date | None
    out_on: date | None
    place: date
    """What the list is ordered by: `out_on`, or the first day of all for who has nothing that counts."""
    category: str | None
    """Names are of those only whose data are neither blocked nor erased."""
    family_kk: str | None
    given_kk: str | None
    patronymic_kk: str | None
    family_ru: str | None
    given_ru: str | None
    patronymic_ru: str | None


@dataclass(frozen=True, slots=True)
class Lacking:
    """Teachers of one subject in one district who need a course."""

    subject: str | None
    district: str | None
    teachers: int
    outside: int


async def due(session: AnySession, wanted: Selection) -> list[Due]:
    """By district, by the month in which windows end, and the total."""
    return [Due(*row) for row in await _DUE.rows(session, wanted)]


async def workplaces(session: AnySession, wanted: Selection, *, after: UUID | None, limit: int) -> list[Workplace]:
    """Workplaces the caller is responsible for, one more than a page if there is one."""
    found = await _WORKPLACE_PAGE.rows(session, wanted, after_id=after, limit=limit + 1)
    return [Workplace(*row) for row in found]


async def workplaces_count(session: AnySession, wanted: Selection) -> int:
    return int((await _WORKPLACE_COUNT.rows(session, wanted))[0][0])


async def named(
    session: AnySession, wanted: Selection, *, state: str | None, after: Sequence[Any] | None, limit: int
) -> list[Named]:
    """Teachers the caller is responsible for, who wait longest first; without a state all who do not meet the norm."""
    after_on, after_id = after or (None, None)
    found = await _NAMED_PAGE.rows(session, wanted, state=state, after_on=after_on, after_id=after_id, limit=limit + 1)
    return [Named(*row) for row in found]


async def named_count(session: AnySession, wanted: Selection, *, state: str | None) -> int:
    return int((await _NAMED_COUNT.rows(session, wanted, state=state))[0][0])


async def lacking(session: AnySession, wanted: Selection) -> list[Lacking]:
    """By subject and district: who does not meet the norm on the last of the days looked at. Who teaches two subjects
    is in two rows."""
    return [Lacking(*row) for row in await _LACKING.rows(session, wanted)]


async def lacking_persons(session: AnySession, wanted: Selection) -> tuple[int, int]:
    """The same persons, each once: how many, and for how many of them the caller is not responsible."""
    ((persons, outside),) = await _LACKING_PERSONS.rows(session, wanted)
    return int(persons), int(outside)
