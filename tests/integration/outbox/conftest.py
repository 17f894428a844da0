"""A database with the tables of the change feed, and two services' worth of plumbing around it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.db.engine import Database
from shared.db.listening import Listener
from tests.support import plumbing


@pytest.fixture
async def database(empty_database: str) -> AsyncIterator[Database]:
    database = Database(empty_database, application_name="outbox-test", write_lanes=16)
    await plumbing.create_tables(database)
    yield database
    await database.close()


@pytest.fixture
async def listener(database: Database) -> AsyncIterator[Listener]:
    listener = Listener(database)
    task = asyncio.create_task(listener.run())
    yield listener
    task.cancel()
    await asyncio.wait({task})
