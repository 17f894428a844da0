"""How much of a score comes from each indicator, worked by hand."""

import pytest

from tests.unit.rating.cases import Json, simulate

VALUES: dict[str, list[float | None]] = {"x": [20.0], "y": [80.0]}


def _parts(aggregation: Json, values: dict[str, list[float | None]] = VALUES) -> tuple[float, list[float | None]]:
    tree = {
        "code": "i",
        "aggregation": aggregation,
        "children": [{"indicator": "x", "weight": 1}, {"indicator": "y", "weight": 3}],
    }
    rated = simulate(tree, values)
    assert rated.score[0] is not None
    return rated.score[0], [rated.contributions["x"][0], rated.contributions["y"][0]]


def test_in_an_arithmetic_mean_a_contribution_is_weight_times_value() -> None:
    assert _parts({"kind": "weighted_arithmetic"}) == (65, [5, 60])


def test_in_a_geometric_mean_contributions_are_as_the_weights() -> None:
    score, parts = _parts({"kind": "weighted_geometric"})

    assert score == pytest.approx(20**0.25 * 80**0.75)
    assert parts == pytest.approx([score * 0.25, score * 0.75])


def test_in_a_harmonic_mean_the_weakest_child_carries_more_than_its_weight() -> None:
    score, parts = _parts({"kind": "weighted_harmonic"})

    assert score == pytest.approx(4 / (1 / 20 + 3 / 80))
    assert parts == pytest.approx([0.25 * score**2 / 20, 0.75 * score**2 / 80])


@pytest.mark.parametrize(
    "aggregation", [{"kind": "weighted_geometric"}, {"kind": "weighted_harmonic"}, {"kind": "power_mean", "power": -2}]
)
def test_a_score_of_zero_has_contributions_of_zero(aggregation: Json) -> None:
    assert _parts(aggregation, {"x": [0], "y": [80]}) == (0, [0, 0])
    assert _parts(aggregation, {"x": [0], "y": [0]}) == (0, [0, 0])


@pytest.mark.parametrize("power", [0.5, 2, 7])
def test_a_zero_child_contributes_nothing_where_the_score_is_not_zero(power: float) -> None:
    score, parts = _parts({"kind": "power_mean", "power": power}, {"x": [0], "y": [80]})

    assert score == pytest.approx(80 * 0.75 ** (1 / power))
    assert parts == [0, pytest.approx(score)]


def test_a_contribution_is_what_a_small_change_of_the_indicator_is_worth() -> None:
    posts = {"kind": "goalposts", "low": 0, "high": 100, "cap": True, "scale": [0, 100]}
    tree = {
        "code": "i",
        "aggregation": {"kind": "weighted_geometric"},
        "children": [
            {
                "code": "p",
                "weight": 2,
                "aggregation": {"kind": "weighted_harmonic"},
                "children": [{"indicator": "a", "normalisation": posts}, {"indicator": "b", "normalisation": posts}],
            },
            {
                "code": "q",
                "aggregation": {"kind": "power_mean", "power": 3},
                "children": [{"indicator": "c", "normalisation": posts}, {"indicator": "d", "normalisation": posts}],
            },
        ],
    }
    values = {"a": 20.0, "b": 70.0, "c": 5.0, "d": 90.0}
    rated = simulate(tree, {code: [value] for code, value in values.items()})

    for code, value in values.items():
        better = simulate(tree, {**{one: [other] for one, other in values.items()}, code: [value * (1 + 1e-5)]})
        gained = ((better.score[0] or 0) - (rated.score[0] or 0)) / 1e-5
        assert gained == pytest.approx(rated.contributions[code][0], rel=1e-3)


def test_the_wins_of_a_copeland_node_are_parted_among_the_children_that_brought_them() -> None:
    tree = {
        "code": "i",
        "aggregation": {"kind": "copeland"},
        "children": [
            {"indicator": "x", "weight": 3},
            {"code": "p", "weight": 1, "children": [{"indicator": "y", "weight": 1}, {"indicator": "z", "weight": 3}]},
        ],
    }

    rated = simulate(tree, {"x": [3, 2, 1], "y": [0, 0, 8], "z": [0, 0, None]})

    assert rated.score == pytest.approx([1.5 + 0.125, 0.75 + 0.125, 0.5])
    assert rated.contributions["x"] == pytest.approx([1.5, 0.75, 0])
    assert rated.contributions["y"] == pytest.approx([0.125 / 4, 0.125 / 4, 0.5])
    assert rated.contributions["z"] == [pytest.approx(0.125 * 3 / 4), pytest.approx(0.125 * 3 / 4), None]
