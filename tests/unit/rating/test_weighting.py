"""Where weights come from: judgements in pairs, and what the data alone would say."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core.audit import weighting
from shared.errors import Problem
from tests.unit.rating.cases import CASES, Json, simulate

HOUSE: list[list[float]] = [
    [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4],
    [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
    [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
    [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8],
    [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
    [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6],
    [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2],
    [4, 7, 5, 8, 6, 6, 2, 1],
]
"""Buying a house: Saaty 1990, European Journal of Operational Research 48."""


@cache
def published() -> Any:
    path = CASES / "mcdm" / "published_weights.json"
    if not path.is_file():
        pytest.skip(f"the reference cases are not at {CASES}")
    return {case["name"]: case for case in json.loads(path.read_text())}


METHODS: Mapping[str, Callable[[Any, Any], Any]] = {
    "entropy": lambda table, lower: weighting.entropy(table),
    "standard_deviation": lambda table, lower: weighting.standard_deviation(table),
    "critic": weighting.critic,
    "merec": weighting.merec,
    "cilos": weighting.cilos,
    "idocriw": weighting.idocriw,
}


@pytest.mark.parametrize("name", METHODS)
def test_published_weights_are_reproduced(name: str) -> None:
    case = published()[name]
    lower = [kind == -1 for kind in case["types"] or [1] * len(case["matrix"][0])]

    found = METHODS[name](np.array(case["matrix"], dtype=float), lower)

    assert found == pytest.approx(case["pymcdm_full_precision"], abs=1e-9)
    assert [round(one, case["decimals"]) for one in found] == pytest.approx(
        case["expected"], abs=10.0 ** -case["decimals"]
    )


def test_judgements_in_pairs_give_saatys_weights_and_consistency() -> None:
    found = weighting.judged(HOUSE)

    assert [round(weight, 3) for weight in found.weights] == [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert round(found.greatest, 3) == 9.669
    assert round(found.index, 3) == 0.238
    assert round(found.ratio, 3) == 0.169
    assert found.ratio > weighting.CONSISTENT


@settings(max_examples=60)
@given(st.lists(st.floats(0.34, 1.0), min_size=1, max_size=9))
def test_consistent_judgements_give_back_the_weights_they_were_made_from(parts: list[float]) -> None:
    matrix = [[one / other for other in parts] for one in parts]

    found = weighting.judged(matrix)

    assert found.weights == pytest.approx([part / sum(parts) for part in parts], abs=1e-11)
    assert found.geometric == pytest.approx(found.weights, abs=1e-11)
    assert found.greatest == pytest.approx(len(parts), abs=1e-9)
    assert found.ratio == pytest.approx(0, abs=1e-9)


def test_a_rounded_reciprocal_means_the_exact_one() -> None:
    rounded = weighting.judged([[1, 3, 7], [0.33, 1, 3], [0.14, 0.333, 1]])

    assert rounded == weighting.judged([[1, 3, 7], [1 / 3, 1, 3], [1 / 7, 1 / 3, 1]])


@pytest.mark.parametrize("name", [*METHODS, "first_component"])
@pytest.mark.parametrize(
    "table",
    [
        [[2.0, 1.0], [2.0, 3.0], [2.0, 2.0]],
        [[2.0, 5.0], [2.0, 5.0]],
        [[3.0, 4.0]],
        [[1e308, 1.0], [1e-300, 2.0], [5.0, 4.0]],
        [[-1e308, 1.0], [1e308, -2.0], [0.0, 0.0]],
    ],
    ids=["one constant", "all constant", "one unit", "huge", "below zero"],
)
def test_what_does_not_vary_has_no_say_and_nothing_is_nan(name: str, table: list[list[float]]) -> None:
    values = np.array(table)
    if name == "first_component":
        found = weighting.first_component(np.array([[np.nan, np.nan], [np.nan, 1.0]]))
        assert found == [0.0, 1.0]
        return

    found = METHODS[name](values, None)

    if found is None:
        assert name in ("merec", "cilos", "idocriw")
        return
    assert np.isfinite(found).all()
    assert sum(found) == pytest.approx(1)
    assert min(found) >= 0
    if name in ("entropy", "standard_deviation", "critic") and len(table) == 3 and table[0][0] == 2.0:
        assert found == [0.0, 1.0]


def test_rows_with_a_gap_are_left_out() -> None:
    table = weighting.complete([np.array([1.0, np.nan, 3.0]), np.array([4.0, 5.0, 6.0])])

    assert table.tolist() == [[1, 4], [3, 6]]


COLUMNS = {"a": [10.0, 90.0, 50.0], "b": [80.0, 20.0, 50.0], "c": [30.0, 30.0, 60.0]}
JUDGED: list[list[float]] = [[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]


def node(**more: Any) -> Json:
    return {"code": "i", "children": [{"indicator": code} for code in COLUMNS], **more}


def test_a_node_may_state_its_weights_by_judgements_or_as_equal() -> None:
    by_pairs = simulate(node(weighting={"kind": "ahp", "matrix": JUDGED}), COLUMNS)
    alike = simulate(node(weighting={"kind": "equal"}), COLUMNS)

    weights = weighting.judged(JUDGED).weights
    first = [column[0] for column in COLUMNS.values()]
    assert by_pairs.score[0] == pytest.approx(sum(w * x for w, x in zip(weights, first, strict=True)))
    assert alike.score == simulate(node(), COLUMNS).score


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"weighting": {"kind": "ahp", "matrix": [[1, 2], [0.5, 1]]}}, "ahp_size", "/weighting/matrix"),
        ({"weighting": {"kind": "ahp", "matrix": [[1, 2, 1], [0.5, 1], [1, 1, 1]]}}, "ahp_size", "/weighting/matrix"),
        (
            {"weighting": {"kind": "ahp", "matrix": [[1, 3, 1], [3, 1, 1], [1, 1, 1]]}},
            "ahp_not_reciprocal",
            "/weighting/matrix/0/1",
        ),
        (
            {"weighting": {"kind": "ahp", "matrix": [[1, 9, 1], [1 / 9, 1, 9], [1, 1 / 9, 1]]}},
            "ahp_inconsistent",
            "/weighting/matrix",
        ),
        (
            {"weighting": {"kind": "equal"}, "children": [{"indicator": "a", "weight": 2}, {"indicator": "b"}]},
            "weights_stated_twice",
            "/children/0/weight",
        ),
    ],
)
def test_weights_that_contradict_themselves_are_refused(change: Json, code: str, pointer: str) -> None:
    with pytest.raises(Problem) as caught:
        simulate(node() | change, COLUMNS)

    assert [(error.code, error.pointer) for error in caught.value.errors] == [(code, f"/methodology/tree{pointer}")]


def test_inconsistent_judgements_are_taken_when_the_document_says_so() -> None:
    matrix = [[1, 9, 1], [1 / 9, 1, 9], [1, 1 / 9, 1]]

    rated = simulate(node(weighting={"kind": "ahp", "matrix": matrix, "accept_inconsistency": True}), COLUMNS)

    assert rated.rank.count(None) == 0
