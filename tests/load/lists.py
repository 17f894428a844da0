"""What a page of organisations costs beside a plain ORM endpoint over the same rows: `python -m tests.load.lists`."""

import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
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


def _filtered(request: Request) -> Select[tuple[OrganisationState]]:
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
async def both() -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """Callers of the registry and of the plain endpoint over one database of national size."""
    with temporary_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "key.pem"
        LocalKey.ensure(key)
        async with Databases(cluster).database_for("registry") as url:
            environment = {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(key), "BILIM_LOG_LEVEL": "warning"}
            ours, theirs = apps.build_app("registry", environment), plain(url)
            async with apps.running(ours), apps.client_for(ours) as registry, apps.client_for(theirs) as other:
                database: Database = ours.state.database
                await settle(database)
                yield registry, other
            await theirs.state.engine.dispose()


async def cost_us(client: httpx.AsyncClient, query: dict[str, str]) -> float:
    """Mean processor time of one request, in microseconds: ours and the caller's, without PostgreSQL's."""
    begun = time.process_time()
    for _ in range(EACH):
        answer = await client.get("/v1/organisations", params={**query, "limit": LIMIT})
        answer.raise_for_status()
    return (time.process_time() - begun) / EACH * 1e6


async def measure(registry: httpx.AsyncClient, other: httpx.AsyncClient, query: dict[str, str]) -> tuple[float, float]:
    """Least cost of a page here and there, taken in turns; what the caller itself costs is taken off."""
    ours, theirs = [], []
    gc.collect()
    for _ in range(ROUNDS):
        theirs.append(await cost_us(other, query))
        ours.append(await cost_us(registry, query))
    return min(ours), min(theirs)


async def _table() -> None:
    async with both() as (registry, other):
        print(f"{ORGANISATIONS} organisations, pages of {LIMIT}; processor time of a request in microseconds")
        print(f"{'list':<40}{'registry':>10}{'plain ORM':>12}{'ratio':>8}")
        for name, query in PAGES.items():
            for client in (registry, other):
                await cost_us(client, query)
            ours, theirs = await measure(registry, other, query)
            print(f"{name:<40}{ours:>10.0f}{theirs:>12.0f}{ours / theirs:>8.2f}")


def main() -> None:
    """Print the table."""
    asyncio.run(_table())


if __name__ == "__main__":
    main()
