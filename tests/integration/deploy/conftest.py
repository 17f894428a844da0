"""A folder PostgreSQL may live in, for tests that make clusters of their own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.postgres import Cluster, open_cluster


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may enter: pytest's own are private, and PostgreSQL does not run as root."""
    path = Path(tempfile.mkdtemp(prefix="bilim-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster that is neither made nor started yet."""
    cluster = open_cluster(folder / "postgres", password="secret", log=folder / "postgres.log", environment=os.environ)
    yield cluster
    cluster.stop()
