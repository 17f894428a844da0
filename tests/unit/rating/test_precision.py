"""What a value can bear: its sampling variance, what it shrinks to, and what several years say together."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating_engine.core.evidence import precision, reliability, sampling, years
from services.rating_engine.core.types import Prior
from tests.unit.rating.cases import CASES, Json, rows, simulate

TREE: Json = {"code": "i", "children": [{"indicator": "x"}]}


def _everyone(count: int) -> list[tuple[Any, Any]]:
    everyone = np.ones(count, dtype=np.bool_)
    return [(everyone, everyone)]


def _exam() -> tuple[Json, list[dict[str, str]], list[float | None], list[float | None]]:
    """Parameters of the mixed model, the schools, and their mean residuals and pupils from the pupils themselves."""
    expected = rows("school_multilevel/exam_expected_schools.csv")
    parameters = json.loads((CASES / "school_multilevel/exam_expected_params.json").read_text())["model1"]
    residuals: dict[str, list[float]] = {}
    for pupil in rows("school_multilevel/exam_input.csv"):
        left = float(pupil["normexam"]) - parameters["intercept"] - parameters["slope"] * float(pupil["standLRT"])
        residuals.setdefault(pupil["school"], []).append(left)
    means: list[float | None] = [
        math.fsum(residuals[line["school"]]) / len(residuals[line["school"]]) for line in expected
    ]
    return parameters, expected, means, [len(residuals[line["school"]]) for line in expected]


def test_a_mixed_model_with_its_components_given_is_that_of_lme4() -> None:
    parameters, expected, means, n = _exam()
    leaf = {
        "indicator": "x",
        "sampling": {"kind": "mean", "sd": math.sqrt(parameters["var_pupil"])},
        "prior": {"mean": 0, "tau2": parameters["var_school"]},
    }

    answer = simulate(
        {"code": "i", "children": [leaf]}, {"x": means}, n={"x": n}, precision={"shrink": True}, ask=["standing"]
    )

    assert answer.standing is not None
    assert answer.standing.posterior_mean == pytest.approx([float(line["blup"]) for line in expected], abs=1e-9)
    assert answer.standing.posterior_sd == pytest.approx([float(line["se"]) for line in expected], abs=1e-9)
    assert answer.score == pytest.approx(means)


def test_components_that_are_estimated_come_close_to_those_of_the_mixed_model() -> None:
    parameters, expected, means, n = _exam()
    noise = parameters["var_pupil"] / np.array(n, dtype=np.float64)

    found = precision.posterior(np.array(means, dtype=np.float64), noise, _everyone(65))

    blups = np.array([float(line["blup"]) for line in expected])
    assert np.abs(found.means - blups).max() < 0.03
    tau, _ = precision.between_variance(np.array(means, dtype=np.float64), noise)
    assert tau == pytest.approx(parameters["var_school"], rel=0.1)


def test_the_eight_schools_differ_by_no_more_than_chance() -> None:
    effects = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])

    tau, centre = precision.between_variance(effects, errors**2)

    assert tau == 0
    assert centre == pytest.approx(7.6856, abs=1e-4)


def test_paule_mandel_solves_its_equation() -> None:
    values, variances = np.array([1.0, 5, 9, 20, -4]), np.array([1.0, 2, 0.5, 3, 1])

    tau, centre = precision.between_variance(values, variances)

    assert np.sum((values - centre) ** 2 / (variances + tau)) == pytest.approx(4, rel=1e-9)


def test_a_given_mean_leaves_one_degree_of_freedom_more() -> None:
    values, variances = np.array([1.0, 5, 9, 20, -4]), np.array([1.0, 2, 0.5, 3, 1])

    tau, centre = precision.between_variance(values, variances, 0.0)

    assert centre == 0.0
    assert np.sum(values**2 / (variances + tau)) == pytest.approx(5, rel=1e-9)


def test_the_variance_of_the_mean_widens_what_leans_on_it() -> None:
    values, variances = np.array([1.0, 5, 9]), np.array([1.0, 2, 0.5])

    plain = precision.posterior(values, variances, _everyone(3), Prior(tau2=4.0))
    wider = precision.posterior(values, variances, _everyone(3), Prior(tau2=4.0), with_centre=True)

    left = (1 - 4 / (4 + variances)) ** 2 / np.sum(1 / (variances + 4))
    assert wider.variances - plain.variances == pytest.approx(left)
    assert (wider.means == plain.means).all()


@pytest.mark.parametrize("prior", [None, Prior(0.0, 1.0), Prior(tau2=0.0), Prior(1e308, 1e300), Prior(mean=-1e308)])
@pytest.mark.parametrize("values", [[1e308, -1e308, 3.0], [0.0, 0.0, 0.0], [5.0], [math.nan, 2.0, 2.0]])
@pytest.mark.parametrize("variance", [0.0, 1e-300, 1.0, 1e308, math.nan])
def test_nothing_leaves_the_numbers(prior: Prior | None, values: list[float], variance: float) -> None:
    found = precision.posterior(np.array(values), np.full(len(values), variance), _everyone(len(values)), prior)

    assert (np.isnan(found.means) == np.isnan(values)).all()
    assert not np.isinf(found.means).any()
    assert np.isfinite(found.variances).all()
    assert (found.variances >= 0).all()


def test_values_shrink_within_peers_or_towards_everyone() -> None:
    values: list[float | None] = [10, 12, 14, 50, 52, 54]
    more: Json = {
        "variance": {"x": [4] * 6},
        "attributes": {"type": ["a"] * 3 + ["b"] * 3},
        "peer_groups": {"by": ["type"]},
        "ask": ["standing"],
    }

    peers = simulate(TREE, {"x": values}, precision={"shrink": True}, **dict(more)).standing
    everyone = simulate(TREE, {"x": values}, precision={"shrink": True, "within": "all"}, **dict(more)).standing

    assert peers is not None
    assert everyone is not None
    assert peers.posterior_mean[0] == pytest.approx(12)
    assert everyone.posterior_mean[0] == pytest.approx(10, abs=0.5)


def test_a_share_has_the_variance_of_its_count() -> None:
    p = 30.5 / 41

    assert sampling.share_variance(np.array([0.75]), np.array([40.0]))[0] == pytest.approx(p * (1 - p) / 40)
    assert sampling.share_variance(np.array([75.0]), np.array([40.0]), 100)[0] == pytest.approx(1e4 * p * (1 - p) / 40)
    assert sampling.share_variance(np.array([1.0]), np.array([5.0]))[0] > 0
    assert np.isnan(sampling.share_variance(np.array([0.5, np.nan]), np.array([0.0, 9.0]))).all()


def test_wilsons_interval_is_the_published_one() -> None:
    low, high = sampling.wilson(np.array([0.1, 0.0]), np.array([10.0, 10.0]))

    assert [low[0], high[0]] == pytest.approx([0.0178762, 0.4041500], abs=1e-6)
    assert low[1] == 0
    assert high[1] == pytest.approx(0.2775328, abs=1e-6)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1e9)), min_size=1, max_size=9))
def test_a_share_is_always_inside_its_interval(cells: list[tuple[float, float]]) -> None:
    shares, n = (np.array(column) for column in zip(*cells, strict=True))

    low, high = sampling.wilson(shares, n)

    known = n >= sampling.FEWEST
    assert (low[known] <= shares[known] + 1e-12).all()
    assert (high[known] >= shares[known] - 1e-12).all()


def test_small_means_borrow_the_standard_deviation_of_their_group() -> None:
    given = np.array([4.0, 1.0, np.nan])
    n = np.array([100.0, 25, 10])

    found = sampling.mean_variance(given, n, _everyone(3))

    pooled = (99 * 400 + 24 * 25) / (99 + 24)
    assert found == pytest.approx([4.0, pooled / 25, pooled / 10])
    assert sampling.mean_variance(given, n, _everyone(3), sd=20.0) == pytest.approx([4.0, 16.0, 40.0])


def test_a_survey_of_nearly_everyone_has_little_noise() -> None:
    given, n = np.full(3, np.nan), np.array([50.0, 50, 50])
    frame = np.array([100.0, 50, np.nan])

    assert sampling.survey_variance(given, n, frame, _everyone(3), sd=10.0) == pytest.approx([1.0, 0.0, 2.0])


def test_a_change_has_the_noise_of_both_years_and_old_values_widen() -> None:
    assert sampling.difference_variance(np.array([4.0]), np.array([5.0]), 1.5) == pytest.approx([6.0])
    assert sampling.carried(np.array([2.0, 2.0]), np.array([0.0, 3.0]), 0.5) == pytest.approx([2.0, 5.0])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"kind": "share", "whole": 100}, [0.5 * 0.5 / 99 * 1e4, 7.0, None]),
        ({"kind": "mean", "sd": 10}, [100 / 99, 100 / 24, None]),
        ({"kind": "survey", "sd": 10, "population": "size"}, [100 / 99 * (1 - 99 / 198), 7.0, None]),
        ({"kind": "given"}, [None, 7.0, None]),
        ({"kind": "none"}, [0.0, 0.0, None]),
    ],
)
def test_a_leaf_says_where_its_variance_comes_from(rule: Json, expected: list[float | None]) -> None:
    answer = simulate(
        {"code": "i", "children": [{"indicator": "x", "sampling": rule}]},
        {"x": [50, 60, None], "size": [198, 198, 198]},
        n={"x": [99, 24, 0]},
        variance={"x": [None, 7, None]},
        ask=["standing"],
    )

    assert answer.standing is not None
    found = [None if sd is None else sd**2 for sd in answer.standing.posterior_sd]
    assert found[:2] == pytest.approx(expected[:2])
    assert found[2] is None


def test_the_filtered_estimate_weighs_years_by_what_lasts() -> None:
    values = np.array([[1.0, 2.0, 4.0], [np.nan, 3.0, np.nan], [np.nan] * 3])
    variances = np.full(values.shape, 1.0)
    parts = years.Components(lasting=2.0, passing=0.5, decay=0.8)

    found = years.filtered(values, variances, parts, np.zeros(3))

    between = 2.0 * 0.8 ** np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    weights = np.linalg.solve(between + 1.5 * np.eye(3), between[-1])
    assert found.weights[0] == pytest.approx(weights)
    assert found.estimates == pytest.approx([weights @ values[0], 1.6 / 3.5 * 3.0, 0.0])
    assert found.variances == pytest.approx([2.0 - weights @ between[-1], 2.0 - 1.6**2 / 3.5, 2.0])


def test_what_lasts_is_told_from_what_passes_by_the_covariance_of_years() -> None:
    generator = np.random.default_rng(4)
    lasting = generator.normal(0, 2, (4000, 1))
    variances = np.full((4000, 4), 1.0)
    values = lasting + generator.normal(0, 1, (4000, 4)) + generator.normal(0, 1, (4000, 4))

    parts = years.components(values, variances)
    found = years.filtered(values, variances, parts, values.mean(axis=0))

    assert [parts.lasting, parts.passing, parts.decay] == pytest.approx([4, 1, 1], abs=0.2)
    assert np.mean((found.estimates - lasting[:, 0]) ** 2) == pytest.approx(found.variances[0], rel=0.06)


def test_one_year_alone_is_ordinary_shrinkage() -> None:
    found = years.filtered(np.array([[3.0]]), np.array([[1.0]]), years.Components(4.0, 0.0), np.array([1.0]))

    assert found.estimates == pytest.approx([1 + 4 / 5 * 2])
    assert found.variances == pytest.approx([4 * (1 - 4 / 5)])


def test_weights_follow_reliability_and_stop_at_a_floor() -> None:
    trust = {"x": np.array([1.0, 0.5, 0.2]), "y": np.array([1.0, np.nan, 0.2])}

    shares, enough = reliability.reliability_weights(trust, {"x": 3.0, "y": 1.0}, 0.3)

    assert shares["x"] == pytest.approx([0.75, 1.0, 0.75])
    assert enough.tolist() == [True, True, False]


def test_a_tree_weighs_its_leaves_by_reliability_and_rates_nobody_on_noise() -> None:
    tree = {
        "code": "i",
        "children": [
            {"code": "p", "weight": 3, "children": [{"indicator": "x"}, {"indicator": "y", "weight": 2}]},
            {"indicator": "z", "weight": 1},
        ],
    }
    columns: dict[str, list[float | None]] = {"x": [10, 20, 30, 40], "y": [5, 9, 2, 7], "z": [1, 2, 3, 4]}
    variance = {"x": [1, 1, 1, 1e6], "y": [0, 0, 0, 1e6]}
    more: Json = {"variance": variance, "precision": {"reliability_weights": True}}

    answer = simulate(tree, columns, **more)

    tau, _ = precision.between_variance(np.array([10.0, 20, 30, 40]), np.array([1.0, 1, 1, 1e6]))
    trust = {"x": tau / (tau + 1), "y": 1.0, "z": 1.0}
    weight = {"x": 1.0, "y": 2.0, "z": 1.0}
    total = sum(weight[code] * trust[code] for code in weight)
    expected = sum(weight[code] * trust[code] * (columns[code][1] or 0) for code in weight) / total
    assert answer.score[1] == pytest.approx(expected)
    assert sum(part[1] or 0 for part in answer.contributions.values()) == pytest.approx(expected)
    assert answer.reason[3] == "insufficient_evidence"
    assert answer.rank[3] is None


def test_hiding_a_value_that_is_charged_for_does_not_take_away_its_weight() -> None:
    tree = {"code": "i", "children": [{"indicator": "x"}, {"indicator": "y"}]}
    variance = {"x": [9, 9, 9, 9], "y": [0, 0, 0, 0]}
    more: Json = {
        "precision": {"reliability_weights": True, "least_reliable": 0},
        "missing": {"policy": "penalise"},
        "variance": variance,
    }

    told = simulate(tree, {"x": [10, 20, 30, 40], "y": [50, 50, 50, 50]}, **dict(more)).score[0]
    hidden = simulate(tree, {"x": [None, 20, 30, 40], "y": [50, 50, 50, 50]}, **dict(more)).score[0]

    assert told is not None
    assert hidden is not None
    assert hidden <= 50 / 2 + 20 / 2
