"""What a run tells of itself once it has a result."""

import hashlib
from typing import Any

import pytest

from tests.integration.rating.conftest import PERIOD, Town, document

CHOICES = {
    "replicates": 64,
    "seed": 5,
    "weights": {"kind": "uniform", "spread": 0.25},
    "alternatives": {"normalisation": ["z_score"]},
}


@pytest.fixture(scope="module")
async def done(town: Town) -> dict[str, Any]:
    """A run of a method that declares what could have been chosen otherwise."""
    return await _run(town, document("told", uncertainty=CHOICES))


async def _run(town: Town, body: dict[str, Any]) -> dict[str, Any]:
    made = await town.house.rating.post("/v1/methodologies", json=body)
    assert made.status_code == 201, made.text
    asked = {"methodology_id": made.json()["id"], "period": PERIOD, "as_of": "2026-11-01"}
    accepted = await town.house.rating.post("/v1/runs", json=asked)
    job = await town.house.finished(accepted, of="rating")
    return {**accepted.json(), "job": job}


async def _get(town: Town, done: dict[str, Any], what: str, status: int = 200) -> Any:
    answer = await town.house.rating.get(f"/v1/runs/{done['id']}/{what}")
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_the_job_of_a_run_tells_how_long_every_stage_took(done: dict[str, Any]) -> None:
    stages = [one["stage"] for one in done["job"]["result"]["stages"]]

    assert stages[:3] == ["pull", "freeze", "score"]
    assert stages[-2:] == ["rows", "keep"]
    assert {"uncertainty", "sensitivity", "coherence", "disclosure"} <= set(stages)


async def test_a_run_tells_its_doubt_by_choices_and_by_noise_apart(town: Town, done: dict[str, Any]) -> None:
    told = await _get(town, done, "uncertainty")

    assert (told["replicates"], told["seed"]) == (64, 5)
    assert sum(told["combinations"].values()) == 64
    assert set(told["factors"]) == {"normalisation", "weights"}
    assert told["sampling"] is None, "no data noise is declared"
    assert {one["organisation_id"] for one in told["units"]} <= set(town.schools)
    assert all(one["p05"] <= one["median"] <= one["p95"] for one in told["units"])
    answer = await town.house.rating.get(f"/v1/runs/{done['id']}/artefacts/parameters")
    given = answer.json()
    assert (given["replicates"], given["seed"]) == (64, 5)
    assert set(given["choices"]) == {"normalisation"}
    assert given["choices"]["normalisation"][0] == "official"
    assert all(len(drawn) == 64 for node in given["weights"].values() for drawn in node.values())


async def test_a_run_tells_which_choice_moves_each_organisation(town: Town, done: dict[str, Any]) -> None:
    told = await _get(town, done, "sensitivity")

    assert {one["organisation_id"] for one in told["units"]} == set(town.schools)
    assert all(one["factor"] in (*told["factors"], None) for one in told["units"])
    assert all(0 <= factor["total"] <= 1.5 for factor in told["factors"].values())


async def test_a_run_tells_whether_its_parts_hang_together_and_names_all_it_left(
    town: Town, done: dict[str, Any]
) -> None:
    told = await _get(town, done, "diagnostics")
    kept = {one["kind"]: one["digest"] for one in told["artefacts"]}
    answer = await town.house.rating.get(f"/v1/runs/{done['id']}/artefacts/coherence")
    again = await town.house.rating.get(answer.url.path, headers={"If-None-Match": answer.headers["etag"]})

    assert {part["code"] for part in told["parts"]} >= {"SCH_UNT_MEAN", "SCH_TEXTBOOK_PROVISION", "outcomes"}
    assert kept["coherence"] == "sha256:" + hashlib.sha256(answer.content).hexdigest()
    assert {"result", "disclosure", "sensitivity", "uncertainty"} <= set(kept)
    assert again.status_code == 304


async def test_what_a_method_does_not_declare_is_not_made_up(town: Town) -> None:
    plain = await _run(town, document("plainly"))

    assert (await _get(town, plain, "sensitivity", 404))["code"] == "nothing_varies"
    assert (await _get(town, plain, "artefacts/uncertainty", 404))["code"] == "artefact_not_found"
    without = await _get(town, plain, "uncertainty")
    assert (without["replicates"], without["units"]) == (None, None)


async def test_what_tells_of_single_organisations_is_for_those_who_work_on_ratings(
    town: Town, done: dict[str, Any]
) -> None:
    director = {"Authorization": f"Bearer {town.house.token_for('director', organisation=town.schools[0])}"}
    for what, status in (("artefacts/result", 403), ("sensitivity", 403), ("uncertainty", 409)):
        answer = await town.house.rating.get(f"/v1/runs/{done['id']}/{what}", headers=director)
        assert answer.status_code == status, answer.text
