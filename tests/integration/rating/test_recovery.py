"""A run outlives the process that carries it out: another one repeats it, on the very same data, to the same bytes."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.integration.rating.conftest import PERIOD, Town, document, settled
from tests.support.cluster import Databases, driver_url
from tests.support.house import Process, free_port

LONG = {
    "replicates": 1_500,
    "seed": 7,
    "weights": {"kind": "uniform", "spread": 0.25},
    "alternatives": {"aggregation": ["copeland"]},
}
"""Long enough to be killed in the middle."""


@pytest.fixture(scope="module")
async def town(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[Town]:
    """Of its own, for processes are killed and values changed in it."""
    async with settled(databases, local_key_file, token_for) as town:
        yield town


@asynccontextmanager
async def second_process(town: Town) -> AsyncIterator[Process]:
    """Another process of the rating engine on the same database."""
    first = town.house.processes["rating"]
    environment = {**first.environment, first.service.port_variable: str(free_port())}
    second = replace(first, environment=environment, log=first.log.with_name("second.log"), popen=None)
    second.start()
    try:
        await second.ready()
        yield second
    finally:
        second.kill()


def pause(process: Process, sign: signal.Signals) -> None:
    """Stop a process in its tracks, or let it go on."""
    assert process.popen is not None
    process.popen.send_signal(sign)


async def ask(town: Town, methodology: dict[str, Any]) -> dict[str, Any]:
    body = {"methodology_id": methodology["id"], "period": PERIOD, "as_of": "2026-11-01"}
    answer = await town.house.rating.post("/v1/runs", json=body)
    assert answer.status_code == 202, answer.text
    run: dict[str, Any] = answer.json()
    return run


async def ended(town: Town, run: dict[str, Any]) -> dict[str, Any]:
    for _ in range(600):
        now: dict[str, Any] = (await town.house.rating.get(f"/v1/runs/{run['id']}")).json()
        if now["status"] != "queued":
            return now
        await asyncio.sleep(0.1)
    raise AssertionError(f"the run did not end: {now}")


async def half_done(connection: Any, run: dict[str, Any]) -> None:
    """Wait until the data of a run are kept and its result is not."""
    for _ in range(6_000):
        row = await connection.fetchrow("SELECT status, snapshot_digest FROM runs WHERE id = $1", run["id"])
        assert row["status"] == "queued", "the run was over before it could be interrupted"
        if row["snapshot_digest"]:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("the run was never begun")


async def test_a_run_whose_process_is_killed_is_repeated_by_another_to_the_same_bytes(town: Town) -> None:
    made = await town.house.rating.post("/v1/methodologies", json=document("recovery", uncertainty=LONG))
    assert made.status_code == 201, made.text
    await training_knows_the_schools(town)
    undisturbed = await ended(town, await ask(town, made.json()))
    assert undisturbed["status"] == "succeeded"
    first = town.house.processes["rating"]
    connection = await asyncpg.connect(driver_url(first.environment["RATING_DATABASE_URL"]))
    async with second_process(town) as second:
        pause(second, signal.SIGSTOP)
        interrupted = await ask(town, made.json())
        await half_done(connection, interrupted)
        first.kill()
        await correct_a_value(town)
        pause(second, signal.SIGCONT)
        first.start()
        await first.ready()
        repeated = await ended(town, interrupted)
    job = await connection.fetchrow("SELECT attempts FROM jobs WHERE id = $1", interrupted["job_id"])
    count = await connection.fetchval("SELECT count(*) FROM run_results WHERE run_id = $1", interrupted["id"])
    await connection.close()

    assert repeated["status"] == "succeeded"
    assert job["attempts"] == 2
    assert repeated["snapshot_digest"] == undisturbed["snapshot_digest"], "the data are those of the first attempt"
    assert repeated["result_digest"] == undisturbed["result_digest"]
    assert count == undisturbed["organisations"]


async def training_knows_the_schools(town: Town) -> None:
    """Training follows the registry's feed at its own pace."""
    for _ in range(300):
        answer = await town.house.training.get("/v1/indicator-table", params={"organisation_type": "school"})
        if len(answer.json()["organisations"]) == len(town.schools):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("training never heard of the schools")


async def correct_a_value(town: Town) -> None:
    """What the registry says now is no longer what it said when the data were frozen."""
    observation = {
        "organisation_id": town.schools[0],
        "indicator": "SCH_UNT_MEAN",
        "period": PERIOD,
        "source_system": "test",
        "value": 139.0,
        "n": 30,
        "note": "corrected",
    }
    answer = await town.house.registry.post("/v1/observations", json={"observations": [observation]})
    assert answer.status_code == 201, answer.text


async def test_two_processes_share_one_queue_and_every_run_is_done_once(town: Town) -> None:
    made = await town.house.rating.post("/v1/methodologies", json=document("shared-queue", uncertainty=LONG))
    async with second_process(town):
        runs = [await ask(town, made.json()) for _ in range(3)]
        done = [await ended(town, run) for run in runs]
    connection = await asyncpg.connect(driver_url(town.house.processes["rating"].environment["RATING_DATABASE_URL"]))
    attempts = await connection.fetch("SELECT attempts FROM jobs WHERE id = ANY($1)", [run["job_id"] for run in runs])
    await connection.close()

    assert {run["status"] for run in done} == {"succeeded"}
    assert len({run["result_digest"] for run in done}) == 1
    assert [row["attempts"] for row in attempts] == [1] * 3


async def test_a_run_whose_job_is_cancelled_before_it_begins_has_come_to_nothing(town: Town) -> None:
    made = await town.house.rating.post("/v1/methodologies", json=document("cancelled", uncertainty=LONG))
    runs = [await ask(town, made.json()) for _ in range(4)]
    answer = await town.house.rating.post(f"/v1/jobs/{runs[-1]['job_id']}/cancel")
    assert answer.status_code == 200, answer.text

    states = [(await ended(town, run))["status"] for run in runs]
    jobs = [(await town.house.rating.get(f"/v1/jobs/{run['job_id']}")).json() for run in runs]
    assert states == ["succeeded"] * 3 + ["failed"], jobs
