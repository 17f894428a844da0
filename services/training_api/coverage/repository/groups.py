"""Coverage by whatever teachers can be told apart by."""

from dataclasses import dataclass

from services.training_api.coverage.repository.persons import PLACED, Selection, Statement
from shared.db.sessions import AnySession
from shared.schemas.training.coverage import Breakdown

_YEARS = """
    CROSS JOIN LATERAL (SELECT extract(year FROM age(:as_of, placed.last_on))::int) AS passed(years)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN years IS NULL THEN 'never' WHEN years >= 5 THEN '5+' ELSE years::text END
    ) AS told(key)
"""
_KEYS = {
    Breakdown.SUBJECT: "LEFT JOIN LATERAL unnest(placed.subjects) AS told(key) ON true",
    Breakdown.DISTRICT: "CROSS JOIN LATERAL (SELECT placed.district) AS told(key)",
    Breakdown.LANGUAGE: "LEFT JOIN LATERAL unnest(placed.languages) AS told(key) ON true",
    Breakdown.CATEGORY: "JOIN educators ON educators.id = placed.educator_id "
    "CROSS JOIN LATERAL (SELECT educators.category) AS told(key)",
    Breakdown.SETTING: "CROSS JOIN LATERAL (SELECT placed.setting) AS told(key)",
    Breakdown.TYPE: "CROSS JOIN LATERAL (SELECT placed.type) AS told(key)",
    Breakdown.YEARS_SINCE: _YEARS,
}
_GROUPS = {
    by: Statement(
        f"""
        WITH {PLACED},
        cells AS (
            SELECT NULL::text AS key, true AS is_total, placed.* FROM placed
            UNION ALL
            SELECT told.key, false, placed.* FROM placed {keys}
        )
        SELECT is_total, key,
               count(*) AS teachers,
               count(*) FILTER (WHERE out_on > :as_of) AS upskilled,
               count(*) FILTER (WHERE certificates > 0) AS taught,
               coalesce(sum(certificates), 0)::bigint AS certificates,
               count(*) FILTER (WHERE last_on IS NULL) AS never,
               count(*) FILTER (WHERE NOT seen) AS outside
        FROM cells
        GROUP BY is_total, key
        ORDER BY is_total DESC, key
        """  # noqa: S608 -- constants
    )
    for by, keys in _KEYS.items()
}


@dataclass(frozen=True, slots=True)
class Group:
    """Teachers who have something in common, or all of them."""

    is_total: bool
    key: str | None
    teachers: int
    upskilled: int
    """How many meet the norm on the day."""
    taught: int
    """How many hold one of the documents asked for."""
    certificates: int
    never: int
    """How many hold no certificate at all."""
    outside: int
    """For how many of them the caller is not responsible."""


async def groups(session: AnySession, wanted: Selection, *, by: Breakdown) -> list[Group]:
    """All of them first (not there if there are none), then each group. Who teaches two subjects is in two groups."""
    return [Group(*row) for row in await _GROUPS[by].rows(session, wanted)]
