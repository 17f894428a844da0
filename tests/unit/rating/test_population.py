"""Words a public methodology needs: coverage by weight, more observations for one indicator, a scale, no places."""

from typing import Any

import pytest

from tests.unit.rating.cases import simulate


def posts() -> dict[str, Any]:
    return {"kind": "goalposts", "low": 0, "high": 100, "scale": [0, 100], "cap": True}


def leaf(code: str, weight: float, **more: Any) -> dict[str, Any]:
    return {"indicator": code, "weight": weight, "normalisation": posts(), **more}


TREE = {"code": "index", "children": [leaf("A", 60), leaf("B", 30), leaf("C", 10)]}


@pytest.mark.parametrize(
    ("counted", "scores"), [("count", [None, 47.142857142857146, 43.0]), ("weight", [60.0, 47.142857142857146, 43.0])]
)
def test_a_node_counts_its_children_one_each_or_by_their_weights(counted: str, scores: list[float | None]) -> None:
    told = simulate(
        TREE,
        {"A": [60.0, 50.0, 50.0], "B": [None, None, 40.0], "C": [None, 30.0, 10.0]},
        missing={"policy": "renormalise", "min_node_coverage": 0.5, "node_coverage": counted},
    )
    assert told.score == pytest.approx(scores)


def test_by_weight_what_a_unit_is_charged_with_counts_and_what_it_is_excused_from_does_not() -> None:
    told = simulate(
        TREE,
        {"A": [None, None, 50.0], "B": [80.0, 80.0, 40.0], "C": [30.0, 30.0, 10.0]},
        missing={"policy": "penalise", "min_node_coverage": 0.5, "node_coverage": "weight"},
        reason={"A": ["not_reported", "not_sampled", None]},
    )
    assert told.score[0] == pytest.approx(0.6 * 50 + 0.3 * 80 + 0.1 * 30)
    assert told.score[1] is None, "less than half of the weight is left"


def test_one_indicator_may_ask_for_more_observations_than_the_others() -> None:
    tree = {"code": "index", "children": [leaf("A", 1, min_n=20), leaf("B", 1)]}
    told = simulate(
        tree, {"A": [10.0, 10.0], "B": [90.0, 90.0]}, n={"A": [19, 20], "B": [6, 6]}, precision={"min_n": 5}
    )
    assert told.score == [90.0, 50.0]


def test_a_percentile_stands_on_the_scale_that_is_asked_for() -> None:
    ranked = {"indicator": "A", "normalisation": {"kind": "percentile_rank", "scale": [0, 100]}}
    told = simulate({"code": "index", "children": [ranked]}, {"A": [1.0, 2.0, 3.0, 4.0, 5.0]})
    assert told.score == [0.0, 25.0, 50.0, 75.0, 100.0]


def test_without_a_ranking_there_are_scores_and_bands_and_no_places() -> None:
    told = simulate(
        TREE,
        {"A": [60.0, 50.0], "B": [10.0, 20.0], "C": [None, 30.0]},
        ranking=False,
        bands={"kind": "cuts", "labels": ["good", "bad"], "cuts": [40]},
    )
    assert told.rank == [None, None]
    assert told.band == ["good", "bad"]
    assert None not in told.score
