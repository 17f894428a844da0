"""A real PostgreSQL for one test session, and fresh databases on it."""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg

from deploy.local.postgres import Cluster, open_cluster

EXTENSIONS = ("btree_gist", "pg_trgm")


@contextmanager
def temporary_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A running cluster in a folder of its own; without fsync unless a test is about crashes of the machine.

    The folder is not pytest's `tmp_path`: that one is private to root, and PostgreSQL does not run as root.
    """
    root = Path(tempfile.mkdtemp(prefix="bilim-test-"))
    root.chmod(0o755)
    try:
        cluster = open_cluster(
            root / "postgres",
            password=secrets.token_urlsafe(16),
            log=root / "postgres.log",
            environment=os.environ,
            durable=durable,
        )
        cluster.initialise()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop(signal.SIGINT if durable else signal.SIGQUIT)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def driver_url(url: str) -> str:
    """The address as asyncpg itself wants it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def create_database(cluster: Cluster, name: str, *, template: str = "template0") -> str:
    """A new database, with the extensions of the house when it is made from nothing; gives its address."""
    connection = await asyncpg.connect(driver_url(cluster.url("postgres")))
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY wal_log')
    finally:
        await connection.close()
    url = cluster.url(name)
    if template == "template0":
        connection = await asyncpg.connect(driver_url(url))
        try:
            for extension in EXTENSIONS:
                await connection.execute(f"CREATE EXTENSION {extension}")
        finally:
            await connection.close()
    return url


async def drop_database(cluster: Cluster, name: str) -> None:
    connection = await asyncpg.connect(driver_url(cluster.url("postgres")))
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()


@asynccontextmanager
async def fresh_database(cluster: Cluster, *, template: str = "template0") -> AsyncIterator[str]:
    """The address of a database that exists for one test only; writes in it really commit."""
    name = f"t_{uuid4().hex[:16]}"
    url = await create_database(cluster, name, template=template)
    try:
        yield url
    finally:
        await drop_database(cluster, name)
