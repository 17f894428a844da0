"""Deadlines count the days that are worked in Kazakhstan."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating_engine.working_days.rules import after, is_worked
from shared.clock import end_of_day_in_kazakhstan

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 11, 23), 10, date(2026, 12, 7)),  # Monday, two plain weeks
        (date(2026, 12, 4), 10, date(2026, 12, 21)),  # 16 December is Independence Day
        (date(2025, 12, 31), 1, date(2026, 1, 5)),  # 1 and 2 January, then a weekend
        (date(2025, 12, 31), 3, date(2026, 1, 8)),  # 7 January is Christmas
        (date(2026, 1, 2), 1, date(2026, 1, 5)),  # counted from a day off
        (date(2026, 3, 20), 1, date(2026, 3, 26)),  # Nauryz: 21-23 March, of which two days on a weekend move on
        (date(2026, 5, 8), 1, date(2026, 5, 12)),  # Victory Day on a Saturday moves to Monday
    ],
)
def test_weekends_and_holidays_do_not_count(day: date, count: int, due: date) -> None:
    assert after(day, count, {}) == due


def test_a_saturday_that_the_government_exchanged_for_another_day_counts() -> None:
    assert not is_worked(date(2025, 1, 3), {})
    assert is_worked(date(2025, 1, 5), {})


def test_what_the_authority_declares_comes_before_the_calendar() -> None:
    moved = {date(2026, 11, 27): False, date(2026, 11, 28): True}

    assert not is_worked(date(2026, 11, 27), moved)
    assert is_worked(date(2026, 11, 28), moved)
    assert after(date(2026, 11, 26), 1, moved) == date(2026, 11, 28)


@given(day=DAYS, count=st.integers(1, 60))
def test_between_a_day_and_its_deadline_lie_exactly_so_many_working_days(day: date, count: int) -> None:
    due = after(day, count, {})

    between = (day + timedelta(days=step) for step in range(1, (due - day).days + 1))
    assert sum(is_worked(one, {}) for one in between) == count
    assert is_worked(due, {})


def test_a_day_ends_at_midnight_in_kazakhstan() -> None:
    assert end_of_day_in_kazakhstan(date(2026, 12, 7)) == datetime(2026, 12, 7, 19, tzinfo=UTC)
