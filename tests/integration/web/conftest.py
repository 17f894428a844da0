"""The probe service on a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from shared import clock
from shared.auth import LocalKey
from tests.support import probe


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "local.pem"
    LocalKey.ensure(path)
    return path


@pytest.fixture
async def app(empty_database: str, key: Path) -> AsyncIterator[FastAPI]:
    await probe.create_tables(empty_database)
    app = probe.build(empty_database, local_key_file=key)
    yield app
    await app.state.database.close()


@pytest.fixture
def token(key: Path) -> str:
    return LocalKey.load(key, audience="bilim").issue("admin", subject="tester", now=clock.now())


@pytest.fixture
async def http(app: FastAPI, token: str) -> AsyncIterator[httpx.AsyncClient]:
    async with probe.client(app) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


@pytest.fixture
def other_token(key: Path) -> str:
    return LocalKey.load(key, audience="bilim").issue("admin", subject="somebody-else", now=clock.now())
