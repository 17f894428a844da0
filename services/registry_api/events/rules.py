"""Pure decisions about events and their plans: the course of a life, days, months, revisions, what was carried out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.registry_api.events import errors
from shared import edtf
from shared.edtf import Precision
from shared.schemas.registry.event_plans import EventPlanStatus
from shared.schemas.registry.events import EventStatus

_S = EventStatus

TRANSITIONS: Mapping[EventStatus, tuple[EventStatus, ...]] = {
    _S.PLANNED: (_S.HELD, _S.CANCELLED, _S.POSTPONED),
    _S.POSTPONED: (_S.PLANNED, _S.HELD, _S.CANCELLED),
    _S.CANCELLED: (_S.PLANNED,),
    _S.HELD: (),
}
"""Where the life of an event may go; what was held cannot be unmade."""

WITH_REASON = frozenset({_S.CANCELLED, _S.POSTPONED})

MOST_ITEMS = 500
"""Items of one revision of a plan."""

TELLING = frozenset(
    {"when_text", "duration_days", "status", "host_id", "area_code"}
    | {f"{name}_{language}" for name in ("title", "venue") for language in ("kk", "ru", "en")}
)
"""Columns whose change people with the event in their calendar have to learn of: each raises SEQUENCE."""


@dataclass(frozen=True, slots=True)
class Days:
    """When an event is, as days that can be compared."""

    earliest: date
    latest: date
    """The last day it may begin on."""
    ends_by: date
    """The last day it may still last on."""


def days(when: str, duration_days: int) -> Days:
    """The days that an EDTF text may mean for something that lasts so long.

    >>> days("2022-W51", 2)
    Days(earliest=datetime.date(2022, 12, 19), latest=datetime.date(2022, 12, 25), ends_by=datetime.date(2022, 12, 25))
    >>> days("2026-03-05", 2).ends_by
    datetime.date(2026, 3, 6)
    """
    told = edtf.parse(when)
    return Days(told.earliest, told.latest, max(told.latest, told.earliest + timedelta(days=duration_days - 1)))


def is_day(when: str) -> bool:
    """Whether the very day is known."""
    told = edtf.parse(when)
    return told.precision is Precision.DAY and not (told.approximate or told.uncertain)


def check_transition(current: EventStatus, wanted: EventStatus, *, reason: str | None) -> None:
    """Raise `EventTransitionRefused` or `ReasonNeeded` unless `wanted` is a next step, told as it has to be."""
    allowed = TRANSITIONS[current]
    if wanted not in allowed:
        raise errors.EventTransitionRefused(
            current=current.value, wanted=wanted.value, allowed=", ".join(allowed) or "—"
        )
    if wanted in WITH_REASON and reason is None:
        raise errors.ReasonNeeded(pointer="/reason")


def check_held(earliest: date, *, today: date) -> None:
    """Raise `EventNotYet` for what cannot have been."""
    if earliest > today:
        raise errors.EventNotYet(earliest=earliest.isoformat())


def is_telling(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether people with the event in their calendar have to learn of a change."""
    return any(before[name] != after[name] for name in TELLING)


def categories(audience: Iterable[str], sessions: Iterable[Collection[str]]) -> list[str]:
    """For whom an event is, its sessions included."""
    return sorted({*audience, *(category for session in sessions for category in session)})


def months_of(academic_year: str) -> list[date]:
    """The first days of the months of a school year, September to August.

    >>> months_of("2025-2026")[0], months_of("2025-2026")[-1]
    (datetime.date(2025, 9, 1), datetime.date(2026, 8, 1))
    """
    year = int(academic_year[:4])
    return [date(year, month, 1) for month in range(9, 13)] + [date(year + 1, month, 1) for month in range(1, 9)]


def month_in(academic_year: str, month: str, *, pointer: str) -> date:
    """The first day of a month of the plan. Raises `MonthOutsideYear`."""
    months = months_of(academic_year)
    first = date.fromisoformat(f"{month}-01")
    if first not in months:
        raise errors.MonthOutsideYear(
            pointer=pointer, academic_year=academic_year, first=f"{months[0]:%Y-%m}", last=f"{months[-1]:%Y-%m}"
        )
    return first


def plan_status(*, latest: int, approved: int | None) -> EventPlanStatus:
    """Where a plan is, by the numbers of its latest and its approved revision."""
    if approved is None:
        return EventPlanStatus.DRAFT
    return EventPlanStatus.APPROVED if approved == latest else EventPlanStatus.REVISED


@dataclass(frozen=True, slots=True)
class Planned:
    """An item of a plan, as it is counted."""

    item_id: UUID
    month: date


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that carries out an item, as it is counted."""

    item_id: UUID
    status: EventStatus
    earliest: date


def carried_out(months: Sequence[date], items: Iterable[Planned], events: Iterable[Happened]) -> list[dict[str, Any]]:
    """For each month: items planned, held, held late, cancelled and open, and held / planned (None of nothing).

    An item is held when one of its events was, and cancelled when it has events and all of them were cancelled.
    """
    of_item: dict[UUID, list[Happened]] = {}
    for event in events:
        of_item.setdefault(event.item_id, []).append(event)
    counts = {month: dict.fromkeys(("planned", "held", "late", "cancelled"), 0) for month in months}
    for item in items:
        count = counts[item.month]
        count["planned"] += 1
        happened = of_item.get(item.item_id, [])
        held = [event.earliest for event in happened if event.status is EventStatus.HELD]
        if held:
            count["held"] += 1
            count["late"] += _month_after(item.month) <= min(held)
        elif happened and all(event.status is EventStatus.CANCELLED for event in happened):
            count["cancelled"] += 1
    return [
        {
            "month": f"{month:%Y-%m}",
            **count,
            "rate": rate(count["held"], count["planned"]),
            "open": count["planned"] - count["held"] - count["cancelled"],
        }
        for month, count in counts.items()
    ]


def rate(held: int, planned: int) -> float | None:
    """The part of what was planned that was held; of nothing there is no part."""
    return held / planned if planned else None


def _month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
