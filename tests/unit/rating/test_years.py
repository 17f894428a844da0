"""Several years of a unit as one: by hand, by property, and whatever the numbers."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core.evidence import years
from services.rating_engine.core.evidence.years import Components, SeveralYears
from services.rating_engine.core.types import Floats

NAN = math.nan
EXTREME = st.sampled_from([NAN, 0.0, 1.0, -1.0, 5e-324, 1e-300, 1e308, -1e308, 50.0])
CELLS = st.one_of(EXTREME, st.floats(-1e308, 1e308), st.floats(-100, 100))
NOISE = st.one_of(st.sampled_from([NAN, 0.0, 5e-324, 1e308, 1.0]), st.floats(0, 1e308), st.floats(0, 10))


@st.composite
def tables(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Values and variances of units by years, oldest first."""
    units, count = draw(st.integers(1, 8)), draw(st.integers(1, 5))

    def table(cells: st.SearchStrategy[float]) -> Floats:
        return np.array(draw(st.lists(cells, min_size=units * count, max_size=units * count))).reshape(units, count)

    return table(CELLS), table(NOISE)


def _schools(units: int, *, seed: int = 4, passing: float = 1.0) -> tuple[Floats, Floats, Floats]:
    """The lasting part, and values and variances of four years around 60."""
    generator = np.random.default_rng(seed)
    lasting = generator.normal(0, 2, (units, 1))
    variances = generator.uniform(0.5, 1.5, (units, 4))
    shocks = generator.normal(0, math.sqrt(passing), (units, 4)) if passing else 0.0
    return 60 + lasting[:, 0], 60 + lasting + shocks + generator.normal(0, np.sqrt(variances)), variances


def test_three_years_worked_by_hand() -> None:
    # Deviations of the years ±1, ±2 and ±2: neighbouring years have covariance (2 + 4) / 2 = 3, two years apart 2, so
    # decay 2/3 and lasting 3 / (2/3) = 4.5; the variance is (1 + 4 + 4) / 3 = 3, all of it lasts.
    values = np.array([[11.0, 22, 32], [9, 18, 28]])

    found = years.several_years(values, np.zeros((2, 3)))

    assert (found.parts.lasting, found.parts.passing) == pytest.approx((3, 0))
    assert found.parts.decay == pytest.approx(2 / 3)
    assert found.estimates == pytest.approx([32, 28]), "the latest year is exact, and nothing of it passes"
    assert found.errors == pytest.approx([0, 0], abs=1e-4)


def test_a_year_that_is_noisy_counts_for_less() -> None:
    parts = Components(lasting=4.0, passing=1.0, decay=1.0)
    values = np.array([[2.0, 2.0, -6.0]])

    quiet = years.filtered(values, np.array([[1.0, 1.0, 1.0]]), parts, np.zeros(3))
    noisy = years.filtered(values, np.array([[1.0, 1.0, 1e6]]), parts, np.zeros(3))

    assert quiet.weights[0] == pytest.approx([2 / 7] * 3)
    assert quiet.estimates == pytest.approx([-4 / 7])
    assert noisy.estimates == pytest.approx([2 * 2 * 4 / (2 * 4 + 2)], rel=1e-4)


def test_what_lasts_is_found_nearer_than_by_the_latest_year_alone() -> None:
    truth, values, variances = _schools(3000)

    found = years.several_years(values, variances)

    assert [found.parts.lasting, found.parts.passing, found.parts.decay] == pytest.approx([4, 1, 1], abs=0.2)
    error = np.mean((found.estimates - truth) ** 2)
    assert error < 0.35 * np.mean((values[:, -1] - truth) ** 2)
    assert error == pytest.approx(np.mean(found.errors**2), rel=0.1)


def test_a_value_without_a_known_variance_counts_nothing() -> None:
    _, values, variances = _schools(40)
    values[3, 1], variances[5, 2], variances[7], values[8] = 1e6, NAN, NAN, NAN
    variances[3, 1] = NAN
    without = values.copy()
    without[3, 1] = without[5, 2] = NAN

    found, other = years.several_years(values, variances), years.several_years(without, variances)

    assert found.parts == other.parts
    assert found.estimates.tobytes() == other.estimates.tobytes()
    assert np.flatnonzero(np.isnan(found.estimates)).tolist() == [7, 8]
    assert np.isnan(found.errors).tolist() == np.isnan(found.estimates).tolist()


def test_who_has_no_value_in_the_latest_year_is_told_by_the_earlier_ones() -> None:
    _, values, variances = _schools(40)
    values[0, -1] = NAN

    found = years.several_years(values, variances)

    assert math.isfinite(found.estimates[0])
    assert found.errors[0] > np.max(found.errors[1:])


