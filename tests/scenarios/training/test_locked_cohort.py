"""A cohort whose rows somebody holds: who asks for something else does not notice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.support.cluster import Databases, driver_url
from tests.support.replicas import Replicas, two_replicas

STUCK, READS = 120, 1_000
GOODPUT = 0.99


@pytest.fixture
async def replicas(
    databases: Databases, local_key_file: Path, token_for: Callable[..., str]
) -> AsyncIterator[Replicas]:
    """As in production: the usual admission and the usual deadline."""
    usual = {"TRAINING_WRITES_IN_FLIGHT": "64", "TRAINING_REQUEST_DEADLINE_SECONDS": "10"}
    async with two_replicas(databases, local_key_file, token_for, **usual) as replicas:
        yield replicas


async def test_one_locked_cohort_costs_unrelated_reads_less_than_one_in_a_hundred(replicas: Replicas) -> None:
    world = replicas.world
    stuck, free = await world.cohort(), await world.cohort()
    people = await world.educators(STUCK + 1)
    enrolled = await world.enrol(free, people[-1])
    addresses = (
        f"/v1/cohorts/{free['id']}/seats",
        f"/v1/enrolments/{enrolled['id']}",
        "/v1/cohorts?limit=20",
        f"/v1/cohorts/{stuck['id']}/seats",
    )
    holder = await asyncpg.connect(driver_url(replicas.database_url))
    held = holder.transaction()
    await held.start()
    await holder.execute("SELECT 1 FROM cohorts WHERE id = $1 FOR UPDATE", stuck["id"])
    await holder.execute("SELECT 1 FROM venues WHERE cohort_id = $1 FOR UPDATE", stuck["id"])
    waiting = [
        asyncio.create_task(
            replicas.clients[turn % 2].post("/v1/enrolments", json={"cohort_id": stuck["id"], "educator_id": person})
        )
        for turn, person in enumerate(people[:-1])
    ]
    await asyncio.sleep(0.5)

    answers: Counter[int] = Counter()
    for first in range(0, READS, 20):
        calls = [
            replicas.clients[turn % 2].get(addresses[turn % len(addresses)], timeout=5)
            for turn in range(first, first + 20)
        ]
        for answer in await asyncio.gather(*calls, return_exceptions=True):
            answers[answer.status_code if isinstance(answer, httpx.Response) else 0] += 1
    still_held = sum(not task.done() for task in waiting)
    await held.rollback()
    await holder.close()
    written = Counter(answer.status_code for answer in await asyncio.gather(*waiting))

    assert still_held or written[503] or written[504], "nothing was held, so this proves nothing"
    assert answers[200] / READS >= GOODPUT, answers
    assert set(written) <= {201, 503, 504}, written
