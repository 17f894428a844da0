"""How far a target is: pure arithmetic in decimals, so that 20 is met and 19.99 misses it by 0.01 exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from shared.schemas.registry.indicators import Polarity
from shared.schemas.registry.target_progress import Light, LightReason
from shared.schemas.registry.targets import Comparator

DAYS_PER_MONTH = Decimal("30.436875")
"""A twelfth of the mean Gregorian year."""
TOLERANCE = Decimal(10)
"""Percentage points of the way by which a target may be behind its straight line and still be amber."""
FIXED: Mapping[Comparator, float] = MappingProxyType({Comparator.ALL: 100.0, Comparator.ZERO: 0.0})
"""Values that a comparator says by itself."""

_HUNDRED = Decimal(100)

REFORMS: Mapping[date, frozenset[str]] = MappingProxyType(
    {
        # Abai from East Kazakhstan, Zhetisu from Almaty region, Ulytau from Karaganda (decree of 4 May 2022).
        date(2022, 6, 8): frozenset({"100000000", "190000000", "330000000", "350000000", "620000000", "630000000"})
    }
)
"""First days of new borders, and the areas whose territory they changed. Districts moved as they were."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What was promised, as far as arithmetic needs it."""

    comparator: Comparator
    low: float
    high: float | None = None
    baseline: float | None = None
    polarity: Polarity = Polarity.NEUTRAL
    """Which side of a range is beyond it for the better."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A change told both ways."""

    absolute: float
    percent: float | None


def territory_version(area: str | None, day: date) -> int:
    """Within which borders a value of the area on that day is: 1, and one more with each reform that touched it.

    >>> territory_version("350000000", date(2021, 8, 20)), territory_version("350000000", date(2026, 1, 1))
    (1, 2)
    """
    return 1 + sum(1 for first, areas in REFORMS.items() if area in areas and first <= day)


def territory_breaks(area: str | None, after: date, until: date) -> list[date]:
    """First days of new borders of the area behind `after` and up to `until`."""
    return sorted(first for first, areas in REFORMS.items() if area in areas and after < first <= until)


def is_met(goal: Goal, actual: float) -> bool:
    """Whether the comparator holds; progress has no say in it."""
    match goal.comparator:
        case Comparator.GE:
            return actual >= goal.low
        case Comparator.LE:
            return actual <= goal.low
        case Comparator.EQ | Comparator.ZERO:
            return actual == goal.low
        case Comparator.ALL:
            return actual >= goal.low
        case Comparator.RANGE:
            high = goal.low if goal.high is None else goal.high
            above = actual <= high or goal.polarity is Polarity.HIGHER
            below = actual >= goal.low or goal.polarity is Polarity.LOWER
            return above and below


def progress(baseline: float | None, actual: float, wanted: float) -> float | None:
    """Percent of the way from the baseline to the value wanted: below 0 and above 100 too; None without a way.

    >>> progress(84, 83, 86.5), progress(84, 87, 86.5), progress(None, 19.99, 20)
    (-40.0, 120.0, None)
    """
    if baseline is None or baseline == wanted:
        return None
    return number((exact(actual) - exact(baseline)) / (exact(wanted) - exact(baseline)) * _HUNDRED)


def progress_range(goal: Goal, actual: float) -> tuple[float | None, float | None]:
    """The smaller and the larger of the two figures of a range, which are never made into one.

    >>> progress_range(Goal(Comparator.RANGE, 40, 50, baseline=13), 16)
    (8.108108108108109, 11.11111111111111)
    """
    ends = [
        found
        for end in (goal.low, goal.high)
        if end is not None and (found := progress(goal.baseline, actual, end)) is not None
    ]
    return (min(ends), max(ends)) if len(ends) == 2 else (None, None)


