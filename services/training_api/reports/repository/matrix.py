"""Regions by themes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, Text, Uuid, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import ARRAY

from services.training_api.holding import HELD
from services.training_api.organisations.service import Reach
from services.training_api.reports.models import Region
from shared.db.sessions import AnySession, WriteSession

_THEMES = text("SELECT DISTINCT theme FROM programmes WHERE theme IS NOT NULL ORDER BY theme")
_TAUGHT = text(
    """
    SELECT region, grouping(region) = 1, theme, grouping(theme) = 1, count(*), count(DISTINCT cohort_id)
    FROM (
        SELECT organisations.area_path[1] AS region, programmes.theme, cohorts.id AS cohort_id
        FROM cohorts
        JOIN programmes ON programmes.id = cohorts.programme_id
        JOIN venues ON venues.cohort_id = cohorts.id
        JOIN organisations ON organisations.id = venues.organisation_id
        WHERE cohorts.status NOT IN ('draft', 'cancelled')
          AND cohorts.starts_on <= :as_of
          AND (CAST(:since AS date) IS NULL OR cohorts.ends_on >= :since)
    ) AS found
    GROUP BY GROUPING SETS ((region, theme), (region), (theme), ())
    """
).bindparams(bindparam("as_of", type_=Date), bindparam("since", type_=Date))
_HELD = text(
    f"""
    SELECT region, grouping(region) = 1, theme, grouping(theme) = 1,
           count(DISTINCT educator_id), count(*), count(*) FILTER (WHERE NOT seen)
    FROM (
        SELECT organisations.area_path[1] AS region, programmes.theme, certificates.educator_id,
               (:everywhere OR organisations.id = ANY(:organisations) OR organisations.area_path && :areas) AS seen
        FROM certificates
        JOIN organisations ON organisations.id = certificates.organisation_id
        LEFT JOIN programmes ON programmes.id = certificates.programme_id
        WHERE certificates.kind = 'certificate' AND {HELD}
          AND (CAST(:since AS date) IS NULL OR certificates.issued_on >= :since)
    ) AS found
    GROUP BY GROUPING SETS ((region, theme), (region), (theme), ())
    """  # noqa: S608 -- constants
).bindparams(
    bindparam("as_of", type_=Date),
    bindparam("since", type_=Date),
    bindparam("everywhere", type_=Boolean),
    bindparam("areas", type_=ARRAY(Text)),
    bindparam("organisations", type_=ARRAY(Uuid)),
)


@dataclass(frozen=True, slots=True)
class Taught:
    """Venues and cohorts of one cell; `is_all_…`: of all regions, of all themes."""

    region: str | None
    is_all_regions: bool
    theme: str | None
    is_all_themes: bool
    venues: int
    cohorts: int


@dataclass(frozen=True, slots=True)
class Held:
    """Persons and certificates of one cell."""

    region: str | None
    is_all_regions: bool
    theme: str | None
    is_all_themes: bool
    persons: int
    certificates: int
    outside: int
    """How many of the certificates are of persons for whom the caller is not responsible."""


async def regions(session: AnySession, *, as_of: date) -> list[Region]:
    """The regions there are on the day, by code."""
    query = select(Region).where((Region.valid_until.is_(None)) | (Region.valid_until > as_of))
    return list(await session.scalars(query.order_by(Region.code)))


async def keep_regions(session: WriteSession, rows: Sequence[Mapping[str, Any]], *, today: date) -> None:
    """Write the regions there are; the others have ended, today at the latest."""
    statement = insert(Region)
    new = {name: statement.excluded[name] for name in ("name_kk", "name_ru", "name_en", "valid_until")}
    await session.execute(statement.on_conflict_do_update(index_elements=[Region.code], set_=new), list(rows))
    gone = Region.code.not_in([row["code"] for row in rows]) & Region.valid_until.is_(None)
    await session.execute(update(Region).where(gone).values(valid_until=today))


async def themes(session: AnySession) -> list[str]:
    """Every theme some programme has."""
    return list(await session.scalars(_THEMES))


async def taught(session: AnySession, *, as_of: date, since: date | None) -> list[Taught]:
    """Every cell that is not empty, with the sums of rows, of columns and of all."""
    found: Sequence[Any] = (await session.execute(_TAUGHT, {"as_of": as_of, "since": since})).all()
    return [Taught(*row) for row in found]


async def held(session: AnySession, *, as_of: date, since: date | None, reach: Reach) -> list[Held]:
    """The same of persons and certificates."""
    values: Mapping[str, Any] = {
        "as_of": as_of,
        "since": since,
        "everywhere": reach.everywhere,
        "areas": sorted(reach.areas),
        "organisations": sorted(reach.organisations),
    }
    found: Sequence[Any] = (await session.execute(_HELD, values)).all()
    return [Held(*row) for row in found]
