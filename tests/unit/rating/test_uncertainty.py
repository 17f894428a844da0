"""How much a place depends on choices, and which of them moves it."""

import math
from typing import Any

import numpy as np
import pytest

from services.rating_engine.core import pipeline
from services.rating_engine.core import types as core
from services.rating_engine.core.doubt import sensitivity
from services.rating_engine.core.doubt.parameters import Parameters
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.methodologies import documents
from shared.errors import Problem
from shared.schemas.rating.methodology import MethodologyDocument
from shared.schemas.rating.simulations import SensitivityRead, UncertaintyRead
from tests.unit.rating.cases import Columns, Json, close, rows, simulate, table

POSTS: Json = {"kind": "goalposts", "low": 0, "high": 100, "cap": True, "scale": [1, 100]}
TREE: Json = {
    "code": "i",
    "children": [
        {
            "code": "p",
            "weight": 2,
            "children": [{"indicator": code, "normalisation": POSTS} for code in ("a", "b")],
        },
        {
            "code": "q",
            "weight": 1,
            "children": [{"indicator": code, "normalisation": POSTS} for code in ("c", "d")],
        },
    ],
}
VARIED: Json = {
    "replicates": 200,
    "seed": 20260101,
    "weights": {"kind": "uniform", "spread": 0.25},
    "alternatives": {
        "normalisation": ["goalposts", "z_score"],
        "aggregation": ["weighted_arithmetic", "weighted_geometric"],
    },
}


def _columns(count: int = 40) -> Columns:
    generator = np.random.default_rng(8)
    return {code: generator.uniform(1, 99, count).tolist() for code in "abcd"}


def _spread(columns: Columns, varied: Json, tree: Json = TREE) -> UncertaintyRead:
    found = simulate(tree, columns, ask=["uncertainty"], uncertainty=varied).uncertainty
    assert found is not None
    return found


def _sensitivity(columns: Columns, varied: Json) -> SensitivityRead:
    found = simulate(TREE, columns, ask=["sensitivity"], uncertainty=varied).sensitivity
    assert found is not None
    return found


def test_the_spread_holds_its_order_and_the_same_seed_gives_the_same_answer() -> None:
    first, again = _spread(_columns(), VARIED), _spread(_columns(), VARIED)
    other = _spread(_columns(), VARIED | {"seed": 1})

    assert first == again
    assert first != other
    for low, middle, high in zip(first.rank_p05, first.rank_median, first.rank_p95, strict=True):
        assert 1 <= (low or 0) <= (middle or 0) <= (high or 0) <= 40
    assert sum(share or 0 for share in first.top_share) == pytest.approx(4, abs=0.2)
    assert sum(first.combinations.values()) == first.replicates == 200


def test_combinations_that_are_not_defined_are_never_drawn_and_what_changes_nothing_is_not_counted() -> None:
    assert set(_spread(_columns(), VARIED).combinations) == {
        "official + official",
        "official + weighted_geometric",
        "z_score + official",
    }


def test_without_anything_to_vary_every_replicate_is_the_official_rating() -> None:
    answer = simulate(TREE, _columns(), ask=["uncertainty"], uncertainty={"replicates": 5})

    assert answer.uncertainty is not None
    ranks = [float(rank or 0) for rank in answer.rank]
    assert answer.uncertainty.rank_p05 == answer.uncertainty.rank_median == answer.uncertainty.rank_p95 == ranks
    assert (answer.uncertainty.mean_shift, answer.uncertainty.outside_interval) == (0, 0)


def test_units_without_a_rating_have_no_spread_and_push_nobody() -> None:
    columns = {code: [*values, None] for code, values in _columns().items()}

    found = _spread(columns, VARIED)

    assert found.rank_p05[-1] is None
    assert found.rank_p95[:-1] == _spread(_columns(), VARIED).rank_p95


def test_a_unit_that_is_best_in_everything_is_first_in_every_replicate() -> None:
    columns = {code: [*values, 100.0] for code, values in _columns().items()}

    found = _spread(columns, VARIED)

    assert (found.rank_p95[-1], found.top_share[-1]) == (1, 1)


@pytest.mark.parametrize("policy", ["renormalise", "penalise"])
def test_replicates_treat_missing_values_as_the_methodology_does(policy: str) -> None:
    columns: Columns = {
        code: [None if place % 7 == 3 else v for place, v in enumerate(values)] for code, values in _columns().items()
    }
    columns["a"][5] = columns["b"][6] = columns["c"][8] = None
    answer = simulate(
        TREE,
        columns,
        ask=["uncertainty"],
        missing={"policy": policy, "min_node_coverage": 0.6},
        uncertainty={"replicates": 3, "weights": {"kind": "uniform", "spread": 0}},
    )

    assert answer.uncertainty is not None
    assert answer.uncertainty.rank_p95 == answer.rank


@pytest.mark.parametrize("asked", ["uncertainty", "sensitivity"])
def test_what_is_not_declared_cannot_be_asked_for(asked: str) -> None:
    with pytest.raises(Problem) as caught:
        simulate(TREE, _columns(), ask=[asked])

    assert caught.value.code == "uncertainty_not_declared"
    assert [error.pointer for error in caught.value.errors] == [f"/{asked}"]


def test_sensitivity_needs_something_that_moves() -> None:
    with pytest.raises(Problem) as caught:
        simulate(TREE, _columns(), ask=["sensitivity"], uncertainty={"replicates": 50})

    assert caught.value.code == "sensitivity_unavailable"


