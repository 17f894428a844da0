"""What holds of every rating, whatever its method: the same for every order, unit of measure and company."""

import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core.steps import aggregate
from services.rating_engine.core.types import Floats
from shared.schemas.rating.simulations import SimulationRead
from tests.unit.rating.cases import Columns, Json, simulate

KINDS: list[Json] = [
    {"kind": "goalposts", "low": -50, "high": 50, "scale": [1, 100], "cap": True},
    {"kind": "piecewise", "points": [[-50, 1], [0, 60], [50, 100]]},
    {"kind": "min_max", "scale": [1, 100]},
    {"kind": "z_score", "mean": 50, "sd": 5},
    {"kind": "percentile_rank"},
    {"kind": "rank"},
    {"kind": "distance_to_maximum"},
    {"kind": "thresholds", "cuts": [-10, 10], "levels": [1, 50, 100]},
]
FIXED = [kind for kind in KINDS if kind["kind"] in ("goalposts", "piecewise", "thresholds")]
RELATIVE = [kind for kind in KINDS if kind["kind"] in ("min_max", "z_score", "percentile_rank", "rank")]
MEANS: list[Json] = [
    {"kind": "weighted_arithmetic"},
    {"kind": "weighted_geometric"},
    {"kind": "weighted_harmonic"},
    {"kind": "power_mean", "power": 3},
]
POLICIES: list[Json] = [{"policy": policy} for policy in ("renormalise", "penalise", "zero", "impute", "require")]


@st.composite
def bodies(draw: st.DrawFn, kinds: list[Json]) -> tuple[Json, Columns, Json]:
    """A tree of two levels, columns with gaps, and the rest of the document."""
    count = draw(st.integers(2, 9))
    cell = st.one_of(st.none(), st.integers(-40, 40).map(float), st.integers(-40, 40).map(float))
    columns: Columns = {code: draw(st.lists(cell, min_size=count, max_size=count)) for code in "abc"}
    kind = draw(st.sampled_from(kinds))
    leaves = [
        {
            "indicator": code,
            "weight": draw(st.sampled_from([0.5, 1.0, 3.0])),
            "direction": "higher",
            "normalisation": kind,
        }
        for code in "abc"
    ]
    means = MEANS if kind["kind"] not in ("z_score",) else MEANS[:1]
    inner = {"code": "p", "weight": 2, "aggregation": draw(st.sampled_from(means)), "children": leaves[:2]}
    tree = {"code": "i", "aggregation": draw(st.sampled_from(means)), "children": [inner, leaves[2]]}
    return tree, columns, {"missing": draw(st.sampled_from(POLICIES))}


def rated(body: tuple[Json, Columns, Json], **more: Any) -> SimulationRead:
    tree, columns, rest = body
    return simulate(tree, columns, **(rest | more))


@settings(max_examples=30, deadline=None)
@given(bodies(KINDS), st.randoms(use_true_random=False))
def test_the_order_of_units_leaves_no_trace(body: tuple[Json, Columns, Json], generator: random.Random) -> None:
    tree, columns, rest = body
    names = [f"u{place}" for place in range(len(columns["a"]))]
    order = list(range(len(names)))
    generator.shuffle(order)

    straight = rated(body, units=names)
    shuffled = simulate(
        tree,
        {code: [cells[place] for place in order] for code, cells in columns.items()},
        units=[names[place] for place in order],
        **rest,
    )

    assert shuffled.score == [straight.score[place] for place in order]
    assert shuffled.rank == [straight.rank[place] for place in order]
    assert shuffled.data_digest == straight.data_digest


@settings(max_examples=30, deadline=None)
@given(bodies(RELATIVE), st.sampled_from([0.25, 2.0, 8.0, 1024.0]), st.integers(-3, 3))
def test_an_affine_change_of_the_unit_of_measure_changes_no_place(
    body: tuple[Json, Columns, Json], factor: float, shift: int
) -> None:
    tree, columns, rest = body
    changed: Columns = {
        code: [None if cell is None else factor * (cell + shift) for cell in cells] for code, cells in columns.items()
    }

    before, after = rated(body), simulate(tree, changed, **rest)

    for one, other in zip(before.score, after.score, strict=True):
        assert (one is None) == (other is None)
        assert math.isclose(one or 0, other or 0, rel_tol=1e-9, abs_tol=1e-9)


@settings(max_examples=30, deadline=None)
@given(bodies(KINDS), st.sampled_from([1e-3, 0.1, 7.0, 1e6]))
def test_weights_are_relative(body: tuple[Json, Columns, Json], factor: float) -> None:
    tree, columns, rest = body

    def scaled(item: Json) -> Json:
        children = {"children": [scaled(child) for child in item["children"]]} if "children" in item else {}
        return item | {"weight": item.get("weight", 1.0) * factor} | children

    before, after = rated(body), simulate(scaled(tree), columns, **rest)

    for one, other in zip(before.score, after.score, strict=True):
        assert (one is None) == (other is None)
        assert math.isclose(one or 0, other or 0, rel_tol=1e-9, abs_tol=1e-12)


