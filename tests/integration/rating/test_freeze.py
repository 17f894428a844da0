"""`POST /v1/methodologies/{id}/freeze` as a caller meets it."""

from typing import Any

from tests.integration.rating.conftest import Town, document, run

LEAF = "/tree/children/0/children/0"


def by_population(code: str, **changes: Any) -> dict[str, Any]:
    """The document of the town with scales taken from its six schools."""
    told = document(code, bands={"kind": "none"}, missing={"policy": "penalise", "min_coverage": 0.3})
    outcomes, conditions = told["tree"]["children"]
    outcomes["children"][0]["normalisation"] = {"kind": "percentile_rank"}
    conditions["aggregation"] = {"kind": "weighted_arithmetic"}
    conditions["children"][0]["normalisation"] = {"kind": "min_max", "scale": [0, 1]}
    return told | changes


async def written(town: Town, body: dict[str, Any]) -> dict[str, Any]:
    answer = await town.house.rating.post("/v1/methodologies", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def scores(town: Town, done: dict[str, Any]) -> dict[str, float | None]:
    answer = await town.house.rating.get(f"/v1/runs/{done['id']}/results")
    assert answer.status_code == 200, answer.text
    return {item["organisation_id"]: item["score"] for item in answer.json()["items"]}


async def test_the_frozen_document_gives_the_same_scores_as_the_one_it_came_from(town: Town) -> None:
    methodology = await written(town, by_population("floating"))
    done = await run(town, methodology)

    answer = await town.house.rating.post(f"/v1/methodologies/{methodology['id']}/freeze", json={"run_id": done["id"]})

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert set(told["frozen"]) >= {"SCH_UNT_MEAN", "SCH_TEXTBOOK_PROVISION"}
    outcomes, conditions = told["document"]["tree"]["children"]
    assert outcomes["children"][0]["normalisation"]["kind"] == "piecewise"
    posts = conditions["children"][0]["normalisation"]
    assert (posts["kind"], posts["low"], posts["high"]) == ("goalposts", 88, 100)
    assert conditions["children"][0]["missing"]["policy"] == "penalise"

    again = await written(town, told["document"] | {"code": "fixed"})
    before, after = await scores(town, done), await scores(town, await run(town, again))
    assert {key: value is None for key, value in before.items()} == {key: value is None for key, value in after.items()}
    assert all(abs((value or 0) - (after[key] or 0)) < 1e-9 for key, value in before.items())


async def test_what_is_about_the_others_is_refused_with_its_place(town: Town) -> None:
    tree = by_population("wins")["tree"] | {"aggregation": {"kind": "copeland"}}
    methodology = await written(town, by_population("wins", tree=tree))
    done = await run(town, methodology)
    address = f"/v1/methodologies/{methodology['id']}/freeze"

    answer = await town.house.rating.post(address, json={"run_id": done["id"]})

    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/tree", "copeland")]
    unknown = await town.house.rating.post(address, json={"run_id": methodology["id"]})
    assert unknown.status_code == 404


async def test_a_run_of_other_indicators_cannot_give_the_posts(town: Town) -> None:
    done = await run(town, await written(town, by_population("one")))
    more = by_population("another")
    more["tree"]["children"][0]["children"].append({"indicator": "SCH_UNT_PASS_RATE"})
    methodology = await written(town, more)

    answer = await town.house.rating.post(f"/v1/methodologies/{methodology['id']}/freeze", json={"run_id": done["id"]})

    assert answer.status_code == 422
    assert answer.json()["code"] == "indicator_not_in_run"
    assert "SCH_UNT_PASS_RATE" in answer.json()["errors"][0]["message"]
