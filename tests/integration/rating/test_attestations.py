"""A school held against the thresholds of the national attestation, by its observations, by a run, by a table."""

from uuid import uuid4

import httpx

from tests.integration.rating.conftest import AREA, PERIOD, Town, document, run
from tests.integration.rating.lives import calling

PATH = "/v1/attestations"


async def test_the_criteria_are_public_and_tell_what_the_order_leaves_open(town: Town) -> None:
    async with httpx.AsyncClient(base_url=town.house.rating.base_url) as stranger:
        told = (await stranger.get(f"{PATH}/criteria")).json()

    by_number = {one["number"]: one for one in told["criteria"]}
    assert len(by_number) == 39
    assert [number for number, one in by_number.items() if one["kind"] == "measured"] == [5, 6, 7, 36, 38, 39]
    assert by_number[6]["parts"][0]["levels"] == [
        {"level": 5, "at_least": 46},
        {"level": 4, "at_least": 35},
        {"level": 3, "at_least": 25},
    ]
    assert "exactly_45" in {one["subject"] for one in told["choices"]}
    assert all(one["text"]["kk"] and one["text"]["ru"] and one["text"]["en"] for one in told["choices"])


async def test_a_school_is_held_against_them_by_what_was_observed(town: Town) -> None:
    answer = await town.house.rating.get(
        f"{PATH}/organisations/{town.schools[1]}", params={"period": PERIOD, "as_of": "2026-11-01"}
    )

    assert answer.status_code == 200, answer.text
    books = next(one for one in answer.json()["criteria"] if one["number"] == 36)
    assert (books["parts"][0]["value"], books["parts"][0]["rounded"], books["level"]) == (91.0, 91, 3)
    assert books["parts"][0]["cut"] == 80
    assert answer.json()["complete"] is False
    assert answer.json()["result"] is None
    assert answer.json()["given"] == 1


async def test_or_by_the_data_of_a_run(town: Town) -> None:
    methodology = (await town.house.rating.post("/v1/methodologies", json=document("attested"))).json()
    body = {"methodology_id": methodology["id"], "period": PERIOD, "as_of": "2026-11-01"}
    accepted = await town.house.rating.post("/v1/runs", json=body)
    await town.house.finished(accepted, of="rating")

    answer = await town.house.rating.get(
        f"{PATH}/organisations/{town.schools[0]}", params={"run_id": accepted.json()["id"]}
    )

    assert answer.status_code == 200, answer.text
    assert {one["number"]: one["level"] for one in answer.json()["criteria"] if one["level"]} == {36: 4}


async def test_a_school_sees_itself_alone_and_a_run_only_when_it_is_shown(town: Town) -> None:
    methodology = (await town.house.rating.post("/v1/methodologies", json=document("attested-unseen"))).json()
    unseen = {"run_id": (await run(town, methodology))["id"]}
    observed = {"period": PERIOD, "as_of": "2026-11-01"}
    own, other = (f"{PATH}/organisations/{school}" for school in town.schools[:2])

    async with calling(town, "director", organisation=town.schools[0]) as director:
        answers = [
            (await director.get(path, params=params)).status_code
            for path, params in ((own, observed), (other, observed), (own, unseen))
        ]
    async with calling(town, "region_officer", area=AREA) as officer:
        seen = await officer.get(other, params=observed)

    assert answers == [200, 403, 409]
    assert seen.status_code == 200


async def test_a_table_is_judged_with_what_the_commission_decided_and_nothing_is_stored(town: Town) -> None:
    documentary = [number for number in range(1, 40) if number not in (5, 6, 7, 36, 38, 39)]
    body = {
        "units": ["№1", "№2"],
        "values": {
            "5": [100, 99.5],
            "6-primary": [45, None],
            "6-secondary": [56, 50],
            "7": [89.5, 79.4],
            "36": [95, 95],
            "38": [4, 4],
            "39-grade-4": [85, 84.4],
            "39-grade-9": [64.5, 64.4],
        },
        "judged": {str(number): [4, 4] for number in documentary},
    }
    answer = await town.house.rating.post(PATH, json=body)

    assert answer.status_code == 200, answer.text
    first, second = answer.json()["items"]
    assert {one["number"]: one["level"] for one in first["criteria"] if one["kind"] == "measured"} == {
        5: 5, 6: 5, 7: 4, 36: 4, 38: 4, 39: 5,
    }  # fmt: skip
    assert (first["complete"], first["result"], first["low"]) == (True, 4, False)
    assert (second["open"], second["result"]) == ([6], None)


async def test_what_cannot_be_judged_is_refused_with_its_place(town: Town) -> None:
    async def code(body: dict[str, object]) -> tuple[str, list[str]]:
        problem = (await town.house.rating.post(PATH, json=body)).json()
        return problem["code"], [error["pointer"] for error in problem["errors"]]

    assert await code({"units": ["a", "a"], "values": {"9": [1, 2]}, "judged": {"7": [5, 5], "1": [5]}}) == (
        "attestation_table_malformed",
        ["/units", "/values/9", "/judged/7", "/judged/1"],
    )
    unknown = await town.house.rating.get(f"{PATH}/organisations/{uuid4()}", params={"period": PERIOD})
    silent = await town.house.rating.get(f"{PATH}/organisations/{town.schools[0]}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "organisation_not_attested")
    assert (silent.status_code, silent.json()["code"]) == (422, "attestation_period_needed")
