"""Onto a common scale: worked by hand, both directions, and where the population leaves a formula without a value."""

import math
from typing import Any

import pytest

from tests.unit.rating.cases import Json, close, simulate

Values = list[float | None]


def _scaled(kind: Json, values: Values, direction: str = "higher") -> Values:
    tree = {"code": "i", "children": [{"indicator": "x", "direction": direction, "normalisation": kind}]}
    return simulate(tree, {"x": values}).normalised["x"]


POSTS: Json = {"kind": "goalposts", "low": 40, "high": 110}
LN = math.log


@pytest.mark.parametrize(
    ("kind", "values", "higher", "lower"),
    [
        (POSTS | {"cap": True}, [40, 75, 110, 200, 0], [0, 0.5, 1, 1, 0], [1, 0.5, 0, 0, 1]),
        (POSTS, [40, 75, 145], [0, 0.5, 1.5], [1, 0.5, -0.5]),
        (POSTS | {"scale": [1, 100], "cap": True}, [40, 75, 110], [1, 50.5, 100], [100, 50.5, 1]),
        (
            {"kind": "log_goalposts", "low": 1, "high": 100, "cap": True},
            [1, 10, 100, 1000, 0, -5],
            [0, 0.5, 1, 1, 0, 0],
            [1, 0.5, 0, 0, 1, 1],
        ),
        ({"kind": "min_max"}, [2, 4, 6], [0, 0.5, 1], [1, 0.5, 0]),
        ({"kind": "min_max", "scale": [1, 100]}, [2, 4, 6], [1, 50.5, 100], [100, 50.5, 1]),
        ({"kind": "z_score"}, [1, 2, 3], [-1, 0, 1], [1, 0, -1]),
        ({"kind": "z_score", "mean": 10, "sd": 2}, [1, 2, 3], [8, 10, 12], [12, 10, 8]),
        ({"kind": "rank"}, [5, 1, 5, 9], [2, 1, 2, 4], [2, 4, 2, 1]),
        ({"kind": "percentile_rank"}, [5, 1, 5, 9, None], [1 / 3, 0, 1 / 3, 1, None], [1 / 3, 1, 1 / 3, 0, None]),
        ({"kind": "distance_to_target", "target": 12}, [2, 7, 22], [0, 0.5, 2], None),
        ({"kind": "distance_to_target", "target": 12, "cap": True}, [2, 7, 22], [0, 0.5, 1], None),
        ({"kind": "distance_to_target", "target": 2}, [12, 7, 2, 0], None, [0, 0.5, 1, 1.2]),
        ({"kind": "distance_to_maximum"}, [2, 4, 6], [0, 0.5, 1], [1, 0.5, 0]),
        ({"kind": "distance_to_reference", "reference": "u1"}, [2, 4, 8], [0, 1, 3], [1.5, 1, 0]),
        ({"kind": "distance_to_reference", "reference": "u1", "cap": True}, [2, 4, 8], [0, 1, 1], [1, 1, 0]),
        ({"kind": "fraction_of_maximum"}, [2, 4, 8], [0.25, 0.5, 1], [1, 2, 4]),
        (
            {"kind": "thresholds", "cuts": [50, 75], "levels": [0, 40, 100]},
            [49.9, 50, 74, 75, 90],
            [0, 40, 40, 100, 100],
            [100, 40, 40, 0, 0],
        ),
        ({"kind": "identity"}, [3, None, -2, 0], [3, None, -2, 0], [-3, None, 2, 0]),
    ],
)
def test_formulas_give_what_they_say(kind: Json, values: Values, higher: Values | None, lower: Values | None) -> None:
    if higher is not None:
        assert close(_scaled(kind, values), higher, 1e-14)
    if lower is not None:
        assert close(_scaled(kind, values, "lower"), lower, 1e-14)


NEEDING_A_POPULATION: list[tuple[Json, float, float]] = [
    ({"kind": "min_max", "scale": [1, 100]}, 50.5, 50.5),
    ({"kind": "z_score", "mean": 10, "sd": 2}, 10, 10),
    ({"kind": "rank"}, 1, 1),
    ({"kind": "percentile_rank"}, 0, 0.5),
    ({"kind": "distance_to_maximum"}, 0.5, 0.5),
    ({"kind": "distance_to_target", "target": 4}, 1, 1),
    ({"kind": "distance_to_target", "target": 3}, 1, 1),
    ({"kind": "distance_to_reference", "reference": "u0"}, 1, 1),
    ({"kind": "fraction_of_maximum"}, 1, 1),
]


@pytest.mark.parametrize(("kind", "constant", "alone"), NEEDING_A_POPULATION)
def test_a_constant_column_and_a_single_unit_have_their_stated_value(kind: Json, constant: float, alone: float) -> None:
    assert _scaled(kind, [4, 4, None, 4]) == [constant, constant, None, constant]
    assert _scaled(kind, [4]) == [alone]


def test_a_maximum_of_zero_is_one_at_the_maximum() -> None:
    assert _scaled({"kind": "fraction_of_maximum"}, [0, -3, 0]) == [1, 0, 1]


@pytest.mark.parametrize("kind", [kind for kind, *_ in NEEDING_A_POPULATION if "reference" not in kind])
def test_a_column_without_values_stays_without(kind: Json) -> None:
    assert _scaled(kind, [None, None]) == [None, None]


ALL: list[dict[str, Any]] = [
    *(kind for kind, *_ in NEEDING_A_POPULATION),
    {"kind": "goalposts", "low": -1, "high": 1},
    {"kind": "log_goalposts", "low": 1, "high": 2},
    {"kind": "thresholds", "cuts": [0], "levels": [1, 2]},
    {"kind": "identity"},
]


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_the_greatest_and_smallest_numbers_give_finite_results_in_order(kind: Json, direction: str) -> None:
    values: Values = [1e308, 1e300, 1.0, 5e-324, 0.0, -5e-324, -1.0, -1e308]

    scaled = _scaled(kind, values, direction)

    finite = [value for value in scaled if value is not None]
    assert len(finite) == len(values)
    assert all(map(math.isfinite, finite))
    if kind["kind"] != "fraction_of_maximum":
        assert finite == sorted(finite, reverse=direction == "higher")


@pytest.mark.parametrize("scale", [[0, 100], [0.1, 0.7], [1, 100], [-5, 3], [0.3, 0.9]])
def test_the_ends_of_the_scale_are_met_exactly_and_never_passed(scale: list[float]) -> None:
    values: Values = [place / 997 for place in range(998)]

    posts = {"kind": "goalposts", "low": 0, "high": 1}
    for kind in ({"kind": "min_max"}, posts | {"cap": True}, posts | {"cap": False}):
        scaled = _scaled(kind | {"scale": scale}, values)
        assert [scaled[0], scaled[-1]] == scale
        assert all(value is not None and scale[0] <= value <= scale[1] for value in scaled)
