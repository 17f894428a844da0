"""Outliers and skewed columns."""

import math

import numpy as np
import pytest

from services.rating_engine.core.steps import treatment
from services.rating_engine.core.types import BoxCox, Cap, Floats, Log, Treatment, Winsorise
from tests.unit.rating.cases import Columns, close, rows, table

GAP = math.nan


def _treated(method: Treatment, values: list[float]) -> list[float]:
    column = np.array(values)
    treated: list[float] = treatment.fit(method, column)(column).tolist()
    return treated


def _column(cells: list[float | None]) -> Floats:
    return np.array([GAP if cell is None else cell for cell in cells])


def coinr(columns: Columns, max_points: int) -> dict[str, list[float]]:
    """The two steps of COINr: winsorise, and the logarithm of the untreated column where that was not enough."""
    treated = {}
    for code, cells in columns.items():
        column = _column(cells)
        treated[code] = treatment.fit(Winsorise(max_points=max_points, fallback=True), column)(column)
    return {code: column.tolist() for code, column in treated.items()}


@pytest.mark.parametrize(("file", "max_points"), [("treat_winmax_2", 2), ("treat_winmax_5", 5), ("step_Treated", 5)])
def test_winsorising_and_logarithm_equal_coinr(file: str, max_points: int) -> None:
    _, screened = table("coinr_asem/trans_input_screened.csv", "uCode")
    lines = rows(f"coinr_asem/{file}.csv")

    actual = coinr(screened, max_points)

    expected = {code: [float(line[code]) for line in lines] for code in actual}
    assert [code for code in actual if not close(actual[code], expected[code])] == []


def test_skewness_and_kurtosis_equal_coinr() -> None:
    _, screened = table("coinr_asem/trans_input_screened.csv", "uCode")

    for line in rows("coinr_asem/treat_details.csv"):
        column = _column(screened[line["iCode"]])
        assert treatment.skewness(column) == pytest.approx(float(line["check_SkewKurt0.Skew"]), rel=1e-12)
        assert treatment.kurtosis(column) == pytest.approx(float(line["check_SkewKurt0.Kurt"]), rel=1e-12)


def test_no_more_points_are_moved_than_allowed_even_when_the_extreme_is_tied() -> None:
    values = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 900, 1000, 1000, 1000]

    assert _treated(Winsorise(max_points=2, skew=0.1, kurtosis=-9), values) == values
    assert _treated(Winsorise(max_points=3, skew=0.1, kurtosis=-9), values) == [*values[:13], 900, 900, 900]


def test_a_tail_below_is_drawn_upwards() -> None:
    values = [-500.0, *range(10, 30)]

    assert min(_treated(Winsorise(), values)) == 10


@pytest.mark.parametrize("values", [[5.0] * 6, [1.0, 2, 3], [7.0], [], [1.0, 1, 1, 1, 1, 1, 1, 9], [GAP, GAP]])
def test_columns_too_poor_to_judge_are_left_alone(values: list[float]) -> None:
    assert np.array_equal(_treated(Winsorise(), values), values, equal_nan=True)


def test_a_cap_binds_on_the_sides_it_names() -> None:
    assert _treated(Cap(low=0, high=10), [-5, 5, 50]) == [0, 5, 10]
    assert _treated(Cap(high=10), [-5, 5, 50]) == [-5, 5, 10]


def test_the_logarithm_is_taken_of_the_distance_from_the_minimum() -> None:
    expected = [math.log(1.0), math.log(51.0), math.log(101.0)]

    assert _treated(Log(), [-100, -50, 0]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("power", [2.0, 0.5, 0.0, -1.0])
def test_box_cox_is_taken_of_the_column_shifted_to_begin_at_one(power: float) -> None:
    shifted = [1.0, 3.0, 11.0]
    expected = [math.log(y) if power == 0 else (y**power - 1) / power for y in shifted]

    assert _treated(BoxCox(power), [-4, -2, 6]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("method", [Winsorise(), Log(), BoxCox(3), BoxCox(-3), Cap(low=0)])
def test_extreme_numbers_stay_finite_and_in_order(method: Treatment) -> None:
    values = [-1e308, -1.0, 0.0, 1e-308, 1.0, 1e300, 1e308]

    treated = _treated(method, values)

    assert all(map(math.isfinite, treated))
    assert treated == sorted(treated)


def test_missing_values_stay_missing() -> None:
    for method in (Winsorise(), Log(), BoxCox(2), Cap(0, 1)):
        assert [math.isnan(value) for value in _treated(method, [1, GAP, 3, 4, 90])] == [False, True] + [False] * 3
