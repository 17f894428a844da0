"""What is done with monthly counts of clubs: taken in whole batches, shown without the small ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.clubs import errors, rules
from services.registry_api.clubs.models import ClubCount, ClubProvider
from services.registry_api.clubs.repository import counts as repository
from services.registry_api.clubs.repository import providers
from services.registry_api.clubs.repository.counts import Wanted
from services.registry_api.organisations.service import trusts
from services.registry_api.texts import text
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import ReadSession, WriteSession
from shared.errors import FieldError, Problem
from shared.ids import new_id
from shared.schemas.registry.clubs import ClubCountCreate, ClubCountsQuery

_NUMBERS = ("children", "vouchers", "visits")
_Key = tuple[date, UUID, UUID, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch."""

    added: int
    changed: int
    unchanged: int


async def record(session: WriteSession, actor: Actor, asked: Sequence[ClubCountCreate], *, now: datetime) -> Taken:
    """Take in all of them or none; the same batch twice changes nothing.

    Raises `OrganisationUnknown`, `OutOfReach` for schools of others, and all that is wrong with rows at once:
    `ClubProviderUnknown`, `MonthToCome`, `RowRepeated`.
    """
    today = day_in_kazakhstan(now)
    named: dict[str, UUID | None] = {f"/counts/{place}/school_id": row.school_id for place, row in enumerate(asked)}
    schools = await belonging.areas_of(session, named, on=today)
    places = {(schools[row.school_id], row.school_id) for row in asked}
    await belonging.demand(session, actor, *sorted(places, key=str), on=today)
    keys = [_key(row) for row in asked]
    await _refuse(session, asked, keys, today=today)
    known = await repository.known(
        session,
        months={key[0] for key in keys},
        schools={key[1] for key in keys},
        providers={key[2] for key in keys},
    )
    there = {(row.month, row.school_id, row.provider_id, row.direction): row for row in known}
    outcomes: Counter[str] = Counter()
    added: list[ClubCount] = []
    for key, row in zip(keys, asked, strict=True):
        numbers = {name: getattr(row, name) for name in _NUMBERS}
        former = there.get(key)
        if former is None:
            added.append(_row(key, numbers, area=schools[row.school_id], now=now))
            outcomes["added"] += 1
        elif any(getattr(former, name) != value for name, value in numbers.items()):
            for name, value in {**numbers, "recorded_at": now}.items():
                setattr(former, name, value)
            outcomes["changed"] += 1
        else:
            outcomes["unchanged"] += 1
    await repository.write(session, added)
    return Taken(outcomes["added"], outcomes["changed"], outcomes["unchanged"])


async def wanted_by(session: ReadSession, query: ClubCountsQuery, *, now: datetime) -> Wanted:
    """The filters of a query, its area with all that lies in it."""
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=day_in_kazakhstan(now))
    return Wanted(
        since=_first_day(query.since) if query.since is not None else None,
        until=_first_day(query.until) if query.until is not None else None,
        school_id=query.school_id,
        provider_id=query.provider_id,
        areas=inside,
        direction=query.direction,
    )


async def page(
    session: ReadSession,
    wanted: Wanted,
    *,
    actor: Actor | None,
    after: Sequence[Any] | None,
    limit: int,
    now: datetime,
) -> list[dict[str, Any]]:
    """Months as `ClubCountRead` reads them, one more than `limit` if there are more; strangers see no small numbers."""
    rows = await repository.page(session, wanted, after=after, limit=limit + 1)
    names = await belonging.names(session, {row.school_id for row, _ in rows}, on=day_in_kazakhstan(now))
    return [_read(row, provider, names, trusted=trusts(actor)) for row, provider in rows]


async def count(session: ReadSession, wanted: Wanted) -> int:
    """How many the list has."""
    return await repository.count(session, wanted)


async def _refuse(
    session: WriteSession, asked: Sequence[ClubCountCreate], keys: Sequence[_Key], *, today: date
) -> None:
    there = await providers.exist(session, {row.provider_id for row in asked})
    wrong: list[tuple[str, type[Problem]]] = []
    seen: set[_Key] = set()
    for place, key in enumerate(keys):
        if key[2] not in there:
            wrong.append((f"/counts/{place}/provider_id", errors.ClubProviderUnknown))
        if key[0] > today:
            wrong.append((f"/counts/{place}/month", errors.MonthToCome))
        if key in seen:
            wrong.append((f"/counts/{place}", errors.RowRepeated))
        seen.add(key)
    kinds = {kind for _, kind in wrong}
    if wrong:
        kind = kinds.pop() if len(kinds) == 1 else errors.CountsRefused
        raise kind(errors=[FieldError(pointer, fault.code, fault.title) for pointer, fault in wrong])


def _key(row: ClubCountCreate) -> _Key:
    return _first_day(row.month), row.school_id, row.provider_id, row.direction


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _row(key: _Key, numbers: Mapping[str, int], *, area: str | None, now: datetime) -> ClubCount:
    month, school_id, provider_id, direction = key
    return ClubCount(
        id=new_id(),
        month=month,
        school_id=school_id,
        provider_id=provider_id,
        direction=direction,
        area_code=area,
        **numbers,
        recorded_at=now,
    )


def _read(row: ClubCount, provider: ClubProvider, names: Mapping[UUID | None, Any], *, trusted: bool) -> dict[str, Any]:
    numbers = {name: getattr(row, name) for name in _NUMBERS}
    shown, suppressed = (numbers, []) if trusted else rules.shown(numbers)
    return {
        **shown,
        **{name: getattr(row, name) for name in ("id", "provider_id", "direction", "recorded_at")},
        "month": f"{row.month:%Y-%m}",
        "school": names[row.school_id],
        "provider_name": text(provider, "name"),
        "suppressed": suppressed,
    }
