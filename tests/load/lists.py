"""What a page of organisations costs beside a plain ORM endpoint over the same rows: `python -m tests.load.lists`."""

import asyncio
import contextlib
import gc
import json
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from services.registry_api.organisations.models import OrganisationState
from shared import clock
from shared.auth.keys import LocalKey
from shared.clock import day_in_kazakhstan
from shared.db.engine import Database, asyncpg_url
from tests.support import apps
from tests.support.cluster import Databases, temporary_cluster
from tests.support.country import ORGANISATIONS, settle

ROUNDS, EACH = 9, 30
LIMIT = 50
MOST = 0.6
"""What a page may cost, as a part of what it costs plainly."""
_QUERIES = Path(__file__).parents[1] / "integration" / "registry" / "search_queries.json"


class PlainOrganisation(BaseModel):
    """The fields of a list, as an endpoint would have them that somebody writes without a second thought."""

    model_config = ConfigDict(from_attributes=True)

    organisation_id: UUID
    type: str
    kind: str | None
    status: str
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    short_name_kk: str | None
    short_name_ru: str | None
    short_name_en: str | None
    school_number: int | None
    ownership: str | None
    levels: list[str]
    languages_of_instruction: list[str]
    setting: str | None
    multigrade: bool | None
    boarding: bool | None
    selective: bool | None
    shift_count: int | None
    design_capacity: int | None
    area_code: str | None
    latitude: float | None
    longitude: float | None
    programme_tags: list[str]
    parent_id: UUID | None


def _filtered(request: Request) -> Select[OrganisationState]:
    state, asked = OrganisationState, request.query_params
    query = select(state).where(
        state.valid.op("@>")(day_in_kazakhstan(clock.now())), func.upper_inf(state.recorded), state.status != "proposed"
    )
    if "type" in asked:
        query = query.where(state.type == asked["type"])
    if "language" in asked:
        query = query.where(state.languages_of_instruction.op("&&")([asked["language"]]))
    if asked.get("sort") == "-capacity,name":
        return query.order_by(state.design_capacity.desc().nulls_last(), state.sort_kk, state.organisation_id)
    return query.order_by(state.sort_kk, state.organisation_id)


def plain(url: str) -> FastAPI:
    """The endpoint everybody has written: a session, ORM objects, `response_model`."""
    engine = create_async_engine(asyncpg_url(url))
    app = FastAPI()

    async def session() -> AsyncIterator[AsyncSession]:
        async with AsyncSession(engine) as opened:
            yield opened

    @app.get("/v1/organisations", response_model=list[PlainOrganisation])
    async def organisations(
        request: Request, database: Annotated[AsyncSession, Depends(session)], limit: int = LIMIT
    ) -> Any:
        return (await database.scalars(_filtered(request).limit(limit))).all()

    app.state.engine = engine
    return app


PAGES = {
    "by name": {},
    "filtered by type and language": {"type": "school", "language": "kk"},
    "filtered, by capacity": {"type": "school", "language": "kk", "sort": "-capacity,name"},
}


@asynccontextmanager
async def both() -> AsyncIterator[tuple[FastAPI, FastAPI]]:
    """The registry and the plain endpoint, over one database of national size."""
    with temporary_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "key.pem"
        LocalKey.ensure(key)
        async with Databases(cluster).database_for("registry") as url:
            ours = apps.build_app("registry", {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(key)})
            theirs = plain(url)
            async with apps.running(ours):
                database: Database = ours.state.database
                await settle(database)
                yield ours, theirs
            await theirs.state.engine.dispose()


async def call(app: FastAPI, query: Mapping[str, str]) -> int:
    """Ask for a page without any HTTP between; the size of the answer."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/v1/organisations",
        "raw_path": b"/v1/organisations",
        "query_string": urlencode({**query, "limit": LIMIT}).encode(),
        "root_path": "",
        "headers": [(b"host", b"bench"), (b"accept", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("bench", 80),
        "state": {},
    }
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)  # type: ignore[arg-type]
    if sent[0]["status"] != 200:
        raise RuntimeError(f"{query}: {sent}")
    return sum(len(message.get("body", b"")) for message in sent)


async def cost_us(app: FastAPI, query: Mapping[str, str]) -> float:
    """Mean processor time of one request, in microseconds, without PostgreSQL's."""
    begun = time.process_time()
    for _ in range(EACH):
        await call(app, query)
    return (time.process_time() - begun) / EACH * 1e6


async def measure(ours: FastAPI, theirs: FastAPI, query: Mapping[str, str]) -> tuple[float, float]:
    """The middle of what a page costs here and there, taken in turns so that both meet the same neighbours."""
    for app in (ours, theirs):
        await cost_us(app, query)
    here, there = [], []
    for _ in range(ROUNDS):
        gc.collect()
        there.append(await cost_us(theirs, query))
        here.append(await cost_us(ours, query))
    return statistics.median(here), statistics.median(there)


async def search_ms(app: FastAPI) -> list[float]:
    """How long each search of the tests' fixture takes, in milliseconds, with PostgreSQL's part."""
    queries = json.loads(_QUERIES.read_text())["queries"]
    taken = []
    for _ in range(3):
        for query in queries:
            begun = time.perf_counter()
            await call(app, {"q": query["typed"]})
            taken.append((time.perf_counter() - begun) * 1000)
    return taken[len(queries) :]


async def table() -> list[str]:
    """What was measured, line by line."""
    lines = [
        f"{ORGANISATIONS} organisations, pages of {LIMIT}; processor time of a request in microseconds",
        f"{'list of organisations':<40}{'registry':>10}{'plain ORM':>12}{'ratio':>8}{'at most':>9}",
    ]
    async with both() as (ours, theirs):
        for name, query in PAGES.items():
            here, there = await measure(ours, theirs, query)
            lines.append(f"{name:<40}{here:>10.0f}{there:>12.0f}{here / there:>8.2f}{MOST:>9}")
        cuts = statistics.quantiles(await search_ms(ours), n=100)
    lines.append(f"{'search as people type':<40}{'p50 ms':>10}{'p95 ms':>12}")
    lines.append(f"{'':<40}{cuts[49]:>10.1f}{cuts[94]:>12.1f}")
    return lines


def main() -> None:
    """Print the table; what the registry logs meanwhile is written, but not to be read."""
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        lines = asyncio.run(table())
    print("\n".join(lines))


if __name__ == "__main__":
    main()
