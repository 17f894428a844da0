"""Arithmetic of places: the norm of two shifts, the trend of a series, and who gets which teachers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

SHIFTS = 2
"""The norm: a school of two shifts holds twice its design capacity."""
_T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
)
"""The 97.5 % quantile of Student's t for 1 to 20 degrees of freedom."""
_NORMAL = 1.96


def deficit(pupils: float, design_capacity: float) -> float:
    """max(0, pupils - 2·capacity): pupils that two shifts do not hold."""
    return max(0.0, pupils - SHIFTS * design_capacity)


def school_year(day: date) -> int:
    """The first calendar year of the school year of a day, which begins on 1 September."""
    return day.year if day.month >= 9 else day.year - 1


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and between which two it lies with 95 %; None where the data do not say."""

    value: float | None
    low: float | None
    high: float | None


def trend(series: Mapping[int, float], year: int) -> Interval:
    """The value of a linear trend (least squares) in `year`, with the prediction interval of 95 %.

    y = a + b·x; s² = Σ residual²/(n-2); half width t₀.₉₇₅(n-2)·s·√(1 + 1/n + (x-x̄)²/Σ(x-x̄)²). A year of the series is
    given as it is. Two points make a line without an interval; one point or none make no forecast. Never below zero.
    """
    if year in series:
        return Interval(series[year], series[year], series[year])
    n = len(series)
    if n < 2:
        return Interval(None, None, None)
    mean_x, mean_y = sum(series) / n, sum(series.values()) / n
    spread = sum((x - mean_x) ** 2 for x in series)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in series.items()) / spread
    value = mean_y + slope * (year - mean_x)
    if n < 3:
        return Interval(max(0.0, value), None, None)
    residual = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in series.items())
    t = _T[n - 3] if n - 3 < len(_T) else _NORMAL
    half = t * math.sqrt(residual / (n - 2) * (1 + 1 / n + (year - mean_x) ** 2 / spread))
    return Interval(max(0.0, value), max(0.0, value - half), max(0.0, value + half))


@dataclass(frozen=True, slots=True)
class School:
    """What the forecast needs to know of a school."""

    design_capacity: int | None
    pupils: Mapping[int, float]
    """By the first year of the school year."""

    @property
    def now(self) -> float | None:
        """Pupils as last reported."""
        return self.pupils[max(self.pupils)] if self.pupils else None


@dataclass(frozen=True, slots=True)
class Places:
    """What is known and foreseen of a set of schools."""

    schools: int
    unknown: int
    pupils: float
    design_capacity: int
    deficit: float
    years: tuple[int, ...]
    pupils_foreseen: Interval
    opening_places: int
    deficit_foreseen: Interval


def places(schools: Sequence[School], *, year: int, opening_places: int) -> Places:
    """Places of the schools now, and in the school year that begins in `year`.

    The trend is that of the schools that reported in every year of the series; its growth, from the last year of the
    series to `year`, is laid on every school. What two shifts do not hold then is summed school by school, and twice
    the capacity of the schools that open is taken off.
    """
    known = [school for school in schools if school.now is not None and school.design_capacity is not None]
    years = sorted({one for school in schools for one in school.pupils})
    panel = [school for school in schools if school.pupils and all(one in school.pupils for one in years)]
    series = {one: sum(school.pupils[one] for school in panel) for one in years} if panel else {}
    pupils = sum(school.now or 0 for school in schools)
    growth = _growth(series, year)
    foreseen = [None if factor is None else factor * pupils for factor in growth]
    missing = [
        None
        if factor is None
        else max(
            0.0,
            sum(deficit(factor * (school.now or 0), school.design_capacity or 0) for school in known)
            - SHIFTS * opening_places,
        )
        for factor in growth
    ]
    return Places(
        schools=len(schools),
        unknown=len(schools) - len(known),
        pupils=pupils,
        design_capacity=sum(school.design_capacity or 0 for school in schools),
        deficit=sum(deficit(school.now or 0, school.design_capacity or 0) for school in known),
        years=tuple(series),
        pupils_foreseen=Interval(*foreseen),
        opening_places=opening_places,
        deficit_foreseen=Interval(*missing),
    )


def total(parts: Sequence[Places]) -> Places:
    """All together; bounds are added too, which is wider than 95 % unless all areas err the same way."""

    def added(name: str) -> Interval:
        found = [getattr(part, name) for part in parts if part.schools]
        sums = (
            None if not found or any(value is None for value in values) else sum(values)
            for values in ([getattr(one, bound) for one in found] for bound in ("value", "low", "high"))
        )
        return Interval(*sums)

    return Places(
        schools=sum(part.schools for part in parts),
        unknown=sum(part.unknown for part in parts),
        pupils=sum(part.pupils for part in parts),
        design_capacity=sum(part.design_capacity for part in parts),
        deficit=sum(part.deficit for part in parts),
        years=tuple(sorted({year for part in parts for year in part.years})),
        pupils_foreseen=added("pupils_foreseen"),
        opening_places=sum(part.opening_places for part in parts),
        deficit_foreseen=added("deficit_foreseen"),
    )


def _growth(series: Mapping[int, float], year: int) -> list[float | None]:
    """Growth from the last year of the series to `year`: foreseen, at least, at most."""
    if not series or not series[max(series)]:
        return [None, None, None]
    last = max(series)
    if year <= last:
        return [1.0, 1.0, 1.0]
    foreseen = trend(series, year)
    return [None if value is None else value / series[last] for value in (foreseen.value, foreseen.low, foreseen.high)]


@dataclass(slots=True)
class Pool:
    """Teachers who work in one area and are not given to a project yet."""

    area: str | None
    path: tuple[str, ...]
    teachers: int


@dataclass(frozen=True, slots=True)
class Need:
    """A school to come, and how many teachers it needs."""

    path: tuple[str, ...]
    """Codes from the region down to its area."""
    required: int


def allot(needs: Sequence[Need], pools: Sequence[Pool]) -> list[dict[str | None, int]]:
    """Which teachers each need gets, by area: nobody is given twice, so the sum never exceeds the pools.

    The needs are served in the order given (the first to open first). Each draws from its own area, then from the
    area above with all that lies in it, up to its region and not beyond; within an area by code.
    """
    left = [Pool(pool.area, pool.path, pool.teachers) for pool in sorted(pools, key=lambda pool: pool.area or "")]
    given = []
    for need in needs:
        drawn: dict[str | None, int] = {}
        wanted = need.required
        for anchor in reversed(need.path):
            for pool in left:
                if wanted and pool.teachers and anchor in pool.path:
                    taken = min(wanted, pool.teachers)
                    pool.teachers -= taken
                    wanted -= taken
                    drawn[pool.area] = drawn.get(pool.area, 0) + taken
        given.append(drawn)
    return given


def required_teachers(design_capacity: int, *, per_project: int, places_per_teacher: float | None) -> int:
    """The norm: so many for a school, or one for so many places, rounded up."""
    return per_project if places_per_teacher is None else math.ceil(design_capacity / places_per_teacher)
