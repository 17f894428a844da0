"""Steps in the life of an edition that several tests take."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx

from tests.integration.rating.conftest import Town, agree, document, run
from tests.support.cluster import driver_url

BOTH = {"kk": "Мерзім заңмен белгіленген", "ru": "Срок установлен законом"}


async def sent(town: Town, path: str, body: dict[str, Any] | None = None, *, status: int = 200) -> dict[str, Any]:
    """What a POST by the administrator answers."""
    answer = await town.house.rating.post(path, json=body or {})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def refused(town: Town, path: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
    """The status and the code with which a POST by the administrator is refused."""
    answer = await town.house.rating.post(path, json=body or {})
    return answer.status_code, answer.json().get("code", "")


async def agreed(town: Town, code: str, **changes: Any) -> dict[str, Any]:
    """An agreed version."""
    methodology = await sent(town, "/v1/methodologies", document(code, **changes), status=201)
    assert (await agree(town, methodology)).status_code == 200
    return methodology


async def previewed(town: Town, code: str, **changes: Any) -> dict[str, Any]:
    """A run in preview of a methodology that promises ten working days for appeals."""
    done = await run(town, await agreed(town, code, appeals={}, **changes))
    return await sent(town, f"/v1/runs/{done['id']}/preview")


@asynccontextmanager
async def calling(town: Town, role: str, **claims: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The rating engine as somebody else calls it."""
    token = town.house.token_for(role, **claims)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=town.house.rating.base_url, headers=headers, timeout=60) as http:
        yield http


async def public(town: Town, path: str) -> httpx.Response:
    """What a stranger is answered."""
    async with httpx.AsyncClient(base_url=town.house.rating.base_url, timeout=60) as http:
        return await http.get(path)


async def appeal(town: Town, done: dict[str, Any], school: str, **more: Any) -> dict[str, Any]:
    """An appeal against the school's UNT mean."""
    body = {
        "run_id": done["id"],
        "organisation_id": school,
        "indicator": "SCH_UNT_MEAN",
        "ground": "value_wrong",
        "text": "Не учтены выпускники вечерней формы",
        **more,
    }
    return await sent(town, "/v1/appeals", body, status=201)


async def decided(town: Town, made: dict[str, Any], outcome: str, **corrections: str) -> dict[str, Any]:
    """The appeal taken up and decided; `corrections` are remedies by indicator."""
    await sent(town, f"/v1/appeals/{made['id']}/review")
    body = {
        "outcome": outcome,
        "reason": {"kk": "Тексерілді", "ru": "Проверено"},
        "corrections": [{"indicator": code, "remedy": remedy} for code, remedy in corrections.items()],
    }
    return await sent(town, f"/v1/appeals/{made['id']}/decide", body)


async def close_window(town: Town, done: dict[str, Any]) -> None:
    """Make the window of a run in preview one that closed an hour ago."""
    statement = "UPDATE runs SET appeals_until = now() - interval '1 hour' WHERE id = $1::text::uuid"
    await execute(town, statement, done["id"])


async def execute(town: Town, statement: str, *values: Any) -> None:
    """A statement past the service, as a careless administrator of the database might send it."""
    process = town.house.processes["rating"]
    url = process.environment[process.service.database_variable]
    connection = await asyncpg.connect(driver_url(url))
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()
