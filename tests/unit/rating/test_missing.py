"""What a missing value costs."""

from collections.abc import Sequence

import numpy as np
import pytest

from services.rating_engine.core import pipeline
from services.rating_engine.core.types import (
    Column,
    Dataset,
    Leaf,
    Methodology,
    Missing,
    MissingPolicy,
    Node,
    NotRated,
)
from tests.unit.rating.cases import Columns, Json, close, simulate

PILLARS: Json = {
    "code": "index",
    "children": [
        {"code": "p", "weight": 6, "children": [{"indicator": "a", "weight": 1}, {"indicator": "b", "weight": 3}]},
        {"code": "q", "weight": 4, "children": [{"indicator": "c"}, {"indicator": "d"}]},
    ],
}


def test_weights_are_taken_over_what_is_present() -> None:
    rated = simulate(PILLARS, {"a": [10, 10], "b": [20, None], "c": [30, None], "d": [50, None]})

    assert close(rated.nodes["p"], [17.5, 10])
    assert close(rated.nodes["q"], [40, None])
    assert close(rated.score, [0.6 * 17.5 + 0.4 * 40, 10])
    assert close(rated.coverage, [1, 0.6 * 0.25])
    assert rated.contributions["b"] == [pytest.approx(0.6 * 0.75 * 20), None]


@pytest.mark.parametrize(("threshold", "rated"), [(0.35, True), (0.3500001, False)])
def test_a_unit_is_rated_when_the_weight_present_reaches_the_threshold(threshold: float, rated: bool) -> None:
    answer = simulate(PILLARS, {"a": [10], "b": [None], "c": [30], "d": [None]}, missing={"min_coverage": threshold})

    assert answer.coverage == [pytest.approx(0.35)]
    assert answer.status == ["rated" if rated else "not_rated"]
    assert answer.reason == [None if rated else "below_coverage"]
    assert (answer.score[0] is not None) is rated
    assert answer.nodes["q"] == [30.0]


def test_thresholds_met_exactly_are_met_however_the_weights_are_rounded() -> None:
    for parts in (3, 5, 6, 7, 10, 30):
        tree = {"code": "i", "children": [{"indicator": f"x{place}", "weight": 0.1} for place in range(parts)]}
        for present in range(1, parts + 1):
            columns = {f"x{place}": [1.0 if place < present else None] for place in range(parts)}

            answer = simulate(tree, columns, missing={"min_coverage": present / parts})

            assert answer.status == ["rated"]


def test_a_node_below_its_threshold_has_no_value_and_the_rest_goes_on() -> None:
    answer = simulate(PILLARS, {"a": [10], "b": [None], "c": [30], "d": [50]}, missing={"min_node_coverage": 0.6})

    assert answer.nodes["p"] == [None]
    assert (answer.score, answer.reason) == ([None], ["below_node_coverage"])


def test_without_any_value_there_is_no_rating() -> None:
    answer = simulate(PILLARS, {"a": [1, None], "b": [2, None], "c": [3, None], "d": [4, None]})

    assert answer.reason == [None, "no_data"]
    assert (answer.rank, answer.coverage) == ([1, None], [1, 0])


def test_require_rates_only_what_is_complete() -> None:
    answer = simulate(
        PILLARS,
        {"a": [1, 9, 9], "b": [2, None, None], "c": [3, 9, None], "d": [4, 9, None]},
        missing={"policy": "require"},
    )

    assert answer.reason == [None, "value_required", "value_required"]


def _penalised(values: Sequence[float], **column: object) -> tuple[list[float], list[NotRated | None]]:
    count = len(values)
    gaps = Column(np.array(values), **column)  # type: ignore[arg-type]
    dataset = Dataset(tuple(map(str, range(count))), {"x": gaps, "y": Column(np.full(count, 50.0))})
    tree = Node("i", (Leaf("x"), Leaf("y")))
    result = pipeline.rate(dataset, Methodology("m", tree, Missing(MissingPolicy.PENALISE)))
    total = np.nansum(list(result.contributions.values()), axis=0)
    assert np.allclose(total, result.score, rtol=0, atol=1e-9)
    return result.score.tolist(), list(result.not_rated)


def test_penalise_charges_the_low_decile_of_the_group() -> None:
    scores, _ = _penalised([*map(float, range(1, 21)), np.nan])

    assert scores[-1] == (2 + 50) / 2


def test_penalise_charges_the_units_own_last_value_when_that_is_lower() -> None:
    previous = np.array([*[np.nan] * 20, 0.5])
    scores, _ = _penalised([*map(float, range(1, 21)), np.nan], previous=previous)
    assert scores[-1] == (0.5 + 50) / 2

    previous = np.array([*[np.nan] * 20, 19.0])
    scores, _ = _penalised([*map(float, range(1, 21)), np.nan], previous=previous)
    assert scores[-1] == (2 + 50) / 2


@pytest.mark.parametrize("reason", ["not_applicable", "not_sampled", "under_appeal"])
def test_a_value_missing_for_no_fault_of_the_unit_costs_nothing(reason: str) -> None:
    reasons = (*[None] * 20, reason)

    scores, _ = _penalised([*map(float, range(1, 21)), np.nan], reasons=reasons)

    assert scores[-1] == 50


@pytest.mark.parametrize("reason", ["not_reported", "low_coverage", "invalidated", "a reason unheard of", None])
def test_any_other_gap_is_charged_for(reason: str | None) -> None:
    scores, _ = _penalised([*map(float, range(1, 21)), np.nan], reasons=(*[None] * 20, reason))

    assert scores[-1] == (2 + 50) / 2


def test_hiding_a_value_above_the_low_decile_never_pays_under_penalise() -> None:
    columns: Columns = {"a": [float(v) for v in range(1, 31)], "b": [float((v * 7) % 31) for v in range(1, 31)]}
    tree = {"code": "i", "children": [{"indicator": "a"}, {"indicator": "b"}]}
    honest = simulate(tree, columns, missing={"policy": "penalise"}).score

    for unit in range(4, 30):
        hidden: Columns = {
            "a": [None if place == unit else value for place, value in enumerate(columns["a"])],
            "b": columns["b"],
        }
        score = simulate(tree, hidden, missing={"policy": "penalise"}).score[unit]
        assert score is not None
        assert score <= (honest[unit] or 0)


def test_an_empty_pillar_is_charged_for_and_its_charge_is_explained() -> None:
    columns = {code: [float(place) for place in range(1, 21)] for code in "abcd"}
    gone = {code: [*values[:19], None] if code in "ab" else values for code, values in columns.items()}

    answer = simulate(PILLARS, gone, missing={"policy": "penalise", "min_node_coverage": 0.5})

    assert close(answer.nodes["p"][:2], [1, 2])
    assert answer.nodes["p"][19] is None
    assert answer.score[19] == pytest.approx(0.6 * 2 + 0.4 * 20)
    assert sum(answer.contributions[code][19] or 0 for code in "abcd") == pytest.approx(answer.score[19], abs=1e-12)
    assert answer.normalised["a"][19] is None
