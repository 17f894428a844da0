"""Arithmetic of places: deficit, trend, and teachers given to schools to come."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry_api.places import rules
from services.registry_api.places.rules import Need, Pool, School


def test_a_school_of_two_shifts_holds_twice_its_capacity() -> None:
    assert rules.deficit(1490, 600) == 290
    assert rules.deficit(1200, 600) == 0
    assert rules.deficit(100, 600) == 0


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2026, 12, 31), 2026)]
)
def test_a_school_year_begins_on_1_september(day: date, year: int) -> None:
    assert rules.school_year(day) == year


def test_a_straight_line_goes_on_straight() -> None:
    found = rules.trend({2022: 1000, 2023: 1100, 2024: 1200, 2025: 1300}, 2028)

    assert found.value == pytest.approx(1600)
    assert found.low == pytest.approx(1600)
    assert found.high == pytest.approx(1600)


def test_the_interval_is_that_of_a_prediction() -> None:
    # y = 1, 3, 2 at x = 0, 1, 2: slope 0.5, mean 2, residuals -0.5, 1, -0.5, s² = 1.5;
    # at x = 3: 3 ± 12.706·√(1.5·(1 + 1/3 + 4/2))
    found = rules.trend({2020: 1001, 2021: 1003, 2022: 1002}, 2023)

    assert found.value == pytest.approx(1003)
    assert found.high == pytest.approx(1003 + 12.706 * 5**0.5)
    assert found.low == pytest.approx(1003 - 12.706 * 5**0.5)


def test_two_years_make_a_line_without_an_interval_and_one_year_makes_none() -> None:
    assert rules.trend({2024: 100, 2025: 110}, 2026) == rules.Interval(120, None, None)
    assert rules.trend({2025: 110}, 2026) == rules.Interval(None, None, None)
    assert rules.trend({2025: 110}, 2025) == rules.Interval(110, 110, 110)


def test_the_forecast_lays_the_growth_on_every_school_and_takes_off_what_opens() -> None:
    schools = [
        School(300, {2023: 600, 2024: 660, 2025: 720}),
        School(500, {2023: 400, 2024: 440, 2025: 480}),
        School(None, {}),
    ]

    found = rules.places(schools, year=2027, opening_places=50)

    assert (found.schools, found.unknown, found.pupils, found.deficit) == (3, 1, 1200, 120)
    assert found.years == (2023, 2024, 2025)
    assert found.pupils_foreseen.value == pytest.approx(1400)
    assert found.deficit_foreseen.value == pytest.approx(720 * 1400 / 1200 - 600 - 100)


def test_without_a_series_nothing_is_foreseen() -> None:
    found = rules.places([School(300, {2025: 720})], year=2027, opening_places=0)

    assert found.deficit == 120
    assert found.deficit_foreseen == rules.Interval(None, None, None)


CITY, WEST, EAST = "790000000", "791000000", "792000000"


def test_a_project_draws_from_its_own_area_first_and_then_wider_within_its_region() -> None:
    pools = [
        Pool(WEST, (CITY, WEST), 3),
        Pool(EAST, (CITY, EAST), 4),
        Pool("350000000", ("350000000",), 100),
    ]

    drawn = rules.allot([Need((CITY, EAST), 5), Need((CITY, WEST), 5)], pools)

    assert drawn == [{EAST: 4, WEST: 1}, {WEST: 2}]


_AREAS = st.sampled_from([(CITY,), (CITY, WEST), (CITY, EAST), ("350000000",), ("350000000", "351000000")])


@given(
    st.lists(st.tuples(_AREAS, st.integers(0, 20)), max_size=12),
    st.lists(st.tuples(_AREAS, st.integers(0, 20)), max_size=12, unique_by=lambda one: one[0]),
)
def test_nobody_is_given_twice_and_nothing_beyond_the_region(
    needs: list[tuple[tuple[str, ...], int]], pools: list[tuple[tuple[str, ...], int]]
) -> None:
    drawn = rules.allot(
        [Need(path, required) for path, required in needs], [Pool(path[-1], path, count) for path, count in pools]
    )

    held = {path[-1]: count for path, count in pools}
    regions = {path[-1]: path[0] for path, _ in pools}
    for area in held:
        assert sum(one.get(area, 0) for one in drawn) <= held[area]
    for (path, required), one in zip(needs, drawn, strict=True):
        assert sum(one.values()) <= required
        assert {regions[area] for area in one if area} <= {path[0]}


def test_the_norm_is_so_many_for_a_school_or_one_for_so_many_places() -> None:
    assert rules.required_teachers(1500, per_project=10, places_per_teacher=None) == 10
    assert rules.required_teachers(1500, per_project=10, places_per_teacher=400) == 4
