"""What becomes of rooms when organisations end and another carries on, and how that is taken back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from services.registry_api.facilities import repository, rules
from services.registry_api.facilities.models import Facility
from services.registry_api.facilities.rules import Period, Present
from services.registry_api.organisations.succession import Carried, Succession, Undoing
from shared.db.sessions import AnySession, WriteSession

_NOTE = "reorganisation"
_MOST_ROOMS = 2**31 - 1


async def bound(session: AnySession, organisation_ids: Collection[UUID], *, on: date) -> int:
    """How many kinds of rooms these organisations have on that day or later, each organisation for itself."""
    rows = await repository.reaching(session, organisation_ids, since=on)
    return len({(row.organisation_id, row.kind) for row in rows})


async def carry(session: WriteSession, succession: Succession, *, now: datetime) -> list[Carried]:
    """From the day on the successor has the rooms of the predecessors; where it has such rooms, they are added."""
    on, heir = succession.on, succession.successor
    gone = set(succession.predecessors) - {heir}
    carried = []
    rows = await repository.reaching(session, [*gone, heir], since=on)
    for kind, of_kind in groupby(rows, key=lambda row: row.kind):
        timelines = {owner: list(parts) for owner, parts in groupby(of_kind, key=lambda row: row.organisation_id)}
        leaving = [owner for owner in timelines if owner in gone]
        if not leaving:
            continue
        joined = rules.joined([_periods(parts) for parts in timelines.values()], since=on)
        is_there = heir in timelines
        for place, owner in enumerate(leaving):
            outcome = "ended" if is_there or place else "moved"
            carried.append(Carried("facility", timelines[owner][0].id, owner, outcome))
        for owner in timelines:
            await repository.end(session, owner, kind, on=on, now=now)
        for period in joined:
            row = _row(heir, kind, period.rooms)
            await repository.begin(session, row, first=period.first, until=period.until, now=now)
    return carried


async def take_back(session: WriteSession, undoing: Undoing) -> None:
    """Undo what `carry` recorded. Raises `NewerStandsError` where anything was recorded of these rooms since."""
    for owner, kind in await repository.recorded_at(session, undoing.recorded_at):
        await repository.take_back(session, owner, kind, recorded_at=undoing.recorded_at, now=undoing.now)


def _periods(rows: Sequence[Facility]) -> list[Period]:
    return [
        Period(row.valid.lower or date.min, row.valid.upper, Present(row.count, row.area_m2, row.equipment_index))
        for row in rows
    ]


def _row(owner: UUID, kind: str, rooms: Present) -> Facility:
    return Facility(
        organisation_id=owner,
        kind=kind,
        count=min(rooms.count, _MOST_ROOMS),
        area_m2=rooms.area_m2,
        equipment_index=rooms.equipment_index,
        note="",
        source=_NOTE,
    )
