"""The indicators that the rating takes from here."""

from datetime import date, datetime

from services.training_api.coverage import errors, repository, rules
from shared.clock import day_in_kazakhstan
from shared.db.sessions import ReadSession
from shared.schemas.tables import IndicatorColumn, IndicatorTable, sealed
from shared.schemas.training.coverage import IndicatorTableQuery

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
