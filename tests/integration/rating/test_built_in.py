"""The built-in methodologies in a fresh house: they are there, they run, and regions get no places."""

from typing import Any

import pytest

from services.rating_engine.methodologies import built_in
from tests.integration.rating.conftest import PERIOD, Town, document


async def listed(town: Town, **params: str) -> list[dict[str, Any]]:
    answer = await town.house.rating.get("/v1/methodologies", params={"origin": "built_in", **params})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def run(town: Town, code: str) -> list[dict[str, Any]]:
    [methodology] = await listed(town, code=code)
    body = {"methodology_id": methodology["id"], "period": PERIOD, "as_of": "2026-11-01"}
    accepted = await town.house.rating.post("/v1/runs", json=body)
    await town.house.finished(accepted, of="rating")
    results = await town.house.rating.get(f"/v1/runs/{accepted.json()['id']}/results", params={"limit": 200})
    items: list[dict[str, Any]] = results.json()["items"]
    return items


async def test_four_come_with_the_house_agreed_and_explained(town: Town) -> None:
    found = {one["code"]: one for one in await listed(town)}

    assert set(found) == {one.code for one in built_in.ALL}
    for one in built_in.ALL:
        told = (await town.house.rating.get(f"/v1/methodologies/{found[one.code]['id']}")).json()
        assert (told["id"], told["status"], told["origin"]) == (str(one.id), "agreed", "built_in")
        assert told["basis"] == built_in.BASIS
        assert [note["subject"] for note in told["notes"]] == [note.subject for note in one.notes]
        assert all(note["text"]["kk"] and note["source"] for note in told["notes"])


async def test_what_somebody_writes_down_is_not_built_in_and_comes_after(town: Town) -> None:
    made = await town.house.rating.post("/v1/methodologies", json=document("schools-public"))
    assert (made.json()["edition"], made.json()["origin"]) == (2, "written")
    assert [one["edition"] for one in await listed(town, code="schools-public")] == [1]


@pytest.mark.parametrize("code", ["schools-public", "colleges-public"])
async def test_it_runs_on_whatever_is_there_and_says_why_somebody_is_not_rated(town: Town, code: str) -> None:
    results = await run(town, code)
    assert len(results) == (6 if code == "schools-public" else 1), "a college never stands among schools"
    assert {one["reason"] for one in results} <= {"below_coverage", "no_data"}


async def test_readiness_of_no_school_is_refused_and_not_empty(town: Town) -> None:
    [methodology] = await listed(town, code="keleshek-readiness")
    body = {"methodology_id": methodology["id"], "period": PERIOD, "as_of": "2026-11-01"}
    accepted = await town.house.rating.post("/v1/runs", json=body)
    failed = await town.house.finished(accepted, of="rating", status="failed")
    assert failed["problem"]["code"] == "snapshot_empty"


async def test_a_region_shows_its_progress_and_no_place(town: Town) -> None:
    target = {
        "indicator": "REG_PRE_COVERAGE_1_6",
        "area": "390000000",
        "baseline_value": 84,
        "baseline_on": "2024",
        "comparator": "ge",
        "value_low": 86.5,
        "stated_by_role": "akim_of_region",
    }
    observed = {
        "area": "390000000",
        "indicator": "REG_PRE_COVERAGE_1_6",
        "period": "2026-Q2",
        "value": 87.0,
        "source_system": "test",
    }
    stated = await town.house.registry.post("/v1/targets", json=target)
    assert stated.status_code == 201, stated.text
    recorded = await town.house.registry.post("/v1/observations", json={"observations": [observed]})
    assert recorded.status_code == 201, recorded.text

    results = await run(town, "regional-nine-directions")

    assert len(results) == 20
    assert {one["rank"] for one in results} == {None}
    [home] = [one for one in results if one["score"] is not None]
    assert home["name"]["kk"].startswith("Қостанай")
    assert home["nodes"]["K1-preschool"] == 100, "capped for the summary"
    assert home["nodes"]["K2-rating"] is None, "no data"


async def test_progress_is_of_regions_and_of_regions_nothing_else(town: Town) -> None:
    regions = document("of-regions", organisation_types=["region"])
    schools = document("of-schools")
    schools["tree"]["children"][0]["children"][0]["measure"] = "progress"
    for refused in (regions, schools):
        answer = await town.house.rating.post("/v1/methodologies", json=refused)
        assert (answer.status_code, answer.json()["code"]) == (422, "measure_misplaced")
