"""The indicators that the rating takes from here."""

from datetime import date, datetime

from services.training_api import disclosure
from services.training_api.coverage import errors, repository, rules
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import ReadSession
from shared.schemas.tables import IndicatorColumn, IndicatorTable, sealed
from shared.schemas.training.coverage import IndicatorTableQuery

UPSKILLED_SHARE = "TCH_PD_3Y_SHARE"
KNOWN = frozenset({UPSKILLED_SHARE})
_ATTRIBUTES = ("type", "kind", "area", "ownership", "setting")


async def indicator_table(
    session: ReadSession, actor: Actor, query: IndicatorTableQuery, *, now: datetime
) -> IndicatorTable:
    """The indicators of all organisations asked for, counted from this service's own data in one statement.

    Of an organisation beyond the caller's reach a share is not told that would tell of fewer than five persons.

    Raises `IndicatorUnknown`.
    """
    asked = query.indicators.split(",") if query.indicators else sorted(KNOWN)
    if unknown := [code for code in asked if code not in KNOWN]:
        raise errors.IndicatorUnknown(pointer="?indicators", indicator=unknown[0], known=", ".join(sorted(KNOWN)))
    as_of: date = query.as_of or day_in_kazakhstan(now)
    rows = await repository.upskilled(session, as_of=as_of, organisation_type=query.organisation_type, area=query.area)
    cells = [
        rules.SUPPRESSED
        if _tells_of_few(row) and not actor.reaches(row.area_path, row.id, scope=Scope.TRAINING_READ)
        else rules.share(row.upskilled, row.teachers)
        for row in rows
    ]
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


def _tells_of_few(row: repository.Upskilled) -> bool:
    return any(map(disclosure.is_small, (row.teachers, row.upskilled, row.teachers - row.upskilled)))
