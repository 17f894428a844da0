"""How a school is held against a standard: the step of its capacity, kind by kind, and the figures beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from services.registry_api.facilities import errors
from shared.schemas.registry.facilities import StandardContent

Item = Mapping[str, Any]
Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Present:
    """Rooms of one kind that are there."""

    count: int
    area_m2: float | None
    """Of all of them together."""
    equipment_index: float | None


@dataclass(frozen=True, slots=True)
class Conformity:
    """One kind, or kinds that are judged together."""

    kind: str
    required: int
    present: int
    percent: float
    conforms: bool
    missing: dict[str, int]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What schools of one step are to have of one kind, for a statement that takes columns."""

    step: int
    kind: str
    group: str
    count: int
    unit_cost: Decimal | None


def check(content: StandardContent) -> None:
    """Raise `StepsDisordered`, `KindRepeated` or `RangeReversed` where a standard contradicts itself."""
    steps = [step.capacity for step in content.by_capacity]
    if any(after <= before for before, after in pairwise(steps)):
        raise errors.StepsDisordered(pointer="/by_capacity")
    for place, step in enumerate(content.by_capacity):
        kinds = [item.kind for item in step.items]
        if len(set(kinds)) != len(kinds):
            raise errors.KindRepeated(pointer=f"/by_capacity/{place}/items")
    low, high = content.area_over_typical_low, content.area_over_typical_high
    if low is not None and high is not None and low > high:
        raise errors.RangeReversed(pointer="/area_over_typical_low")


def steps_of(content: StandardContent) -> list[dict[str, Any]]:
    """The steps as they are kept: every item with its group."""
    return [
        {
            "capacity": step.capacity,
            "items": [{**item.model_dump(mode="json"), "group": item.group or item.kind} for item in step.items],
        }
        for step in content.by_capacity
    ]


def step_for(by_capacity: Sequence[Step], capacity: int | None) -> Step:
    """The step a school of that design capacity is held to: the lowest that holds it, or the last.

    A school of unknown capacity is held to the first: more is not demanded of it than of the smallest.
    """
    if capacity is None:
        return by_capacity[0]
    return next((step for step in by_capacity if step["capacity"] >= capacity), by_capacity[-1])


def requirements(by_capacity: Sequence[Step], costs: Mapping[str, str]) -> list[Requirement]:
    """All items of all steps; a cost of the caller's goes before the standard's."""
    return [
        Requirement(step["capacity"], item["kind"], item["group"], item["count"], _cost(item, costs))
        for step in by_capacity
        for item in step["items"]
    ]


def judge(items: Sequence[Item], there: Mapping[str, Present]) -> list[Conformity]:
    """Kind by kind; kinds of one group are judged together, and a surplus of one does not make up for another.

    Too little area or equipment is told by `conforms`; where it was not measured it is not held against the school.
    """
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item["group"], []).append(item)
    return [_judge_group(group, of) for group, of in ((name, _pairs(found, there)) for name, found in groups.items())]


def percent_conforming(kinds: Sequence[Conformity]) -> float:
    """Kinds that conform, of all, in percent to four decimals."""
    return round(100 * sum(kind.conforms for kind in kinds) / len(kinds), 4)


def over_typical(area: float | None, typical: float | None) -> float | None:
    """100·(area/typical - 1): by how many percent the floor area exceeds the typical one."""
    return None if area is None or typical is None else round(100 * (area / typical - 1), 4)


def within(value: float | None, low: float | None, high: float | None) -> bool | None:
    """Whether a value lies in a range that may be open; None without a value or a range."""
    if value is None or (low is None and high is None):
        return None
    return (low is None or value >= low) and (high is None or value <= high)


def _cost(item: Item, costs: Mapping[str, str]) -> Decimal | None:
    cost = costs.get(item["kind"], item["unit_cost"])
    return None if cost is None else Decimal(cost)


def _pairs(items: Sequence[Item], there: Mapping[str, Present]) -> list[tuple[Item, Present]]:
    nothing = Present(0, None, None)
    return [(item, there.get(item["kind"], nothing)) for item in items]


def _judge_group(group: str, pairs: Sequence[tuple[Item, Present]]) -> Conformity:
    required = sum(item["count"] for item, _ in pairs)
    present = sum(min(found.count, item["count"]) for item, found in pairs)
    missing = {item["kind"]: item["count"] - found.count for item, found in pairs if found.count < item["count"]}
    suffices = all(_suffices(item, found) for item, found in pairs)
    return Conformity(
        group, required, present, round(100 * present / required, 4), conforms=not missing and suffices, missing=missing
    )


def _suffices(item: Item, found: Present) -> bool:
    least = item["area_m2"]
    if found.count and found.area_m2 is not None and least is not None and found.area_m2 / found.count < least:
        return False
    demanded = item["equipment_index"]
    return demanded is None or found.equipment_index is None or found.equipment_index >= demanded


@dataclass(frozen=True, slots=True)
class Period:
    """Rooms of one kind from one day up to, but not including, another."""

    first: date
    until: date | None
    rooms: Present


def joined(timelines: Sequence[Sequence[Period]], *, since: date) -> list[Period]:
    """The rooms of several schools that become one, from a day on: numbers and areas are added.

    An area that one of them does not know is not known of all; of the equipment the least that is known holds.
    """
    cuts = sorted(
        {max(since, period.first) for timeline in timelines for period in timeline}
        | {period.until for timeline in timelines for period in timeline if period.until and period.until > since}
    )
    found = []
    for first, until in zip(cuts, [*cuts[1:], None], strict=True):
        there = [
            period.rooms
            for timeline in timelines
            for period in timeline
            if period.first <= first and (period.until is None or period.until > first)
        ]
        if there:
            areas = [one.area_m2 for one in there]
            equipment = [one.equipment_index for one in there if one.equipment_index is not None]
            area = None if None in areas else sum(area for area in areas if area is not None)
            total = Present(sum(one.count for one in there), area, min(equipment, default=None))
            found.append(Period(first, until, total))
    return found
