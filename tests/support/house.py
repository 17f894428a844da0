"""The whole house as its users meet it: three uvicorn processes on a real PostgreSQL, talking over HTTP."""

import asyncio
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from deploy.local.children import dies_with_parent
from deploy.local.home import PROJECT
from deploy.local.services import SERVICES, Service
from tests.support.cluster import Databases

_START_SECONDS = 60.0
_JOB_SECONDS = 120.0


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """One uvicorn process of one service."""

    service: Service
    environment: Mapping[str, str]
    log: Path
    popen: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.service.port(self.environment)}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.service.command(self.environment),
                cwd=PROJECT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        if self.popen is not None:
            self.popen.send_signal(sign)
            self.popen.wait()

    async def ready(self) -> None:
        """Wait until it serves; tells the end of its log when it does not."""
        async with httpx.AsyncClient(base_url=self.url) as http:
            for _ in range(int(_START_SECONDS * 20)):
                try:
                    if (await http.get("/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                if self.popen is not None and self.popen.poll() is not None:
                    break
                await asyncio.sleep(0.05)
        raise AssertionError(f"{self.service.name} did not become ready:\n{self.log.read_text()[-3000:]}")


@dataclass
class House:
    """Where the services are, and how to speak to them."""

    processes: dict[str, Process]
    token_for: Callable[..., str]
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    @property
    def registry(self) -> httpx.AsyncClient:
        return self.clients["registry"]

    @property
    def training(self) -> httpx.AsyncClient:
        return self.clients["training"]

    @property
    def rating(self) -> httpx.AsyncClient:
        return self.clients["rating"]

    async def finished(self, accepted: httpx.Response, *, of: str, status: str = "succeeded") -> dict[str, Any]:
        """The job behind a 202, once it has ended; fails the test when it did not end with `status`."""
        assert accepted.status_code == 202, accepted.text
        location = accepted.headers["location"]
        for _ in range(int(_JOB_SECONDS * 10)):
            job: dict[str, Any] = (await self.clients[of].get(location)).json()
            if job["status"] in {"succeeded", "failed", "cancelled"}:
                assert job["status"] == status, job["problem"]
                return job
            await asyncio.sleep(0.1)
        raise AssertionError(f"{location} did not end: {job}")


@asynccontextmanager
async def open_house(
    databases: Databases,
    *,
    key_file: Path,
    token_for: Callable[..., str],
    only: Collection[str] = ("registry", "training", "rating"),
    **environment: str,
) -> AsyncIterator[House]:
    """Start the three services, or only some, on fresh databases; `environment` is added to what they are given."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bilim-house-")))
        given = {
            **os.environ,
            "BILIM_LOCAL_KEY_FILE": str(key_file),
            "BILIM_CURSOR_SECRET": "for tests",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        opened = [service for service in SERVICES if service.name in only]
        for service in opened:
            given[service.port_variable] = str(free_port())
            given[service.url_variable] = f"http://127.0.0.1:{given[service.port_variable]}"
            given[service.database_variable] = await stack.enter_async_context(databases.database_for(service.name))
        processes = {one.name: Process(one, given, folder / f"{one.name}.log") for one in opened}
        house = House(processes, token_for)
        for process in processes.values():
            process.start()
            stack.callback(process.kill)
        for name, process in processes.items():
            await process.ready()
            headers = {"Authorization": f"Bearer {token_for('admin')}"}
            house.clients[name] = await stack.enter_async_context(
                httpx.AsyncClient(base_url=process.url, headers=headers, timeout=60)
            )
        yield house
