"""Where weights come from: judgements in pairs, and what the data alone would say."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core.audit import correlation, judging, weighting
from services.rating_engine.core.types import Floats
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


OTHERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "gini": lambda table, lower: weighting.gini(table),
    "lopcow": weighting.lopcow,
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


def by_data(columns: Mapping[str, Sequence[float | None]], children: list[Json], **more: Any) -> Any:
    """What the data alone say of the children of the root, as a simulation tells it."""
    told = simulate({"code": "i", "children": children}, columns, ask=["coherence"], **more).coherence
    assert told is not None
    return told.composites[0].data_weights


@pytest.mark.parametrize("name", METHODS)
def test_published_weights_come_out_of_a_simulation(name: str) -> None:
    case = published()[name]
    columns = {f"c{place}": list(column) for place, column in enumerate(zip(*case["matrix"], strict=True))}
    scale = "identity" if case["types"] is None else "min_max"
    children = [
        {"indicator": code, "direction": "lower" if kind == -1 else "higher", "normalisation": {"kind": scale}}
        for code, kind in zip(columns, case["types"] or [1] * len(columns), strict=True)
    ]

    found = by_data(columns, children)

    assert found[name] == pytest.approx(case["pymcdm_full_precision"], abs=1e-9)


def test_methods_of_natural_values_see_them_after_treatment_and_not_on_the_common_scale() -> None:
    columns: dict[str, list[float | None]] = {"a": [3, 2.5, 1.8, 2.2], "b": [100, 80, 50, 70], "c": [10, 8, 20, 12]}
    plain = [{"indicator": code} for code in columns]
    posts = {"kind": "goalposts", "low": 0, "high": 1e6}
    scaled = [{"indicator": code, "normalisation": posts} for code in columns]
    cut: list[Json] = [{"indicator": "a", "treatment": {"kind": "log", "ends": [1, 10]}}, *plain[1:]]
    gap = columns | {"a": [3, 2.5, None, 2.2], "b": [100, 80, 0, 70], "c": [10, 8, -20, 12]}

    names = ("merec", "cilos", "idocriw")
    first = {name: by_data(columns, plain)[name] for name in names}

    assert {name: by_data(columns, scaled)[name] for name in names} == first
    assert by_data(columns, cut)["merec"] != first["merec"]
    assert None not in [by_data(gap, plain)[name] for name in names], "who lacks one is left out"


@pytest.mark.parametrize("low", [0.0, -1.0, -1e308])
def test_where_a_value_is_not_above_zero_the_methods_that_need_it_have_no_answer(low: float) -> None:
    found = by_data({"a": [low, 2, 3, 4], "b": [4, 1e308, 2, 5]}, [{"indicator": "a"}, {"indicator": "b"}])

    assert [found[name] for name in ("merec", "cilos", "idocriw")] == [None] * 3
    assert sum(found["entropy"]) == pytest.approx(1)


def test_of_fewer_than_three_units_the_data_say_nothing() -> None:
    assert by_data({"a": [1, 2], "b": [2, 1]}, [{"indicator": "a"}, {"indicator": "b"}]) == {}


def test_a_child_that_is_a_node_is_told_by_its_score() -> None:
    columns: dict[str, list[float | None]] = {"a": [3, 2.5, 1.8], "b": [100, 80, 50], "c": [10, 8, 20]}
    inner = {"code": "p", "children": [{"indicator": "a"}, {"indicator": "b"}]}
    scores = [(x or 0) / 2 + (y or 0) / 2 for x, y in zip(columns["a"], columns["b"], strict=True)]

    found = by_data(columns, [inner, {"indicator": "c"}])

    assert (
        found["merec"] == by_data({"p": scores, "c": columns["c"]}, [{"indicator": "p"}, {"indicator": "c"}])["merec"]
    )


def test_of_several_best_units_none_is_chosen_by_its_place() -> None:
    table = np.array([[3.0, 8, 10, 7], [3.0, 5, 8, 5], [1.8, 8, 20, 11], [2.2, 7, 12, 9], [3.0, 6, 20, 2]])
    orders = [np.random.default_rng(seed).permutation(5) for seed in range(6)]

    for method in (weighting.cilos, weighting.idocriw, weighting.merec):
        assert len({tuple(method(table[order]) or ()) for order in orders}) == 1


def test_judgements_in_pairs_give_saatys_weights_and_consistency() -> None:
    found = judging.judged(HOUSE)

    assert [round(weight, 3) for weight in found.weights] == [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert round(found.greatest, 3) == 9.669
    assert round(found.index, 3) == 0.238
    assert round(found.ratio, 3) == 0.169
    assert found.ratio > judging.CONSISTENT


@settings(max_examples=60)
@given(st.lists(st.floats(0.34, 1.0), min_size=1, max_size=9))
def test_consistent_judgements_give_back_the_weights_they_were_made_from(parts: list[float]) -> None:
    matrix = [[one / other for other in parts] for one in parts]

    found = judging.judged(matrix)

    assert found.weights == pytest.approx([part / sum(parts) for part in parts], abs=1e-11)
    assert found.geometric == pytest.approx(found.weights, abs=1e-11)
    assert found.greatest == pytest.approx(len(parts), abs=1e-9)
    assert found.ratio == pytest.approx(0, abs=1e-9)


def test_a_rounded_reciprocal_means_the_exact_one() -> None:
    rounded = judging.judged([[1, 3, 7], [0.33, 1, 3], [0.14, 0.333, 1]])

    assert rounded == judging.judged([[1, 3, 7], [1 / 3, 1, 3], [1 / 7, 1 / 3, 1]])


@pytest.mark.parametrize("name", [*METHODS, *OTHERS, "first_component"])
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

    found = {**METHODS, **OTHERS}[name](values, None)

    if found is None:
        assert name in ("merec", "cilos", "idocriw")
        return
    assert np.isfinite(found).all()
    assert sum(found) == pytest.approx(1)
    assert min(found) >= 0
    if name in ("entropy", "gini", "standard_deviation", "critic", "lopcow") and len(table) == 3 and table[0][0] == 2.0:
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

    weights = judging.judged(JUDGED).weights
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
            {"weighting": {"kind": "budget_allocation", "panel": [{"member": "x", "points": [50, 50]}]}},
            "panel_size",
            "/weighting/panel/0/points",
        ),
        (
            {
                "weighting": {
                    "kind": "budget_allocation",
                    "panel": [{"member": "x", "points": [50, 30, 20]}, {"member": "y", "points": [50, 30, 19]}],
                }
            },
            "panel_budget",
            "/weighting/panel/1/points",
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


PANEL: list[Json] = [
    {"member": "methodologist", "points": [6, 3, 1]},
    {"member": "director of a rural school", "points": [2, 3, 5]},
]


def test_a_panel_gives_the_mean_share_and_its_record_is_told() -> None:
    rule = {"kind": "budget_allocation", "budget": 10, "panel": PANEL}

    rated = simulate(node(weighting=rule), COLUMNS, ask=["coherence"])

    first = [column[0] for column in COLUMNS.values()]
    assert rated.score[0] == pytest.approx(sum(w * x for w, x in zip([0.4, 0.3, 0.3], first, strict=True)))
    assert rated.coherence is not None
    assert rated.coherence.composites[0].judgement == {
        "weights": [0.4, 0.3, 0.3],
        "deviations": pytest.approx([0.08**0.5, 0.0, 0.08**0.5]),
        "least": [0.2, 0.3, 0.1],
        "most": [0.6, 0.3, 0.5],
        "members": 2.0,
    }


def test_one_member_agrees_with_itself() -> None:
    alone = judging.allotted([[3.0, 1.0]])

    assert (alone.weights, alone.deviations) == ((0.75, 0.25), (0.0, 0.0))


def test_gini_is_half_the_mean_difference_over_the_mean() -> None:
    table = np.random.default_rng(3).uniform(1.0, 100.0, (20, 3))

    apart = [np.abs(column[:, None] - column).mean() / (2.0 * column.mean()) for column in table.T]

    assert weighting.gini(table) == pytest.approx(np.array(apart) / sum(apart), rel=1e-11)


def test_lopcow_is_worked_by_hand() -> None:
    table = np.array([[0.0, 5.0], [1.0, 9.0], [2.0, 5.0]])

    first, turned = math.log(math.sqrt(1.25 / 3.0) / 0.5), math.log(math.sqrt(2.0))
    assert weighting.lopcow(table) == pytest.approx([1.0, 0.0], abs=1e-12)
    assert weighting.lopcow(table, [True, True]) == pytest.approx([first / (first + turned), turned / (first + turned)])


def _correlations(table: Floats) -> Floats:
    side = correlation.standardised(list(table.T))
    return correlation.pearson(side, side)


def test_by_weights_of_equal_influence_every_child_goes_with_the_sum_alike() -> None:
    generator = np.random.default_rng(5)
    table = generator.normal(size=(200, 1)) + generator.normal(size=(200, 4)) * [0.5, 1.0, 2.0, 0.7]
    table[:, 2] *= 1e100

    weights = weighting.equal_influence(table, _correlations(table))

    assert weights is not None
    assert sum(weights) == pytest.approx(1.0)
    whole = table / 1e100 @ np.array(weights)
    along = [np.corrcoef(column, whole)[0, 1] for column in (table / table.max(axis=0)).T]
    assert along == pytest.approx([along[0]] * 4, abs=1e-9)


def test_equal_influence_is_none_where_it_takes_a_weight_below_zero_or_the_children_say_the_same() -> None:
    base = np.random.default_rng(6).normal(size=(100, 3))
    inside = np.column_stack((base[:, 0], base[:, 1], base[:, 0] + base[:, 1] + 0.3 * base[:, 2]))
    twice = np.column_stack((base[:, 0], base[:, 0]))
    still = np.column_stack((base[:, 0], np.ones(100)))

    assert weighting.equal_influence(inside, _correlations(inside)) is None
    assert weighting.equal_influence(twice, _correlations(twice)) is None
    assert weighting.equal_influence(still, _correlations(still)) == [1.0, 0.0]
