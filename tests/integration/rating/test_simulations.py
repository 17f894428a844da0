"""`POST /v1/simulations` as a caller meets it."""

import json
import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.integration.rating.conftest import PERIOD, Town, document, run
from tests.unit.rating.cases import close, rows
from tests.unit.rating.test_hdi import HDI, INPUTS

BODY: dict[str, Any] = {
    "methodology": {
        "code": "m",
        "tree": {
            "code": "i",
            "children": [
                {
                    "code": "p",
                    "children": [
                        {"indicator": "x", "normalisation": {"kind": "goalposts", "low": 0, "high": 10}},
                        {"indicator": "y"},
                    ],
                }
            ],
        },
    },
    "table": {"units": ["a", "b"], "columns": {"x": [1, 2], "y": [3, None]}},
}


@pytest.fixture
def headers(token_for: Callable[..., str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for('rating_analyst')}"}


def _changed(path: str, value: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(BODY))
    place: Any = body
    *steps, last = path.strip("/").split("/")
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    return body


async def test_the_human_development_index_holds_over_http(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    lines = rows("hdi_2014/hdi_2014_expected.csv")
    body = {
        "methodology": {"code": "hdi", "tree": HDI},
        "table": {
            "units": [line["country"] for line in lines],
            "columns": {name: [float(line[name]) for line in lines] for name in INPUTS},
        },
    }

    answer = await rating_client.post("/v1/simulations", json=body, headers=headers)

    assert answer.status_code == 200
    assert close(answer.json()["score"], [float(line["hdi_computed"]) for line in lines])


async def test_the_same_body_gives_the_same_bytes(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    generator = random.Random(3)
    columns = {code: [generator.random() for _ in range(50)] for code in ("x", "y")}
    body = BODY | {"table": {"units": [f"u{place}" for place in range(50)], "columns": columns}}

    answers = {(await rating_client.post("/v1/simulations", json=body, headers=headers)).content for _ in range(3)}

    assert len(answers) == 1


async def test_a_stranger_is_asked_for_a_token(rating_client: httpx.AsyncClient) -> None:
    assert (await rating_client.post("/v1/simulations", json=BODY)).status_code == 401


LEAF = "/methodology/tree/children/0/children/0"


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (f"{LEAF}/weight", -1, f"{LEAF}/weight", "greater_than_equal"),
        (f"{LEAF}/weight", True, f"{LEAF}/weight", "number_type"),
        (f"{LEAF}/normalisation/low", 10, f"{LEAF}/normalisation/low", "not_below"),
        (f"{LEAF}/normalisation/low", "5", f"{LEAF}/normalisation/low", "number_type"),
        (f"{LEAF}/normalisation/kind", "magic", f"{LEAF}/normalisation", "union_tag_invalid"),
        (f"{LEAF}/normalisation", {"kind": "goalposts", "low": 1}, f"{LEAF}/normalisation/high", "missing"),
        (f"{LEAF}/children", [], LEAF, "leaf_with_children"),
        ("/methodology/tree/children/0/children", [], "/methodology/tree/children/0/children", "too_short"),
        ("/methodology/tree/children/0", 7, "/methodology/tree/children/0", "model_attributes_type"),
        ("/table/columns/x", [1], "/table/columns/x", "length_mismatch"),
        ("/table/columns/x/1", "two", "/table/columns/x/1", "float_type"),
        ("/table/units/1", "a", "/table/units/1", "unit_repeated"),
        ("/table/columns", {"x": [1, 2]}, "/methodology/tree/children/0/children/1/indicator", "column_missing"),
        ("/uncertainty", True, "/uncertainty", "uncertainty_not_declared"),
        ("/sensitivity", True, "/sensitivity", "uncertainty_not_declared"),
        ("/methodology/wieght", 1, "/methodology/wieght", "unknown_field"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(
    rating_client: httpx.AsyncClient, headers: dict[str, str], path: str, value: Any, pointer: str, code: str
) -> None:
    answer = await rating_client.post("/v1/simulations", json=_changed(path, value), headers=headers)

    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_numbers_that_are_none_are_refused(
    rating_client: httpx.AsyncClient, headers: dict[str, str], number: str
) -> None:
    text = json.dumps(_changed("/table/columns/x/0", "@")).replace('"@"', number)

    answer = await rating_client.post(
        "/v1/simulations", content=text, headers=headers | {"Content-Type": "application/json"}
    )

    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("body_unreadable", "validation_failed")


async def test_a_mean_that_meets_a_negative_value_says_where_in_the_language_of_the_reader(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    body = _changed("/methodology/tree/aggregation", {"kind": "weighted_harmonic"})
    assert (await rating_client.post("/v1/simulations", json=body, headers=headers)).status_code == 200
    body["table"]["columns"]["y"] = [-3, None]

    told = {
        language: (
            await rating_client.post("/v1/simulations", json=body, headers=headers | {"Accept-Language": language})
        ).json()
        for language in ("kk", "ru", "en")
    }

    assert {(one["code"], one["errors"][0]["pointer"]) for one in told.values()} == {
        ("value_below_zero", "/methodology/tree/aggregation")
    }
    assert told["en"]["detail"] == "The node i met a negative value"
    assert told["ru"]["detail"] == "В узле i встретилось отрицательное значение"
    assert len({one["detail"] for one in told.values()}) == 3


async def test_what_the_registry_tells_can_be_tried_as_it_is_and_is_rated_as_a_run_rates_it(town: Town) -> None:
    codes = ["SCH_UNT_MEAN", "SCH_TEXTBOOK_PROVISION"]
    body = document("tried", peer_groups={"by": ["languages", "setting"], "minimum": 2})
    body["tree"]["children"][1]["children"].pop()
    asked = {"indicators": ",".join(codes), "period": PERIOD, "organisation_type": "school", "as_of": "2026-11-01"}
    table = (await town.house.registry.get("/v1/observation-table", params=asked)).json()
    parts = {name: {code: table["columns"][code][name] for code in codes} for name in ("n", "variance", "reason")}
    reasons = {code: [one and one.upper() for one in cells] for code, cells in parts["reason"].items()}
    given = {
        "units": table["organisations"],
        "columns": {code: table["columns"][code]["value"] for code in codes},
        "attributes": table["attributes"],
        **parts,
        "reason": reasons,
    }

    tried = await town.house.rating.post(
        "/v1/simulations", json={"methodology": body, "table": given, "disclosure": True, "explanation": True}
    )

    assert tried.status_code == 200, tried.text
    told = tried.json()
    made = await town.house.rating.post("/v1/methodologies", json=body)
    assert made.status_code == 201, made.text
    rated = await run(town, made.json())
    results = (await town.house.rating.get(f"/v1/runs/{rated['id']}/results", params={"limit": 200})).json()["items"]
    scores = dict(zip(told["units"], told["score"], strict=True))
    assert {one["organisation_id"]: one["score"] for one in results} == scores
    assert told["disclosure"]["rank"] == told["rank"]
    assert [one is None for one in told["explanation"]["peers"]] == [score is None for score in told["score"]]
    assert len(told["explanation"]["next_band"]) == len(told["units"])


@pytest.mark.parametrize(
    ("part", "value", "pointer", "code"),
    [
        ("shares", {"x": 0}, "/table/shares/x", "greater_than"),
        ("shares", {"z": 1}, "/table/shares/z", "column_unknown"),
        ("reason", {"y": [None, "FORGOTTEN"]}, "/table/reason/y/1", "enum"),
        ("attributes", {"s": [["a", 7], None]}, "/table/attributes/s/0/1", "string_type"),
    ],
)
async def test_what_is_said_beside_the_values_is_looked_at(
    rating_client: httpx.AsyncClient, headers: dict[str, str], part: str, value: Any, pointer: str, code: str
) -> None:
    body = _changed(f"/table/{part}", value) | {"disclosure": True, "explanation": True}

    answer = await rating_client.post("/v1/simulations", json=body, headers=headers)

    assert answer.status_code == 422
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def test_each_unit_is_shown_at_its_best_and_at_its_worst(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    body = _changed("/table", {"units": ["a", "b", "c"], "columns": {"x": [8, 2, None], "y": [0.4, 0.6, None]}})

    plain = await rating_client.post("/v1/simulations", json=body, headers=headers)
    told = await rating_client.post("/v1/simulations", json=body | {"best_light": {}}, headers=headers)

    assert (plain.json()["best_light"], told.status_code) == (None, 200)
    light = told.json()["best_light"]
    assert close(light.pop("score_high"), [0.65, 0.45, None])
    assert close(light.pop("score_low"), [0.55, 0.35, None])
    assert light == {"spread": 0.25, "rank_best": [1, 2, None], "rank_worst": [1, 2, None]}


@pytest.mark.parametrize(
    ("spread", "pointer", "code"),
    [
        (0, "/best_light/spread", "greater_than"),
        (1.01, "/best_light/spread", "less_than_equal"),
        (True, "/best_light/spread", "number_type"),
        (0.25, "/best_light", "best_light_undefined"),
    ],
)
async def test_a_light_that_is_not_defined_is_refused_with_its_place(
    rating_client: httpx.AsyncClient, headers: dict[str, str], spread: float, pointer: str, code: str
) -> None:
    body = _changed("/methodology/tree/children/0/aggregation", {"kind": "copeland"})

    answer = await rating_client.post(
        "/v1/simulations", json=body | {"best_light": {"spread": spread}}, headers=headers
    )

    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
