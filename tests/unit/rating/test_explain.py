"""How much of a score comes from each indicator, worked by hand."""

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from services.rating_engine.core import pipeline
from services.rating_engine.core.types import (
    Column,
    Dataset,
    Leaf,
    Methodology,
    Node,
    WeightedArithmetic,
    WeightedGeometric,
)
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


def test_in_a_geometric_mean_the_weak_child_has_less_than_its_weight_of_the_score() -> None:
    score, parts = _parts({"kind": "weighted_geometric"})

    assert score == pytest.approx(20**0.25 * 80**0.75)
    without_x, without_y = 20**0.25 * score**0.75, score**0.25 * 80**0.75
    lost = ((without_x - score) + (score - without_y)) / 2
    assert parts == pytest.approx([0.25 * score + lost, 0.75 * score - lost])


@pytest.mark.parametrize(
    "aggregation",
    [
        {"kind": "weighted_geometric"},
        {"kind": "weighted_harmonic"},
        *({"kind": "power_mean", "power": power} for power in (-2.5, 0.5, 2, 3)),
    ],
)
def test_parts_of_a_node_are_the_shapley_values_of_leaving_its_level(aggregation: Json) -> None:
    weights, values = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}, {"a": 3.0, "b": 90.0, "c": 41.0, "d": 77.0}
    tree = {
        "code": "i",
        "aggregation": aggregation,
        "children": [{"indicator": code, "weight": weight} for code, weight in weights.items()],
    }

    def worth(standing: dict[str, float]) -> float:
        return simulate(tree, {code: [value] for code, value in standing.items()}).score[0] or 0.0

    rated = simulate(tree, {code: [value] for code, value in values.items()})
    score = worth(values)
    for code in values:
        gained = 0.0
        for order in permutations(values):
            before = {one: values[one] if order.index(one) < order.index(code) else score for one in values}
            gained += worth({**before, code: values[code]}) - worth(before)
        assert rated.contributions[code][0] == pytest.approx(weights[code] / 10 * score + gained / 24, abs=1e-9)


def test_more_than_ten_children_have_the_parts_of_euler() -> None:
    codes = [f"c{place}" for place in range(11)]
    tree = {
        "code": "i",
        "aggregation": {"kind": "weighted_harmonic"},
        "children": [{"indicator": code} for code in codes],
    }

    rated = simulate(tree, {code: [place + 1.0] for place, code in enumerate(codes)})

    assert rated.score[0] is not None
    expected = [rated.score[0] ** 2 / 11 / (place + 1) for place in range(11)]
    assert [rated.contributions[code][0] for code in codes] == pytest.approx(expected)


@pytest.mark.parametrize(
    "aggregation", [{"kind": "weighted_geometric"}, {"kind": "weighted_harmonic"}, {"kind": "power_mean", "power": -2}]
)
def test_a_score_of_zero_has_contributions_of_zero(aggregation: Json) -> None:
    assert _parts(aggregation, {"x": [0], "y": [80]}) == (0, [0, 0])
    assert _parts(aggregation, {"x": [0], "y": [0]}) == (0, [0, 0])


@pytest.mark.parametrize("power", [0.5, 2, 7])
def test_a_zero_child_has_less_than_its_weight_of_a_score_that_is_not_zero(power: float) -> None:
    score, parts = _parts({"kind": "power_mean", "power": power}, {"x": [0], "y": [80]})

    assert score == pytest.approx(80 * 0.75 ** (1 / power))
    assert parts[0] is not None
    assert parts[0] < 0.25 * score
    assert math.fsum(part or 0 for part in parts) == pytest.approx(score)


POSTS: Json = {"kind": "goalposts", "low": 0, "high": 100, "cap": True, "scale": [0, 100]}
MEANS: list[Json] = [
    {"kind": "weighted_arithmetic"},
    {"kind": "weighted_geometric"},
    {"kind": "weighted_harmonic"},
    {"kind": "power_mean", "power": 3},
    {"kind": "power_mean", "power": -0.7},
]


def _mixed(draw: random.Random, depth: int, codes: Iterator[str]) -> Json:
    children: list[Json] = []
    for _ in range(draw.randint(1, 4)):
        if depth and draw.random() < 0.6:
            children.append(_mixed(draw, depth - 1, codes))
        else:
            children.append({"indicator": next(codes), "normalisation": POSTS})
        children[-1]["weight"] = draw.choice([0, 1, 2, 7.5])
    children[0]["weight"] = 1
    return {"code": "n" + next(codes), "aggregation": draw.choice(MEANS), "children": children}


