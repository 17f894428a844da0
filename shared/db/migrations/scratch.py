"""A database that exists for a moment, to see what migrations or models make of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from sqlalchemy import MetaData, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from shared.db.engine import asyncpg_url
from shared.db.migrations.upgrade import migration_engine


@asynccontextmanager
async def scratch_database(server_url: str) -> AsyncIterator[str]:
    """The address of a new empty database on the server at `server_url`, whose role must be allowed to create one."""
    name = f"scratch_{uuid4().hex[:12]}"
    server = create_async_engine(asyncpg_url(server_url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        await _run(server, f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield asyncpg_url(server_url).set(database=name).render_as_string(hide_password=False)
        finally:
            await _run(server, f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await server.dispose()


async def create_from_models(url: str, metadata: MetaData) -> None:
    """Make all tables directly, without a migration."""
    engine = migration_engine(url)
    try:
        async with engine.begin() as connection:
            for extension in extensions(metadata):
                await connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
            await connection.run_sync(metadata.create_all)
    finally:
        await engine.dispose()


def extensions(metadata: MetaData) -> list[str]:
    """What the tables need that a bare PostgreSQL does not have; both may be created by the owner of a database."""
    found: set[str] = set()
    for table in metadata.tables.values():
        if any(isinstance(constraint, ExcludeConstraint) for constraint in table.constraints):
            found.add("btree_gist")
        for index in table.indexes:
            options = index.dialect_options["postgresql"]
            if any("trgm" in str(operators) for operators in (options.get("ops") or {}).values()):
                found.add("pg_trgm")
    return sorted(found)


async def _run(server: AsyncEngine, statement: str) -> None:
    async with server.connect() as connection:
        await connection.execute(text(statement))
