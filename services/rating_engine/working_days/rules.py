"""The calendar of working days as arithmetic on dates."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

MOST_DAYS = 250
"""A year of work; nothing is due later."""


@cache
def _holidays() -> Any:
    """The public holidays by law, days off moved by law among them; imported late, for it takes half a second."""
    from holidays import country_holidays

    return country_holidays("KZ")


def is_worked(day: date, exceptions: Mapping[date, bool]) -> bool:
    """Whether the day is worked: as the authority has declared it, else by the five-day week and the public holidays.

    A holiday that falls on a weekend moves to the next working day (Labour Code, article 85), and the library knows
    the weekends that the government has exchanged for other days. What it does not know yet is in `exceptions`.
    """
    declared = exceptions.get(day)
    if declared is not None:
        return declared
    calendar = _holidays()
    is_holiday = day in calendar
    return not is_holiday if day.weekday() < 5 else day in calendar.weekend_workdays


def after(day: date, count: int, exceptions: Mapping[date, bool]) -> date:
    """The `count`-th working day after `day`; `day` itself does not count, whether it is worked or not.

    >>> after(date(2025, 12, 31), 1, {})
    datetime.date(2026, 1, 5)
    """
    while count > 0:
        day += timedelta(days=1)
        if is_worked(day, exceptions):
            count -= 1
    return day
