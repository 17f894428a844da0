"""Guards of observations that come as a file, and the check that is asked for once a night."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.registry_api.quality.service import checks
from shared.db.engine import Database
from shared.db.sessions import Authorship
from tests.integration.registry_data.conftest import HandIn, Headers, ended

ALMATY, AUEZOV = "750000000", "751310000"
LOCK = {"indicator": "REG_PRE_QUEUE", "period": "2025-03", "area": ALMATY, "reason": "Reported to the ministry"}
FILE = "area;indicator;period;value\n{area};REG_PRE_QUEUE;2025-03;{value}\n"

Post = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def post(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> Post:
    """Sends a body and gives what comes of it."""

    async def post(path: str, body: dict[str, Any], *, expect: int = 201) -> dict[str, Any]:
        answer = await registry_client.post(path, json=body, headers=admin)
        assert answer.status_code == expect, answer.text
        return dict(answer.json())

    return post


def codes(imported: dict[str, Any]) -> list[tuple[int | None, str]]:
    return [(one["row"], one["code"]) for one in imported["report"]["errors"]]


async def test_a_file_revises_no_locked_period(hand_in: HandIn, post: Post) -> None:
    first = await hand_in(FILE.format(area=AUEZOV, value=100), "observations")
    lock = await post("/v1/data-quality/locks", LOCK)

    refused = await hand_in(FILE.format(area=AUEZOV, value=120), "observations")
    same = await hand_in(FILE.format(area=AUEZOV, value=100), "observations")

    assert first["state"] == "applied"
    assert refused["state"] == "refused"
    assert (2, "period_locked") in codes(refused)
    assert (same["state"], same["report"]["unchanged"]) == ("applied", 1)
    await post(f"/v1/data-quality/locks/{lock['id']}/reopen", {"reason": "A district counted twice"}, expect=200)
    revised = await hand_in(FILE.format(area=AUEZOV, value=120), "observations")
    assert (revised["state"], revised["report"]["changed"]) == ("applied", 1)


async def test_what_an_import_brought_into_a_locked_period_stays(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn, post: Post
) -> None:
    first = await hand_in(FILE.format(area=AUEZOV, value=100), "observations")
    await post("/v1/data-quality/locks", LOCK)

    asked = await registry_client.post(f"/v1/imports/{first['id']}/undo", headers=admin)
    job = await ended(registry_client, asked.headers["location"], admin)

    found = await registry_client.get("/v1/observations", params={"indicator": "REG_PRE_QUEUE"}, headers=admin)
    assert [one["value"] for one in found.json()["items"]] == [100.0]
    assert (job["status"], job["problem"]["code"]) == ("failed", "period_locked")


async def test_a_file_of_an_officer_brings_provisional_values_only(hand_in: HandIn, headers_of: Headers) -> None:
    officer = headers_of("region_officer", area=ALMATY)
    final = "area;indicator;period;value;status\n{0};REG_PRE_QUEUE;2025-03;7;{1}\n"

    refused = await hand_in(final.format(AUEZOV, "final"), "observations", headers=officer)
    taken = await hand_in(final.format(AUEZOV, "provisional"), "observations", headers=officer)

    assert refused["state"] == "refused"
    assert (2, "approval_needed") in codes(refused)
    assert taken["state"] == "applied"


async def test_a_rule_that_is_an_error_refuses_a_file_cell_by_cell(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    rule = {
        "indicators": ["REG_PRE_QUEUE"],
        "severity": "error",
        "expression": {"kind": "range", "high": 1000},
        "text": {"kk": "Кезек мыңнан аспайды", "ru": "Очередь не больше тысячи"},
        "valid_from": "2025-01-01",
    }
    made = await registry_client.put("/v1/data-quality/rules/queue_is_short", json=rule, headers=admin)
    assert made.status_code == 201

    rows = FILE.format(area=AUEZOV, value=900) + f"{ALMATY};REG_PRE_QUEUE;2025-03;4000\n"
    refused = await hand_in(rows, "observations", language="ru")

    assert refused["state"] == "refused"
    told = [one for one in refused["report"]["errors"] if one["code"] == "queue_is_short"]
    assert [(one["row"], one["column"], one["message"]) for one in told] == [(3, "value", "Очередь не больше тысячи")]


async def test_the_check_of_a_night_is_asked_for_once_and_only_where_there_is_something_to_check(
    registry_app: FastAPI, hand_in: HandIn
) -> None:
    database: Database = registry_app.state.database
    deep_night, early = datetime(2030, 1, 1, 22, tzinfo=UTC), datetime(2030, 1, 1, 20, tzinfo=UTC)

    async def ask(now: datetime) -> Any:
        async with database.writing(Authorship("system:quality")) as session:
            return await checks.ask_nightly(session, now=now)

    assert await ask(deep_night) is None
    await hand_in(FILE.format(area=AUEZOV, value=100), "observations")
    assert await ask(early) is None
    assert await ask(deep_night) is not None
    assert await ask(deep_night) is None
