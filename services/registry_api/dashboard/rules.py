"""What stands first on the page, and what counts as changed."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from shared.schemas.registry.target_progress import Light, TargetSummary

_ORDER = (Light.RED, Light.AMBER, Light.NO_DATA, Light.GREEN)


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""The days this system speaks of."""


def months_from(day: date, months: int) -> date:
    """The same day so many months on, or that month's last, within the days this system speaks of.

    >>> months_from(date(2026, 3, 31), -1), months_from(date(2026, 1, 15), -1), months_from(date(2024, 2, 29), 36)
    (datetime.date(2026, 2, 28), datetime.date(2025, 12, 15), datetime.date(2027, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    found = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return min(max(found, FIRST_DAY), LAST_DAY)


def worst_first(found: Sequence[TargetSummary]) -> list[TargetSummary]:
    """Red, amber, without data, green; among equals those that go before go before."""
    return sorted(found, key=lambda one: _ORDER.index(one.light))


def to_go_by(found: Sequence[TargetSummary]) -> list[TargetSummary]:
    """Without those that disagree with an authoritative one: a promise is not counted twice."""
    decided = {(one.indicator, one.area, one.organisation_id) for one in found if one.conflict and one.authoritative}
    return [
        one
        for one in found
        if one.authoritative or not one.conflict or (one.indicator, one.area, one.organisation_id) not in decided
    ]


def counts(found: Sequence[TargetSummary]) -> dict[str, int]:
    """How many targets have which light."""
    return {light.value: sum(one.light is light for one in found) for light in Light}


def changes(before: Sequence[TargetSummary], now: Sequence[TargetSummary]) -> list[dict[str, Any]]:
    """Targets whose light or value is another than before, and those that are new."""
    known: dict[UUID, TargetSummary] = {one.target_id: one for one in before}
    told = []
    for one in now:
        old = known.get(one.target_id)
        if old is None or (old.light, old.actual) != (one.light, one.actual):
            told.append(
                {
                    "target_id": one.target_id,
                    "indicator": one.indicator,
                    "area": one.area,
                    "light_before": old.light if old else None,
                    "light_now": one.light,
                    "actual_before": old.actual if old else None,
                    "actual_now": one.actual,
                }
            )
    return told
