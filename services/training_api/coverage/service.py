"""What can be said about who was taught: indicators for the rating, and reports."""

from datetime import date, datetime

from services.training_api.coverage import errors, repository, rules
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession
from shared.schemas.tables import IndicatorColumn, IndicatorTable, sealed
from shared.schemas.training.coverage import (
    AreaCertified,
    CertifiedQuery,
    CertifiedRead,
    CoverageQuery,
    CoverageRead,
    IndicatorTableQuery,
    TypeCoverage,
)

UPSKILLED_SHARE = "TCH_PD_3Y_SHARE"
KNOWN = frozenset({UPSKILLED_SHARE})
_ATTRIBUTES = ("type", "kind", "area", "ownership", "setting")


async def indicator_table(session: ReadSession, query: IndicatorTableQuery, *, now: datetime) -> IndicatorTable:
    """The indicators of all organisations asked for, counted from this service's own data in one statement.

    Raises `IndicatorUnknown`.
    """
    asked = query.indicators.split(",") if query.indicators else sorted(KNOWN)
    if unknown := [code for code in asked if code not in KNOWN]:
        raise errors.IndicatorUnknown(pointer="?indicators", indicator=unknown[0], known=", ".join(sorted(KNOWN)))
    as_of: date = query.as_of or day_in_kazakhstan(now)
    rows = await repository.upskilled(session, as_of=as_of, organisation_type=query.organisation_type, area=query.area)
    cells = [rules.share(row.upskilled, row.teachers) for row in rows]
    column = IndicatorColumn(
        value=[cell.value for cell in cells],
        n=[cell.n for cell in cells],
        variance=[cell.variance for cell in cells],
        reason=[cell.reason for cell in cells],
    )
    return sealed(
        [row.id for row in rows],
        {name: [getattr(row, name) for row in rows] for name in _ATTRIBUTES},
        {UPSKILLED_SHARE: column},
        as_of,
    )


async def coverage(session: AnySession, query: CoverageQuery, *, now: datetime) -> CoverageRead:
    """Persons and documents: who has two certificates counts once."""
    as_of = query.as_of or day_in_kazakhstan(now)
    rows = await repository.taught(
        session,
        as_of=as_of,
        since=query.since,
        area=query.area,
        cohort_id=query.cohort_id,
        programme_code=query.programme_code,
    )
    total = next(row for row in rows if row.is_total)
    return CoverageRead(
        teachers=total.teachers,
        certificates=total.certificates,
        organisations=total.organisations,
        mean_per_organisation=total.teachers / total.organisations if total.organisations else None,
        by_type=[
            TypeCoverage(
                organisation_type=row.organisation_type,
                teachers=row.teachers,
                certificates=row.certificates,
                organisations=row.organisations,
            )
            for row in rows
            if not row.is_total
        ],
        as_of=as_of,
    )


async def certified(session: AnySession, query: CertifiedQuery, *, now: datetime) -> CertifiedRead:
    """How many certified teachers work where: each person once, at the main workplace."""
    as_of = query.as_of or day_in_kazakhstan(now)
    rows = await repository.certified(
        session,
        as_of=as_of,
        area=query.area,
        subject=query.subject,
        programme_code=query.programme_code,
        source=query.source,
    )
    return CertifiedRead(
        teachers=sum(row.teachers for row in rows),
        areas=[AreaCertified(area=row.area, area_path=row.area_path, teachers=row.teachers) for row in rows],
        as_of=as_of,
    )
