"""From children to a node: worked by hand, at the edges, and without regard to order."""

import math
from itertools import permutations

import numpy as np
import pytest

from services.rating_engine.core.steps import aggregate
from services.rating_engine.core.types import (
    Aggregation,
    Copeland,
    Floats,
    PowerMean,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
)

GAP = math.nan
MEANS: list[Aggregation] = [
    WeightedArithmetic(),
    WeightedGeometric(),
    WeightedHarmonic(),
    *(PowerMean(power) for power in (-100, -2, -0.01, 0, 0.01, 0.5, 1, 2, 3, 100)),
]


def _one(aggregation: Aggregation, weights: list[float], values: list[float]) -> float:
    return float(aggregate.combine(aggregation, weights, [np.array([value]) for value in values])[0][0])


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        (WeightedArithmetic(), (2 * 4 + 9 + 16) / 4),
        (WeightedGeometric(), (4**2 * 9 * 16) ** 0.25),
        (WeightedHarmonic(), 4 / (2 / 4 + 1 / 9 + 1 / 16)),
        (PowerMean(2), math.sqrt((2 * 16 + 81 + 256) / 4)),
        (PowerMean(0.5), ((2 * 2 + 3 + 4) / 4) ** 2),
        (PowerMean(-2), ((2 / 16 + 1 / 81 + 1 / 256) / 4) ** -0.5),
    ],
)
def test_means_give_what_their_formulas_say(aggregation: Aggregation, expected: float) -> None:
    assert _one(aggregation, [2, 1, 1], [4, 9, 16]) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("aggregation", MEANS)
def test_missing_children_and_children_without_weight_drop_out(aggregation: Aggregation) -> None:
    expected = _one(aggregation, [2, 1], [4, 9])

    assert _one(aggregation, [2, 1, 5], [4, 9, GAP]) == expected
    assert _one(aggregation, [2, 1, 0], [4, 9, 77]) == expected
    assert math.isnan(_one(aggregation, [2, 1, 0], [GAP, GAP, 77]))


@pytest.mark.parametrize("aggregation", MEANS)
def test_the_mean_of_equal_values_is_that_value_to_the_bit(aggregation: Aggregation) -> None:
    for value in (0.3, 1 / 3, 99.99, 1e308, 1e-308, 5e-324, 0.0):
        assert _one(aggregation, [0.1, 0.2, 0.7], [value] * 3) == value


@pytest.mark.parametrize("aggregation", MEANS)
def test_a_mean_lies_between_its_children_even_at_the_ends_of_the_doubles(aggregation: Aggregation) -> None:
    for low, high in ((1.0, 2.0), (5e-324, 1e308), (1e308, 1.7e308), (0.0, 1e308)):
        for weights in ([1, 1], [1e-9, 1e9], [1e9, 1e-9]):
            assert low <= _one(aggregation, list(map(float, weights)), [low, high]) <= high


@pytest.mark.parametrize("aggregation", [WeightedArithmetic(), PowerMean(1)])
def test_rounding_does_not_leave_children_that_differ_by_their_last_bits(aggregation: Aggregation) -> None:
    generator = np.random.default_rng(7)
    for _ in range(200):
        weights = [*generator.uniform(0.1, 10.0, 4).tolist(), 1e-17]
        middle = generator.uniform(-100.0, 100.0, 50)
        far = np.where(generator.random(50) < 0.5, middle, 0.0)
        steps = generator.integers(-1, 2, size=(4, 50))
        children = [*(middle + step * np.spacing(middle) for step in steps), far]

        value, _ = aggregate.combine(aggregation, weights, children)

        assert (value >= np.minimum.reduce(children)).all()
        assert (value <= np.maximum.reduce(children)).all()


@pytest.mark.parametrize(
    "aggregation", [WeightedGeometric(), WeightedHarmonic(), PowerMean(0), PowerMean(-1), PowerMean(-3)]
)
def test_one_zero_makes_zero(aggregation: Aggregation) -> None:
    assert _one(aggregation, [1, 1, 1], [0, 50, 100]) == 0.0
    assert _one(aggregation, [0, 1, 1], [0, 50, 50]) == 50.0


@pytest.mark.parametrize("aggregation", [mean for mean in MEANS if aggregate.needs_non_negative(mean)])
def test_a_negative_child_is_refused_where_the_mean_is_not_defined(aggregation: Aggregation) -> None:
    with pytest.raises(aggregate.BelowZeroError):
        _one(aggregation, [1, 1], [-1e-9, 5])


