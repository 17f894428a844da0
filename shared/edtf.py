"""Dates as exact as they are known: EDTF (ISO 8601-2, level 1, and weeks), and the days they may mean."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Imprecise:
    """What an EDTF text means."""

    text: str
    earliest: date
    latest: date
    """The last day it may mean, included."""
    precision: Precision
    approximate: bool
    """`~` or `%`: about then."""
    uncertain: bool
    """`?` or `%`: perhaps then."""

    def overdue(self, on: date) -> bool:
        """Whether it is over for certain: a day it may still mean is in time."""
        return on > self.latest


_FORM = re.compile(r"(\d{4})(?:-(?:W(\d\d)|(\d\d)(?:-(\d\d))?))?([~?%]?)", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def parse(text: str) -> Imprecise:
    """What the text means.

    >>> parse("2022-W51").earliest, parse("2022-W51").latest
    (datetime.date(2022, 12, 19), datetime.date(2022, 12, 25))

    Raises ValueError for text of another form and for days that no calendar has.
    """
    found = _FORM.fullmatch(text)
    if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        raise ValueError(f"not a date in EDTF: {text}")
    year, mark = int(found[1]), found[5]
    if found[2]:
        earliest, precision = date.fromisocalendar(year, int(found[2]), 1), Precision.WEEK
        latest = earliest + timedelta(days=6)
    elif found[4]:
        earliest, precision = date(year, int(found[3]), int(found[4])), Precision.DAY
        latest = earliest
    elif found[3]:
        earliest, precision = date(year, int(found[3]), 1), Precision.MONTH
        latest = (earliest + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    else:
        earliest, latest, precision = date(year, 1, 1), date(year, 12, 31), Precision.YEAR
    return Imprecise(text, earliest, latest, precision, mark in {"~", "%"}, mark in {"?", "%"})
