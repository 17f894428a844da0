"""Bars that may be compared by eye, and the funnel of one column: target, limits, signals."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core.evidence import funnel
from services.rating_engine.core.evidence.funnel import Funnel, Signal
from services.rating_engine.core.types import Floats
from shared.errors import Problem
from tests.unit.rating.cases import Json, simulate
from tests.unit.rating.test_any_document import bodies

EIGHT_SCHOOLS = ([28.0, 8, -3, 7, -1, 1, 18, 12], [15.0, 10, 16, 11, 9, 11, 10, 18])
"""Effects of coaching and their standard errors (Rubin 1981)."""
EXTREME = st.sampled_from([0.0, 1.0, -1.0, 5e-324, -5e-324, 1e-300, 1e300, 1e308, -1e308, 50.0])
NUMBERS = st.one_of(EXTREME, st.floats(-1e308, 1e308, allow_nan=False), st.floats(-100, 100))
CELLS = st.one_of(st.just(math.nan), NUMBERS)
NOISE = st.one_of(st.just(math.nan), st.sampled_from([0.0, 5e-324, 1e308, 1.0]), st.floats(0, 1e308))
COLUMNS = st.lists(st.tuples(CELLS, NOISE), min_size=1, max_size=25)
USUAL = st.lists(st.tuples(st.floats(-100, 100), st.floats(0.01, 100)), min_size=2, max_size=25)


def _drawn(values: list[float], variances: list[float]) -> Funnel:
    found = funnel.funnel(np.array(values), np.array(variances))
    assert found is not None
    return found


def _arrays(found: Funnel) -> tuple[Floats, Floats, Floats, Floats]:
    return found.warning_low, found.warning_high, found.alarm_low, found.alarm_high


def test_the_funnel_of_two_units_is_that_worked_by_hand() -> None:
    # target (0 / 1 + 6 / 2) / (1 + 1/2) = 2; z² = 4 and 16/2 = 8, phi = 6; w = 1 and 1/2, spare = 1.5 - 1.25/1.5 = 2/3;
    # tau² = (12 - 1) / (2/3) = 16.5
    found = _drawn([0.0, 6.0], [1.0, 2.0])

    assert found.target == pytest.approx(2)
    assert [found.spread.phi, found.spread.tau2] == pytest.approx([6, 16.5])
    assert found.warning_high == pytest.approx([2 + 1.96 * math.sqrt(17.5), 2 + 1.96 * math.sqrt(18.5)])
    assert found.alarm_low == pytest.approx([2 - 3.09 * math.sqrt(17.5), 2 - 3.09 * math.sqrt(18.5)])
    assert found.signals == (Signal.WITHIN, Signal.WITHIN)


def test_the_eight_schools_have_their_published_mean_and_differ_by_noise_alone() -> None:
    values, errors = EIGHT_SCHOOLS

    found = _drawn(values, [error**2 for error in errors])

    assert found.target == pytest.approx(7.69, abs=0.005)
    assert found.spread.phi * 8 == pytest.approx(4.71, abs=0.005), "Cochran's Q: of eight no tenth is drawn in"
    assert found.spread.tau2 == 0
    assert found.warning_low[0] == pytest.approx(found.target - 1.96 * 15)
    assert set(found.signals) == {Signal.WITHIN}


def test_a_signal_says_which_limit_is_passed_and_on_which_side() -> None:
    middle = [0.0] * 20
    values = [*middle, 2.5, -2.5, 4.0, -4.0]

    found = _drawn(values, [1.0] * len(values))

    assert found.spread.tau2 == 0
    assert found.target == 0
    assert found.signals[:20] == (Signal.WITHIN,) * 20
    assert found.signals[20:] == (Signal.WARNING_HIGH, Signal.WARNING_LOW, Signal.ALARM_HIGH, Signal.ALARM_LOW)


def test_a_value_on_a_limit_is_within_it() -> None:
    values = [*[0.0] * 20, 1.96, -1.96, 3.09, -3.09]

    found = _drawn(values, [1.0] * len(values))

    assert found.signals[20:] == (Signal.WITHIN, Signal.WITHIN, Signal.WARNING_HIGH, Signal.WARNING_LOW)


def test_what_units_usually_differ_by_is_no_signal() -> None:
    spread = [float(place) for place in range(-20, 21)]

    found = _drawn(spread, [0.01] * len(spread))

    assert found.spread.phi > 1000
    assert set(found.signals) == {Signal.WITHIN}


def test_two_in_a_hundred_far_out_do_not_widen_the_funnel() -> None:
    generator = np.random.default_rng(8)
    values = generator.normal(0, 1, 100)
    values[:2] = [50.0, -40.0]

    found = _drawn(values.tolist(), [1.0] * 100)

    assert found.spread.tau2 < 0.5
    assert found.signals[:2] == (Signal.ALARM_HIGH, Signal.ALARM_LOW)


def test_who_has_no_value_or_no_noise_is_not_drawn_and_moves_nobody() -> None:
    nan = math.nan
    found = _drawn([3.0, nan, 100.0, 5.0, 200.0], [1.0, 1.0, nan, 1.0, 0.0])

    alone = _drawn([3.0, 5.0], [1.0, 1.0])

    assert found.target == alone.target == 4
    assert found.spread == alone.spread
    assert found.signals == (Signal.WITHIN, None, None, Signal.WITHIN, None)
    for column in _arrays(found):
        assert np.isnan(column).tolist() == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("values", "variances"), [([math.nan, 1.0], [1.0, math.nan]), ([1.0, 2.0], [0.0, 0.0]), ([math.nan], [math.nan])]
)
def test_without_anybody_to_draw_there_is_no_funnel(values: list[float], variances: list[float]) -> None:
    assert funnel.funnel(np.array(values), np.array(variances)) is None


def test_one_unit_alone_is_its_own_target() -> None:
    found = _drawn([7.0], [4.0])

    assert (found.target, found.spread.phi, found.spread.tau2) == (7, 1, 0)
    assert (found.warning_low[0], found.warning_high[0]) == pytest.approx((7 - 3.92, 7 + 3.92))
    assert found.signals == (Signal.WITHIN,)


@pytest.mark.parametrize("noise", [1e-300, 1.0, 1e308])
def test_equal_values_lie_on_their_target_however_precise_they_are(noise: float) -> None:
    found = _drawn([0.1] * 7, [noise * (place + 1) / 8 for place in range(7)])

    assert found.target == 0.1
    assert found.spread.phi == 0
    assert set(found.signals) == {Signal.WITHIN}


def test_the_spread_is_not_lost_where_one_value_is_nearly_all_the_evidence() -> None:
    values, variances = np.array([0.0, 3.0, -3.0]), np.array([1e-20, 1.0, 1.0])

    found = funnel.overdispersion(values, variances, 0.0)

    # w = 1e20, 1, 1: Σ w - Σ w² / Σ w = 4 to twenty digits, and phi = 6
    assert found.phi == pytest.approx(6)
    assert found.tau2 == pytest.approx((18 - 2) / 4)


@settings(max_examples=100, deadline=None)
@given(COLUMNS)
def test_any_numbers_have_a_finite_funnel_with_an_inside(cells: list[tuple[float, float]]) -> None:
    values, variances = (np.array(column) for column in zip(*cells, strict=True))
    found = funnel.funnel(values, variances)
    drawn = ~np.isnan(values) & (np.nan_to_num(variances) > 0)
    if found is None:
        assert not drawn.any()
        return

    assert math.isfinite(found.target)
    assert math.isfinite(found.spread.phi)
    assert math.isfinite(found.spread.tau2)
    assert min(found.spread.phi, found.spread.tau2) >= 0
    for column in _arrays(found):
        assert (np.isfinite(column) == drawn).all()
    at = np.flatnonzero(drawn)
    assert (found.alarm_low[at] <= found.warning_low[at]).all()
    assert (found.warning_low[at] <= found.target).all()
    assert (found.target <= found.warning_high[at]).all()
    assert (found.warning_high[at] <= found.alarm_high[at]).all()
    assert [signal is not None for signal in found.signals] == drawn.tolist()


@settings(max_examples=60, deadline=None)
@given(COLUMNS, st.randoms(use_true_random=False))
def test_the_order_of_the_units_leaves_no_trace(cells: list[tuple[float, float]], chance: random.Random) -> None:
    order = list(range(len(cells)))
    chance.shuffle(order)
    values, variances = (np.array(column) for column in zip(*cells, strict=True))

    one, other = funnel.funnel(values, variances), funnel.funnel(values[order], variances[order])

    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    assert (one.target, one.spread) == (other.target, other.spread)
    assert tuple(one.signals[place] for place in order) == other.signals
    for first, second in zip(_arrays(one), _arrays(other), strict=True):
        assert first[order].tobytes() == second.tobytes()


@pytest.mark.parametrize("count", [40, 3000])
def test_sums_of_many_units_do_not_depend_on_their_order(count: int) -> None:
    generator = np.random.default_rng(count)
    values, variances = generator.normal(60, 9, count), generator.uniform(0.1, 9, count)
    found = funnel.funnel(values, variances)

    for _ in range(5):
        order = generator.permutation(count)
        again = funnel.funnel(values[order], variances[order])

        assert found is not None
        assert again is not None
        assert (again.target, again.spread) == (found.target, found.spread)
        assert again.alarm_low.tobytes() == found.alarm_low[order].tobytes()


@settings(max_examples=60, deadline=None)
@given(USUAL, st.sampled_from([0.25, 2.0, 1024.0]))
def test_another_unit_of_measure_gives_the_same_funnel_to_the_byte(
    cells: list[tuple[float, float]], factor: float
) -> None:
    values, variances = (np.array(column) for column in zip(*cells, strict=True))
    one, other = funnel.funnel(values, variances), funnel.funnel(values * factor, variances * factor**2)

    assert one is not None
    assert other is not None
    assert other.target == one.target * factor
    assert (other.spread.phi, other.spread.tau2) == (one.spread.phi, one.spread.tau2 * factor**2)
    assert other.signals == one.signals
    for first, second in zip(_arrays(one), _arrays(other), strict=True):
        assert (first * factor).tobytes() == second.tobytes()


_TURNED = {
    Signal.WITHIN: Signal.WITHIN,
    Signal.WARNING_LOW: Signal.WARNING_HIGH,
    Signal.WARNING_HIGH: Signal.WARNING_LOW,
    Signal.ALARM_LOW: Signal.ALARM_HIGH,
    Signal.ALARM_HIGH: Signal.ALARM_LOW,
}


@settings(max_examples=60, deadline=None)
@given(USUAL)
def test_what_is_counted_from_the_other_end_has_the_mirrored_funnel(cells: list[tuple[float, float]]) -> None:
    values, variances = (np.array(column) for column in zip(*cells, strict=True))
    one, other = funnel.funnel(values, variances), funnel.funnel(100.0 - 3.0 * values, 9.0 * variances)

    assert one is not None
    assert other is not None
    wide = max(1.0, one.spread.phi)
    assert other.target == pytest.approx(100 - 3 * one.target, abs=1e-9)
    assert other.spread.phi == pytest.approx(one.spread.phi, abs=1e-9 * wide)
    if abs(one.spread.phi - 1) > 1e-6:
        assert other.spread.tau2 == pytest.approx(9 * one.spread.tau2, abs=1e-6 * wide)
        assert other.warning_low == pytest.approx(100 - 3 * one.warning_high, rel=1e-6, abs=1e-6 * wide)
    ends = np.array(_arrays(one))
    is_clear = np.min(np.abs(ends - values), axis=0) > 1e-3
    for mine, turned, clear in zip(one.signals, other.signals, is_clear.tolist(), strict=True):
        assert not clear or mine is None or turned == _TURNED[mine]


def test_bars_are_as_long_as_the_eye_needs_and_missing_where_anything_is() -> None:
    nan = math.nan

    low, high = funnel.overlap_bars(np.array([10.0, 0.0, nan, 1.0, 1e308]), np.array([2.0, 0.0, 1.0, nan, 1e308]))

    assert low[:2] == pytest.approx([7.22, 0])
    assert high[:2] == pytest.approx([12.78, 0])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, False, True, True, False]
    assert math.isfinite(high[4])


@settings(max_examples=60, deadline=None)
@given(bodies())
def test_any_data_whatever_have_funnels_and_bars_without_nan(body: Json) -> None:
    told = {key: value for key, value in body.items() if key not in ("tree", "columns")}
    refused: Problem | None = None
    try:
        rated = simulate(body["tree"], body["columns"], **told, ask=["funnel", "standing"])
    except Problem as problem:
        refused = problem
    if refused is not None:
        assert refused.status == 422
        return

    text = rated.model_dump_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    assert rated.funnel is not None
    assert set(rated.funnel) <= {"a"}, "nothing is known of the noise of the others"
    assert rated.standing is not None
    for sd, low, high in zip(rated.standing.posterior_sd, rated.standing.bar_low, rated.standing.bar_high, strict=True):
        assert (sd is None) == (low is None) == (high is None)
