"""The same input gives the same bytes: whatever the order of units and children, whoever is computed beside."""

import json
import random
from typing import Any

import numpy as np
import pytest

from services.rating_engine.core.steps import ranking
from tests.unit.rating.cases import Json, simulate, table

COUNT = 60
GEOMETRIC: Json = {"kind": "weighted_geometric"}

EVERYTHING: Json = {
    "code": "index",
    "aggregation": {"kind": "weighted_arithmetic"},
    "children": [
        {
            "code": "one",
            "weight": 0.3,
            "aggregation": GEOMETRIC,
            "children": [
                {
                    "indicator": "a",
                    "weight": 0.1,
                    "treatment": {"kind": "winsorise", "max_points": 5, "skew": 0.1, "kurtosis": -1},
                    "normalisation": {"kind": "min_max", "scale": [1, 100]},
                },
                {
                    "indicator": "b",
                    "weight": 0.7,
                    "direction": "lower",
                    "normalisation": {"kind": "goalposts", "low": 0, "high": 90, "cap": True, "scale": [1, 100]},
                },
                {"indicator": "c", "weight": 0.3, "normalisation": {"kind": "percentile_rank"}},
            ],
        },
        {
            "code": "two",
            "weight": 0.7,
            "aggregation": {"kind": "power_mean", "power": 1},
            "children": [
                {
                    "indicator": "d",
                    "treatment": {"kind": "log"},
                    "normalisation": {"kind": "min_max", "scale": [1, 100]},
                },
                {
                    "code": "three",
                    "aggregation": {"kind": "copeland"},
                    "children": [
                        {"indicator": "e", "weight": 0.2, "normalisation": {"kind": "z_score"}},
                        {
                            "indicator": "f",
                            "treatment": {"kind": "box_cox", "lambda": 0.3},
                            "normalisation": {"kind": "identity"},
                        },
                    ],
                },
            ],
        },
    ],
}
METHOD: dict[str, Any] = {
    "missing": {"policy": "penalise", "min_coverage": 0.4, "min_node_coverage": 0.3},
    "peer_groups": {"by": ["setting"], "minimum": 10},
    "precision": {"shrink": True},
    "bands": {"kind": "pairwise_loss", "labels": ["A", "B", "C", "D"], "loss": 4},
    "uncertainty": {
        "replicates": 12,
        "seed": 5,
        "weights": {"kind": "uniform", "spread": 0.25},
        "alternatives": {"normalisation": ["min_max"], "aggregation": ["weighted_arithmetic"]},
    },
}


def _input() -> tuple[dict[str, list[float | None]], dict[str, list[float | None]], list[str]]:
    generator = np.random.default_rng(3)
    columns = {
        code: [
            None if generator.random() < 0.15 else round(value, 3)
            for value in generator.lognormal(3, 0.8, COUNT).tolist()
        ]
        for code in "abcdef"
    }
    variance = {code: [None if value is None else 2.5 for value in columns[code]] for code in "ab"}
    return columns, variance, ["urban" if generator.random() < 0.5 else "rural" for _ in range(COUNT)]


def _by_unit(answer: Json) -> dict[str, str]:
    """Everything that is said of each unit, as text."""
    units = answer["units"]
    told: dict[str, dict[str, Any]] = {unit: {} for unit in units}

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, f"{path}/{name}")
        elif isinstance(value, list) and len(value) == len(units):
            for unit, cell in zip(units, value, strict=True):
                told[unit][path] = cell

    walk(answer, "")
    return {unit: json.dumps(said, sort_keys=True) for unit, said in told.items()}