def has_regressed(goal: Goal, actual: float) -> bool | None:
    """Whether it is farther from what was promised than where it started; None where that is not known."""
    ends = [goal.low] if goal.high is None else [goal.low, goal.high]
    found = [progress(goal.baseline, actual, end) for end in ends]
    known = [one for one in found if one is not None]
    return all(one < 0 for one in known) if known else None


def remaining(goal: Goal, actual: float) -> tuple[float | None, float | None]:
    """How much is missing until it is met, and for a range also until its farther end; never below 0."""
    if goal.high is None:
        return (0.0 if is_met(goal, actual) else _distance(actual, goal.low)), None
    ends = sorted((_distance(actual, goal.low) or 0.0, _distance(actual, goal.high) or 0.0))
    return (0.0, 0.0) if is_met(goal, actual) else (ends[0], ends[1])


def required_per_month(missing: float | None, on: date, due: date | None) -> float | None:
    """What each month until the due date must bring; None without one, or when it is over."""
    if missing is None or due is None or on > due:
        return None
    months = Decimal(max((due - on).days, 1)) / DAYS_PER_MONTH
    return number(exact(missing) / months)


def change(before: float | None, after: float | None) -> Difference | None:
    """From one value to another, absolutely and in percent of the first.

    >>> change(66.7, 86)
    Difference(absolute=19.3, percent=28.93553223388306)
    """
    if before is None or after is None:
        return None
    absolute = exact(after) - exact(before)
    told = number(absolute)
    if told is None:
        return None
    return Difference(told, number(absolute / abs(exact(before)) * _HUNDRED) if before else None)


def unit_of_change(unit: str) -> str:
    """The unit of a difference: percentages differ by points.

    >>> unit_of_change("percent"), unit_of_change("places")
    ('points', 'places')
    """
    return "points" if unit.startswith("percent") else unit


def share_of_time(start: date, due: date, on: date) -> Decimal | None:
    """Percent of the time gone, 0 to 100; None where there is no time between."""
    if due <= start:
        return None
    return min(max(Decimal((on - start).days) / Decimal((due - start).days), Decimal(0)), Decimal(1)) * _HUNDRED


def expected(baseline: float, wanted: float, share: Decimal) -> float | None:
    """Where a straight line from the baseline to the value wanted stands when that share of the time is gone."""
    return number(exact(baseline) + (exact(wanted) - exact(baseline)) * share / _HUNDRED)


def light(
    *, met: bool | None, overdue: bool, comparable: bool, regressed: bool | None, gone: float | None, way: float | None
) -> tuple[Light, LightReason]:
    """The light and why: `gone` is the percent of the time, `way` the percent of the way to the nearer end."""
    if not comparable:
        return Light.AMBER, LightReason.NOT_COMPARABLE
    if met is None:
        return Light.NO_DATA, LightReason.NO_DATA
    if met:
        return Light.GREEN, LightReason.MET
    if overdue:
        return Light.RED, LightReason.OVERDUE
    if regressed:
        return Light.RED, LightReason.REGRESSED
    if gone is None or way is None:
        return Light.AMBER, LightReason.NO_SCHEDULE
    if way >= gone:
        return Light.GREEN, LightReason.ON_TRACK
    if exact(way) >= exact(gone) - TOLERANCE:
        return Light.AMBER, LightReason.BEHIND
    return Light.RED, LightReason.FAR_BEHIND


_ORDER = (Light.RED, Light.AMBER, Light.GREEN)


def worst(lights: list[Light]) -> Light:
    """The light of several together: what has no data says nothing beside one that has."""
    return next((one for one in _ORDER if one in lights), Light.NO_DATA)


def exact(value: float) -> Decimal:
    """The number as it is written, not as it is stored: 19.99 and not 19.989999999999998436."""
    return Decimal(repr(float(value)))


def number(value: Decimal) -> float | None:
    """Back to a float; None where no float is large enough."""
    told = float(value)
    return told if abs(told) < float("inf") else None


def _distance(one: float, other: float) -> float | None:
    return number(abs(exact(one) - exact(other)))
