"""Which choice moves the places: estimators against known functions, then the indices of a rating."""

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import qmc

from services.rating_engine.core import pipeline
from services.rating_engine.core.doubt import sensitivity, sobol
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.methodologies import documents
from services.rating_engine.simulations import tables
from shared.schemas.rating.simulations import SimulationCreate
from tests.unit.rating.cases import CASES

SLOPE = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def ishigami(point: Any) -> Any:
    x = (2 * point - 1) * math.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(point: Any) -> Any:
    return np.prod((np.abs(4 * point - 2) + SLOPE) / (1 + SLOPE), axis=1)


MODELS: Mapping[str, tuple[Callable[[Any], Any], int]] = {"ishigami": (ishigami, 3), "sobol_g": (sobol_g, 8)}
FIRST = {
    "jansen": sobol.jansen_first,
    "saltelli": sobol.saltelli_first,
    "janon": sobol.janon_first,
}


@cache
def reference() -> Any:
    path = CASES / "salib" / "sobol_reference.json"
    if not path.is_file():
        pytest.skip(f"the reference cases are not at {CASES}")
    return json.loads(path.read_text())


def outputs(model: Callable[[Any], Any], first: Any, second: Any) -> tuple[Any, Any, list[Any]]:
    mixed = [sobol.exchanged(first, second, slice(place, place + 1)) for place in range(first.shape[1])]
    return model(first), model(second), [model(one) for one in mixed]


@pytest.mark.parametrize("estimator", FIRST)
@pytest.mark.parametrize("name", MODELS)
def test_every_centred_estimator_finds_the_analytic_indices(name: str, estimator: str) -> None:
    model, width = MODELS[name]
    first, second = sobol.design(8192, width, [7])

    y_first, y_second, y_mixed = outputs(model, first, second)

    analytic = reference()[f"{name}_analytic"]
    ours = [float(FIRST[estimator](y_first, y_second, one)) for one in y_mixed]
    totals = [float(sobol.jansen_total(y_first, y_second, one)) for one in y_mixed]
    assert ours == pytest.approx(analytic["S1"], abs=0.01)
    assert totals == pytest.approx(analytic["ST"], abs=0.01)


@pytest.mark.parametrize("rows", [256, 1024, 8192])
@pytest.mark.parametrize("name", MODELS)
def test_the_design_of_salib_gives_the_estimates_of_salib(name: str, rows: int) -> None:
    model, width = MODELS[name]
    points = qmc.Sobol(2 * width, scramble=True, seed=1234).random(rows)

    y_first, y_second, y_mixed = outputs(model, points[:, :width], points[:, width:])

    recorded = reference()["salib"][f"{name}_N{rows}"]
    centre = np.mean(np.concatenate((y_first, y_second, *y_mixed)))
    ours = [
        float(np.mean((y_second - centre) * (one - y_first)) / np.var(np.concatenate((y_first, y_second))))
        for one in y_mixed
    ]
    totals = [float(sobol.jansen_total(y_first, y_second, one)) for one in y_mixed]
    assert ours == pytest.approx(recorded["S1"], abs=1e-12), "the same points"
    assert totals == pytest.approx(recorded["ST"], abs=1e-12)
    saltelli = [float(sobol.saltelli_first(y_first, y_second, one)) for one in y_mixed]
    assert all(
        abs(mine - theirs) <= spread
        for mine, theirs, spread in zip(saltelli, recorded["S1"], recorded["S1_conf"], strict=True)
    ), "centred by A and B instead of all runs: within their interval"


def test_an_index_that_is_not_centred_depends_on_a_constant_added_to_the_output() -> None:
    """COINr 1.1.14: on 600 runs of ASEM it answers (-0.054, 0.209, 0.152, 0.809) where the centred formula answers
    (0.013, 0.050, 0.121, 0.649); the mean of a rank shift is never zero, so the error is there in every use."""
    first, second = np.random.default_rng(3).random((2, 100, 3))
    y_first, y_second, y_mixed = outputs(ishigami, first, second)
    analytic = reference()["ishigami_analytic"]["S1"]

    def found(estimator: Callable[..., Any], lift: float) -> Any:
        return np.array([float(estimator(y_first + lift, y_second + lift, one + lift)) for one in y_mixed])

    for estimator in FIRST.values():
        assert found(estimator, 50.0) == pytest.approx(found(estimator, 0.0), abs=1e-9)
    assert np.max(np.abs(found(sobol.uncentred_first, 50.0) - analytic)) > 1.0, "outside every possible index"
    assert np.max(np.abs(found(sobol.saltelli_first, 50.0) - analytic)) < 0.35