def test_a_hundred_orders_of_the_units_give_the_same_bytes_for_each_unit() -> None:
    columns, variance, setting = _input()
    shuffler = random.Random(11)

    def answer(order: list[int]) -> Json:
        return simulate(
            EVERYTHING,
            {code: [values[place] for place in order] for code, values in columns.items()},
            units=[f"u{place}" for place in order],
            variance={code: [values[place] for place in order] for code, values in variance.items()},
            attributes={"setting": [setting[place] for place in order]},
            **METHOD,
        ).model_dump(mode="json")

    first = answer(list(range(COUNT)))
    said = _by_unit(first)
    for _ in range(100):
        order = list(range(COUNT))
        shuffler.shuffle(order)
        again = answer(order)
        assert _by_unit(again) == said
        assert again["data_digest"] == first["data_digest"]
        assert again["methodology_digest"] == first["methodology_digest"]


@pytest.mark.parametrize("kind", ["weighted_arithmetic", "weighted_geometric", "weighted_harmonic"])
def test_orders_of_the_asem_countries_give_the_same_bytes(kind: str) -> None:
    units, columns = table("coinr_asem/missing_input_norm_1_100.csv", "uCode")
    leaf = {"kind": "min_max", "scale": [1, 100]}
    tree = {
        "code": "i",
        "aggregation": {"kind": kind},
        "children": [
            {"indicator": code, "weight": place + 0.1, "normalisation": leaf} for place, code in enumerate(columns)
        ],
    }
    said = _by_unit(simulate(tree, columns, units=units).model_dump(mode="json"))
    shuffler = random.Random(2)

    for _ in range(100):
        order = list(range(len(units)))
        shuffler.shuffle(order)
        again = simulate(
            tree,
            {code: [column[at] for at in order] for code, column in columns.items()},
            units=[units[at] for at in order],
        )
        assert _by_unit(again.model_dump(mode="json")) == said


def test_the_spread_of_ranks_does_not_depend_on_the_order_of_units() -> None:
    columns, _, setting = _input()

    def answer(order: list[int]) -> dict[str, str]:
        rated = simulate(
            EVERYTHING,
            {code: [values[place] for place in order] for code, values in columns.items()},
            units=[f"u{place}" for place in order],
            attributes={"setting": [setting[place] for place in order]},
            ask=["uncertainty"],
            **METHOD,
        )
        assert rated.uncertainty is not None
        return _by_unit(rated.model_dump(mode="json"))

    said = answer(list(range(COUNT)))
    shuffler = random.Random(4)
    for _ in range(5):
        order = list(range(COUNT))
        shuffler.shuffle(order)
        assert answer(order) == said


def test_the_order_of_children_leaves_no_trace_in_the_scores() -> None:
    columns, variance, setting = _input()

    def turned(node: Json) -> Json:
        if "children" not in node:
            return node
        return node | {"children": [turned(child) for child in reversed(node["children"])]}

    straight = simulate(EVERYTHING, columns, attributes={"setting": setting}, variance=variance, **METHOD)
    backwards = simulate(turned(EVERYTHING), columns, attributes={"setting": setting}, variance=variance, **METHOD)

    assert straight.score == backwards.score
    assert straight.rank == backwards.rank


def test_with_fixed_posts_a_units_score_does_not_depend_on_who_is_beside_it() -> None:
    posts = {"kind": "log_goalposts", "low": 1, "high": 200, "cap": True}
    tree = {
        "code": "i",
        "aggregation": GEOMETRIC,
        "children": [{"indicator": code, "weight": 0.1, "normalisation": posts} for code in "abcdef"],
    }
    columns, _, _ = _input()
    together = simulate(tree, columns).score

    for size in (1, 3, 7, 8, 16, 33):
        for start in range(0, COUNT, size):
            part = {code: values[start : start + size] for code, values in columns.items()}
            assert simulate(tree, part).score == together[start : start + size]


def test_scores_that_are_equal_on_paper_tie_although_their_last_bits_differ() -> None:
    scores = np.array([0.1 + 0.2, 0.3, 0.30000001, np.nan, -0.3])

    assert ranking.competition(scores).tolist() == [2, 2, 1, 0, 4]
    assert ranking.competition(np.ldexp(scores, 900)).tolist() == [2, 2, 1, 0, 4]
    assert ranking.competition(np.ldexp(scores, -900)).tolist() == [2, 2, 1, 0, 4]
