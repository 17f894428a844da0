"""Results without a total, by the rules of others: Progress 8, the California Dashboard, funnels and bars."""

import json
from typing import Any

import numpy as np
import pytest

from services.rating_engine.core.evidence import funnel
from services.rating_engine.core.evidence.public_rules import rounded
from tests.unit.rating.cases import CASES, Json, rows, simulate

TREE: Json = {"code": "i", "children": [{"indicator": "x"}]}
PROGRESS_8: Json = {
    "kind": "interval",
    "labels": ["1", "2", "3", "4", "5"],
    "cuts": [-0.5, 0.5],
    "reference": 0,
    "z": 1.96,
    "decimals": 2,
}


def test_every_school_of_england_that_is_not_average_has_its_band_of_progress_8() -> None:
    lines = [line for line in rows("school_data/england_ks4_2018_19.csv") if line["P8_BANDING"] in ("1", "2", "4", "5")]
    scores: list[float | None] = [float(line["P8MEA"]) for line in lines]

    found = simulate(TREE, {"x": scores}, bands=PROGRESS_8, variance={"x": [0.0] * len(scores)}).band

    assert len(lines) > 1000
    assert found == [line["P8_BANDING"] for line in lines]
    edges = {(line["P8MEA"], line["P8_BANDING"]) for line in lines if line["P8MEA"] in ("0.5", "-0.5")}
    assert edges == {("0.5", "1"), ("-0.5", "4")}


@pytest.mark.parametrize("sd", [1.13, 1.3, 1.53])
def test_the_number_of_pupils_decides_whether_a_school_is_above_average(sd: float) -> None:
    rule = json.loads((CASES / "rules/progress8_banding.json").read_text()) if CASES.is_dir() else None
    if rule is None:
        pytest.skip(f"the reference cases are not at {CASES}")
    examples = rule["examples"]
    tree = {"code": "i", "children": [{"indicator": "x", "sampling": {"kind": "mean", "sd": sd}}]}

    found = simulate(
        tree,
        {"x": [one["score"] for one in examples]},
        n={"x": [one["n"] for one in examples]},
        bands=PROGRESS_8,
    ).band

    assert found == [{"above": "2", "average": "3"}[one["band"]] for one in examples]


def test_the_published_decimals_decide() -> None:
    values: list[float | None] = [0.495, 0.494, -0.505, -0.506, 0.004, -0.0049, None]

    assert simulate(TREE, {"x": values}, bands=PROGRESS_8).band == ["1", "2", "5", "5", "3", "3", None]
    assert rounded(np.array([2.675, -2.675, 1e300, np.nan]), 2).tolist()[:3] == [2.68, -2.68, 1e300]


def _dashboard() -> Json:
    if not CASES.is_dir():
        pytest.skip(f"the reference cases are not at {CASES}")
    rule: Json = json.loads((CASES / "rules/ca_dashboard_chronic_absenteeism_2023.json").read_text())
    return rule


def _view(rule: Json) -> Json:
    levels = [level[0] for level in rule["status_levels"]]
    return {
        "code": "absence",
        "status": "x",
        "status_cuts": [level[2] for level in rule["status_levels"][:-1]],
        "status_levels": levels,
        "change_cuts": [-3.0, -0.5, 0.4, 3.0],
        "change_levels": [level[0] for level in rule["change_levels"]][::-1],
        "grid": [rule["colours"][level][::-1] for level in levels],
        "on_cut": "lower",
        "decimals": 1,
        "min_n": rule["min_n"],
    }


def test_every_cell_of_the_california_grid_has_its_colour() -> None:
    rule = _dashboard()
    statuses = {
        "Very Low": [0, 2.5],
        "Low": [2.6, 5],
        "Medium": [5.1, 10],
        "High": [10.1, 20],
        "Very High": [20.1, 100],
    }
    changes = [[3.1, 9], [0.5, 3.0], [-0.4, 0.4], [-2.9, -0.5], [-9, -3.0]]
    cells = [
        (value, change, level, place)
        for level, ends in statuses.items()
        for value in ends
        for place, sides in enumerate(changes)
        for change in sides
    ]

    answer = simulate(
        TREE,
        {"x": [value for value, *_ in cells]},
        previous={"x": [value - change for value, change, *_ in cells]},
        n={"x": [30] * len(cells)},
        status_change=[_view(rule)],
    )

    assert answer.status_change is not None
    told = answer.status_change["absence"]
    assert told.status == [level for *_, level, _ in cells]
    assert told.change == [rule["change_levels"][place][0] for *_, place in cells]
    assert told.label == [rule["colours"][level][place] for *_, level, place in cells]


def test_a_grid_tells_nothing_of_few_pupils_and_no_colour_without_a_change() -> None:
    view = _view(_dashboard())
    change = view | {"code": "named", "change": "moved"}

    answer = simulate(
        TREE,
        {"x": [1, 2.55, 3, None], "moved": [-5, -5, None, 1]},
        n={"x": [29, 30, 31, 90]},
        status_change=[view, change],
    )

    assert answer.status_change is not None
    assert answer.status_change["absence"].status == [None, "Low", "Low", None]
    assert answer.status_change["absence"].label == [None] * 4
    assert answer.status_change["named"].label == [None, "Blue", None, None]


def test_bars_of_two_units_touch_where_they_differ_by_one_in_twenty() -> None:
    low, high = funnel.overlap_bars(np.array([0.0, 2.78]), np.array([1.0, 1.0]))

    assert high[0] == pytest.approx(low[1])
    assert 2.78 / np.sqrt(2) == pytest.approx(1.96, abs=0.01)


def test_a_funnel_is_as_wide_as_the_noise_and_what_usually_differs() -> None:
    low, high = funnel.limits(np.array([4.0, 1.0]), 10.0)
    wide, _ = funnel.limits(np.array([4.0, 1.0]), 10.0, tau2=5.0, z=funnel.ALARM)

    assert low == pytest.approx([10 - 3.92, 10 - 1.96])
    assert high == pytest.approx([10 + 3.92, 10 + 1.96])
    assert wide == pytest.approx([10 - 3.09 * 3, 10 - 3.09 * np.sqrt(6)])


def test_overdispersion_is_what_units_differ_by_beyond_their_noise() -> None:
    generator = np.random.default_rng(6)
    variances = generator.uniform(0.5, 2, 3000)
    noise = generator.normal(0, np.sqrt(variances))

    none = funnel.overdispersion(noise, variances, 0.0)
    much = funnel.overdispersion(noise + generator.normal(0, 2, 3000), variances, 0.0)

    assert none.phi < 1
    assert none.tau2 == 0
    assert 2 < much.tau2 < 4
    assert funnel.overdispersion(np.array([1.0]), np.array([1.0]), 0.0).tau2 == 0


@pytest.mark.parametrize("extreme", [1e308, -1e308, 1e-300, 0.0])
def test_no_rule_breaks_at_the_ends_of_the_numbers(extreme: float) -> None:
    view: Any = {
        "code": "v",
        "status": "x",
        "status_cuts": [0],
        "status_levels": ["l", "h"],
        "change_cuts": [0],
        "change_levels": ["d", "u"],
        "grid": [["a", "b"], ["c", "d"]],
        "decimals": 12,
    }

    answer = simulate(
        TREE, {"x": [extreme, 1.0]}, previous={"x": [-extreme, 1.0]}, bands=PROGRESS_8, status_change=[view]
    )

    assert answer.status_change is not None
    assert None not in answer.status_change["v"].label
    assert None not in answer.band