@pytest.mark.parametrize("aggregation", MEANS)
def test_the_order_of_children_leaves_no_trace(aggregation: Aggregation) -> None:
    children = [(0.1, 12.3), (0.7, 45.6), (0.3, 7.89), (1.1, 99.9), (0.2, 0.1)]

    values = {
        _one(aggregation, [weight for weight, _ in order], [value for _, value in order])
        for order in permutations(children)
    }

    assert len(values) == 1


def _naive_copeland(weights: list[float], children: list[Floats]) -> list[float]:
    """Pair by pair, from the definition."""
    n = len(children[0])
    has = [[not math.isnan(child[unit]) for child in children] for unit in range(n)]
    scores = []
    for i in range(n):
        score = 0
        for j in range(n):
            if i == j or not any(has[i]) or not any(has[j]):
                continue
            common = [k for k in range(len(children)) if has[i][k] and has[j][k] and weights[k] > 0]
            lead = sum(float(np.sign(children[k][i] - children[k][j])) * weights[k] for k in common)
            score += (lead > 1e-12) - (lead < -1e-12)
        scores.append(score if any(has[i]) else GAP)
    return scores


@pytest.mark.parametrize("share_missing", [0.0, 0.15, 0.6])
def test_copeland_equals_its_definition_whatever_the_order_of_rows(share_missing: float) -> None:
    generator = np.random.default_rng(7)
    weights = [1.0, 2.0, 0.5, 3.0]
    for _ in range(20):
        children = [np.round(generator.uniform(0, 10, 12)) for _ in weights]
        for child in children:
            child[generator.random(12) < share_missing] = np.nan
        order = generator.permutation(12)

        value, parts = aggregate.copeland(weights, children)
        shuffled, _ = aggregate.copeland(weights, [child[order] for child in children])

        assert np.array_equal(value, _naive_copeland(weights, children), equal_nan=True)
        assert value[order].tobytes() == shuffled.tobytes()
        known = ~np.isnan(value)
        assert np.allclose(sum(part[known] for part in parts), value[known], rtol=0, atol=1e-10)


def test_what_one_wins_in_copeland_another_loses() -> None:
    value, _ = aggregate.copeland([1.0, 2.0], [np.array([1.0, GAP, 3, 3]), np.array([GAP, 5.0, 5, 1])])

    assert value.tolist() == [-2, 1, 2, -1]
    assert aggregate.copeland([1.0], [np.array([4.0])])[0].tolist() == [0.0]
    assert aggregate.combine(Copeland(), [1.0], [np.array([4.0, 2.0])])[0].tolist() == [1.0, -1.0]


def test_half_of_the_weight_is_a_draw_whatever_sums_it_is_made_of() -> None:
    ahead, behind = np.array([1.0, 0.0]), np.array([0.0, 1.0])

    value, _ = aggregate.copeland([0.1, 0.2, 0.3], [ahead, ahead, behind])

    assert 0.1 + 0.2 != 0.3
    assert value.tolist() == [0, 0]


def test_copeland_is_that_of_the_reference_on_its_own_table() -> None:
    """The table of the tests that come with COINr: shares of 2/3, 1/3 and 1 become wins and defeats."""
    columns = [np.array([1.0, 2, 3, 4]), np.array([3.0, 2, 1, 5]), np.array([2.0, 3, 1, 4])]

    value, parts = aggregate.copeland([1.0, 1.0, 1.0], columns)

    assert value.tolist() == [-1, 1, -3, 3]
    assert [part[1] for part in parts] == pytest.approx([1 / 2 - 1 / 3, 1 / 2 - 1 / 3, 1 / 2 + 1 / 2 - 1 / 3])


def test_without_parts_the_value_is_the_same() -> None:
    columns = [np.array([1.0, 2, GAP, 4]), np.array([3.0, 2, 1, 5])]

    assert aggregate.copeland([1.0, 2.0], columns, explains=False)[1] == []
    assert aggregate.copeland([1.0, 2.0], columns, explains=False)[0].tolist() == (
        aggregate.copeland([1.0, 2.0], columns)[0].tolist()
    )
    assert np.isnan(aggregate.copeland([0.0, 0.0], columns)[0]).all()
