"""What the database itself promises of plans of events, and what stands against callers who come at once."""

import asyncio
from collections.abc import Callable

import asyncpg
import httpx
import pytest

from tests.support.cluster import driver_url
from tests.support.registry import KYZYLORDA, Registry


@pytest.fixture
def registry(registry_client: httpx.AsyncClient, token_for: Callable[..., str]) -> Registry:
    return Registry(registry_client, token_for)


async def test_no_statement_changes_an_approved_revision_of_a_plan(registry: Registry, registry_database: str) -> None:
    item = {"month": "2026-03", "title": {"kk": "Форум"}}
    plan = await registry.post(
        "/v1/event-plans",
        {"area": KYZYLORDA, "academic_year": "2025-2026", "title": {"kk": "Жоспар"}, "items": [item]},
    )
    await registry.post(f"/v1/event-plans/{plan['id']}/approve", {"approver_role": "Басшы"}, expect=200)

    connection = await asyncpg.connect(driver_url(registry_database))
    try:
        for statement in (
            "UPDATE event_plan_items SET note = 'x'",
            "DELETE FROM event_plan_items",
            "INSERT INTO event_plan_items (id, plan_id, revision_id, item_id, month) "
            "SELECT gen_random_uuid(), plan_id, revision_id, gen_random_uuid(), month FROM event_plan_items",
        ):
            with pytest.raises(asyncpg.CheckViolationError, match="does not change"):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_no_statement_takes_a_step_that_the_table_does_not_have(
    registry: Registry, registry_database: str
) -> None:
    body = {"kind": "seminar", "title": {"kk": "Семинар"}, "when": "2024-03", "area": KYZYLORDA, "status": "held"}
    await registry.post("/v1/events", body)
    await registry.post("/v1/projects", {"kind": "reading", "title": {"kk": "Оқу"}, "area": KYZYLORDA})

    connection = await asyncpg.connect(driver_url(registry_database))
    try:
        for statement in ("UPDATE events SET status = 'planned'", "UPDATE projects SET status = 'completed'"):
            with pytest.raises(asyncpg.CheckViolationError, match="no such step"):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_items_sent_at_once_never_pass_the_limit_of_a_project(registry: Registry) -> None:
    project = await registry.post(
        "/v1/projects", {"kind": "reading", "title": {"kk": "3 кітап"}, "area": KYZYLORDA, "items_planned": 3}
    )
    url, headers = f"/v1/projects/{project['id']}/items", registry.headers()

    answers = await asyncio.gather(
        *(registry.client.post(url, json={"title": {"kk": f"Кітап {n}"}}, headers=headers) for n in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [422] * 5
    assert sorted(answer.json()["number"] for answer in answers if answer.status_code == 201) == [1, 2, 3]


async def test_revisions_begun_at_once_are_one_revision(registry: Registry) -> None:
    item = {"month": "2026-03", "title": {"kk": "Форум"}}
    plan = await registry.post(
        "/v1/event-plans",
        {"area": KYZYLORDA, "academic_year": "2025-2026", "title": {"kk": "Жоспар"}, "items": [item]},
    )
    url, headers = f"/v1/event-plans/{plan['id']}", registry.headers()
    await registry.post(f"{url}/approve", {"approver_role": "Басшы"}, expect=200)

    answers = await asyncio.gather(
        *(registry.client.post(f"{url}/items", json=item, headers=headers) for _ in range(4))
    )

    assert [answer.status_code for answer in answers] == [201] * 4
    read = await registry.get(url)
    assert (read["latest_revision"], len(read["items"])) == (2, 5)
    assert len((await registry.get(url, revision=1))["items"]) == 1
