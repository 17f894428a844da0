"""A folder PostgreSQL may live in, for tests that make clusters of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.postgres import Cluster, open_cluster
from deploy.local.temporary import temporary_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may enter: pytest's own are private, and PostgreSQL does not run as root."""
    with temporary_folder() as folder:
        yield folder


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster that is neither made nor started yet."""
    cluster = open_cluster(folder / "postgres", password="secret", log=folder / "postgres.log", environment=os.environ)
    yield cluster
    cluster.stop()
