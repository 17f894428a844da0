"""The best and the worst light of a simulation: told when asked for, refused where it is not defined or too much."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.simulations import lights
from services.rating_engine.simulations import service as simulations
from shared.errors import Problem
from shared.schemas.rating.simulations import SimulationCreate, SimulationRead
from tests.unit.rating.cases import Json
from tests.unit.rating.test_any_document import bodies

POSTS: Json = {"kind": "goalposts", "low": 0, "high": 100, "scale": [0, 100]}
TREE: Json = {"code": "i", "children": [{"indicator": code, "normalisation": POSTS} for code in "ab"]}


def _simulated(light: Json, tree: Json = TREE, columns: Json | None = None, **more: Any) -> SimulationRead:
    cells = columns or {"a": [80, 20, None], "b": [40, 60, None]}
    table: Json = {"units": [f"u{place}" for place in range(len(cells["a"]))], "columns": cells}
    table |= {name: more.pop(name) for name in ("n", "variance", "reason", "previous", "attributes") if name in more}
    body = {"methodology": {"code": "m", "tree": tree} | more, "table": table, "best_light": light}
    return simulations.simulate(SimulationCreate.model_validate(body))


def test_a_simulation_tells_both_lights() -> None:
    told = _simulated({"spread": 0.5}).best_light

    assert told is not None
    assert told.spread == 0.5
    assert (told.score_high, told.score_low) == ([70.0, 50.0, None], [50.0, 30.0, None])
    assert (told.rank_best, told.rank_worst) == ([1, 1, None], [1, 2, None])


def test_what_takes_longer_than_a_request_may_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pillar = {"code": "p", "children": [{"indicator": code} for code in "abc"]}
    tree = {"code": "i", "children": [pillar, {"indicator": "d"}]}
    columns = {"a": [None, 20, 30], "b": [None, 40, 30], "c": [9, 60, 30], "d": [50, 10, 5]}
    charged = {"policy": "penalise", "min_node_coverage": 0.5}

    def refused(**more: Any) -> tuple[str | None, str]:
        with pytest.raises(Problem) as caught:
            _simulated({}, **more)
        (error,) = caught.value.errors
        return error.pointer, error.code

    monkeypatch.setattr(lights, "MOST_SLOW_CELLS", 2 * 9 * 35 - 1)
    assert _simulated({}).best_light is not None, "the loops know such a tree"
    assert refused(tree=tree, columns=columns, missing=charged) == ("/best_light", "simulation_too_large")
    monkeypatch.setattr(lights, "MOST_SLOW_CELLS", 2 * 9 * 35)
    assert _simulated({}, tree, columns, missing=charged).best_light is not None
    monkeypatch.setattr(lights, "MOST_CELLS", 2 * 9 * 32 - 1)
    assert refused() == ("/best_light", "simulation_too_large")


@settings(max_examples=60, deadline=None)
@given(body=bodies(), spread=st.sampled_from([1e-300, 0.25, 1.0]))
def test_any_rules_over_any_numbers_have_lights_around_the_score_or_are_refused(body: Json, spread: float) -> None:
    refused: Problem | None = None
    try:
        answer = _simulated({"spread": spread}, **body)
    except Problem as problem:
        refused = problem
    if refused is not None:
        assert refused.status == 422
        return

    told = answer.best_light
    assert told is not None
    assert "NaN" not in told.model_dump_json()
    assert "Infinity" not in told.model_dump_json()
    rows = zip(answer.score, told.score_low, told.score_high, told.rank_best, told.rank_worst, strict=True)
    for score, low, high, best, worst in rows:
        if score is None or low is None or high is None or best is None or worst is None:
            assert (score, low, high, best, worst) == (None,) * 5
            continue
        assert low <= score <= high
        assert {best, worst} <= set(range(1, len(answer.score) + 1))
