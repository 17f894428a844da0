"""What would be if: the data of a run under other weights, values, methods and in other company."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.integration.rating.conftest import Town, document, run
from tests.integration.rating.test_ratings import draft


@pytest.fixture(scope="module")
async def done(town: Town) -> dict[str, Any]:
    return await run(town, await draft(town, "supposed"))


async def suppose(town: Town, done: dict[str, Any], **asked: Any) -> httpx.Response:
    return await town.house.rating.post(f"/v1/runs/{done['id']}/what-if", json=asked)


async def test_nothing_otherwise_is_the_run_itself(town: Town, done: dict[str, Any]) -> None:
    told = (await suppose(town, done)).json()

    assert told["movers"] == []
    assert told["summary"] | {"organisations": 6, "rated": 5, "change_place": 0, "change_band": 0} == told["summary"]
    for one in told["standings"]:
        assert (one["score"], one["rank"], one["band"]) == (one["score_before"], one["rank_before"], one["band_before"])
    assert told["snapshot_digest"] == done["snapshot_digest"]
    assert told["methodology_digest"] == done["methodology_digest"]
    assert [one["rank"] for one in told["standings"]][-1] is None


async def test_other_weights_of_nodes_and_indicators_move_the_schools(town: Town, done: dict[str, Any]) -> None:
    told = (await suppose(town, done, weights={"conditions": 400, "TCH_PD_3Y_SHARE": 0})).json()

    by_school = {one["organisation_id"]: one for one in told["standings"]}
    first = by_school[town.schools[0]]
    assert first["score"] == pytest.approx((60 * 100 * 31 / 70 + 400 * 96) / 460)
    assert first["score_before"] == pytest.approx(0.6 * 100 * 31 / 70 + 0.4 * 96)
    moves = [abs(one["places"] or 0) for one in told["movers"]]
    assert moves == sorted(moves, reverse=True)
    assert moves[0] > 0
    assert told["summary"]["change_place"] > 0


async def test_another_value_is_rated_and_nothing_is_stored(town: Town, done: dict[str, Any]) -> None:
    value = {"organisation_id": town.schools[3], "indicator": "SCH_UNT_MEAN", "value": 110.0}

    told = (await suppose(town, done, values=[value])).json()
    again = (await suppose(town, done)).json()

    raised = next(one for one in told["standings"] if one["organisation_id"] == town.schools[3])
    assert raised["score"] - raised["score_before"] == pytest.approx(0.6 * 100 * 55 / 70)
    assert raised["rank"] == 1
    assert told["movers"][0]["organisation_id"] == town.schools[3]
    assert again["movers"] == []


async def test_a_value_may_be_given_where_there_was_none_and_taken_away(town: Town, done: dict[str, Any]) -> None:
    values = [
        {"organisation_id": town.schools[4], "indicator": "SCH_UNT_MEAN", "value": 90.0},
        {"organisation_id": town.schools[2], "indicator": "SCH_UNT_MEAN", "value": None},
    ]

    told = (await suppose(town, done, values=values)).json()

    by_school = {one["organisation_id"]: one for one in told["standings"]}
    assert by_school[town.schools[4]]["rank"] == 1
    assert by_school[town.schools[4]]["rank_before"] is None
    assert by_school[town.schools[2]]["score"] is None
    assert by_school[town.schools[2]]["reason"] == "no_data"


async def test_a_whole_draft_and_a_version_may_take_the_place_of_the_method(town: Town, done: dict[str, Any]) -> None:
    other = document("supposed", missing={"policy": "require"}, bands={"kind": "none"})
    version = await draft(town, "supposed-otherwise", missing={"policy": "require"}, bands={"kind": "none"})

    by_document = (await suppose(town, done, methodology=other)).json()
    by_version = (await suppose(town, done, methodology_id=version["id"])).json()

    assert by_document["summary"]["rated"] == by_version["summary"]["rated"] == 0
    assert by_version["methodology_digest"] == version["digest"]


async def test_any_company_may_be_chosen(town: Town, done: dict[str, Any]) -> None:
    chosen = [town.schools[3], town.schools[0]]

    told = (await suppose(town, done, organisations=chosen)).json()

    assert {one["organisation_id"] for one in told["standings"]} == set(chosen)
    assert [one["rank"] for one in told["standings"]] == [1, 2]
    assert [one["rank_before"] for one in told["standings"]] == [1, 2]


async def test_the_same_question_has_the_same_bytes(town: Town, done: dict[str, Any]) -> None:
    answers = {(await suppose(town, done, weights={"outcomes": 10})).content for _ in range(2)}

    assert len(answers) == 1


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        ({"weights": {"nowhere": 1}}, "/weights/nowhere", "code_unknown"),
        ({"weights": {"outcomes": 0, "conditions": 0}}, "/weights", "weights_all_zero"),
        (
            {"values": [{"organisation_id": str(uuid4()), "indicator": "SCH_UNT_MEAN", "value": 1}]},
            "/values/0/organisation_id",
            "organisation_unknown",
        ),
        ({"organisations": [str(uuid4())]}, "/organisations/0", "organisation_unknown"),
        ({"weights": {"outcomes": -1}}, "/weights/outcomes", "greater_than_equal"),
        (
            {"methodology": {"code": "m", "tree": {"code": "i", "children": [{"indicator": "NOT_THERE"}]}}},
            "/methodology/tree/children/0/indicator",
            "column_missing",
        ),
        (
            {
                "methodology": {
                    "code": "m",
                    "tree": {"code": "i", "children": [{"indicator": "SCH_UNT_MEAN"}]},
                    "peer_groups": {"by": ["colour"]},
                }
            },
            "/methodology/peer_groups/by/0",
            "attribute_missing",
        ),
        (
            {
                "methodology": {
                    "code": "m",
                    "tree": {
                        "code": "i",
                        "aggregation": {"kind": "weighted_geometric"},
                        "children": [{"indicator": "SCH_UNT_MEAN", "normalisation": {"kind": "z_score"}}],
                    },
                }
            },
            "/methodology/tree/aggregation",
            "mean_below_zero",
        ),
    ],
)
async def test_what_the_run_does_not_have_is_refused_with_its_place(
    town: Town, done: dict[str, Any], asked: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await suppose(town, done, **asked)

    assert answer.status_code == 422, answer.text
    first = answer.json()["errors"][0]
    assert (first["pointer"], first["code"]) == (pointer, code)


async def test_a_value_of_an_indicator_outside_the_method_is_refused(town: Town, done: dict[str, Any]) -> None:
    value = {"organisation_id": town.schools[0], "indicator": "SCH_BULLYING_RATE", "value": 1}

    answer = await suppose(town, done, values=[value, {**value, "indicator": "SCH_UNT_MEAN"}] * 2)

    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/values/0/indicator", "code_unknown"),
        ("/values/2/indicator", "code_unknown"),
        ("/values/2", "value_repeated"),
        ("/values/3", "value_repeated"),
    ]


async def test_a_draft_and_a_version_together_contradict_each_other(town: Town, done: dict[str, Any]) -> None:
    answer = await suppose(town, done, methodology=document("m"), methodology_id=done["methodology_id"])

    assert (answer.status_code, answer.json()["code"]) == (422, "what_if_contradictory")


async def test_what_would_be_is_for_those_who_work_on_ratings(
    town: Town, done: dict[str, Any], token_for: Callable[..., str]
) -> None:
    token = token_for("director", organisation=town.schools[0])

    answer = await town.house.rating.post(
        f"/v1/runs/{done['id']}/what-if", json={}, headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 403