def test_many_outputs_cost_one_pass_and_change_nothing() -> None:
    first, second = sobol.design(64, 3, [1])
    y_first, y_second, y_mixed = outputs(ishigami, first, second)
    lifts = np.array([0.0, 2.0, -7.0])

    for estimator in (*FIRST.values(), sobol.jansen_total):
        together = estimator(y_first[:, None] * lifts, y_second[:, None] * lifts, y_mixed[0][:, None] * lifts)
        alone = [float(estimator(y_first * lift, y_second * lift, y_mixed[0] * lift)) for lift in lifts]
        assert together.tolist() == pytest.approx(alone, abs=1e-12)
        assert alone[0] == 0, "nothing varies: the stated answer is zero"


def test_the_intervals_hold_the_estimate_and_shrink_with_the_rows() -> None:
    widths = []
    for rows in (64, 1024):
        first, second = sobol.design(rows, 3, [5])
        y_first, y_second, y_mixed = outputs(ishigami, first, second)
        mixed = {str(place): one for place, one in enumerate(y_mixed)}

        found = sobol.intervals(y_first, y_second, mixed, [5])

        assert found == sobol.intervals(y_first, y_second, mixed, [5])
        for name, one in mixed.items():
            low, high = found[name][1]
            assert low <= sobol.jansen_total(y_first, y_second, one) <= high
        widths.append(found["0"][1][1] - found["0"][1][0])
    assert widths[1] < widths[0] / 2


def test_an_output_that_never_varies_has_indices_and_intervals_of_zero() -> None:
    still = np.full(32, 3.0)

    assert sobol.intervals(still, still, {"a": still}, [0]) == {"a": ((0.0, 0.0), (0.0, 0.0))}
    assert sobol.jansen(still, still, still) == (0.0, 0.0)


def test_alternatives_are_cut_from_the_whole_interval_not_from_the_observed_draws() -> None:
    """COINr 1.1.14 gives alternatives 1, 2, 3, 4 to the draws 0.20, 0.25, 0.30, 0.35."""
    assert sobol.chosen(np.array([0.20, 0.25, 0.30, 0.35]), 4).tolist() == [0, 1, 1, 1]
    assert sobol.chosen(np.array([0.0, np.nextafter(1.0, 0.0)]), 3).tolist() == [0, 2]


@settings(max_examples=50)
@given(st.integers(1, 50), st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20))
def test_a_draw_always_means_the_same_alternative(alternatives: int, draws: list[float]) -> None:
    together = sobol.chosen(np.array(draws), alternatives).tolist()

    assert together == [int(sobol.chosen(np.array([draw]), alternatives)[0]) for draw in draws]
    assert all(0 <= place < alternatives for place in together)


class Town:
    """Three factors: one turns the order of the first two units, one that of the rest, one does nothing."""

    def __init__(self, units: int = 6) -> None:
        self.factors = {"a": slice(0, 1), "b": slice(1, 3), "idle": slice(3, 4)}
        self.official = np.array([*range(1, units + 1), 0], dtype=np.int64)

    def ranks(self, points: Any) -> NDArray[np.int64]:
        units = len(self.official) - 1
        ranks = np.tile(np.arange(1, units + 1), (len(points), 1))
        turned = points[:, 0] > 0.7
        ranks[turned, 0], ranks[turned, 1] = 2, 1
        back = points[:, 1] + points[:, 2] > 1.2
        ranks[back, 2:] = ranks[back, 2:][:, ::-1]
        return ranks


