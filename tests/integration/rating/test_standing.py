"""How sure places and bands are, as a caller of simulations meets it."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.unit.rating.cases import rows

Json = dict[str, Any]

BODY: Json = {
    "methodology": {
        "code": "m",
        "tree": {"code": "i", "children": [{"indicator": "x", "sampling": {"kind": "given"}}]},
        "bands": {"kind": "cuts", "labels": ["A", "B"], "cuts": [50]},
        "value_added": [{"code": "v", "outcome": "x", "prior": "before", "coefficients": {"progress": {"before": 1}}}],
        "status_change": [
            {
                "code": "s",
                "status": "x",
                "status_cuts": [50],
                "status_levels": ["low", "high"],
                "change_cuts": [0],
                "change_levels": ["down", "up"],
                "grid": [["red", "yellow"], ["yellow", "green"]],
            }
        ],
    },
    "table": {
        "units": ["a", "b", "c", "d"],
        "columns": {"x": [40, 52, 60, None], "before": [30, 50, 65, 1]},
        "variance": {"x": [9, 9, 9, None]},
        "previous": {"x": [41, 50, 60, 3]},
        "attributes": {"previous_band": ["A", None, "A", "A"]},
    },
    "standing": True,
}
RULE = "/methodology/bands"
VALUE = "/methodology/value_added/0"
GRID = "/methodology/status_change/0"
LEAF = "/methodology/tree/children/0"
INTERVAL = {"kind": "interval", "labels": ["1", "2", "3", "4", "5"], "cuts": [-1, 1]}


@pytest.fixture
def headers(token_for: Callable[..., str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for('rating_analyst')}"}


def _changed(path: str, value: Any) -> Json:
    body: Json = json.loads(json.dumps(BODY))
    place: Any = body
    *steps, last = path.strip("/").split("/")
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    return body


async def test_the_sets_of_ranks_of_pisa_hold_over_http(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    lines = rows("ranks_inference/pisa_math_csranks.csv")
    body = {
        "methodology": {"code": "pisa", "tree": {"code": "maths", "children": [{"indicator": "score"}]}},
        "table": {
            "units": [line["country"] for line in lines],
            "columns": {"score": [float(line["score"]) for line in lines]},
            "variance": {"score": [float(line["se"]) ** 2 for line in lines]},
        },
        "standing": True,
    }

    answer = await rating_client.post("/v1/simulations", json=body, headers=headers)

    assert answer.status_code == 200
    told = answer.json()["standing"]
    for name, column in (("rank_set_low", "marg_L"), ("rank_set_high", "marg_U"), ("together_low", "sim_L")):
        assert told[name] == pytest.approx([int(line[column]) for line in lines], abs=1)


async def test_everything_beside_the_score_is_told(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = (await rating_client.post("/v1/simulations", json=BODY, headers=headers)).json()

    assert answer["band"] == ["B", "A", "A", None]
    assert answer["band_probability"]["A"][1] == pytest.approx(0.747507, abs=1e-6)
    assert answer["band_probability"]["A"][3] is None
    assert answer["standing"]["expected_rank"][2] == pytest.approx(1.0297, abs=1e-3)
    assert answer["standing"]["evidence"] == ["strong", "strong", "strong", None]
    assert answer["value_added"]["v"]["progress"]["raw"] == [10, 2, -5, None]
    assert answer["value_added"]["v"]["attainment"]["rank"] == [3, 2, 1, None]
    assert answer["value_added"]["v"]["contextual_progress"]["coefficients"].keys() == {"intercept", "before", "tau2"}
    assert answer["status_change"]["s"]["label"] == ["red", "green", "green", None]


async def test_two_units_can_be_compared_by_the_eye(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = (await rating_client.post("/v1/simulations", json=BODY, headers=headers)).json()["standing"]

    # 40, 52 and 60 with a standard error of 3: bars of 4.17 either way
    assert answer["bar_low"] == [pytest.approx(35.83), pytest.approx(47.83), pytest.approx(55.83), None]
    assert answer["bar_high"] == [pytest.approx(44.17), pytest.approx(56.17), pytest.approx(64.17), None]
    assert answer["bar_high"][0] < answer["bar_low"][1], "they differ"
    assert answer["bar_high"][1] > answer["bar_low"][2], "these need not"


@pytest.mark.parametrize(
    ("variance", "low"),
    [
        pytest.param({}, [None, None, None, None], id="no variances at all"),
        pytest.param({"x": [0, 0, 0, None]}, [40, 52, 60, None], id="exact values"),
        pytest.param({"x": [9, None, 9, None]}, [pytest.approx(35.83), None, pytest.approx(55.83), None], id="a gap"),
    ],
)
async def test_a_bar_is_told_where_the_noise_is_known(
    rating_client: httpx.AsyncClient, headers: dict[str, str], variance: Json, low: list[Any]
) -> None:
    body = _changed("/table/variance", variance)

    answer = (await rating_client.post("/v1/simulations", json=body, headers=headers)).json()["standing"]

    assert answer["bar_low"] == low
    assert [end is None for end in answer["bar_high"]] == [sd is None for sd in answer["posterior_sd"]]


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (f"{RULE}/certainty", 0.5, f"{RULE}/certainty", "greater_than"),
        (f"{RULE}/hysteresis", 0.5, f"{RULE}/hysteresis", "less_than"),
        (RULE, INTERVAL | {"labels": ["1", "2", "3"]}, f"{RULE}/labels", "labels_expected"),
        (RULE, INTERVAL | {"cuts": [1, -1]}, f"{RULE}/cuts", "not_ascending"),
        (RULE, INTERVAL | {"reference": 1}, f"{RULE}/reference", "reference_is_cut"),
        (f"{LEAF}/sampling", {"kind": "survey"}, f"{LEAF}/sampling/population", "population_needed"),
        (f"{LEAF}/sampling", {"kind": "guess"}, f"{LEAF}/sampling/kind", "enum"),
        (f"{LEAF}/sampling", {"kind": "mean", "sd": 0}, f"{LEAF}/sampling/sd", "greater_than"),
        (
            f"{LEAF}/sampling",
            {"kind": "survey", "population": "N"},
            f"{LEAF}/sampling/population",
            "column_missing",
        ),
        (f"{LEAF}/prior", {"tau2": -1}, f"{LEAF}/prior/tau2", "greater_than_equal"),
        (f"{VALUE}/prior", "x", f"{VALUE}/prior", "code_repeated"),
        (f"{VALUE}/prior", "lost", f"{VALUE}/coefficients/progress/before", "coefficient_unknown"),
        (f"{VALUE}/covariates", ["lost"], f"{VALUE}/covariates/0", "column_missing"),
        (f"{GRID}/grid", [["red", "green"]], f"{GRID}/grid", "labels_expected"),
        (f"{GRID}/grid/0", ["red"], f"{GRID}/grid/0", "labels_expected"),
        (f"{GRID}/status_cuts", [1, 1], f"{GRID}/status_cuts", "not_ascending"),
        (f"{GRID}/change", "lost", f"{GRID}/change", "column_missing"),
        (f"{GRID}/on_cut", "middle", f"{GRID}/on_cut", "enum"),
        ("/table/variance/x/0", -1, "/table/variance/x/0", "greater_than_equal"),
    ],
)
async def test_what_contradicts_itself_is_refused_with_its_place(
    rating_client: httpx.AsyncClient, headers: dict[str, str], path: str, value: Any, pointer: str, code: str
) -> None:
    answer = await rating_client.post("/v1/simulations", json=_changed(path, value), headers=headers)

    assert answer.status_code == 422
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def test_weights_by_reliability_need_means_that_are_sums(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    body = _changed("/methodology/precision", {"reliability_weights": True})
    body["methodology"]["tree"]["aggregation"] = {"kind": "weighted_geometric"}

    answer = await rating_client.post("/v1/simulations", json=body, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "reliability_needs_arithmetic"


async def test_too_few_units_to_fit_are_refused(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    body = _changed(f"{VALUE}/coefficients", None)
    body["table"]["columns"]["before"] = [1, 2, None, None]

    answer = await rating_client.post("/v1/simulations", json=body, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["code"] == "value_added_impossible"
    assert answer.json()["context"] == {"units": 2, "needed": 3}


async def test_places_of_too_many_units_are_a_run(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    count = 12_001
    body = {
        "methodology": {"code": "m", "tree": {"code": "i", "children": [{"indicator": "x"}]}},
        "table": {"units": [f"u{place}" for place in range(count)], "columns": {"x": [1.0] * count}},
        "standing": True,
    }

    answer = await rating_client.post("/v1/simulations", json=body, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["code"] == "simulation_too_large"
