"""The feed goes on when the database has been away."""

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from shared import outbox
from shared.db.engine import Database
from shared.db.listening import Listener
from shared.outbox import Event, Stamper, Waiter
from tests.support import plumbing
from tests.support.cluster import temporary_cluster


async def _write_when_possible(database: Database, name: str) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                async with database.writing() as session:
                    await outbox.add(session, Event(kind="thing.changed", subject="thing", subject_id=name, data={}))
            except Exception:
                await asyncio.sleep(0.05)
            else:
                return


@pytest.fixture
async def stamping(database: Database, listener: Listener) -> AsyncIterator[Stamper]:
    stamper = Stamper(database, listener)
    task = asyncio.create_task(stamper.run())
    yield stamper
    task.cancel()
    await asyncio.wait({task})


async def test_an_event_is_numbered_within_a_moment_of_its_commit(
    database: Database, listener: Listener, stamping: Stamper
) -> None:
    waiter = Waiter(database, listener)
    await asyncio.sleep(0.3)

    for number in range(5):
        await _write_when_possible(database, str(number))
        async with asyncio.timeout(1):
            page = await waiter.page(after=number, limit=10, wait=1)
        assert [item.position for item in page.items] == [number + 1]


async def test_cut_connections_only_delay_the_feed(database: Database, listener: Listener, stamping: Stamper) -> None:
    waiter = Waiter(database, listener)

    for number in range(3):
        async with database.reading() as session:
            await session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        await _write_when_possible(database, str(number))
        page = await waiter.page(after=number, limit=10, wait=10)
        assert [item.position for item in page.items] == [number + 1]


async def test_without_the_listening_connection_the_stamper_still_looks_now_and_then(database: Database) -> None:
    deaf = Listener(database)
    task = asyncio.create_task(Stamper(database, deaf, poll_seconds=0.2).run())
    await asyncio.sleep(0.1)

    await _write_when_possible(database, "a")
    page = await _page_within(database, seconds=5)
    task.cancel()
    await asyncio.wait({task})

    assert page == 1


async def _page_within(database: Database, *, seconds: float) -> int:
    async with asyncio.timeout(seconds):
        while True:
            async with database.reading() as session:
                if head := await outbox.head(session):
                    return head
            await asyncio.sleep(0.05)


async def test_the_feed_goes_on_after_the_server_was_killed_and_started_again() -> None:
    with temporary_cluster() as cluster:
        database = Database(cluster.url("postgres"), application_name="outage")
        await plumbing.create_tables(database)
        listener = Listener(database)
        stamper = Stamper(database, listener)
        running = [asyncio.create_task(listener.run()), asyncio.create_task(stamper.run())]
        await _write_when_possible(database, "before")
        assert await _page_within(database, seconds=10) == 1

        await asyncio.to_thread(cluster.stop, signal.SIGQUIT)
        async with asyncio.timeout(15):
            while not (stamper.failing and listener.failing):  # noqa: ASYNC110 -- they meet the outage by themselves
                await asyncio.sleep(0.05)
        await asyncio.to_thread(cluster.start)
        await _write_when_possible(database, "after")
        page = await Waiter(database, listener).page(after=1, limit=10, wait=15)

        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await database.close()

    assert [(item.position, item.subject_id) for item in page.items] == [(2, "after")]
