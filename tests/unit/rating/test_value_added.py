"""Attainment, progress and contextual progress side by side."""

import json
from typing import Any

import numpy as np
import pytest

from services.rating_engine.core.evidence import value_added
from services.rating_engine.simulations.errors import ValueAddedImpossible
from tests.unit.rating.cases import CASES, Json, rows, simulate

TREE: Json = {"code": "i", "children": [{"indicator": "y"}]}
VIEW: Json = {"code": "v", "outcome": "y", "prior": "before"}


def _ranks(values: Any) -> Any:
    return np.argsort(np.argsort(-np.asarray(values)))


def test_the_65_london_schools_change_places_by_what_pupils_brought_with_them() -> None:
    expected = rows("school_multilevel/exam_expected_schools.csv")
    model = json.loads((CASES / "school_multilevel/exam_expected_params.json").read_text())["model1"]
    intake: dict[str, list[float]] = {}
    for pupil in rows("school_multilevel/exam_input.csv"):
        intake.setdefault(pupil["school"], []).append(float(pupil["standLRT"]))
    n: list[float | None] = [float(line["n"]) for line in expected]
    frozen = {"intercept": model["intercept"], "before": model["slope"], "tau2": model["var_school"]}
    leaf = {"indicator": "y", "sampling": {"kind": "mean", "sd": model["var_pupil"] ** 0.5}}

    answer = simulate(
        {"code": "i", "children": [leaf]},
        {
            "y": [float(line["raw_mean"]) for line in expected],
            "before": [float(np.mean(intake[line["school"]])) for line in expected],
        },
        n={"y": n},
        value_added=[VIEW | {"coefficients": {"progress": frozen}}],
    )

    assert answer.value_added is not None
    told = answer.value_added["v"]
    assert told.progress.raw == pytest.approx([float(line["mean_residual"]) for line in expected], abs=1e-9)
    assert told.progress.shrunken == pytest.approx([float(line["blup"]) for line in expected], abs=1e-9)
    assert told.progress.sd == pytest.approx([float(line["se"]) for line in expected], abs=1e-9)
    raw, added = _ranks(told.attainment.raw), _ranks(told.progress.shrunken)
    assert np.corrcoef(raw, added)[0, 1] == pytest.approx(0.87, abs=0.005)
    assert np.abs(raw - added).max() == 23


def test_fitted_coefficients_are_those_of_weighted_least_squares_and_may_be_frozen() -> None:
    generator = np.random.default_rng(8)
    before, poor = generator.normal(50, 10, 200), generator.uniform(0, 1, 200)
    variance = generator.uniform(0.5, 6, 200)
    y = 12 + 0.8 * before - 9 * poor + generator.normal(0, 2, 200) + generator.normal(0, np.sqrt(variance))
    columns = {"y": y.tolist(), "before": before.tolist(), "poor": poor.tolist()}
    more: Json = {"variance": {"y": variance.tolist()}}
    view = VIEW | {"covariates": ["poor"]}

    told = simulate(TREE, columns, value_added=[view], **dict(more)).value_added

    assert told is not None
    found = told["v"].contextual_progress.coefficients
    design = np.column_stack([np.ones(200), before, poor])
    weights = 1 / (found["tau2"] + variance)
    solved = np.linalg.solve(design.T @ (design * weights[:, None]), design.T @ (weights * y))
    assert [found["intercept"], found["before"], found["poor"]] == pytest.approx(solved.tolist(), rel=1e-9)
    assert np.sum((y - design @ solved) ** 2 * weights) == pytest.approx(200 - 3, rel=1e-9)
    assert set(told["v"].progress.coefficients) == {"intercept", "before", "tau2"}
    assert told["v"].attainment.coefficients == {}

    coefficients = {"progress": told["v"].progress.coefficients, "contextual_progress": found}
    again = simulate(TREE, columns, value_added=[view | {"coefficients": coefficients}], **dict(more)).value_added
    assert again == told


def test_a_gap_in_what_is_needed_leaves_out_that_measure_alone() -> None:
    y: list[float | None] = [1, 2, 4, 3, None, 6, 5]
    columns: dict[str, list[float | None]] = {
        "y": y,
        "before": [1, 2, 3, None, 5, 6, 7],
        "poor": [1, None, 2, 1, 2, 1, 2],
    }

    answer = simulate(TREE, columns, value_added=[VIEW | {"covariates": ["poor"]}])

    assert answer.value_added is not None
    told = answer.value_added["v"]
    assert [one is None for one in told.attainment.raw] == [False] * 4 + [True, False, False]
    assert [one is None for one in told.progress.raw] == [False, False, False, True, True, False, False]
    assert [one is None for one in told.contextual_progress.raw] == [False, True, False, True, True, False, False]
    assert told.progress.sd == [None] * 7
    assert told.progress.shrunken == told.progress.raw


@pytest.mark.parametrize("before", [[3.0] * 6, [1e308, -1e308, 1e307, 0, 5, 7], [1e-300, 2e-300, 3e-300, 0, 0, 0]])
def test_what_cannot_explain_anything_explains_nothing(before: list[float | None]) -> None:
    answer = simulate(TREE, {"y": [1e308, -1e308, 0, 1, 2, 3], "before": before}, value_added=[VIEW])

    assert answer.value_added is not None
    assert all(one is not None for one in answer.value_added["v"].progress.raw)


def test_a_copy_of_a_regressor_gets_no_coefficient() -> None:
    y: list[float | None] = [1, 2, 4, 3, 7]
    before: list[float | None] = [1, 2, 3, 4, 5]

    answer = simulate(TREE, {"y": y, "before": before, "same": before}, value_added=[VIEW | {"covariates": ["same"]}])

    assert answer.value_added is not None
    told = answer.value_added["v"]
    assert 0 in told.contextual_progress.coefficients.values()
    assert told.contextual_progress.raw == pytest.approx(told.progress.raw)


def test_too_few_units_are_refused_unless_coefficients_are_given() -> None:
    columns: dict[str, list[float | None]] = {"y": [1, 2], "before": [1, 3]}
    frozen = {"progress": {"before": 1}, "contextual_progress": {"before": 1}}

    with pytest.raises(ValueAddedImpossible):
        simulate(TREE, columns, value_added=[VIEW])
    told = simulate(TREE, columns, value_added=[VIEW | {"coefficients": frozen}]).value_added
    assert told is not None
    assert told["v"].progress.raw == [0, -1]


def test_least_squares_orthogonalise_what_is_nearly_the_same() -> None:
    x = np.arange(9.0)
    z = x + 1e-4 * np.cos(x)

    solution, used = value_added.weighted_least_squares(2 + 3 * x - 4 * z, [x, z], np.ones(9))

    assert used == 3
    assert solution == pytest.approx([2, 3, -4], rel=1e-6)
