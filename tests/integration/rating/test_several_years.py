"""Earlier years beside a table, as a caller of simulations meets them."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

Json = dict[str, Any]

BODY: Json = {
    "methodology": {"code": "m", "tree": {"code": "i", "children": [{"indicator": "x"}]}},
    "table": {
        "units": ["a", "b", "c", "d"],
        "columns": {"x": [34, 30, 32, None]},
        "variance": {"x": [1, 1, 1, None]},
        "history": {
            "x": {
                "values": [[12, 8, 10, None], [24, 20, 22, None]],
                "variance": [[1, 1, 1, None], [1, 1, 1, None]],
            }
        },
    },
}
X = "/table/history/x"
GAPS: Json = {"values": [[None] * 4] * 2, "variance": [[None] * 4] * 2}


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


async def _told(client: httpx.AsyncClient, headers: dict[str, str], body: Json) -> Json:
    answer = await client.post("/v1/simulations", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "NaN" not in answer.text
    assert "Infinity" not in answer.text
    told: Json = answer.json()
    return told


async def test_what_lasts_is_told_from_noise(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    told = (await _told(rating_client, headers, BODY))["several_years"]

    # Deviations of 2, -2 and 0 each year: covariances (4 + 4) / 3, less noise of 1 lasting 5/3; V = 5/3 + 1 on the
    # diagonal, so each year counts (5/3) / (3 · 5/3 + 1) = 5/18, and 5/3 · (1 - 15/18) = 5/18 is left
    assert told.keys() == {"x"}
    one = told["x"]
    assert [one["lasting"], one["passing"], one["decay"]] == [pytest.approx(5 / 3), pytest.approx(0, abs=1e-9), 1]
    assert one["estimate"] == [*map(pytest.approx, (32 + 30 / 18, 32 - 30 / 18, 32)), None]
    assert one["sd"] == [*[pytest.approx((5 / 18) ** 0.5)] * 3, None]


async def test_earlier_years_change_no_score_and_are_part_of_the_name_of_the_data(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    with_them = await _told(rating_client, headers, BODY)
    without = await _told(rating_client, headers, _changed("/table/history", {}))
    other = await _told(rating_client, headers, _changed(f"{X}/values/0/0", 12.5))

    names = {one.pop("data_digest") for one in (with_them, without, other)}
    assert len(names) == 3
    assert without["several_years"] is None
    assert with_them | {"several_years": None} == without


async def test_the_order_of_units_leaves_no_trace_in_what_lasts(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    turned: Json = json.loads(json.dumps(BODY), object_hook=_turned)

    one, other = await _told(rating_client, headers, BODY), await _told(rating_client, headers, turned)

    assert other["data_digest"] == one["data_digest"]
    for name in ("estimate", "sd"):
        assert other["several_years"]["x"][name] == one["several_years"]["x"][name][::-1]


def _turned(found: Json) -> Json:
    """Every list of units the other way round."""
    return {name: _backwards(cells) for name, cells in found.items()}


def _backwards(cells: Any) -> Any:
    if not isinstance(cells, list) or len(cells) == 1:
        return cells
    return [one[::-1] for one in cells] if isinstance(cells[0], list) else cells[::-1]


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (X, BODY["table"]["history"]["x"] | {"weight": []}, f"{X}/weight", "unknown_field"),
        (f"{X}/values", [[1, 2, 3, 4]], f"{X}/values", "too_short"),
        (f"{X}/values", [[1, 2, 3, 4]] * 11, f"{X}/values", "too_long"),
        (f"{X}/values/1", [1], f"{X}/values/1", "length_mismatch"),
        (f"{X}/variance/0", [1] * 5, f"{X}/variance/0", "length_mismatch"),
        (f"{X}/variance", [[1] * 4] * 3, f"{X}/variance", "length_mismatch"),
        (f"{X}/variance/0/1", -1, f"{X}/variance/0/1", "greater_than_equal"),
        (f"{X}/values/0/1", "7", f"{X}/values/0/1", "float_type"),
        (X, {"values": [[1] * 4] * 2}, f"{X}/variance", "missing"),
        ("/table/history/z", GAPS, "/table/history/z", "column_unknown"),
    ],
)
async def test_years_that_do_not_fit_are_refused_with_their_place(
    rating_client: httpx.AsyncClient, headers: dict[str, str], path: str, value: Any, pointer: str, code: str
) -> None:
    answer = await rating_client.post("/v1/simulations", json=_changed(path, value), headers=headers)

    assert answer.status_code == 422, answer.text
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
    assert answer.json()["code"] in ("table_refused", "validation_failed")


async def test_a_refusal_speaks_three_languages(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    body = _changed(f"{X}/variance", [[1] * 4] * 3)

    told = {
        (
            await rating_client.post("/v1/simulations", json=body, headers=headers | {"Accept-Language": language})
        ).json()["errors"][0]["message"]
        for language in ("kk", "ru", "en")
    }

    assert len(told) == 3
    assert "There must be as many years as in values: 2, not 3" in told


@pytest.mark.parametrize(
    ("table", "estimate"),
    [
        pytest.param({"history": {"x": GAPS}}, [34, 30, 32, None], id="earlier years all gaps"),
        pytest.param({"variance": {}}, [None] * 4, id="nothing is known of the noise of the latest year"),
        pytest.param({"columns": {"x": [None] * 4}}, [None] * 4, id="the latest year all gaps"),
        pytest.param(
            {"units": ["a"], "columns": {"x": [7]}, "variance": {"x": [4]}, "history": {"x": [[5], [6]]}}, [7], id="one"
        ),
        pytest.param(
            {
                "columns": {"x": [1e308] * 4},
                "variance": {"x": [1e308] * 4},
                "history": {"x": [[-1e308] * 4, [1e308, None, 0, 5e-324]]},
            },
            [1e308] * 4,
            id="the greatest numbers",
        ),
        pytest.param(
            {"columns": {"x": [7] * 4}, "variance": {"x": [0] * 4}, "history": {"x": [[7] * 4, [7] * 4]}},
            [7] * 4,
            id="constant and exact",
        ),
    ],
)
async def test_poor_years_have_a_stated_result(
    rating_client: httpx.AsyncClient, headers: dict[str, str], table: Json, estimate: list[Any]
) -> None:
    body: Json = json.loads(json.dumps(BODY))
    body["table"] |= table
    if isinstance(years := body["table"]["history"]["x"], list):
        zeros = [[0.0] * len(year) for year in years]
        body["table"]["history"]["x"] = {"values": years, "variance": zeros}

    told = (await _told(rating_client, headers, body))["several_years"]["x"]

    assert [one is None for one in told["estimate"]] == [one is None for one in estimate]
    assert [one is None for one in told["sd"]] == [one is None for one in estimate]
    if estimate[0] in (7, 1e308):
        assert told["estimate"] == estimate
