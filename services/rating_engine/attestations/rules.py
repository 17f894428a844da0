"""From values to levels, and from levels to a result: pure, in decimals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from services.rating_engine.attestations.criteria import CRITERIA, LOWEST, MEASURED, Part
from shared.schemas.tables import MissingReason


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a part."""

    value: float | None = None
    n: int | None = None
    reason: MissingReason | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """What a value reaches."""

    part: Part
    known: Value
    rounded: int | None
    level: int | None
    cut: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The level of a criterion, with what decided it."""

    number: int
    level: int | None
    parts: Sequence[Reached] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """All criteria together."""

    outcomes: Sequence[Outcome]
    mean: float | None
    result: int | None

    @property
    def open(self) -> list[int]:
        """The criteria without a level."""
        return [one.number for one in self.outcomes if one.level is None]


def half_up(value: float) -> int:
    """The nearest integer, halves upwards: 89.5 is 90, 44.49 is 44.

    >>> [half_up(value) for value in (89.5, 44.49, 99.5, 2.5, 0.0)]
    [90, 44, 100, 3, 0]
    """
    return int(Decimal(repr(value)).to_integral_value(ROUND_HALF_UP))


def level(rounded: int, cuts: Sequence[int]) -> tuple[int, int | None]:
    """The level of a rounded value and the threshold it met; `cuts` are those of levels 5, 4 and 3.

    >>> [level(value, (46, 35, 25)) for value in (46, 45, 34, 24)]
    [(5, 46), (4, 35), (3, 25), (2, None)]
    """
    for number, cut in zip((5, 4, 3), cuts, strict=True):
        if rounded >= cut:
            return number, cut
    return LOWEST, None


def mean(levels: Iterable[int]) -> float | None:
    """The arithmetic mean; none of nothing."""
    known = list(levels)
    return sum(known) / len(known) if known else None


def standing(values: Mapping[str, Value], judged: Mapping[int, int]) -> Standing:
    """Every criterion with its level, and the result where all of them have one."""
    outcomes = [
        _measured(number, values) if number in MEASURED else Outcome(number, judged.get(number)) for number in CRITERIA
    ]
    levels = [one.level for one in outcomes if one.level is not None]
    average = mean(levels)
    is_complete = len(levels) == len(CRITERIA)
    return Standing(outcomes, average, half_up(average) if is_complete and average is not None else None)


def _measured(number: int, values: Mapping[str, Value]) -> Outcome:
    parts = [
        _reached(part, values.get(part.code, Value(reason=MissingReason.NOT_REPORTED))) for part in MEASURED[number]
    ]
    levels = [part.level for part in parts]
    known = [one for one in levels if one is not None]
    average = mean(known)
    whole = None if average is None or len(known) < len(levels) else half_up(average)
    return Outcome(number, whole, parts)


def _reached(part: Part, known: Value) -> Reached:
    if known.value is None:
        return Reached(part, known, None, None, None)
    rounded = half_up(known.value)
    return Reached(part, known, rounded, *level(rounded, part.cuts))
