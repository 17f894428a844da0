"""Applies what is missing, so that a running service hardly notices and two starters do not meet."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from shared.db.engine import asyncpg_url
from shared.db.failures import Kind, classify
from shared.db.idempotency import fingerprint
from shared.db.migrations.history import VERSION_TABLE, folder

LOCK_TIMEOUT = timedelta(milliseconds=400)
"""How long a statement may wait for a table. Everything that comes after it waits as long, so it is short."""

PATIENCE = timedelta(minutes=5)
"""How long to go on trying for that, and for another starter that is migrating the same database."""

PAUSE = timedelta(milliseconds=300)


def scripts(service: str) -> ScriptDirectory:
    """Alembic's view of a history: no `alembic.ini` and no `env.py`, because nothing in them would differ."""
    place = folder(service)
    return ScriptDirectory(str(place.parent), version_locations=[str(place)])


async def upgrade(
    url: str,
    service: str,
    *,
    to: str = "heads",
    tell: Callable[[str], None] | None = None,
    patience: timedelta = PATIENCE,
) -> list[str]:
    """Bring a database to the schema its service was written for; the revisions that were applied, in order.

    Each migration is a transaction of its own: what is done stays done when a later one fails.
    """
    engine = migration_engine(url)
    applied: list[str] = []

    def note(revision: str) -> None:
        applied.append(revision)
        if tell is not None:
            tell(revision)

    try:
        async with asyncio.timeout(patience.total_seconds()), _alone(engine, service):
            while True:
                try:
                    async with engine.connect() as connection:
                        await connection.run_sync(_upgrade, service, to, note)
                    return applied
                except DBAPIError as error:
                    failure = classify(error)
                    if failure is None or failure.kind is not Kind.CONTENTION:
                        raise
                    await asyncio.sleep(PAUSE.total_seconds())
    finally:
        await engine.dispose()


def migration_engine(url: str) -> AsyncEngine:
    """Connections that wait briefly for locks and as long as needed for the work itself."""
    settings = {
        "application_name": "migrations",
        "lock_timeout": str(int(LOCK_TIMEOUT.total_seconds() * 1000)),
        "statement_timeout": "0",
        "timezone": "UTC",
    }
    return create_async_engine(
        asyncpg_url(url), poolclass=NullPool, connect_args={"timeout": 10, "server_settings": settings}
    )


@asynccontextmanager
async def _alone(engine: AsyncEngine, service: str) -> AsyncIterator[None]:
    """Hold a lock that belongs to a session, on a connection that does nothing else."""
    number = int.from_bytes(fingerprint(b"migrations", service.encode())[:8], signed=True)
    connection: AsyncConnection
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        while not await connection.scalar(select(func.pg_try_advisory_lock(number))):  # noqa: ASYNC110 # no event tells
            await asyncio.sleep(PAUSE.total_seconds())
        yield


def _upgrade(connection: Connection, service: str, to: str, note: Callable[[str], None]) -> None:
    history = scripts(service)

    def steps(revision: Any, _context: Any) -> Any:
        return history._upgrade_revs(to, revision)  # what Alembic's own `command.upgrade` calls

    def applied(ctx: MigrationContext, step: MigrationInfo, heads: Any, run_args: Any) -> None:
        note(str(step.up_revision_id))

    with EnvironmentContext(Config(), history, fn=steps, destination_rev=to) as environment:
        environment.configure(
            connection=connection,
            version_table=VERSION_TABLE,
            transaction_per_migration=True,
            on_version_apply=applied,
        )
        with environment.begin_transaction():
            environment.run_migrations()
