"""A database with the test's own tables, emptied by being dropped."""

from collections.abc import AsyncIterator

import pytest

from shared.db.engine import Database
from shared.db.migrations.scratch import create_from_models
from tests.integration.db.house import Base
from tests.support.cluster import Databases


@pytest.fixture(scope="module")
async def house_url(databases: Databases) -> AsyncIterator[str]:
    async with databases.empty() as url:
        await create_from_models(url, Base.metadata)
        yield url


@pytest.fixture
async def house(house_url: str) -> AsyncIterator[Database]:
    """Tests of one module share its rows, so each makes its own and looks at nothing else."""
    database = Database(house_url, application_name="house-test")
    yield database
    await database.close()
