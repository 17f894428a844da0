"""How a share of teachers becomes a value, its variance, or a level of attestation."""

from dataclasses import dataclass
from datetime import date

from shared.schemas.tables import MissingReason

MIN_N = 5
"""Below so many teachers a share says more about persons than about the organisation."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One cell of a column."""

    value: float | None
    n: int | None
    variance: float | None
    reason: MissingReason | None


SUPPRESSED = Measured(None, None, None, MissingReason.SUPPRESSED)
"""What is told of a share that would tell of persons."""


def share(upskilled: int, teachers: int) -> Measured:
    """100·x/n percent, with the variance of a proportion p(1−p)/n in percent².

    p = (x + ½)/(n + 1) (Jeffreys) rather than x/n, so that 0 of n and n of n do not claim to be certain.
    """
    if teachers == 0:
        return Measured(None, 0, None, MissingReason.NOT_REPORTED)
    if teachers < MIN_N:
        return Measured(None, teachers, None, MissingReason.BELOW_MIN_N)
    p = (upskilled + 0.5) / (teachers + 1)
    return Measured(100.0 * upskilled / teachers, teachers, 1e4 * p * (1 - p) / teachers, None)


@dataclass(frozen=True, slots=True)
class LevelTable:
    """Which level a whole percent comes to, from a day on."""

    code: str
    valid_from: date
    steps: tuple[tuple[int, int], ...]
    """The least percent of each level, the highest first."""


LEVEL_TABLES = (LevelTable("114-NK/7", date(2026, 4, 30), ((100, 5), (90, 4), (80, 3), (0, 2))),)
"""Criterion 7 of order No. 114-NK of 30.04.2026: 100 % is level 5, 90–99 level 4, 80–89 level 3, less level 2."""


def level_table(on: date) -> LevelTable | None:
    """The table in force on the day; None before the first."""
    return max((one for one in LEVEL_TABLES if one.valid_from <= on), key=lambda one: one.valid_from, default=None)


def level(table: LevelTable | None, upskilled: int, teachers: int) -> int | None:
    """The level of a share, rounded half up to a whole percent first, because the bands are of whole percents.

    >>> [level(LEVEL_TABLES[0], part, 200) for part in (200, 199, 198, 179, 178, 159, 158, 0)]
    [5, 5, 4, 4, 3, 3, 2, 2]
    """
    if table is None or teachers == 0:
        return None
    percent = (200 * upskilled + teachers) // (2 * teachers)
    return next(level for least, level in table.steps if percent >= least)
