"""Two processes of training_api on one database, as behind a load balancer."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from deploy.local.services import SERVICES
from shared.db.engine import Database
from tests.support.cluster import Databases, driver_url
from tests.support.house import Process, free_port
from tests.support.training import World

_TRAINING = next(service for service in SERVICES if service.name == "training")
Json = dict[str, Any]


@dataclass
class Replicas:
    """Two processes of training_api on one database."""

    world: World
    clients: Sequence[httpx.AsyncClient]
    processes: Sequence[Process]
    database_url: str

    async def enrol_all(self, cohort: Json, people: Sequence[str]) -> list[httpx.Response]:
        """Everybody at once, every other one at the other replica."""
        calls = [
            self.clients[turn % 2].post("/v1/enrolments", json={"cohort_id": cohort["id"], "educator_id": person})
            for turn, person in enumerate(people)
        ]
        return list(await asyncio.gather(*calls))

    async def rows(self, query: str, *arguments: Any) -> list[asyncpg.Record]:
        """What the database itself says."""
        connection = await asyncpg.connect(driver_url(self.database_url))
        try:
            found: list[asyncpg.Record] = await connection.fetch(query, *arguments)
            return found
        finally:
            await connection.close()


@asynccontextmanager
async def two_replicas(
    databases: Databases, key_file: Path, token_for: Callable[..., str], **environment: str
) -> AsyncIterator[Replicas]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(databases.database_for("training"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bilim-race-")))
        processes, clients = [], []
        for number in range(2):
            given = {
                **os.environ,
                "TRAINING_DATABASE_URL": url,
                "BILIM_TRAINING_PORT": str(free_port()),
                "BILIM_REGISTRY_URL": f"http://127.0.0.1:{free_port()}",
                "BILIM_LOCAL_KEY_FILE": str(key_file),
                "BILIM_CURSOR_SECRET": "for tests",
                # All 200 are let in at once, so that they meet at the seats and not at the door.
                "TRAINING_WRITES_IN_FLIGHT": "300",
                "TRAINING_REQUEST_DEADLINE_SECONDS": "120",
                **environment,
            }
            process = Process(_TRAINING, given, folder / f"{number}.log")
            process.start()
            stack.callback(process.kill)
            processes.append(process)
        headers = {"Authorization": f"Bearer {token_for('admin')}"}
        for process in processes:
            await process.ready()
            # A connection of its own for each call: uvicorn drops idle ones, at times just as they are used again.
            limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
            client = httpx.AsyncClient(base_url=process.url, headers=headers, timeout=120, limits=limits)
            clients.append(await stack.enter_async_context(client))
        database = Database(url, application_name="race")
        stack.push_async_callback(database.close)
        world = World(clients[0], database, token_for)
        await world.begin()
        yield Replicas(world, clients, processes, url)
