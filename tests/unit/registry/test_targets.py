"""How far a target is: arithmetic that keeps its order, crosses no bound it should not, and is exact."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit
from scipy.stats import linregress

from services.registry_api.dashboard.rules import months_from
from services.registry_api.directives.errors import ItemStepRefused
from services.registry_api.directives.rules import STANDING, STEPS, check_step
from services.registry_api.targets import rules
from services.registry_api.targets.forecasting import forecast, t_quantile
from services.registry_api.targets.rules import Goal
from services.registry_api.targets.service.cascading import reconciled
from shared.schemas.registry.directives import ItemStatus
from shared.schemas.registry.indicators import Polarity
from shared.schemas.registry.target_progress import Light, LightReason
from shared.schemas.registry.targets import ChildrenRule, Comparator

values = st.decimals(min_value=-1000, max_value=1000, places=2).map(float)


@given(baseline=values, wanted=values, less=values, more=values)
def test_progress_keeps_the_order_of_values_towards_the_target(
    baseline: float, wanted: float, less: float, more: float
) -> None:
    low, high = sorted((less, more))
    if baseline != wanted:
        first, second = rules.progress(baseline, low, wanted), rules.progress(baseline, high, wanted)
        assert first is not None
        assert second is not None
        assert (first <= second) if wanted > baseline else (first >= second)


@given(baseline=values, wanted=values)
def test_the_baseline_is_0_percent_and_the_target_100(baseline: float, wanted: float) -> None:
    if baseline == wanted:
        assert rules.progress(baseline, 0, wanted) is None
    else:
        assert rules.progress(baseline, baseline, wanted) == 0
        assert rules.progress(baseline, wanted, wanted) == 100


@given(baseline=values, wanted=values, actual=values)
def test_progress_below_0_is_regress_and_nothing_else_is(baseline: float, wanted: float, actual: float) -> None:
    goal = Goal(Comparator.GE, wanted, baseline=baseline)
    way = rules.progress(baseline, actual, wanted)

    assert rules.has_regressed(goal, actual) == (None if way is None else way < 0)


@given(baseline=values, ends=st.tuples(values, values), actual=values)
def test_a_range_has_two_figures_and_never_their_mean(
    baseline: float, ends: tuple[float, float], actual: float
) -> None:
    low, high = sorted(ends)
    goal = Goal(Comparator.RANGE, low, high, baseline=baseline)
    smaller, larger = rules.progress_range(goal, actual)
    if baseline in ends:
        assert (smaller, larger) == (None, None)
    else:
        assert smaller is not None
        assert larger is not None
        assert smaller <= larger
        assert {smaller, larger} == {rules.progress(baseline, actual, end) for end in ends}


@given(comparator=st.sampled_from(Comparator), low=values, width=st.integers(1, 50), actual=values)
def test_what_is_met_misses_nothing_and_what_is_not_misses_something(
    comparator: Comparator, low: float, width: int, actual: float
) -> None:
    wanted = rules.FIXED.get(comparator, low)
    goal = Goal(comparator, wanted, wanted + width if comparator is Comparator.RANGE else None)
    missing, farther = rules.remaining(goal, actual)

    assert missing is not None
    assert (missing == 0) == rules.is_met(goal, actual)
    assert farther is None or farther >= missing


def test_beyond_a_range_on_the_better_side_is_met() -> None:
    ends = (Comparator.RANGE, 40.0, 50.0, 13.0)

    assert rules.is_met(Goal(*ends, Polarity.HIGHER), 55)
    assert not rules.is_met(Goal(*ends, Polarity.NEUTRAL), 55)
    assert not rules.is_met(Goal(*ends, Polarity.HIGHER), 39)
    assert rules.is_met(Goal(*ends, Polarity.LOWER), 39)


def test_fewer_is_progress_where_none_are_wanted() -> None:
    goal = Goal(Comparator.ZERO, 0, baseline=5)

    assert rules.progress(5, 3, 0) == 40
    assert rules.has_regressed(goal, 6) is True
    assert rules.remaining(goal, 3) == (3, None)


def test_what_each_month_must_bring_needs_a_date_that_is_not_over() -> None:
    assert rules.required_per_month(12, date(2026, 1, 1), None) is None
    assert rules.required_per_month(12, date(2026, 1, 2), date(2026, 1, 1)) is None
    assert rules.required_per_month(12, date(2025, 1, 1), date(2026, 1, 1)) == pytest.approx(1, rel=1e-3)
    assert rules.required_per_month(0, date(2026, 1, 1), date(2026, 1, 1)) == 0


def test_numbers_no_float_can_hold_are_told_as_unknown() -> None:
    assert rules.progress(0, 1e308, 1e-15) is None
    assert rules.change(-1e308, 1e308) is None
    assert forecast([(date(2020, 1, day), (-1) ** day * 1e308) for day in range(1, 5)], date(2030, 1, 1)) is None


@pytest.mark.parametrize(
    ("told", "light", "reason"),
    [
        ({"met": None}, Light.NO_DATA, LightReason.NO_DATA),
        ({"met": True, "overdue": True}, Light.GREEN, LightReason.MET),
        ({"overdue": True}, Light.RED, LightReason.OVERDUE),
        ({"comparable": False, "met": None}, Light.AMBER, LightReason.NOT_COMPARABLE),
        ({"regressed": True}, Light.RED, LightReason.REGRESSED),
        ({}, Light.AMBER, LightReason.NO_SCHEDULE),
        ({"gone": 50.0, "way": 50.0}, Light.GREEN, LightReason.ON_TRACK),
        ({"gone": 50.0, "way": 40.0}, Light.AMBER, LightReason.BEHIND),
        ({"gone": 50.0, "way": 39.99}, Light.RED, LightReason.FAR_BEHIND),
    ],
)
def test_a_light_and_its_reason(told: dict[str, object], light: Light, reason: LightReason) -> None:
    given_ = {"met": False, "overdue": False, "comparable": True, "regressed": False, "gone": None, "way": None}

    assert rules.light(**{**given_, **told}) == (light, reason)  # type: ignore[arg-type] # one table for all columns


def test_the_worst_light_stands_for_several_and_no_data_for_none() -> None:
    assert rules.worst([Light.GREEN, Light.RED, Light.NO_DATA]) is Light.RED
    assert rules.worst([Light.GREEN, Light.NO_DATA]) is Light.GREEN
    assert rules.worst([]) is Light.NO_DATA


def test_only_areas_whose_borders_changed_have_two_territories() -> None:
    day, before = date(2022, 6, 8), date(2022, 6, 7)

    assert [rules.territory_version(code, day) for code in ("350000000", "630000000", "790000000")] == [2, 2, 1]
    assert rules.territory_version("350000000", before) == 1
    assert rules.territory_breaks("350000000", date(2021, 8, 20), date(2026, 1, 1)) == [day]
    assert rules.territory_breaks("350000000", day, date(2026, 1, 1)) == []


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 30, 199, 200])
def test_the_quantile_of_t_is_that_of_scipy(freedom: int) -> None:
    assert t_quantile(freedom, 0.95) == pytest.approx(float(stdtrit(freedom, 0.95)), rel=1e-9)
    assert t_quantile(freedom + 500, 0.95) == pytest.approx(float(stdtrit(freedom + 500, 0.95)), abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 3000), st.floats(0, 100)), min_size=3, max_size=12, unique_by=lambda p: p[0]))
def test_a_forecast_is_the_least_squares_line_within_its_interval(points: list[tuple[int, float]]) -> None:
    start = date(2018, 1, 1)
    series = [(start + timedelta(days=day), value) for day, value in sorted(points)]
    found = forecast(series, date(2027, 1, 1))
    line = linregress([(day - start).days for day, _ in series], [value for _, value in series])

    assert found is not None
    assert found.low <= found.value <= found.high
    ahead = (date(2027, 1, 1) - start).days
    assert found.value == pytest.approx(line.intercept + line.slope * ahead, rel=1e-6, abs=1e-6)


def test_two_points_or_one_day_make_no_forecast() -> None:
    day = date(2026, 1, 1)

    assert forecast([(day, 1.0), (day + timedelta(days=30), 2.0)], date(2027, 1, 1)) is None
    assert forecast([(day, 1.0)] * 5, date(2027, 1, 1)) is None


def test_parts_make_the_whole_by_their_rule_or_the_difference_is_told() -> None:
    assert reconciled(20, [0.1, 0.2, 19.7], ChildrenRule.SUM)["reconciles"] is True
    assert reconciled(20, [10, 8], ChildrenRule.SUM) == {
        "whole": 20,
        "parts": 18,
        "difference": 2,
        "reconciles": False,
    }
    assert reconciled(90, [85, 95], ChildrenRule.MEAN)["reconciles"] is True
    assert reconciled(90, [85, None], ChildrenRule.MEAN)["reconciles"] is None
    assert reconciled(90, [], ChildrenRule.SUM)["reconciles"] is None


def test_an_item_takes_only_steps_that_follow() -> None:
    for current in ItemStatus:
        for wanted in ItemStatus:
            if wanted is current or wanted in STEPS[current]:
                check_step(current, wanted)
            else:
                with pytest.raises(ItemStepRefused):
                    check_step(current, wanted)
    assert ItemStatus.DONE not in STANDING


def test_a_month_before_the_last_of_march_is_the_last_of_february() -> None:
    assert months_from(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert months_from(date(2024, 3, 30), -1) == date(2024, 2, 29)
    assert months_from(date(2026, 1, 31), -1) == date(2025, 12, 31)
    assert months_from(date(1900, 1, 1), -1) == date(1900, 1, 1)
    assert months_from(date(2200, 12, 31), 36) == date(2200, 12, 31)
