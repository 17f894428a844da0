"""One registry for the scenarios of one file."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support import apps
from tests.support.cluster import Databases
from tests.support.registry import Registry


@pytest.fixture(scope="module")
async def registry(
    databases: Databases, local_key_file: Path, token_for: Callable[..., str]
) -> AsyncIterator[Registry]:
    """The real app on a database of its own, shared by the scenarios of one file: they do not clean up."""
    async with databases.database_for("registry") as url:
        environment = {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)}
        app = apps.build_app("registry", environment)
        async with apps.running(app), apps.client_for(app) as client:
            yield Registry(client, token_for)