def test_each_unit_is_told_the_factor_that_moves_it_most() -> None:
    found = sensitivity.of_choices(Town(), rows=256, seed=1)

    assert found.units.factor == ("a", "a", "b", "b", "b", "b", None)
    assert found.units.total[:6].tolist() == pytest.approx([1] * 6, abs=0.1)
    assert found.units.first[:6].tolist() == pytest.approx([1] * 6, abs=0.1)
    assert np.isnan(found.units.shift[6])
    assert found.moved_nothing == ("idle",)
    assert abs(found.first["idle"].value) < 0.1
    assert found.total["idle"].value == 0
    assert found.total["b"].value > found.total["a"].value > 0
    assert found.runs == 256 * 5


def test_blocks_of_the_design_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sensitivity.of_choices(Town(), rows=64, seed=9)
    monkeypatch.setattr(sensitivity, "_CELLS_AT_ONCE", 100)

    parted = sensitivity.of_choices(Town(), rows=64, seed=9)

    assert (parted.first, parted.total, parted.variance) == (whole.first, whole.total, whole.variance)
    assert parted.units.total.tolist()[:6] == whole.units.total.tolist()[:6]


def test_choices_that_move_nothing_are_told_and_have_indices_of_zero() -> None:
    class Still(Town):
        def ranks(self, points: Any) -> NDArray[np.int64]:
            return np.tile(self.official[:-1], (len(points), 1))

    found = sensitivity.of_choices(Still(), rows=32, seed=0)

    assert found.moved_nothing == ("a", "b", "idle")
    assert {index.value for index in (*found.first.values(), *found.total.values())} == {0.0}
    assert set(found.units.factor) == {None}
    assert found.units.shift[:6].tolist() == [0] * 6


def _columns(count: int = 60) -> dict[str, list[float | None]]:
    generator = np.random.default_rng(8)
    return {code: generator.uniform(1, 99, count).tolist() for code in "abcd"}


POSTS = {"kind": "goalposts", "low": 0, "high": 100, "cap": True, "scale": [1, 100]}


def _indices(**uncertainty: Any) -> sensitivity.Sensitivity | None:
    tree = {
        "code": "i",
        "children": [
            {"code": "p", "weight": 2, "children": [{"indicator": code, "normalisation": POSTS} for code in "ab"]},
            {"code": "q", "weight": 1, "children": [{"indicator": code, "normalisation": POSTS} for code in "cd"]},
        ],
    }
    body = SimulationCreate.model_validate(
        {
            "methodology": {"code": "case", "tree": tree, "uncertainty": {"replicates": 600, "seed": 5} | uncertainty},
            "table": {"units": [f"u{place}" for place in range(60)], "columns": _columns()},
        }
    )
    methodology = documents.read(body.methodology, data_at_hand=True)
    dataset = tables.read(body.table, body.methodology)
    return sensitivity.indices(Variants(dataset, methodology, pipeline.rate(dataset, methodology).rank))


def test_every_kind_of_factor_has_its_indices_and_its_place_in_the_story_of_a_unit() -> None:
    found = _indices(
        factors=[
            {"kind": "normalisation", "alternatives": ["percentile_rank", "min_max"]},
            {"kind": "aggregation", "alternatives": [{"kind": "weighted_geometric"}], "level": 1},
            {"kind": "weights", "concentration": 30},
            {"kind": "indicator_out"},
        ]
    )

    assert found is not None
    assert set(found.total) == {"weights_1", "weights_2", "normalisation", "aggregation_1", "indicator_out"}
    assert found.total["indicator_out"].value > found.total["aggregation_1"].value
    assert {name for name in found.units.factor if name} <= set(found.total)
    assert all(value >= 0 for value in found.units.total.tolist())
    assert found.moved_nothing == ()


def test_choices_that_cannot_go_together_are_one_factor() -> None:
    found = _indices(alternatives={"normalisation": ["z_score"], "aggregation": ["weighted_geometric"]})

    assert found is not None
    assert list(found.total) == ["method"]
    assert found.total["method"].value == pytest.approx(1, abs=0.2)


def test_a_declared_factor_that_moves_nobody_is_told() -> None:
    found = _indices(factors=[{"kind": "missing", "alternatives": ["penalise"]}, {"kind": "weights", "spread": 0.3}])

    assert found is not None
    assert found.moved_nothing == ("missing",)
    assert found.total["missing"].value == 0


def test_without_a_choice_there_are_no_indices() -> None:
    assert _indices() is None