def test_more_replicates_than_a_request_can_bear_are_sent_to_a_run() -> None:
    columns: Columns = {code: [1.0] * 15_000 for code in "abcd"}

    with pytest.raises(Problem) as caught:
        simulate(TREE, columns, ask=["uncertainty"], uncertainty=VARIED | {"replicates": 10_000})

    assert caught.value.code == "simulation_too_large"


def test_sensitivity_names_the_choice_that_moves_the_ranks() -> None:
    found = _sensitivity(_columns(), VARIED | {"replicates": 1000})

    assert set(found.factors) == {"weights_1", "weights_2", "method"}
    assert found == _sensitivity(_columns(), VARIED | {"replicates": 1000})
    for factor in found.factors.values():
        assert factor.first_order_interval[0] <= factor.first_order <= factor.first_order_interval[1]
        assert factor.total_interval[0] <= factor.total <= factor.total_interval[1]

    calm = VARIED | {"replicates": 1000, "weights": {"kind": "uniform", "spread": 0.001}}
    method = _sensitivity(_columns(), calm).factors["method"]
    assert method.total > 0.8


@pytest.mark.parametrize("name", ["ishigami", "sobol_g"])
def test_jansens_estimators_find_the_analytic_indices(name: str) -> None:
    generator = np.random.default_rng(1)
    count = 40_000
    a, b = 7.0, 0.1
    slope = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])

    def ishigami(u: Any) -> Any:
        x = (2 * u - 1) * math.pi
        return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])

    def sobol_g(u: Any) -> Any:
        return np.prod((np.abs(4 * u - 2) + slope) / (1 + slope), axis=1)

    analytic = {
        "ishigami": ([0.313905, 0.442411, 0.0], [0.557589, 0.442411, 0.243684]),
        "sobol_g": ([0.716192, 0.179048, 0.023676], [0.787144, 0.242198, 0.034316]),
    }
    model, width = (ishigami, 3) if name == "ishigami" else (sobol_g, 8)
    first, second = generator.random((count, width)), generator.random((count, width))
    for place, (order_one, total) in enumerate(zip(*analytic[name], strict=True)):
        mixed = first.copy()
        mixed[:, place] = second[:, place]

        found = sensitivity.jansen(model(first), model(second), model(mixed))

        assert found == pytest.approx((order_one, total), abs=0.03)


def test_all_200_replicates_of_coinr_are_reproduced_from_their_recorded_parameters() -> None:
    chosen = rows("coinr_asem/ua200_parameters.csv")
    units, screened = table("coinr_asem/trans_input_screened.csv", "uCode")
    method, dataset = _asem(screened, units)
    result = pipeline.rate(dataset, method)
    replicates = Variants(dataset, method, result.rank).replicates
    names = [choice.name for choice in replicates.design.choices]
    taken = np.array([[_recorded(line)[name] for name in names] for line in chosen], dtype=np.int16)
    ones = np.ones((len(taken), len(replicates.design.official)))

    found = replicates.scores(Parameters(taken, replicates.design.weights(taken, ones)))

    lines = rows("coinr_asem/ua200_scores.csv")
    assert [line["uCode"] for line in lines] == units
    assert close(result.score.tolist(), [float(line["Nominal"]) for line in lines])
    for replicate, scores in enumerate(found.tolist(), start=1):
        assert close(scores, [float(line[f"r_{replicate}"]) for line in lines])


def _recorded(line: dict[str, str]) -> dict[str, int]:
    """COINr's words for one replicate as places of the alternatives; 0 is the official one."""
    return {
        "treatment": int(line["winmax"]),
        "normalisation": {"n_minmax": 1, "n_zscore": 2}[line["norm"]],
        "aggregation": {"a_amean": 1, "a_gmean": 2}[line["aggregation"]],
        "weights": int(line["weight_set"]),
    }


def _asem(screened: Columns, units: list[str]) -> tuple[core.Methodology, core.Dataset]:
    meta = rows("coinr_asem/input_iMeta.csv")
    sets: dict[str, dict[str, float]] = {}
    for line in rows("coinr_asem/uasa_weight_sets.csv"):
        if line["Level"] != "4":
            sets.setdefault(line["set"], {})[line["iCode"]] = float(line["Weight"])
    declared = [
        {"kind": "treatment", "alternatives": [_treatment(most) for most in range(1, 6)]},
        {"kind": "normalisation", "alternatives": [_MIN_MAX | {"scale": [1, 100]}, _Z_SCORE]},
        {"kind": "aggregation", "alternatives": [{"kind": "weighted_arithmetic"}, {"kind": "weighted_geometric"}]},
        {"kind": "weights", "sets": list(sets.values())},
    ]

    def node(code: str, level: int) -> Json:
        line = next(line for line in meta if line["iCode"] == code)
        if level == 1:
            direction = "lower" if line["Direction"] == "-1" else "higher"
            step = {"treatment": _treatment(5), "normalisation": _MIN_MAX}
            return {"indicator": code, "direction": direction, "weight": float(line["Weight"]), **step}
        children = [node(line["iCode"], level - 1) for line in meta if line["Parent"] == code]
        return {"code": code, "weight": float(line["Weight"]), "children": children}

    document = {"code": "asem", "tree": node("Index", 4), "uncertainty": {"replicates": 200, "factors": declared}}
    columns = {
        code: core.Column(np.array([math.nan if value is None else value for value in values]))
        for code, values in screened.items()
    }
    method = documents.read(MethodologyDocument.model_validate(document), data_at_hand=True)
    return method, core.Dataset(tuple(units), columns)


_MIN_MAX: Json = {"kind": "min_max", "scale": [0, 100]}
_Z_SCORE: Json = {"kind": "z_score", "mean": 10, "sd": 2}


def _treatment(most: int) -> Json:
    return {"kind": "winsorise", "max_points": most, "fallback": "log"}