def test_a_latest_year_without_any_value_tells_nothing_of_units() -> None:
    _, values, variances = _schools(40)
    values[:, -1] = NAN

    found = years.several_years(values, variances)

    assert np.isnan(found.estimates).all()
    assert np.isnan(found.errors).all()
    assert found.parts.lasting > 0


@pytest.mark.parametrize("noise", [0.0, 1.0, 1e308])
def test_where_nothing_differs_nothing_lasts_and_everybody_has_the_mean(noise: float) -> None:
    found = years.several_years(np.full((6, 3), 0.1), np.full((6, 3), noise))

    assert found.parts == Components(0.0, 0.0, 1.0)
    assert found.estimates.tolist() == [0.1] * 6
    assert found.errors.tolist() == [0.0] * 6


def test_years_that_agree_to_the_last_digit_are_told_as_they_are() -> None:
    values = np.array([[1.0, 1, 1], [2, 2, 2], [4, 4, 4]])

    found = years.several_years(values, np.zeros((3, 3)))

    assert found.parts.decay == 1
    assert found.estimates == pytest.approx([1, 2, 4], abs=1e-6)
    assert found.errors == pytest.approx([0, 0, 0], abs=1e-3)


def test_exact_years_that_are_one_and_the_same_are_weighed_alike() -> None:
    found = years.filtered(np.array([[3.0, 3, 3]]), np.zeros((1, 3)), Components(4.0, 0.0, 1.0), np.zeros(3))

    assert found.weights[0] == pytest.approx([1 / 3] * 3, abs=1e-5)
    assert found.estimates == pytest.approx([3], abs=1e-5)


def test_what_lasts_is_nothing_where_it_is_lost_beside_the_widest_value() -> None:
    tiny = 1e-160
    values = np.array([[0.0, 0, NAN], [tiny, tiny, NAN], [NAN, NAN, 1], [NAN, NAN, -1]])

    found = years.several_years(values, np.zeros((4, 3)))

    assert found.estimates.tolist() == [0.0] * 4
    assert found.errors.tolist() == [0.0] * 4


def test_an_estimate_beyond_the_doubles_is_the_largest_of_them() -> None:
    high, low = [1e308] * 3, [-1e308] * 3
    values = np.array([[*high, NAN], [*low, 1e308], [*low, 1e308]])

    found = years.several_years(values, np.zeros((3, 4)))

    assert found.estimates[0] == np.finfo(np.float64).max
    assert np.isfinite(found.estimates).all()


def _bytes(found: SeveralYears, order: list[int] | None = None) -> tuple[Components, bytes, bytes]:
    at = slice(None) if order is None else order
    return found.parts, found.estimates[at].tobytes(), found.errors[at].tobytes()


@settings(max_examples=60, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_units_leaves_no_trace(table: tuple[Floats, Floats], chance: random.Random) -> None:
    values, variances = table
    order = list(range(len(values)))
    chance.shuffle(order)

    one, other = years.several_years(values, variances), years.several_years(values[order], variances[order])

    assert _bytes(one, order) == _bytes(other)


def test_sums_of_many_units_do_not_depend_on_their_order() -> None:
    _, values, variances = _schools(2000)
    values[::7, 1] = NAN
    found = years.several_years(values, variances)

    for seed in range(5):
        order = np.random.default_rng(seed).permutation(2000).tolist()

        assert _bytes(years.several_years(values[order], variances[order])) == _bytes(found, order)


def test_another_unit_of_measure_gives_the_same_answer() -> None:
    _, values, variances = _schools(50)
    one = years.several_years(values, variances)

    doubled = years.several_years(values * 1024, variances * 1024**2)
    turned = years.several_years(100 - 3 * values, 9 * variances)

    assert doubled.estimates.tobytes() == (one.estimates * 1024).tobytes()
    assert doubled.errors.tobytes() == (one.errors * 1024).tobytes()
    assert doubled.parts == Components(one.parts.lasting * 1024**2, one.parts.passing * 1024**2, one.parts.decay)
    assert turned.estimates == pytest.approx(100 - 3 * one.estimates)
    assert turned.errors == pytest.approx(3 * one.errors)


@settings(max_examples=150, deadline=None)
@given(tables())
def test_any_numbers_have_a_finite_answer(table: tuple[Floats, Floats]) -> None:
    values, variances = table

    found = years.several_years(values, variances)

    assert math.isfinite(found.parts.lasting)
    assert math.isfinite(found.parts.passing)
    assert min(found.parts.lasting, found.parts.passing) >= 0
    assert 0 <= found.parts.decay <= 1
    counts = ~np.isnan(values) & ~np.isnan(variances)
    told = counts.any(axis=1) & counts[:, -1].any()
    assert np.isfinite(found.estimates).tolist() == np.isfinite(found.errors).tolist() == told.tolist()
    assert (found.errors[told] >= 0).all()
