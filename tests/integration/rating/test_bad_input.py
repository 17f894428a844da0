"""Poor data and contradictory documents through `POST /v1/simulations`: a stated result or a clear refusal."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.unit.rating.cases import close
from tests.unit.rating.test_asem_pipeline import IMPUTATION, WINSORISE, in_order, raw, tree

Json = dict[str, Any]
LEAF: Json = {"indicator": "x", "normalisation": {"kind": "min_max", "scale": [0, 100]}}


@pytest.fixture
def headers(token_for: Callable[..., str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for('rating_analyst')}"}


def body(children: list[Json], columns: dict[str, list[float | None]], **more: Any) -> Json:
    count = len(next(iter(columns.values())))
    table = {"units": [f"u{place}" for place in range(count)], "columns": columns} | more.pop("table", {})
    return {"methodology": {"code": "m", "tree": {"code": "i", "children": children}, **more}, "table": table}


@pytest.mark.parametrize(
    ("asked", "score", "reason"),
    [
        pytest.param(body([LEAF], {"x": [7, 7, 7]}), [50, 50, 50], [None] * 3, id="a constant column"),
        pytest.param(body([LEAF], {"x": [7]}), [50], [None], id="a group of one"),
        pytest.param(body([LEAF], {"x": [None, None]}), [None, None], ["no_data"] * 2, id="all values missing"),
        pytest.param(body([LEAF], {"x": [1e308, -1e308, 0]}), [100, 0, 50], [None] * 3, id="the greatest numbers"),
        pytest.param(
            body([LEAF, {"indicator": "y"}], {"x": [1, 2], "y": [None, 50]}, missing={"min_coverage": 0.6}),
            [None, 75],
            ["below_coverage", None],
            id="a unit with one indicator",
        ),
        pytest.param(
            body([LEAF | {"weight": 17}, {"indicator": "y", "weight": 51}], {"x": [1, 2], "y": [0, 100]}),
            [0, 100],
            [None, None],
            id="weights that do not sum",
        ),
        pytest.param(
            body(
                [{"indicator": "x", "normalisation": {"kind": "percentile_rank"}}],
                {"x": [1, 2, 3]},
                peer_groups={"by": ["g"], "minimum": 2},
                table={"attributes": {"g": ["a", "b", "b"]}},
            ),
            [0, 0, 1],
            [None] * 3,
            id="a peer group of one is compared with everyone",
        ),
        pytest.param(
            body([LEAF], {"x": [1, 2, None]}, missing={"policy": "zero"}, table={"reason": {"x": [None] * 3}}),
            [0, 100, None],
            [None, None, "no_data"],
            id="nothing to prove zero for",
        ),
    ],
)
async def test_poor_data_have_a_stated_result(
    rating_client: httpx.AsyncClient, headers: dict[str, str], asked: Json, score: list[Any], reason: list[Any]
) -> None:
    answer = await rating_client.post("/v1/simulations", json=asked, headers=headers)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["score"] == score
    assert told["reason"] == reason
    assert [rank is None for rank in told["rank"]] == [one is None for one in score]


NODE: Json = {"code": "p", "children": [LEAF]}


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        pytest.param(
            body([NODE | {"code": "i"}], {"x": [1]}),
            "/methodology/tree/children/0/code",
            "node_repeated",
            id="a node inside itself",
        ),
        pytest.param(
            body([NODE, {"code": "q", "children": [NODE]}], {"x": [1]}),
            "/methodology/tree/children/1/children/0/code",
            "node_repeated",
            id="a node in two places",
        ),
        pytest.param(
            body([LEAF | {"weight": 0}], {"x": [1]}),
            "/methodology/tree/children",
            "weights_all_zero",
            id="weights of nothing",
        ),
        pytest.param(
            body([LEAF | {"denominator": "d"}], {"x": [1]}),
            "/methodology/tree/children/0/denominator",
            "column_missing",
            id="nothing to divide by",
        ),
        pytest.param(
            body([LEAF], {"x": [1]}, peer_groups={"nearest": {"on": ["c"], "k": 2}}),
            "/methodology/peer_groups/nearest/on/0",
            "column_missing",
            id="near in nothing",
        ),
        pytest.param(
            body([LEAF], {"x": [1]}, imputation={"kind": "group_mean", "by": ["g"]}),
            "/methodology/imputation/by/0",
            "attribute_missing",
            id="groups of nothing",
        ),
        pytest.param(
            body([LEAF], {"x": [1]}, table={"reason": {"x": ["because"]}}), "/table/reason/x/0", "enum", id="no reason"
        ),
        pytest.param(
            body([LEAF], {"x": [1]}, table={"reason": {"y": [None]}}), "/table/reason/y", "column_unknown", id="of none"
        ),
        pytest.param(
            body([LEAF], {"x": [1]}, table={"previous": {"x": [1, 2]}}),
            "/table/previous/x",
            "length_mismatch",
            id="too many last values",
        ),
    ],
)
async def test_what_cannot_be_computed_is_refused_with_its_place(
    rating_client: httpx.AsyncClient, headers: dict[str, str], asked: Json, pointer: str, code: str
) -> None:
    answer = await rating_client.post("/v1/simulations", json=asked, headers=headers)

    assert answer.status_code == 422, answer.text
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def test_the_whole_asem_pipeline_runs_over_http_from_raw_figures(
    rating_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    units, columns, groups = raw()
    expected = in_order("step_Aggregated.csv", units)
    asked = {
        "methodology": {
            "code": "asem",
            "tree": tree(treatment=WINSORISE, normalisation={"kind": "min_max", "scale": [0, 100]}),
            "screening": {"min_available": 0.79},
            "imputation": IMPUTATION,
        },
        "table": {"units": units, "columns": columns, "attributes": groups},
    }

    answer = await rating_client.post("/v1/simulations", json=asked, headers=headers)

    assert answer.status_code == 200, answer.text
    assert close(answer.json()["score"], expected["Index"])
