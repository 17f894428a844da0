"""Which values lie further out than their noise lets expect, as a caller of simulations meets it."""

import json
import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest

Json = dict[str, Any]
LISTS = ("warning_low", "warning_high", "alarm_low", "alarm_high", "signal")


@pytest.fixture
def headers(token_for: Callable[..., str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for('rating_analyst')}"}


def _body(columns: Json, variance: Json | None = None, *, leaf: Json | None = None, **more: Any) -> Json:
    count = len(columns["x"])
    table = {"units": [f"u{place:02}" for place in range(count)], "columns": columns, "variance": variance or {}}
    tree = {"code": "i", "children": [{"indicator": "x", **(leaf or {})}]}
    return {
        "methodology": {"code": "m", "tree": tree, **more.pop("methodology", {})},
        "table": table | more.pop("table", {}),
        "funnel": True,
        **more,
    }


async def _told(client: httpx.AsyncClient, headers: dict[str, str], body: Json) -> Json:
    answer = await client.post("/v1/simulations", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "NaN" not in answer.text
    assert "Infinity" not in answer.text
    found: Json = answer.json()["funnel"]
    return found


async def test_who_lies_outside_the_funnel_is_told(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    values = [50.0] * 20 + [55, 45, 58, 42, None, 90]
    noise = [4.0] * 25 + [None]

    told = await _told(rating_client, headers, _body({"x": values}, {"x": noise}))

    assert told.keys() == {"x"}
    funnel = told["x"]
    assert (funnel["target"], funnel["phi"], funnel["tau2"]) == (50, 0, 0), "the outer tenths are drawn in"
    assert funnel["signal"] == [
        *["within"] * 20,
        "warning_high",
        "warning_low",
        "alarm_high",
        "alarm_low",
        None,
        None,
    ]
    ends = [pytest.approx(end) for end in (46.08, 53.92, 43.82, 56.18)]
    assert [funnel[name][0] for name in LISTS[:4]] == ends
    for name in LISTS:
        assert [cell is None for cell in funnel[name]] == [False] * 24 + [True] * 2


async def test_a_funnel_is_told_when_it_is_asked_for(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    asked = _body({"x": [1, 2]}, {"x": [1, 1]})

    with_it = (await rating_client.post("/v1/simulations", json=asked, headers=headers)).json()
    without = (await rating_client.post("/v1/simulations", json=asked | {"funnel": False}, headers=headers)).json()

    assert without["funnel"] is None
    assert with_it["funnel"]["x"]["target"] == 1.5
    assert with_it | {"funnel": None} == without, "nothing else changes"


async def test_values_are_those_the_steps_see(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    columns = {"x": [60, 30, 90, 10], "d": [2, 1, 3, 0]}
    body = _body(
        columns,
        {"x": [16, 4, 36, 1]},
        leaf={"denominator": "d", "min_n": 5, "normalisation": {"kind": "z_score"}},
        table={"n": {"x": [9, 9, 4, 9]}},
    )

    funnel = (await _told(rating_client, headers, body))["x"]

    assert funnel["signal"] == ["within", "within", None, None], "too few, and nothing to divide by"
    assert funnel["target"] == 30
    assert funnel["warning_high"][:2] == pytest.approx([33.92, 33.92])


async def test_a_kind_of_value_that_has_its_own_noise_needs_none_of_the_table(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    body = _body({"x": [50, 50, 90]}, leaf={"sampling": {"kind": "share"}}, table={"n": {"x": [99, 99, 99]}})

    funnel = (await _told(rating_client, headers, body))["x"]

    # p = (49.5 + ½) / 100 of 99 observations, in squares of percents
    wide = 1.96 * (2500 / 99 + funnel["tau2"]) ** 0.5
    assert funnel["warning_high"][0] == pytest.approx(funnel["target"] + wide)
    assert funnel["phi"] > 10
    assert None not in funnel["signal"]


async def test_who_is_screened_out_is_not_drawn(rating_client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    body = _body(
        {"x": [1, 2, 50], "y": [1, 2, None]}, {"x": [1, 1, 1]}, methodology={"screening": {"min_available": 1}}
    )
    body["methodology"]["tree"]["children"].append({"indicator": "y"})

    told = await _told(rating_client, headers, body)

    assert told.keys() == {"x"}, "nothing is known of the noise of the other"
    assert told["x"]["target"] == 1.5
    assert told["x"]["signal"][2] is None


NOBODY: Json = {}


@pytest.mark.parametrize(
    ("columns", "variance", "drawn"),
    [
        pytest.param([1, 2, 3], None, NOBODY, id="no variances"),
        pytest.param([1, 2, 3], [None, None, None], NOBODY, id="gaps for variances"),
        pytest.param([1, 2, 3], [0, 0, 0], NOBODY, id="exact values"),
        pytest.param([None, None], [1, 1], NOBODY, id="all gaps"),
        pytest.param([7], [4], {"target": 7, "phi": 1, "tau2": 0, "signal": ["within"]}, id="one unit"),
        pytest.param([7, 7, 7], [4, 1, 9], {"target": 7, "phi": 0, "tau2": 0, "signal": ["within"] * 3}, id="constant"),
        pytest.param([7, 9], [4, 0], {"target": 7, "phi": 1, "signal": ["within", None]}, id="one of them exact"),
        pytest.param([1e308, -1e308], [1e308, 1e308], {"signal": ["alarm_high", "alarm_low"]}, id="the greatest"),
        pytest.param([1e308] * 3, [1e308, 5e-324, 1], {"target": 1e308, "signal": ["within"] * 3}, id="all greatest"),
        pytest.param([1e308, 1], [5e-324, 5e-324], {"signal": ["alarm_high", "alarm_low"]}, id="most precise"),
        pytest.param([5e-324, 0], [5e-324, 1e308], {"signal": ["within"] * 2}, id="the least"),
    ],
)
async def test_poor_data_have_a_stated_funnel(
    rating_client: httpx.AsyncClient, headers: dict[str, str], columns: list[Any], variance: Any, drawn: Json
) -> None:
    told = await _told(rating_client, headers, _body({"x": columns}, variance and {"x": variance}))

    assert (told == {}) == (drawn == {})
    if drawn:
        assert {name: told["x"][name] for name in drawn} == drawn
        assert all(len(told["x"][name]) == len(columns) for name in LISTS)


async def test_the_order_of_units_leaves_no_trace_in_a_funnel(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    chance = random.Random(5)
    units = list(range(300))
    rows = [(f"u{place}", chance.gauss(60, 9), chance.uniform(0.1, 30)) for place in units]

    async def told(lines: list[tuple[str, float, float]]) -> Json:
        names, values, noise = (list(column) for column in zip(*lines, strict=True))
        told = await _told(rating_client, headers, _body({"x": values}, {"x": noise}, table={"units": names}))
        found: Json = told["x"]
        return found

    first = await told(rows)
    chance.shuffle(units)
    other = await told([rows[place] for place in units])

    assert other == {
        name: [cells[place] for place in units] if name in LISTS else cells for name, cells in first.items()
    }


@pytest.mark.parametrize("wrong", [1, "yes", None, {}])
async def test_whether_to_draw_is_yes_or_no(
    rating_client: httpx.AsyncClient, headers: dict[str, str], wrong: Any
) -> None:
    body = json.loads(json.dumps(_body({"x": [1]}))) | {"funnel": wrong}

    answer = await rating_client.post("/v1/simulations", json=body, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/funnel"
