"""A server that accepts and never answers: nobody waits longer than he said he would, and it heals at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url, text

from shared.db.engine import Database


class Line:
    """A line to the server that can swallow everything without being cut."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def swallow(self) -> None:
        self._flowing.clear()

    def heal(self) -> None:
        self._flowing.set()

    async def close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        for source, target in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._carry(source, target))
            self._tasks.add(task)

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                await self._flowing.wait()
                target.write(data)
                await target.drain()
        except ConnectionError:
            pass
        finally:
            target.close()


@pytest.fixture
async def line(house_url: str) -> AsyncIterator[Line]:
    url = make_url(house_url)
    assert url.host is not None
    line = Line(url.host, url.port or 5432)
    yield line
    await line.close()


async def test_a_deadline_holds_before_a_server_that_swallows_everything(house_url: str, line: Line) -> None:
    port = await line.open()
    through = make_url(house_url).set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    database = Database(f"{through}?sslmode=disable", application_name="far")
    loop = asyncio.get_running_loop()

    async def request() -> float:
        asked = loop.time()
        try:
            async with asyncio.timeout(0.5), database.writing() as session:
                await session.execute(text("SELECT 1"))
        except TimeoutError:
            pass
        return loop.time() - asked

    await asyncio.gather(*(request() for _ in range(4)))
    line.swallow()
    waited = await asyncio.gather(*(request() for _ in range(8)))
    line.heal()
    async with asyncio.timeout(5):
        asked = loop.time()
        async with database.writing() as session:
            assert await session.scalar(text("SELECT 1")) == 1
        healed = loop.time() - asked
    await database.close()

    assert max(waited) < 3.5
    assert healed < 1
