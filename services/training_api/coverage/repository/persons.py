"""Who is a teacher on a day, what each of them holds then, and until when that meets the norm."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Date, Text, Uuid, bindparam, text

from services.training_api.holding import HELD
from services.training_api.organisations.service import Reach
from shared.db.sessions import AnySession

HOLDS: Final = f"certificates.kind = 'certificate' AND {HELD}"
"""A certificate, and no mere reference of attendance, that somebody holds on the day."""

RULES: Final = (
    "LEFT JOIN norm_rules AS of_issue ON of_issue.code = 'pd-3y' AND of_issue.period @> certificates.issued_on "
    "LEFT JOIN norm_rules AS of_day ON of_day.code = 'pd-3y' AND of_day.period @> :as_of"
)

COUNTS: Final = "certificates.approved AND certificates.academic_hours >= of_issue.min_hours"
"""Whether it counts towards the norm in force when it was issued."""

_WINDOW = "make_interval(months => of_day.window_months)"
_END = f"(certificates.issued_on + {_WINDOW})::date"
OUT_ON: Final = f"least({_END} + (({_END} - {_WINDOW})::date < certificates.issued_on)::int, certificates.valid_until)"
"""The first day on which it is older than the window (`issued_on <= day - window`), or has run out before.

The day after where the month of the end is too short for the day of issue: 29 February 2024 is within 36 months of
28 February 2027, which goes back to 28 February 2024.
"""

INSIDE: Final = f"{COUNTS} AND certificates.issued_on > (:as_of - {_WINDOW})::date"
"""Whether it counts and is inside the window of the day."""

# Grouped and not joined: the server cannot guess how many teachers are employed on a day, and with a wrong guess it
# compares every teacher with every certificate (10 s instead of 30 ms for 15,000 teachers).
PLACED: Final = f"""
    persons AS (
        SELECT educator_id,
               (array_agg(organisation_id) FILTER (WHERE organisation_id IS NOT NULL))[1] AS organisation_id,
               max(subjects) AS subjects,
               max(issued_on) AS last_on,
               max(out_on) AS out_on,
               sum(wanted) AS certificates
        FROM (
            SELECT educator_id, organisation_id, subjects, NULL::date AS issued_on, NULL::date AS out_on, 0 AS wanted
            FROM employments
            WHERE role = 'teacher' AND period @> :as_of
            UNION ALL
            SELECT certificates.educator_id, NULL, NULL, certificates.issued_on,
                   CASE WHEN {COUNTS} THEN {OUT_ON} END,
                   (certificates.issued_on >= coalesce(CAST(:since AS date), DATE '1900-01-01')
                    AND (CAST(:cohort_id AS uuid) IS NULL OR enrolments.cohort_id = :cohort_id)
                    AND (CAST(:programme_code AS text) IS NULL OR programmes.code = :programme_code))::int
            FROM certificates
            {RULES}
            LEFT JOIN enrolments ON enrolments.id = certificates.enrolment_id
            LEFT JOIN programmes ON programmes.id = certificates.programme_id
            WHERE {HOLDS}
        ) AS found
        GROUP BY educator_id
    ),
    placed AS MATERIALIZED (
        SELECT persons.educator_id, persons.organisation_id, persons.subjects, persons.last_on, persons.out_on,
               coalesce(persons.certificates, 0) AS certificates,
               organisations.type, organisations.area_path, organisations.setting, organisations.languages,
               coalesce(organisations.area_path[2], organisations.area_path[1]) AS district,
               (:everywhere OR organisations.id = ANY(:organisations) OR organisations.area_path && :areas) AS seen
        FROM persons
        JOIN organisations ON organisations.id = persons.organisation_id
        WHERE (CAST(:area AS text) IS NULL OR organisations.area_path @> ARRAY[CAST(:area AS text)])
          AND (CAST(:organisation_id AS uuid) IS NULL OR organisations.id = :organisation_id)
          AND (CAST(:organisation_type AS text) IS NULL OR organisations.type = :organisation_type)
          AND (CAST(:subject AS text) IS NULL OR persons.subjects @> ARRAY[CAST(:subject AS text)])
    )
"""  # noqa: S608 -- constants
"""`placed`: one row for each teacher employed on the day, at the workplace of that day, as far as they are asked for.

`last_on` is the day of issue of the last certificate held, `out_on` the first day on which the norm is no longer met
(null: nothing that counts), `certificates` how many documents of those asked for, `seen` whether the caller is
responsible for the workplace.
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which teachers, as of which day, and who is asking."""

    as_of: date
    reach: Reach
    until: date | None = None
    """The last day of the days to come that are looked at."""
    area: str | None = None
    organisation_id: UUID | None = None
    organisation_type: str | None = None
    subject: str | None = None
    since: date | None = None
    cohort_id: UUID | None = None
    programme_code: str | None = None

    def values(self) -> Mapping[str, Any]:
        """What the parameters of a statement stand for."""
        return {
            "as_of": self.as_of,
            "until": self.until or self.as_of,
            "area": self.area,
            "organisation_id": self.organisation_id,
            "organisation_type": self.organisation_type,
            "subject": self.subject,
            "since": self.since,
            "cohort_id": self.cohort_id,
            "programme_code": self.programme_code,
            "everywhere": self.reach.everywhere,
            "areas": sorted(self.reach.areas),
            "organisations": sorted(self.reach.organisations),
        }


_TYPES: Final[dict[str, Any]] = {
    "as_of": Date(),
    "until": Date(),
    "area": Text(),
    "organisation_id": Uuid(),
    "organisation_type": Text(),
    "subject": Text(),
    "since": Date(),
    "cohort_id": Uuid(),
    "programme_code": Text(),
    "everywhere": Boolean(),
    "areas": ARRAY(Text()),
    "organisations": ARRAY(Uuid()),
}


_NAME = re.compile(r"(?<!:):([a-z_]+)")


class Statement:
    """A statement that takes a `Selection`, or as much of it as it asks for."""

    def __init__(self, sql: str, **more: Any) -> None:
        types = {**_TYPES, **more}
        self._names = frozenset(_NAME.findall(sql))
        self._text = text(sql).bindparams(*(bindparam(name, type_=types[name]) for name in sorted(self._names)))

    async def rows(self, session: AnySession, wanted: Selection, **more: Any) -> Sequence[Any]:
        """All its rows; `more` are the values of parameters that a `Selection` does not have."""
        values = {name: value for name, value in {**wanted.values(), **more}.items() if name in self._names}
        return (await session.execute(self._text, values)).all()
