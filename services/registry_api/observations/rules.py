"""Periods and values of observations: which are well formed, and which one a table takes."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from shared.schemas.registry.indicators import PeriodKind

_EARLIEST_YEAR = 1900
_LATEST_YEAR = 2200


class PeriodShape(StrEnum):
    """How a period is written."""

    SCHOOL_YEAR = "2025-2026"
    YEAR = "2025"
    HALF_YEAR = "2025-H1"
    QUARTER = "2025-Q1"
    MONTH = "2025-03"


_PATTERNS: Mapping[PeriodShape, re.Pattern[str]] = MappingProxyType(
    {
        PeriodShape.SCHOOL_YEAR: re.compile(r"([0-9]{4})-([0-9]{4})"),
        PeriodShape.YEAR: re.compile(r"([0-9]{4})"),
        PeriodShape.HALF_YEAR: re.compile(r"([0-9]{4})-H([12])"),
        PeriodShape.QUARTER: re.compile(r"([0-9]{4})-Q([1-4])"),
        PeriodShape.MONTH: re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
    }
)
_MONTHS_IN = {PeriodShape.HALF_YEAR: 6, PeriodShape.QUARTER: 3, PeriodShape.MONTH: 1}

_YEARLY = frozenset({PeriodShape.SCHOOL_YEAR, PeriodShape.YEAR})
_ANY = frozenset(PeriodShape)

ACCEPTED: Mapping[PeriodKind, frozenset[PeriodShape]] = MappingProxyType(
    {
        PeriodKind.SCHOOL_YEAR: frozenset({PeriodShape.SCHOOL_YEAR}),
        PeriodKind.CALENDAR_YEAR: frozenset({PeriodShape.YEAR}),
        PeriodKind.HALF_YEAR: frozenset({PeriodShape.HALF_YEAR}),
        PeriodKind.QUARTER: frozenset({PeriodShape.QUARTER}),
        PeriodKind.MONTH: frozenset({PeriodShape.MONTH}),
        # A window that slides with its last day, a cohort, a cycle, a course or an event is filed under whatever
        # period its result is reported for.
        PeriodKind.ROLLING_36_MONTHS: _ANY,
        PeriodKind.COHORT_12_MONTHS: _YEARLY,
        PeriodKind.ATTESTATION_CYCLE: _YEARLY,
        PeriodKind.COURSE: _ANY,
        PeriodKind.EVENT: _ANY,
        PeriodKind.ONCE: _ANY,
    }
)
"""Which ways of writing a period suit an indicator."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period as written, and the days it runs over."""

    text: str
    shape: PeriodShape
    first: date
    last: date


def period(text: str) -> Period | None:
    """The period that `text` names; None if it names none.

    A school year runs from 1 September to 31 August.

    >>> period("2025-2026").last, period("2025-Q1").last, period("2025-2027")
    (datetime.date(2026, 8, 31), datetime.date(2025, 3, 31), None)
    """
    for shape, pattern in _PATTERNS.items():
        if (found := pattern.fullmatch(text)) is None:
            continue
        year = int(found[1])
        if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
            return None
        if shape is PeriodShape.SCHOOL_YEAR:
            if int(found[2]) != year + 1:
                return None
            return Period(text, shape, date(year, 9, 1), date(year + 1, 8, 31))
        if shape is PeriodShape.YEAR:
            return Period(text, shape, date(year, 1, 1), date(year, 12, 31))
        length = _MONTHS_IN[shape]
        last_month = int(found[2]) * length
        return Period(
            text,
            shape,
            date(year, last_month - length + 1, 1),
            date(year, last_month, monthrange(year, last_month)[1]),
        )
    return None


def suits(found: Period, kind: PeriodKind) -> bool:
    """Whether an indicator of this kind can be observed for the period."""
    return found.shape in ACCEPTED[kind]


def is_plausible(value: float, low: float | None, high: float | None) -> bool:
    """Whether a value lies in the range its indicator calls plausible; an open end allows all."""
    return (low is None or value >= low) and (high is None or value <= high)


_MONTHS_OF_KIND = {PeriodKind.HALF_YEAR: 6, PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}


def last_day_of_period(kind: PeriodKind, day: date) -> date:
    """The last day of the period of this kind that runs on a day; of kinds without a calendar, of its year.

    >>> last_day_of_period(PeriodKind.SCHOOL_YEAR, date(2026, 9, 1))
    datetime.date(2027, 8, 31)
    >>> last_day_of_period(PeriodKind.QUARTER, date(2026, 5, 9))
    datetime.date(2026, 6, 30)
    """
    if kind is PeriodKind.SCHOOL_YEAR:
        return date(day.year + (day.month >= 9), 8, 31)
    months = _MONTHS_OF_KIND.get(kind, 12)
    month = (day.month - 1) // months * months + months
    return date(day.year, month, monthrange(day.year, month)[1])
