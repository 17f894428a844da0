"""What of a value is shown to whom, and how sure it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from services.registry_api.disclosure import rules as disclosure
from services.registry_api.disclosure.rules import Cell
from services.registry_api.indicators.service import Definition

_Z = 1.959963984540054
"""Of the normal distribution, 95 of 100 lie within so many standard deviations."""
NOTHING_TO_DIVIDE_BY = frozenset({"0", "none", "жоқ", "нет"})
"""What sources write where an organisation has none of what would be divided by."""
ADDITIVE = frozenset({"children", "count", "places", "posts"})
"""Units whose values add up from areas to the area above."""
HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Said:
    """What an observation says, as far as it is shown."""

    value: float | None
    n: int | None
    variance: float | None
    missing_reason: str | None
    missing_code: str | None
    status: str | None
    source_system: str | None
    break_in_series: bool


def is_share(definition: Definition) -> bool:
    """Whether n units are counted and the value is the share of some of them."""
    return definition.unit.startswith("percent")


def part_of(definition: Definition, value: float | None, n: int | None) -> int | None:
    """Of how many of the n units a share is true.

    >>> from types import SimpleNamespace
    >>> part_of(SimpleNamespace(unit="percent"), 33.3, 120)
    40
    """
    if value is None or n is None or not is_share(definition) or not 0 <= value <= HUNDRED:
        return None
    return round(value * n / HUNDRED)


def rests_on_few(definition: Definition, said: Said, *, fewest: int) -> bool:
    """Whether people could be recognised: few in all, few of whom it is true, or nobody knows how many."""
    if said.value is None:
        return False
    if is_share(definition):
        return said.n is None or disclosure.is_small(said.n, part_of(definition, said.value, said.n), fewest=fewest)
    persons = said.value if said.n is None else min(said.value, said.n)
    return disclosure.is_small(persons, None, fewest=fewest)


def is_below_min_n(definition: Definition, n: int | None) -> bool:
    """Whether the result rests on fewer units than its definition lets be shown."""
    return n is not None and n < definition.min_n


def has_nothing_to_divide_by(said: Said) -> bool:
    """Whether there is no value because there is none of what would be divided by: no psychologist, no device."""
    written = (said.missing_code or "").strip().casefold()
    return said.value is None and (said.n == 0 or written in NOTHING_TO_DIVIDE_BY)


def hidden_areas(
    definition: Definition, said: Mapping[str, Said], paths: Mapping[str, Sequence[str]], *, fewest: int
) -> frozenset[str]:
    """The areas whose values would give people away, by themselves or by subtraction from the areas above."""
    cells = {
        code: Cell(
            parent=next((above for above in reversed(paths[code][:-1]) if above in said), None),
            counts=_counts(definition, one),
            is_small=rests_on_few(definition, one, fewest=fewest),
        )
        for code, one in said.items()
        if one.value is not None
    }
    return disclosure.hidden(cells, fewest=fewest)


def _counts(definition: Definition, said: Said) -> tuple[float, ...]:
    if is_share(definition):
        return float(said.n or 0), float(part_of(definition, said.value, said.n) or 0)
    return (abs(said.value or 0.0),)


def interval(definition: Definition, said: Said) -> dict[str, Any] | None:
    """Where the true value lies, in 95 of 100 measurements; None where that cannot be told.

    Shares: E. B. Wilson, JASA 22 (1927) 209-212, which stays within 0 and 100 for the smallest n. Everything else:
    value plus or minus 1.96 standard errors, from the sampling variance.
    """
    value, n = said.value, said.n
    if value is None:
        return None
    if said.variance is not None:
        half = _Z * sqrt(said.variance)
        return {"low": value - half, "high": value + half, "method": "normal"}
    if n and is_share(definition) and 0 <= value <= HUNDRED:
        low, high = wilson(value / HUNDRED, n)
        return {"low": HUNDRED * low, "high": HUNDRED * high, "method": "wilson"}
    return None


def wilson(share: float, n: int) -> tuple[float, float]:
    """The score interval of a share.

    >>> [round(bound, 4) for bound in wilson(0.75, 20)]
    [0.5313, 0.8881]
    """
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def shown(definition: Definition, said: Said | None, *, is_hidden: bool, is_open: bool = False) -> dict[str, Any]:
    """A value as `Figure` reads it; `is_open`: the reader answers for these people and sees few of them too."""
    if said is None:
        return _without("not_reported", None)
    if is_hidden:
        return _without("suppressed", said)
    is_none = has_nothing_to_divide_by(said)
    if not is_open and not is_none and is_below_min_n(definition, said.n):
        return _without("below_min_n", said)
    return {
        "value": said.value,
        "n": said.n,
        "count": part_of(definition, said.value, said.n),
        "reason": said.missing_reason,
        "flag": "none" if is_none else None,
        "interval": interval(definition, said),
        **_about(said),
    }


def _without(reason: str, said: Said | None) -> dict[str, Any]:
    nothing = dict.fromkeys(("value", "n", "count", "flag", "interval"))
    about = _about(said) if said else {"status": None, "source_system": None, "break_in_series": False}
    return {**nothing, "reason": reason, **about}


def _about(said: Said) -> dict[str, Any]:
    return {"status": said.status, "source_system": said.source_system, "break_in_series": said.break_in_series}


def split(
    definition: Definition, whole: Mapping[str, Any] | None, parts: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """What parts add up to, as `Split` reads it; None where one is not shown, or where values do not add up."""
    if not parts or any(part["value"] is None for part in parts):
        return None
    total: float | None
    if is_share(definition):
        if any(part["n"] is None or part["count"] is None for part in parts):
            return None
        n, count = sum(part["n"] for part in parts), sum(part["count"] for part in parts)
        total = HUNDRED * count / n if n else None
        agrees = None if whole is None or whole["n"] is None else (whole["n"], whole["count"]) == (n, count)
        return {"areas": len(parts), "value": total, "n": n, "count": count, "agrees": agrees}
    if definition.unit not in ADDITIVE:
        return None
    total = sum(part["value"] for part in parts)
    known = [part["n"] for part in parts if part["n"] is not None]
    agrees = None if whole is None or whole["value"] is None else abs(whole["value"] - total) < 1e-9 * max(1, total)
    n_of_all = sum(known) if len(known) == len(parts) else None
    return {"areas": len(parts), "value": total, "n": n_of_all, "count": None, "agrees": agrees}
