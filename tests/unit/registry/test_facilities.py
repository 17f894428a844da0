"""How a school is held against a standard."""

from datetime import date

import pytest

from services.registry_api.facilities import keleshek, rules
from services.registry_api.facilities.rules import Period, Present

STEPS = keleshek.standard()["by_capacity"]


def there(*kinds: str, **counts: int) -> dict[str, Present]:
    return {kind: Present(counts.get(kind, 1), None, None) for kind in (*kinds, *counts)}


@pytest.mark.parametrize(
    ("capacity", "step"), [(None, 300), (80, 300), (300, 300), (301, 600), (1500, 1500), (2500, 2500), (4000, 2500)]
)
def test_a_school_is_held_to_the_lowest_step_that_holds_it(capacity: int | None, step: int) -> None:
    assert rules.step_for(STEPS, capacity)["capacity"] == step


def test_ten_kinds_with_one_missing_conform_to_90_percent() -> None:
    items = rules.step_for(STEPS, 1500)["items"]
    kinds = rules.judge(items, there(*keleshek.ROOMS[1:], sports_hall_large=1, sports_hall_small=3))

    assert len(kinds) == 10
    assert rules.percent_conforming(kinds) == 90.0
    assert [kind.kind for kind in kinds if not kind.conforms] == ["physics"]


def test_a_surplus_of_one_hall_does_not_make_up_for_another() -> None:
    items = [item for item in rules.step_for(STEPS, 1500)["items"] if item["group"] == "sports_hall"]

    (halls,) = rules.judge(items, there(sports_hall_large=9, sports_hall_small=1))

    assert (halls.required, halls.present, halls.percent) == (4, 2, 50.0)
    assert (halls.conforms, halls.missing) == (False, {"sports_hall_small": 2})


def test_area_and_equipment_count_where_they_were_measured() -> None:
    item = {"kind": "lab", "group": "lab", "count": 2, "area_m2": 60.0, "equipment_index": 4.0, "unit_cost": None}

    def conforms(area: float | None, equipment: float | None) -> bool:
        return rules.judge([item], {"lab": Present(2, area, equipment)})[0].conforms

    assert conforms(None, None)
    assert conforms(120.0, 4.0)
    assert not conforms(119.0, 4.0)
    assert not conforms(120.0, 3.9)


def test_floor_area_is_told_in_percent_above_the_typical_one() -> None:
    assert rules.over_typical(11700, 10000) == 17.0
    assert rules.over_typical(None, 10000) is None
    assert rules.within(17.0, 15.0, 20.0) is True
    assert rules.within(20.1, 15.0, 20.0) is False
    assert rules.within(None, 15.0, 20.0) is None
    assert rules.within(4.0, None, None) is None


def test_the_rooms_of_schools_that_become_one_are_added_for_the_days_they_are_there() -> None:
    one = [Period(date(2020, 9, 1), None, Present(2, 120.0, 4.0))]
    other = [Period(date(2019, 9, 1), date(2027, 1, 1), Present(1, 50.0, 1.0))]
    silent = [Period(date(2026, 12, 1), None, Present(1, None, None))]

    joined = rules.joined([one, other, silent], since=date(2026, 9, 1))

    assert joined == [
        Period(date(2026, 9, 1), date(2026, 12, 1), Present(3, 170.0, 1.0)),
        Period(date(2026, 12, 1), date(2027, 1, 1), Present(4, None, 1.0)),
        Period(date(2027, 1, 1), None, Present(3, None, 4.0)),
    ]
