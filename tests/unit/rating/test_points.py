"""Lines through points, quantile ends and the words of a document that contradict one another."""

from typing import Any

import pytest

from services.rating_engine.methodologies import documents
from services.rating_engine.methodologies.errors import MethodologyRefused
from shared.schemas.rating.methodology import MethodologyDocument
from tests.unit.rating.cases import Json, close, simulate

LINE: Json = {"kind": "piecewise", "points": [[0, 10], [20, 70], [40, 100]]}


def alone(leaf: Json, values: list[float | None]) -> list[float | None]:
    return simulate({"code": "i", "children": [{"indicator": "x", **leaf}]}, {"x": values}).score


def test_a_line_is_flat_beyond_its_ends_and_exact_at_its_points() -> None:
    found = alone({"normalisation": LINE}, [-5.0, 0.0, 10.0, 20.0, 30.0, 40.0, 1e308, None])

    assert found == [10.0, 10.0, 40.0, 70.0, 85.0, 100.0, 100.0, None]


def test_a_falling_line_is_for_indicators_of_which_less_is_better() -> None:
    line = {"kind": "piecewise", "points": [[0, 100], [10, 100], [30, 0]]}

    assert alone({"direction": "lower", "normalisation": line}, [5.0, 20.0, 99.0]) == [100.0, 50.0, 0.0]


def test_points_at_the_ends_of_the_doubles_give_finite_results() -> None:
    line = {"kind": "piecewise", "points": [[-8e307, 0], [5e-324, 50], [8e307, 100]]}

    assert close(alone({"normalisation": line}, [-1e308, 0.0, 5e-324, 1e308]), [0.0, 50.0, 50.0, 100.0])


def test_a_line_with_a_floor_goes_under_a_geometric_mean() -> None:
    tree = {
        "code": "i",
        "aggregation": {"kind": "weighted_geometric"},
        "children": [{"indicator": "x", "normalisation": LINE}],
    }

    assert close(simulate(tree, {"x": [10.0]}).score, [40.0])


def test_quantile_ends_are_values_that_occur() -> None:
    values: list[float | None] = [*map(float, range(1, 21))]
    treatment = {"kind": "winsorise_shares", "low": 0.1, "high": 0.9}

    assert alone({"treatment": treatment}, values) == [2.0, 2.0, *map(float, range(3, 18)), 18.0, 18.0, 18.0]


def test_winsorised_percentiles_share_the_ends() -> None:
    values: list[float | None] = [*map(float, range(1, 12))]
    leaf = {
        "treatment": {"kind": "winsorise_shares", "low": 0.2, "high": 0.9},
        "normalisation": {"kind": "percentile_rank"},
    }

    found = alone(leaf, values)

    assert found[:4] == [0.0, 0.0, 0.0, 0.3]
    assert found[-2:] == [0.9, 0.9]


def refused(tree: Json | None = None, **parts: Any) -> list[tuple[str, str]]:
    body = {"code": "m", "tree": tree or {"code": "i", "children": [{"indicator": "x"}]}, **parts}
    with pytest.raises(MethodologyRefused) as found:
        documents.read(MethodologyDocument.model_validate(body))
    return [(error.pointer, error.code) for error in found.value.errors]


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        ({"normalisation": LINE | {"points": [[0, 1], [0, 2]]}}, ("normalisation/points", "not_ascending")),
        ({"normalisation": LINE | {"points": [[0, 2], [1, 1]]}}, ("normalisation/points", "against_direction")),
        ({"normalisation": LINE | {"points": [[-1e308, 0], [1e308, 1]]}}, ("normalisation/points", "too_far_apart")),
        ({"normalisation": LINE | {"points": [[0, 0], [1, 1e12]]}}, ("normalisation/points", "too_far_apart")),
        ({"direction": "lower", "normalisation": LINE}, ("normalisation/points", "against_direction")),
        ({"treatment": {"kind": "log", "ends": [2, 1]}}, ("treatment/ends", "not_below")),
        ({"treatment": {"kind": "log", "ends": [-1e308, 1e308]}}, ("treatment/ends", "too_far_apart")),
        ({"missing": {"policy": "require", "charge": 1}}, ("missing/charge", "charge_without_penalty")),
    ],
)
def test_a_leaf_that_contradicts_itself_is_refused_with_its_place(leaf: Json, expected: tuple[str, str]) -> None:
    tree = {"code": "i", "children": [{"indicator": "x", **leaf}]}

    assert refused(tree) == [(f"/tree/children/0/{expected[0]}", expected[1])]


ABC = {"kind": "quantiles", "labels": ["A", "B", "C"]}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"peer_groups": {"by": []}}, [("/peer_groups/by", "peers_of_nothing")]),
        (
            {"imputation": {"kind": "mean"}, "missing": {"policy": "penalise"}},
            [("/missing/policy", "imputed_and_charged")],
        ),
        ({"imputation": {"kind": "median", "by": ["g"]}}, [("/imputation/by", "groups_without_use")]),
        (
            {"limits": [{"of": "nothing", "at_least": 1, "band": "C"}], "bands": ABC},
            [("/limits/0/of", "limit_of_nothing")],
        ),
        ({"limits": [{"of": "x", "band": "C"}], "bands": ABC}, [("/limits/0/at_least", "one_bar")]),
        (
            {"limits": [{"of": "x", "at_least": 1, "at_most": 2, "band": "C"}], "bands": ABC},
            [("/limits/0/at_least", "one_bar")],
        ),
        ({"limits": [{"of": "i", "at_least": 1, "band": "Z"}], "bands": ABC}, [("/limits/0/band", "band_unknown")]),
        ({"limits": [{"of": "i", "at_least": 1, "band": "A"}]}, [("/limits/0/band", "band_unknown")]),
    ],
)
def test_parts_that_contradict_one_another_are_refused(parts: Json, expected: list[tuple[str, str]]) -> None:
    assert refused(**parts) == expected
