"""Fixtures every test may ask for."""

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from deploy.local.postgres import Cluster
from shared import clock
from shared.auth.keys import LocalKey
from tests.support import apps
from tests.support.cluster import Databases, temporary_cluster


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a report travel from an xdist worker even when a test about broken text has logged some."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode("utf-8")) for name, text in report.sections
    ]
    return report


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """One running PostgreSQL for the whole session (with xdist: for each worker)."""
    with temporary_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_url(postgres_cluster: Cluster) -> str:
    """The address of the cluster's maintenance database, as superuser."""
    return postgres_cluster.url("postgres")


@pytest.fixture(scope="session")
def databases(postgres_cluster: Cluster) -> Databases:
    """Makes fresh databases; for a module that wants one for all its tests: `databases.database_for("registry")`."""
    return Databases(postgres_cluster)


@pytest.fixture
async def empty_database(databases: Databases) -> AsyncIterator[str]:
    """The address of a fresh database without tables, dropped after the test."""
    async with databases.empty() as url:
        yield url


@pytest.fixture(scope="session")
def local_key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key that signs this session's tokens."""
    path = tmp_path_factory.mktemp("keys") / "local-key.pem"
    LocalKey.ensure(path)
    return path


@pytest.fixture(scope="session")
def token_for(local_key_file: Path) -> Callable[..., str]:
    """Issues tokens: `token_for("director", organisation=...)`; claims as in `LocalKey.issue`."""
    key = LocalKey.load(local_key_file)

    def issue(role: str, *, subject: str | None = None, **claims: Any) -> str:
        return key.issue(role, subject=subject or role, now=clock.now(), **claims)

    return issue


@pytest.fixture
async def registry_database(databases: Databases) -> AsyncIterator[str]:
    async with databases.database_for("registry") as url:
        yield url


@pytest.fixture
async def training_database(databases: Databases) -> AsyncIterator[str]:
    async with databases.database_for("training") as url:
        yield url


@pytest.fixture
async def rating_database(databases: Databases) -> AsyncIterator[str]:
    async with databases.database_for("rating") as url:
        yield url


@pytest.fixture
async def registry_app(registry_database: str, local_key_file: Path) -> AsyncIterator[FastAPI]:
    app = apps.build_app("registry", _environment("REGISTRY", registry_database, local_key_file))
    async with apps.running(app):
        yield app


@pytest.fixture
async def training_app(training_database: str, local_key_file: Path) -> AsyncIterator[FastAPI]:
    app = apps.build_app("training", _environment("TRAINING", training_database, local_key_file))
    async with apps.running(app):
        yield app


@pytest.fixture
async def rating_app(rating_database: str, local_key_file: Path) -> AsyncIterator[FastAPI]:
    app = apps.build_app("rating", _environment("RATING", rating_database, local_key_file))
    async with apps.running(app):
        yield app


@pytest.fixture
async def registry_client(registry_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of registry_api without a token."""
    async with apps.client_for(registry_app) as client:
        yield client


@pytest.fixture
async def training_client(training_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of training_api without a token."""
    async with apps.client_for(training_app) as client:
        yield client


@pytest.fixture
async def rating_client(rating_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of rating_engine without a token."""
    async with apps.client_for(rating_app) as client:
        yield client


def _environment(prefix: str, database: str, key_file: Path) -> dict[str, str]:
    return {f"{prefix}_DATABASE_URL": database, "BILIM_LOCAL_KEY_FILE": str(key_file)}
