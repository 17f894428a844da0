"""Raking, margins and what may be shown: worked by hand, by property, and by search."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.rating_engine.core.voice import tallies
from services.rating_engine.core.voice.raking import Fit, rake


def test_a_table_worked_by_hand_is_reproduced() -> None:
    counts = np.array([[5.0, 5.0], [5.0, 5.0]])

    raked = rake(counts, [np.array([30.0, 70.0]), np.array([40.0, 60.0])])

    # Without association the fitted table is the product of the margins: 30·40/100 = 12 persons in the first cell.
    assert raked.weights == pytest.approx(np.array([[12, 18], [28, 42]]) / 5, abs=1e-12)
    assert raked.fit is Fit.RAKED
    assert raked.effective_n == pytest.approx(20 / raked.design_effect)
    # 20·Σw²/(Σw)² with Σ over respondents: 20·5·(2.4² + 3.6² + 5.6² + 8.4²)/100²
    assert raked.design_effect == pytest.approx(100 * (2.4**2 + 3.6**2 + 5.6**2 + 8.4**2) / 10_000)


def test_association_among_respondents_is_kept_while_the_margins_become_those_of_the_frame() -> None:
    counts = np.array([[30.0, 10.0], [10.0, 20.0]])

    raked = rake(counts, [np.array([100.0, 140.0]), np.array([110.0, 130.0])])
    table = counts * raked.weights

    # Worked out by hand: with x in the first cell, x·(x + 30) = 6·(100 − x)·(110 − x), 6 being the odds ratio.
    x = (1290 - math.sqrt(1290**2 - 4 * 5 * 66_000)) / 10
    assert x * (30 + x) == pytest.approx(6 * (100 - x) * (110 - x))
    assert table[0, 0] == pytest.approx(x, abs=1e-9)
    assert table.sum(axis=1) == pytest.approx([100, 140], abs=1e-9)
    assert table.sum(axis=0) == pytest.approx([110, 130], abs=1e-9)


_SIZES = st.integers(1, 60)


@given(
    st.lists(st.lists(_SIZES, min_size=3, max_size=3), min_size=2, max_size=4),
    st.lists(st.lists(st.integers(1, 400), min_size=3, max_size=3), min_size=4, max_size=4),
)
def test_known_margins_are_met_for_every_table_that_is_filled(counts: list[list[int]], frame: list[list[int]]) -> None:
    answered = np.array(counts, dtype=np.float64)
    there = np.array(frame[: len(counts)], dtype=np.float64)

    raked = rake(answered, [there.sum(axis=1), there.sum(axis=0)], bounds=(0.0, 1e9))
    table = answered * raked.weights

    assert raked.fit is Fit.RAKED
    assert table.sum(axis=1) == pytest.approx(there.sum(axis=1), rel=1e-9)
    assert table.sum(axis=0) == pytest.approx(there.sum(axis=0), rel=1e-9)
    assert raked.effective_n <= answered.sum() * (1 + 1e-12)


def test_a_part_of_the_frame_from_which_nobody_answered_is_told_and_its_dimension_not_raked_by() -> None:
    counts = np.array([[10.0, 20.0], [0.0, 0.0]])

    raked = rake(counts, [np.array([50.0, 50.0]), np.array([60.0, 40.0])])

    assert (raked.fit, raked.left_out) == (Fit.PARTLY, (0,))
    assert (counts * raked.weights).sum(axis=0) == pytest.approx([60, 40], abs=1e-9)


def test_margins_that_no_weights_reach_give_equal_weights() -> None:
    counts = np.array([[10.0, 0.0], [0.0, 20.0]])

    raked = rake(counts, [np.array([50.0, 50.0]), np.array([60.0, 40.0])], most_rounds=50)

    assert raked.fit is Fit.EQUAL
    assert raked.weights[counts > 0] == pytest.approx([100 / 30, 100 / 30])
    assert raked.margin_error > 0


def test_nobody_counts_for_more_than_five_times_the_average() -> None:
    counts = np.array([[99.0], [1.0]])

    raked = rake(counts, [np.array([500.0, 500.0]), np.array([1000.0])])

    assert raked.fit is Fit.BOUNDED
    assert raked.weights.max() == pytest.approx(50.0)
    assert raked.margin_error > 0


@pytest.mark.parametrize(
    ("counts", "margins"),
    [
        ([[0.0, 0.0]], [[5.0], [2.0, 3.0]]),
        ([[1.0, -1.0]], [[5.0], [2.0, 3.0]]),
        ([[1.0, 1.0]], [[5.0], [2.0, 4.0]]),
        ([[1.0, 1.0]], [[0.0], [0.0, 0.0]]),
    ],
)
def test_a_table_that_is_none_is_refused(counts: list[list[float]], margins: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="frame"):
        rake(np.array(counts), [np.array(margin) for margin in margins])


def test_the_margin_of_a_mean_is_corrected_for_the_finite_population() -> None:
    values, weights = np.array([0.0, 100.0, 50.0, 50.0]), np.ones(4)

    part = tallies.mean(values, weights, population=16)
    whole = tallies.mean(values, weights, population=4)

    # s² = 5000/3, v = s²/4·(1 − 4/16); t(3) = 3.182446
    assert part.value == 50.0
    assert part.variance == pytest.approx(5000 / 3 / 4 * 0.75)
    assert part.margin == pytest.approx(3.182446305284263 * math.sqrt(312.5))
    assert (whole.variance, whole.low, whole.high) == (0.0, 50.0, 50.0)


def test_one_answer_has_no_margin_and_no_interval() -> None:
    one = tallies.mean(np.array([75.0]), np.ones(1), population=30)

    assert (one.value, one.variance, one.margin, one.low) == (75.0, None, None, None)


def test_areas_count_organisations_by_their_frames() -> None:
    large = tallies.mean(np.array([40.0, 60.0]), np.ones(2), population=300)
    small = tallies.mean(np.array([90.0]), np.ones(1), population=100)

    total = tallies.pooled([large, small])

    assert total.value == pytest.approx((300 * 50 + 100 * 90) / 400)
    assert total.variance == pytest.approx(0.75**2 * 100 * (1 - 2 / 300) + 0.25**2 * 200 * (1 - 1 / 100))
    assert tallies.pooled([small]).variance is None


@given(st.lists(st.floats(0, 100), min_size=2, max_size=40), st.integers(0, 200), st.randoms())
def test_the_order_of_ballots_leaves_no_trace(values: list[float], more: int, chance: object) -> None:
    shuffled = values[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random

    first = tallies.mean(np.array(values), np.ones(len(values)), population=len(values) + more)
    second = tallies.mean(np.array(shuffled), np.ones(len(values)), population=len(values) + more)

    assert first == second


def test_with_and_without_differ_when_the_mean_moves_by_more_than_a_standard_error() -> None:
    kept = tallies.mean(np.array([40.0, 60.0] * 10), np.ones(20), population=1000)
    assert kept.variance is not None
    error = math.sqrt(kept.variance)
    near = tallies.mean(np.full(12, 50.0 + 0.9 * error), np.ones(12), population=1000)
    far = tallies.mean(np.full(12, 50.0 + 1.1 * error), np.ones(12), population=1000)

    assert not tallies.differs(kept, near)
    assert tallies.differs(kept, far)
    assert not tallies.differs(kept, kept)


def test_extreme_shares_of_few_are_coded() -> None:
    assert [tallies.coded(share, 20) for share in (0.0, 4.9, 50.0, 97.0)] == [5.0, 5.0, 50.0, 95.0]
    assert tallies.coded(98.0, 50) == 98.0


@given(st.data())
def test_no_difference_of_figures_shown_rests_on_fewer_than_ten(data: st.DataObject) -> None:
    areas = data.draw(st.integers(1, 3))
    parents: dict[str, str | None] = {"": None}
    own: dict[str, int] = {}
    for area in range(areas):
        parents[f"a{area}"] = ""
        districts = data.draw(st.integers(0, 2))
        for district in range(districts):
            parents[f"a{area}d{district}"] = f"a{area}"
        homes = [f"a{area}", *(f"a{area}d{district}" for district in range(districts))]
        for school in range(data.draw(st.integers(0, 3))):
            name = f"a{area}s{school}"
            parents[name] = data.draw(st.sampled_from(homes))
            own[name] = data.draw(st.integers(0, 25))
    assume(own)

    shown = tallies.protected(parents, own, least=10)
    ballots = {name: _below(name, parents, own) for name in shown}

    assert all(sum(own[one] for one in found) >= 10 or not sum(own[one] for one in found) for found in ballots.values())
    # Every sum and difference of figures: a nested pair, and a node without any set of disjoint ones inside it.
    for name, inside in ballots.items():
        within = [other for other in shown if other != name and ballots[other] < inside]
        for count in range(1, min(4, len(within)) + 1):
            for some in itertools.combinations(within, count):
                if sum(len(ballots[one]) for one in some) != len(frozenset().union(*(ballots[one] for one in some))):
                    continue
                left = sum(own[one] for one in inside - frozenset().union(*(ballots[one] for one in some)))
                assert left == 0 or left >= 10, (name, some)


def _below(node: str, parents: dict[str, str | None], own: dict[str, int]) -> frozenset[str]:
    found = set()
    for leaf in own:
        above: str | None = leaf
        while above is not None:
            if above == node:
                found.add(leaf)
            above = parents[above]
    return frozenset(found)


def test_a_small_school_takes_the_smallest_shown_beside_it_along() -> None:
    parents: dict[str, str | None] = {"": None, "district": "", "a": "district", "b": "district", "c": "district"}

    shown = tallies.protected(parents, {"a": 40, "b": 15, "c": 4}, least=10)

    assert shown == {"", "district", "a"}


def test_a_distribution_is_shown_where_every_answer_has_ten_or_nobody() -> None:
    assert tallies.cells_allow([0, 10, 12], 10)
    assert not tallies.cells_allow([1, 30, 12], 10)
    assert not tallies.cells_allow([0, 30, 0], 10)