def _indicators(tree: Json) -> list[str]:
    return [
        code
        for child in tree["children"]
        for code in ([child["indicator"]] if "indicator" in child else _indicators(child))
    ]


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("policy", ["renormalise", "penalise"])
def test_contributions_sum_to_the_score_over_any_mixture_of_means(seed: int, policy: str) -> None:
    draw = random.Random(seed)
    tree = _mixed(draw, 3, (f"c{place}" for place in range(10_000)))
    columns: dict[str, list[float | None]] = {
        code: [draw.choice([None, 0.0, 50.0, 100.0, draw.uniform(0, 100)]) for _ in range(40)]
        for code in _indicators(tree)
    }

    rated = simulate(tree, columns, missing={"policy": policy, "min_node_coverage": 0.3})

    for unit, score in enumerate(rated.score):
        if score is not None:
            parts = [part for values in rated.contributions.values() if (part := values[unit]) is not None]
            assert math.fsum(parts) == pytest.approx(score, abs=1e-9)


def test_what_is_level_with_the_score_has_its_weight_of_it_at_any_depth() -> None:
    tree = {
        "code": "i",
        "aggregation": {"kind": "weighted_geometric"},
        "children": [
            {
                "code": "p",
                "weight": 2,
                "aggregation": {"kind": "weighted_harmonic"},
                "children": [{"indicator": "a", "weight": 1}, {"indicator": "b", "weight": 3}],
            },
            {"indicator": "c"},
        ],
    }

    rated = simulate(tree, {"a": [40.0], "b": [40.0], "c": [40.0]})

    assert [rated.contributions[code][0] for code in "abc"] == pytest.approx([40 / 6, 20, 40 / 3])


def test_a_better_value_brings_more_and_a_worse_one_less() -> None:
    tree = {
        "code": "i",
        "aggregation": {"kind": "weighted_geometric"},
        "children": [
            {"code": "p", "weight": 2, "children": [{"indicator": "a"}, {"indicator": "b"}]},
            {"indicator": "c"},
        ],
    }
    ladder: list[float | None] = [float(value) for value in range(5, 100, 5)]

    rated = simulate(tree, {"a": ladder, "b": [50.0] * len(ladder), "c": [50.0] * len(ladder)})

    brought = [part or 0.0 for part in rated.contributions["a"]]
    assert brought == sorted(brought)


def test_in_a_geometric_tree_the_score_is_the_product_of_the_factors() -> None:
    geometric = WeightedGeometric()
    inner = Node("p", (Leaf("a", 1.0), Leaf("b", 3.0)), 2.0, geometric)
    method = Methodology("m", Node("i", (inner, Leaf("c", 1.0)), 1.0, geometric))
    columns = {
        "a": Column(np.array([20.0, np.nan])),
        "b": Column(np.array([80.0, 30.0])),
        "c": Column(np.array([5.0, 7.0])),
    }

    rated = pipeline.rate(Dataset(("u", "v"), columns), method)

    assert rated.inside is not None
    assert rated.inside.factors is not None
    factors = rated.inside.factors
    assert factors["a"][0] == pytest.approx(20 ** (1 / 6))
    assert np.isnan(factors["a"][1])
    products = np.nanprod(np.stack([factors[code] for code in "abc"]), axis=0)
    assert products == pytest.approx(rated.score)
    mixed = replace(method, tree=replace(method.tree, aggregation=WeightedArithmetic()))
    again = pipeline.rate(Dataset(("u", "v"), columns), mixed).inside
    assert again is not None
    assert again.factors is None


def test_contributions_do_not_depend_on_the_order_of_the_units() -> None:
    draw = np.random.default_rng(7)
    nodes = tuple(
        Node(f"n{place}", tuple(Leaf(f"x{place}{one}", one + 1.0) for one in range(5)), 1.0, WeightedGeometric())
        for place in range(6)
    )
    method = Methodology("m", Node("i", nodes, 1.0, WeightedGeometric()))
    values = {leaf.indicator: draw.uniform(1, 100, 500) for leaf in method.tree.leaves()}
    turned = draw.permutation(500)
    units = tuple(f"u{place}" for place in range(500))

    straight = pipeline.rate(Dataset(units, {code: Column(column) for code, column in values.items()}), method)
    other = pipeline.rate(
        Dataset(
            tuple(units[place] for place in turned), {code: Column(column[turned]) for code, column in values.items()}
        ),
        method,
    )

    for code in values:
        assert (straight.contributions[code][turned] == other.contributions[code]).all()


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

    assert rated.score == [2, 0, -2]
    assert rated.contributions["x"] == pytest.approx([2, 0, -2])
    assert rated.contributions["y"] == pytest.approx([0, 0, 0])
    assert rated.contributions["z"] == [0, 0, None]
