"""Hearing PostgreSQL's notifications: one connection per process, on which every background loop is woken."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg

from shared.db.engine import CONNECT_TIMEOUT, Database
from shared.observability.backoff import Backoff

_PULSE = timedelta(seconds=15)
"""How often a silent line is tried, since a peer that vanished sends nothing."""
_ANSWER_TIMEOUT = timedelta(seconds=5)


class Ring:
    """The next ring of a bell, taken before looking at what it tells of, so that none is missed in between."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def rings(self) -> None:
        self._event.set()

    async def within(self, seconds: float) -> bool:
        """Wait for it so long at most; whether it rang."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        return True


class Bell:
    """Wakes all who wait on one channel. It says «look», never what there is to see, so a ring too many is harmless."""

    def __init__(self) -> None:
        self._next = Ring()

    def next_ring(self) -> Ring:
        return self._next

    def ring(self) -> None:
        rung, self._next = self._next, Ring()
        rung.rings()


class Listener:
    """Turns `NOTIFY channel` into rings.

    Whenever the connection has been lost and found, all bells ring: what was notified meanwhile is not known. While it
    is down nothing rings, so a loop that waits on a bell also looks by itself now and then. The connection stands
    beside the pools and has to lead to the server directly, not through a pooler in transaction mode.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._bells: dict[str, Bell] = {}
        self._backoff = Backoff("notification listener")

    def bell(self, channel: str) -> Bell:
        """The bell of a channel; ask for it before `run` begins."""
        return self._bells.setdefault(channel, Bell())

    @property
    def failing(self) -> str | None:
        """The class of the error it is failing with now, if it is."""
        return self._backoff.last_error

    async def run(self) -> None:
        """Listen for ever; the database may come and go."""
        while True:
            try:
                await self._listen()
            except Exception as error:
                await self._backoff.failed(error)

    async def _listen(self) -> None:
        _, address = self._database.writer.dialect.create_connect_args(self._database.url)
        connection = await asyncpg.connect(
            **address,
            timeout=CONNECT_TIMEOUT.total_seconds(),
            server_settings={"application_name": f"{self._database.application_name} (listens)"},
        )
        try:
            closed = asyncio.Event()
            connection.add_termination_listener(lambda _: closed.set())
            for channel in self._bells:
                await connection.add_listener(channel, self._heard)
            self._backoff.succeeded()
            for bell in self._bells.values():
                bell.ring()
            while not closed.is_set():
                try:
                    async with asyncio.timeout(_PULSE.total_seconds()):
                        await closed.wait()
                except TimeoutError:
                    await connection.execute("SELECT 1", timeout=_ANSWER_TIMEOUT.total_seconds())
            raise ConnectionResetError("the server closed the listening connection")
        finally:
            connection.terminate()

    def _heard(self, _connection: Any, _pid: int, channel: str, _payload: Any) -> None:
        self._bells[channel].ring()
