"""Fixtures every test may ask for."""

from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.postgres import Cluster
from tests.support import cluster as clusters


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """One running PostgreSQL for the whole session (with xdist: for each worker)."""
    with clusters.temporary_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_url(postgres_cluster: Cluster) -> str:
    """The address of the cluster's maintenance database, as superuser."""
    return postgres_cluster.url("postgres")


@pytest.fixture
async def empty_database(postgres_cluster: Cluster) -> AsyncIterator[str]:
    """The address of a fresh database without tables, dropped after the test."""
    async with clusters.fresh_database(postgres_cluster) as url:
        yield url
