"""How columns hang together, against the ASEM index and against what must hold of any data."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from services.rating_engine.core.audit import correlation
from tests.unit.rating.cases import rows, table

ASEM = "coinr_asem"


def _columns(file: str) -> dict[str, Any]:
    return {code: np.array([np.nan if cell is None else cell for cell in cells]) for code, cells in file_of(file)}


def file_of(file: str) -> Any:
    return table(f"{ASEM}/{file}.csv", "uCode")[1].items() if file == "step_Normalised" else _aggregated()


def _aggregated() -> Any:
    lines = rows(f"{ASEM}/step_Aggregated.csv")
    return [(name, [float(line[name]) for line in lines]) for name in lines[0] if _is_number(lines[0][name])]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_correlations_between_the_indicators_equal_coinr() -> None:
    columns = _columns("step_Normalised")
    codes = list(columns)
    side = correlation.standardised(list(columns.values()))

    found = correlation.pearson(side, side)

    lines = rows(f"{ASEM}/corr_level1_pearson.csv")
    assert len(lines) == len(codes) ** 2
    for line in lines:
        ours = found[codes.index(line["Var1"]), codes.index(line["Var2"])]
        assert ours == pytest.approx(float(line["Correlation"]), abs=1e-9)


def test_correlations_with_the_index_equal_coinr() -> None:
    columns = _columns("step_Aggregated")

    for line in rows(f"{ASEM}/corr_ind_index.csv"):
        found = correlation.pearson_of(columns[line["Var2"]], columns["Index"])
        assert found == pytest.approx(float(line["Correlation"]), abs=1e-9)


def test_alpha_of_every_pillar_equals_coinr() -> None:
    columns = _columns("step_Normalised")
    meta = rows(f"{ASEM}/input_iMeta.csv")

    for line in rows(f"{ASEM}/cronbach.csv"):
        children = [columns[one["iCode"]] for one in meta if one["Parent"] == line["pillar"]]
        assert correlation.alpha(children) == pytest.approx(float(line["cronbach_alpha"]), abs=1e-9)


def _with_gaps(count: int, seed: int) -> tuple[Any, Any]:
    generator = np.random.default_rng(seed)
    first = generator.normal(50, 20, count)
    second = first * 0.3 + generator.normal(0, 10, count)
    first[generator.random(count) < 0.2] = np.nan
    second[generator.random(count) < 0.2] = np.nan
    return first, second


@pytest.mark.parametrize("seed", range(5))
def test_with_gaps_every_pair_is_taken_over_the_units_that_have_both(seed: int) -> None:
    first, second = _with_gaps(60, seed)
    known = ~np.isnan(first) & ~np.isnan(second)

    assert correlation.pearson_of(first, second) == pytest.approx(
        np.corrcoef(first[known], second[known])[0, 1], abs=1e-9
    )
    assert correlation.spearman_of(first, second) == pytest.approx(
        stats.spearmanr(first[known], second[known]).statistic, abs=1e-9
    )


def test_the_order_of_the_units_and_their_unit_of_measure_leave_no_trace() -> None:
    first, second = _with_gaps(300, 4)
    order = np.random.default_rng(0).permutation(300)

    straight = correlation.pearson_of(first, second)

    assert correlation.pearson_of(first[order], second[order]) == straight
    assert correlation.pearson_of(first * 1e150, second * 1e-150) == pytest.approx(straight, abs=1e-11)
    assert correlation.pearson_of(first * -4, second) == pytest.approx(-straight, abs=1e-11)
    assert correlation.influence(first[order], second[order]) == correlation.influence(first, second)
    assert correlation.alpha([first[order], second[order]]) == correlation.alpha([first, second])


def test_what_does_not_exist_is_not_a_number_and_never_nought() -> None:
    varied, still = np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, 7.0)
    few = np.array([1.0, 2.0, np.nan, np.nan])

    for found in (
        correlation.pearson_of(varied, still),
        correlation.pearson_of(varied, few),
        correlation.spearman_of(varied, few),
        correlation.pearson_of(np.array([1.0, 1.0, 1.0, 9.0]), np.array([1.0, 2.0, 3.0, np.nan])),
        correlation.alpha([varied]),
        correlation.alpha([still, still]),
        correlation.alpha([varied, -varied]),
        correlation.influence(still, varied),
        correlation.influence(varied, still),
        correlation.correlation_ratio(["a"] * 4, varied),
        correlation.correlation_ratio(["a", "b", "c", "d"], varied),
    ):
        assert math.isnan(found)
    assert correlation.eigenvalues(np.full((2, 2), np.nan)) == []


def test_the_correlation_ratio_sees_what_a_line_does_not() -> None:
    driver = np.linspace(-1, 1, 2000)

    assert abs(correlation.pearson_of(driver, driver**2)) < 1e-9
    assert correlation.influence(driver, driver**2) > 0.9
    noise = np.random.default_rng(2).normal(size=2000)
    assert correlation.influence(driver, noise) < 0.02


def test_classes_of_a_name_explain_what_they_explain() -> None:
    values = np.array([1.0, 1.2, 5.0, 5.2, np.nan])

    assert correlation.correlation_ratio(["a", "a", "b", "b", None], values) > 0.98


@settings(max_examples=80)
@given(st.lists(st.lists(st.floats(-1e308, 1e308), min_size=4, max_size=4), min_size=2, max_size=5))
def test_no_finite_values_whatever_give_more_than_one(columns: list[list[float]]) -> None:
    side = correlation.standardised([np.array(column) for column in columns])

    found = correlation.pearson(side, side)

    known = found[~np.isnan(found)]
    assert (np.abs(known) <= 1).all()
    assert np.array_equal(found, found.T, equal_nan=True)
    values = correlation.eigenvalues(found)
    assert sum(values) == pytest.approx(len(values), abs=1e-6)
    correlation.alpha([np.array(column) for column in columns])
    correlation.influence(np.array(columns[0]), np.array(columns[1]))


@pytest.mark.parametrize(("r", "count", "expected"), [(-0.5, 100, True), (-0.5, 10, False), (0.5, 100, False)])
def test_a_correlation_is_certainly_negative_when_its_interval_is(r: float, count: int, expected: bool) -> None:
    assert correlation.certainly_negative(r, count) is expected
    assert not correlation.certainly_negative(math.nan, count)
    assert correlation.certainly_negative(-1.0, count) is True
