"""One training service for the scenarios of one file."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support import apps
from tests.support.cluster import Databases
from tests.support.training import World


@pytest.fixture(scope="module")
async def world(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[World]:
    """The real app on a database of its own, shared by the scenarios of one file: they do not clean up."""
    async with databases.database_for("training") as url:
        environment = {"TRAINING_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)}
        app = apps.build_app("training", environment)
        async with apps.running(app), apps.client_for(app) as client:
            client.headers["Authorization"] = f"Bearer {token_for('admin')}"
            world = World(client, app.state.database, token_for)
            await world.begin()
            yield world