@settings(max_examples=30, deadline=None)
@given(bodies(FIXED), st.integers(0, 8), st.sampled_from("abc"), st.integers(1, 30))
def test_a_better_value_never_lowers_the_own_score_or_place(
    body: tuple[Json, Columns, Json], place: int, code: str, better: int
) -> None:
    tree, columns, rest = body
    unit = place % len(columns["a"])
    value = columns[code][unit]
    if value is None:
        return
    improved = columns | {code: [value + better if one == unit else cell for one, cell in enumerate(columns[code])]}

    before, after = rated(body), simulate(tree, improved, **rest)

    if before.score[unit] is not None:
        assert (after.score[unit] or 0) >= (before.score[unit] or 0)
        if rest["missing"]["policy"] in ("renormalise", "zero", "require"):
            assert (after.rank[unit] or 0) <= (before.rank[unit] or 0)


@settings(max_examples=30, deadline=None)
@given(bodies(FIXED), st.lists(st.integers(-400, 400).map(float), min_size=3, max_size=3))
def test_with_fixed_posts_another_unit_reorders_nobody(body: tuple[Json, Columns, Json], stranger: list[float]) -> None:
    tree, columns, rest = body
    if rest["missing"]["policy"] in ("penalise", "impute"):
        return
    joined: Columns = {code: [*columns[code], value] for code, value in zip("abc", stranger, strict=True)}

    assert simulate(tree, joined, **rest).score[:-1] == rated(body).score


@settings(max_examples=30, deadline=None)
@given(bodies(KINDS))
def test_contributions_sum_to_the_score(body: tuple[Json, Columns, Json]) -> None:
    answer = rated(body)

    for place, score in enumerate(answer.score):
        if score is not None:
            total = math.fsum(cells[place] or 0.0 for cells in answer.contributions.values())
            assert math.isclose(total, score, rel_tol=1e-9, abs_tol=1e-9)


def test_copeland_knows_no_order_of_rows_in_two_hundred_tables_with_gaps() -> None:
    """COINr `a_copeland` gives other scores in 200 of 200 such tables: it fills the lower triangle as 1 - upper, while
    pairs with a gap weigh less. Here what one wins another loses, pair by pair."""
    generator = np.random.default_rng(7)
    for _ in range(200):
        cells: Floats = generator.integers(0, 6, size=(10, 6)).astype(np.float64)
        cells[generator.random((10, 6)) < 0.15] = np.nan
        weights = generator.uniform(0.5, 2.0, 6).tolist()
        order = generator.permutation(10)

        straight, _ = aggregate.copeland(weights, list(cells.T))
        shuffled, _ = aggregate.copeland(weights, list(cells[order].T))

        assert shuffled.tolist() == straight[order].tolist()
        assert np.nansum(straight) == 0


LEAF: Json = {"indicator": "x", "normalisation": {"kind": "min_max"}}


def one(leaf: Json, cells: list[float | None], **more: Any) -> SimulationRead:
    return simulate({"code": "i", "children": [leaf]}, {"x": cells}, **more)


@pytest.mark.parametrize("kind", [*KINDS, {"kind": "identity"}, {"kind": "fraction_of_maximum"}])
@pytest.mark.parametrize(
    "cells",
    [[5.0, 5.0, 5.0], [5.0], [None, None], [1e308, -1e308, 1e308], [1e308, None, 0.0]],
    ids=["constant", "a group of one", "all missing", "greatest numbers", "one great number"],
)
@pytest.mark.parametrize("policy", POLICIES, ids=[policy["policy"] for policy in POLICIES])
def test_poor_columns_have_a_stated_result_and_never_a_silent_rank(
    kind: Json, cells: list[float | None], policy: Json
) -> None:
    answer = one({"indicator": "x", "normalisation": kind}, cells, missing=policy)

    text = answer.model_dump_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    for score, rank, status, reason in zip(answer.score, answer.rank, answer.status, answer.reason, strict=True):
        assert (score is None) == (rank is None) == (status == "not_rated") == (reason is not None)
    for cell, reason in zip(cells, answer.reason, strict=True):
        assert (reason == "no_data") == (cell is None)


def test_a_unit_with_one_indicator_is_rated_by_it_or_told_that_it_is_too_little() -> None:
    tree = {"code": "i", "children": [{"indicator": code} for code in "xyz"]}
    columns: Columns = {"x": [4.0, 1.0], "y": [None, 2.0], "z": [None, 3.0]}

    assert simulate(tree, columns).score == [4.0, 2.0]
    strict = simulate(tree, columns, missing={"min_coverage": 0.5})
    assert (strict.score[0], strict.reason[0]) == (None, "below_coverage")


def test_weights_need_not_sum_to_anything() -> None:
    tree = {"code": "i", "children": [{"indicator": "x", "weight": 30}, {"indicator": "y", "weight": 10}]}

    assert simulate(tree, {"x": [4.0], "y": [8.0]}).score == [5.0]
