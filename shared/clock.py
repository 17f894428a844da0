"""Time: read once at the edge of a request or a job, and passed on as an argument."""

from datetime import UTC, date, datetime, time, timedelta, timezone

KAZAKHSTAN = timezone(timedelta(hours=5), "Asia/Almaty")
"""One zone for the whole country since 1 March 2024 (UTC+5)."""


def now() -> datetime:
    """The present instant. Called by routers, workers and commands, never below them."""
    return datetime.now(UTC)


def day_in_kazakhstan(instant: datetime) -> date:
    """The calendar day in Kazakhstan at `instant`: the day that «today» means to a user of this system."""
    return instant.astimezone(KAZAKHSTAN).date()


def end_of_day_in_kazakhstan(day: date) -> datetime:
    """The moment at which the day is over in Kazakhstan: midnight after it."""
    return datetime.combine(day + timedelta(days=1), time(), KAZAKHSTAN)
