"""Gaps with a reason: each has its rule, and hiding never pays."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core import pipeline
from services.rating_engine.core.steps import reasons
from services.rating_engine.core.types import (
    Column,
    Dataset,
    Imputation,
    ImputationKind,
    Leaf,
    LeafMissing,
    Methodology,
    Missing,
    MissingPolicy,
    Node,
)
from shared.schemas.tables import MissingReason
from tests.unit.rating.cases import Json, close, number, rows, simulate

POSTS: Json = {"kind": "goalposts", "low": 0, "high": 100, "scale": [0, 100], "cap": True}
TREE: Json = {
    "code": "index",
    "children": [
        {"indicator": "x", "normalisation": POSTS},
        {"indicator": "y", "weight": 3, "normalisation": POSTS},
    ],
}
TEN = [float(value) for value in range(10, 110, 10)]


def last(policy: str, reason: str | None, *, previous: float | None = None, **more: Any) -> Any:
    """The rating of eleven units of which the last lacks x for a reason."""
    count = len(TEN) + 1
    return simulate(
        TREE,
        {"x": [*TEN, None], "y": [40.0] * count},
        reason={"x": [None] * (count - 1) + [reason]},
        previous={"x": [None] * (count - 1) + [previous]},
        missing={"policy": policy},
        **more,
    )


def test_every_reason_of_the_contract_has_its_rule() -> None:
    assert set(reasons.REMEDIES) == {reason.value for reason in MissingReason}


@pytest.mark.parametrize("policy", ["penalise", "zero"])
@pytest.mark.parametrize("reason", ["not_applicable", "not_sampled"])
def test_what_cannot_be_known_is_dropped(policy: str, reason: str) -> None:
    assert last(policy, reason).score[-1] == 40.0


@pytest.mark.parametrize("reason", ["not_reported", "low_coverage", "invalidated", None])
def test_what_the_unit_answers_for_is_charged(reason: str | None) -> None:
    low, worst = last("penalise", reason), last("zero", reason)

    assert (low.score[-1], low.filled["x"][-1]) == ((10 + 3 * 40) / 4, "low")
    assert (worst.score[-1], worst.filled["x"][-1]) == (3 * 40 / 4, "worst")
    assert low.normalised["x"][-1] is None
    assert low.coverage[-1] == 0.75


@pytest.mark.parametrize("policy", ["penalise", "zero", "impute"])
@pytest.mark.parametrize("reason", ["suppressed", "below_min_n"])
def test_a_value_nobody_may_see_counts_as_the_mean_of_the_group(policy: str, reason: str) -> None:
    answer = last(policy, reason)

    assert answer.score[-1] == (55 + 3 * 40) / 4
    assert answer.filled["x"][-1] == "expected"
    assert answer.normalised["x"][-1] is None


def test_the_whole_variance_of_the_group_is_in_the_interval_of_such_a_score() -> None:
    reason = (*[None] * 10, "suppressed")
    data = Dataset(
        tuple(f"u{place:02d}" for place in range(11)),
        {"x": Column(np.array([*TEN, np.nan]), reasons=reason), "y": Column(np.full(11, 40.0))},
    )
    tree = Node("i", (Leaf("x"), Leaf("y", 3.0)))

    result = pipeline.rate(data, Methodology("m", tree, Missing(MissingPolicy.PENALISE)))

    assert result.variance is not None
    assert result.variance[:-1].tolist() == [0.0] * 10
    assert result.variance[-1] == pytest.approx(np.var(TEN, ddof=1) / 16)


@pytest.mark.parametrize("policy", ["penalise", "zero"])
def test_under_appeal_the_last_accepted_value_stands_or_nothing(policy: str) -> None:
    told = last(policy, "under_appeal", previous=90.0)

    assert (told.score[-1], told.filled["x"][-1]) == ((90 + 3 * 40) / 4, "last")
    assert last(policy, "under_appeal").score[-1] == 40.0


def test_the_own_last_value_caps_what_a_gap_is_worth() -> None:
    assert last("penalise", "not_reported", previous=4.0).score[-1] == (4 + 3 * 40) / 4
    assert last("penalise", "not_reported", previous=99.0).score[-1] == (10 + 3 * 40) / 4


@pytest.mark.parametrize("reason", [*(reason.value for reason in MissingReason), None])
def test_under_renormalise_and_require_the_reason_makes_no_difference(reason: str | None) -> None:
    assert last("renormalise", reason).score[-1] == 40.0
    assert last("require", reason).reason[-1] == "value_required"


def test_an_indicator_may_have_a_rule_of_its_own() -> None:
    columns = {"x": [*TEN, None], "y": [*[40.0] * 9, None, None]}

    def tree(rule: Json) -> Json:
        return {"code": "i", "children": [TREE["children"][0] | {"missing": rule}, TREE["children"][1]]}

    charged = simulate(tree({"policy": "penalise"}), columns)
    required = simulate(tree({"policy": "require"}), columns)
    fixed = simulate(tree({"policy": "penalise", "charge": 7.5}), columns)
    excused = simulate(tree({"policy": "renormalise"}), columns, missing={"policy": "require"})

    assert charged.score[-2:] == [100.0, None]
    assert charged.reason[-1] == "no_data"
    assert fixed.filled["x"][-1] == "low"
    assert required.reason[-2:] == [None, "no_data"]
    assert required.status[-2:] == ["rated", "not_rated"]
    assert excused.reason[-2:] == ["value_required", "no_data"]
    assert excused.status[0] == "rated"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("mean", 325 / 8), ("median", 35.0), ("group_mean", 25.0), ("group_median", 25.0)],
)
def test_imputation_fills_by_everyone_or_by_the_group(kind: str, expected: float) -> None:
    values = [10.0, 20.0, 30.0, 40.0, 100.0, 5.0, 60.0, 60.0]
    groups = ["a", "a", "a", "a", "b", "b", "b", "b"]
    answer = simulate(
        {"code": "i", "children": [{"indicator": "x"}, {"indicator": "y"}]},
        {"x": [*values, None], "y": [1.0] * 9},
        attributes={"g": [*groups, "a"]},
        imputation={"kind": kind, **({"by": ["g"]} if kind.startswith("group") else {})},
    )

    assert answer.normalised["x"][-1] == expected
    assert answer.filled["x"][-1] == "imputed"
    assert answer.coverage[-1] == 0.5


def test_imputed_values_are_part_of_the_population() -> None:
    tree = {"code": "i", "children": [{"indicator": "x", "normalisation": {"kind": "z_score"}}, {"indicator": "y"}]}

    answer = simulate(tree, {"x": [1.0, 3.0, None], "y": [0.0] * 3}, imputation={"kind": "mean"})

    assert close(answer.normalised["x"], [-1.0, 1.0, 0.0])


def test_a_group_without_values_is_filled_from_everyone_and_a_column_without_any_stays_empty() -> None:
    answer = simulate(
        {"code": "i", "children": [{"indicator": code} for code in "xyz"]},
        {"x": [1.0, 3.0, None], "y": [None, None, None], "z": [1.0, 1.0, 1.0]},
        attributes={"g": ["a", "a", "b"]},
        imputation={"kind": "group_mean", "by": ["g"]},
    )

    assert answer.normalised["x"][-1] == 2.0
    assert answer.normalised["y"] == [None, None, None]


def test_what_has_no_meaning_for_the_unit_is_not_imputed() -> None:
    answer = simulate(
        {"code": "i", "children": [{"indicator": "x"}, {"indicator": "y"}]},
        {"x": [1.0, 3.0, None], "y": [5.0] * 3},
        reason={"x": [None, None, "not_applicable"]},
        imputation={"kind": "mean"},
    )

    assert answer.score[-1] == 5.0


def test_units_with_too_few_indicators_take_no_part_in_the_population() -> None:
    tree = {"code": "i", "children": [{"indicator": code, "normalisation": {"kind": "min_max"}} for code in "xy"]}
    columns: dict[str, list[float | None]] = {"x": [1.0, 2.0, 900.0], "y": [1.0, 2.0, None]}

    answer = simulate(tree, columns, screening={"min_available": 1.0}, missing={"policy": "penalise"})

    assert answer.score == [0.0, 1.0, None]
    assert answer.reason == [None, None, "screened_out"]
    assert answer.coverage == [1.0, 1.0, 0.5]
    assert answer.normalised["x"] == [0.0, 1.0, None]


def test_values_are_divided_by_their_denominator_where_there_is_one() -> None:
    tree = {"code": "i", "children": [{"indicator": "x", "denominator": "d"}, {"indicator": "y"}]}
    answer = simulate(
        tree,
        {"x": [6.0, 6.0, 6.0, None], "d": [2.0, 0.0, None, 3.0], "y": [1.0] * 4},
        missing={"policy": "penalise"},
    )

    assert answer.normalised["x"] == [3.0, None, None, None]
    assert answer.score == [2.0, 1.0, 2.0, 2.0], "nothing to divide by is no meaning; a denominator not told is charged"


def test_the_rules_of_england_rate_every_school_and_charge_only_what_is_not_told() -> None:
    """KS4 2018/19: SUPP is suppressed, NP not published, NE no entries, LOWCOV low coverage."""
    codes = {"SUPP": "suppressed", "NP": "not_reported", "NE": "not_applicable", "LOWCOV": "low_coverage"}
    lines = rows("school_data/england_ks4_2018_19.csv")[:1500]
    names = ["P8MEA", "ATT8SCR", "EBACCAPS"]
    reason = {name: [codes.get(line[name]) for line in lines] for name in names}
    columns = {name: [None if line[name] in codes else number(line[name]) for line in lines] for name in names}
    assert {told for cells in reason.values() for told in cells} >= {"suppressed", "not_reported", "low_coverage"}
    tree = {"code": "i", "children": [{"indicator": name, "normalisation": {"kind": "min_max"}} for name in names]}

    answer = simulate(tree, columns, reason=reason, missing={"policy": "penalise"})

    for name in names:
        rule = {"suppressed": "expected", "not_reported": "low", "low_coverage": "low", "not_applicable": None}
        for cell, told, fill in zip(columns[name], reason[name], answer.filled[name], strict=True):
            if cell is None:
                assert fill == (rule[told] if told else "low")
            else:
                assert fill is None


MEANS = [
    {"kind": "weighted_arithmetic"},
    {"kind": "weighted_geometric"},
    {"kind": "weighted_harmonic"},
    {"kind": "power_mean", "power": 2},
]
VALUES = st.lists(st.integers(0, 100).map(float), min_size=2, max_size=14)


@settings(max_examples=50, deadline=None)
@given(VALUES, st.integers(0, 13), st.sampled_from(MEANS), st.sampled_from(["penalise", "zero"]))
def test_hiding_a_value_not_worse_than_its_charge_never_pays(
    values: Sequence[float], place: int, mean: Json, policy: str
) -> None:
    """Under any mean: the charge is at most the value, so the score is at most what it was. Under `zero` there is no
    worse value, so hiding never pays anybody."""
    unit = place % len(values)
    tree = TREE | {"aggregation": mean}
    others = [50.0] * len(values)
    hidden = [None if other == unit else value for other, value in enumerate(values)]

    honest = simulate(tree, {"x": list(values), "y": others}, missing={"policy": policy})
    silent = simulate(tree, {"x": hidden, "y": others}, missing={"policy": policy})

    known = sorted(value for value in hidden if value is not None)
    charge = 0.0 if policy == "zero" else min(known[max(0, -(-len(known) // 10) - 1)], sum(known) / len(known))
    if values[unit] >= charge:
        assert (silent.score[unit] or 0) <= (honest.score[unit] or 0) + 1e-9
        assert (silent.rank[unit] or 0) >= (honest.rank[unit] or 0)


@settings(max_examples=50, deadline=None)
@given(VALUES, st.sampled_from(["penalise", "zero"]))
def test_hiding_a_value_drawn_from_the_group_never_raises_the_expected_score(
    values: Sequence[float], policy: str
) -> None:
    """The expectation is over the group's own distribution: a unit that does not know better what its value is than
    that it is one of them."""
    others = [50.0] * (len(values) + 1)
    truth = [
        simulate(TREE, {"x": [*values, value], "y": others}, missing={"policy": policy}).score[-1] or 0
        for value in values
    ]
    silent = simulate(TREE, {"x": [*values, None], "y": others}, missing={"policy": policy}).score[-1] or 0

    assert silent <= sum(truth) / len(truth) + 1e-9


def test_policies_that_reward_hiding_are_named() -> None:
    tree = Node("i", (Node("p", (Leaf("a"), Leaf("b", missing=LeafMissing(MissingPolicy.PENALISE)))), Leaf("c", 0.0)))

    def told(policy: MissingPolicy, imputation: Imputation | None = None) -> list[str]:
        return reasons.rewards_hiding(Methodology("m", tree, Missing(policy), imputation=imputation))

    assert told(MissingPolicy.RENORMALISE) == ["a"]
    assert told(MissingPolicy.IMPUTE) == ["a"]
    assert told(MissingPolicy.RENORMALISE, Imputation(ImputationKind.MEAN)) == ["a"]
    for policy in (MissingPolicy.PENALISE, MissingPolicy.ZERO, MissingPolicy.REQUIRE):
        assert told(policy) == []


def test_renormalising_does_reward_hiding_which_is_why_it_is_named() -> None:
    honest = simulate(TREE, {"x": [5.0, 50.0], "y": [60.0, 60.0]}).score[0] or 0
    silent = simulate(TREE, {"x": [None, 50.0], "y": [60.0, 60.0]}).score[0] or 0

    assert silent > honest
