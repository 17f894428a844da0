"""Who needs a course, by subject and district, against the free seats of the courses to come."""

from datetime import datetime

from services.training_api import disclosure
from services.training_api.coverage import repository
from services.training_api.coverage.repository import Lacking
from services.training_api.coverage.service.documents import demand_wide
from services.training_api.coverage.service.due import selection
from services.training_api.organisations import service as organisations
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession
from shared.schemas.training.due import Need, NeedQuery, NeedsRead

Row = tuple[str | None, str | None]
"""A subject and a district."""


async def needs(session: AnySession, actor: Actor, query: NeedQuery, *, now: datetime) -> NeedsRead:
    """Every subject and district in which somebody needs a course or a course has a free seat.

    Raises `SelectionTooNarrow`.
    """
    wanted = selection(query, organisations.reach(actor, Scope.TRAINING_READ), now=now)
    found = {(one.subject, one.district): one for one in await repository.lacking(session, wanted)}
    seats: dict[Row, int] = {}
    for planned in await repository.planned(session, wanted):
        seats[planned.subject, planned.district] = planned.seats
    total, outside = await repository.lacking_persons(session, wanted)
    demand_wide(query.area, outside=outside, is_one_workplace=query.organisation_id is not None)
    hidden = _hidden(found)
    rows = sorted(found.keys() | seats.keys(), key=lambda row: tuple((part is None, part or "") for part in row))
    return NeedsRead(
        as_of=wanted.as_of,
        until=wanted.until or wanted.as_of,
        teachers=None if outside and disclosure.is_small(total) else total,
        needs=[_need(row, found.get(row), seats.get(row, 0), hidden=row in hidden) for row in rows],
    )


def _hidden(found: dict[Row, Lacking]) -> frozenset[object]:
    """Rows that are not shown. Those of one subject add up to what the report of who is due tells of the subject."""
    cells: dict[object, tuple[int]] = {row: (one.teachers,) for row, one in found.items()}
    sums: dict[object, list[object]] = {}
    for row, one in found.items():
        sums.setdefault(one.subject, []).append(row)
    for subject, rows in sums.items():
        cells[subject] = (sum(cells[row][0] for row in rows),)
    known = [row for row, one in found.items() if not one.outside]
    known_sums = [subject for subject, rows in sums.items() if all(row in known for row in rows)]
    return disclosure.hidden(cells, list(sums.items()), known=[*known, *known_sums])


def _need(row: Row, one: Lacking | None, seats: int, *, hidden: bool) -> Need:
    subject, area = row
    teachers = one.teachers if one else 0
    return Need(
        subject=subject,
        area=area,
        teachers=None if hidden else teachers,
        seats=seats,
        gap=None if hidden else max(0, teachers - seats),
        suppressed=hidden,
    )
