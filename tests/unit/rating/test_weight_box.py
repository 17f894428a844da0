"""For how many of the weights one of two units is above the other, and which weight would turn the order."""

import pytest

from services.rating_engine.core.explanation import weight_box
from services.rating_engine.core.types import (
    Aggregation,
    Copeland,
    Leaf,
    Node,
    PowerMean,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
)

GAP = float("nan")


def _tree(mean: Aggregation, a: float = 1.0, b: float = 1.0) -> Node:
    return Node("i", (Leaf("a", a), Leaf("b", b)), 1.0, mean)


def test_better_in_everything_is_above_for_every_weight() -> None:
    tree = _tree(WeightedArithmetic())

    found = weight_box.share_above(tree, {"a": 2.0, "b": 2.0}, {"a": 1.0, "b": 1.0})

    assert (found.value, found.error) == (1.0, 0.0)
    assert weight_box.turning(tree, {"a": 2.0, "b": 2.0}, {"a": 1.0, "b": 1.0}) == []


def test_two_that_are_equal_share_the_box() -> None:
    found = weight_box.share_above(_tree(WeightedArithmetic()), {"a": 2.0, "b": 1.0}, {"a": 2.0, "b": 1.0})

    assert found.value == 0.5


def test_the_share_is_that_of_the_plane_that_parts_the_box() -> None:
    # a leads by 1 on the first, trails by 1 on the second: above where the first weighs more, half of the box
    found = weight_box.share_above(_tree(WeightedArithmetic()), {"a": 2.0, "b": 1.0}, {"a": 1.0, "b": 2.0})
    # with weights 1.1 and 1: P(1.1 u > v), u and v uniform on 0.75..1.25
    other = weight_box.share_above(_tree(WeightedArithmetic(), 1.1), {"a": 2.0, "b": 1.0}, {"a": 1.0, "b": 2.0})

    assert abs(found.value - 0.5) < 4 * found.error
    points = [0.75 + 0.5 * (step + 0.5) / 20_000 for step in range(20_000)]
    exact = sum(min(max((1.1 * u - 0.75) / 0.5, 0.0), 1.0) for u in points) / len(points)
    assert abs(other.value - exact) < 4 * other.error


def test_the_same_seed_gives_the_same_share() -> None:
    tree = _tree(WeightedGeometric(), 3.0)
    first, second = {"a": 30.0, "b": 50.0}, {"a": 33.0, "b": 38.0}

    assert weight_box.share_above(tree, first, second, seed=7) == weight_box.share_above(tree, first, second, seed=7)


@pytest.mark.parametrize("mean", [WeightedArithmetic(), WeightedGeometric(), WeightedHarmonic(), PowerMean(3.0)])
def test_at_the_weight_that_turns_the_order_both_are_level(mean: Aggregation) -> None:
    first, second = {"a": 30.0, "b": 50.0}, {"a": 33.0, "b": 38.0}

    found = {turn.code: turn for turn in weight_box.turning(_tree(mean), first, second)}

    assert set(found) == {"a", "b"}
    assert found["a"].needed > 1 > found["b"].needed
    for beyond, expected in ((1.001, 0.0), (0.999, 1.0)):
        tree = _tree(mean, found["a"].needed * beyond)
        assert weight_box.share_above(tree, first, second, spread=1e-9).value == expected


def test_gaps_leave_their_weight_to_the_others() -> None:
    tree = _tree(WeightedArithmetic())

    found = weight_box.share_above(tree, {"a": 2.0, "b": GAP}, {"a": 1.9, "b": 1.9})

    assert found.value == 1.0


def test_where_a_score_hangs_on_the_others_there_is_no_box() -> None:
    assert not weight_box.is_defined(_tree(Copeland()))
    assert weight_box.is_defined(_tree(WeightedGeometric()))
