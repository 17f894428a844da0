"""Pure parts of derived indicators: what counts as holding, and how a share is told."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from shared.schemas.registry.memorandum_words import PartyKind

_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "==": operator.eq,
}
_CONDITION = re.compile(r"\s*(>=|<=|==|>|<|=)\s*(-?\d+(?:\.\d+)?)\s*", re.ASCII)


def condition(text: str) -> Callable[[float | None], bool]:
    """What a text such as `>=1` asks of a value; of a missing one nothing holds.

    >>> [condition(">0")(value) for value in (0.0, 0.5, None)]
    [False, True, False]

    Raises ValueError for anything else.
    """
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ValueError(f"not a condition: {text}")
    compare, bound = _SIGNS[found[1]], float(found[2])
    return lambda value: value is not None and compare(value, bound)


def percent(part: int, whole: int) -> float | None:
    """How much of the whole, in percent; None of nothing.

    >>> percent(24, 25), percent(0, 0)
    (96.0, None)
    """
    return part * 100 / whole if whole else None


def shifts_that_hold(told: int | None, observed: float | None) -> float | None:
    """In how many shifts a school works: what its own timetable tells for that day, else what was last reported.

    The timetable goes first because it is dated to the day, while a report speaks of a whole year.
    """
    return observed if told is None else float(told)


def employers(agreements: Iterable[Iterable[Mapping[str, Any]]]) -> set[UUID | str]:
    """Who the businesses are among the parties of some agreements, each once: by its record, its BIN or its name."""
    return {
        party["organisation_id"] or party["bin"] or _name(party["name"])
        for parties in agreements
        for party in parties
        if party["kind"] == PartyKind.BUSINESS
    }


def _name(name: Mapping[str, str | None]) -> str:
    return (name["kk"] or name["ru"] or name["en"] or "").casefold()
