"""`POST /v1/simulations` as a caller meets it."""

import json
import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest

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
        (
            "/methodology/tree/aggregation",
            {"kind": "weighted_geometric"},
            "/methodology/tree/aggregation",
            "mean_below_zero",
        ),
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


async def test_reasons_come_in_the_language_of_the_reader(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    body = _changed("/methodology/tree/aggregation", {"kind": "weighted_harmonic"})

    told = {
        language: (
            await rating_client.post("/v1/simulations", json=body, headers=headers | {"Accept-Language": language})
        ).json()["errors"][0]["message"]
        for language in ("kk", "ru", "en")
    }

    assert told["en"] == "weighted_harmonic is not defined below zero, and p can go below zero"
    assert told["ru"] == "weighted_harmonic не определено ниже нуля, а p может быть ниже нуля"
    assert len(set(told.values())) == 3
