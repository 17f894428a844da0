"""Three databases and three roles in one cluster, none able to see another's; and what a server must be like."""

from collections.abc import AsyncIterator, Mapping

import asyncpg

from deploy.local.failure import StartFailure
from deploy.local.home import Secrets
from deploy.local.postgres import Cluster
from deploy.local.services import SERVICES

EXTENSIONS = ("btree_gist", "fuzzystrmatch", "pg_trgm")
_OLDEST_SERVER = 180000
_CONNECT_SECONDS = 10


def driver_url(url: str) -> str:
    """An address in the form asyncpg itself understands."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}://{rest}"


async def prepare(cluster: Cluster, secrets: Secrets) -> dict[str, str]:
    """Make what is missing of roles, databases and extensions; gives each service's own address by its name."""
    passwords: Mapping[str, str] = {
        "registry": secrets.registry,
        "training": secrets.training,
        "rating": secrets.rating,
    }
    connection = await asyncpg.connect(driver_url(cluster.url("postgres")), timeout=_CONNECT_SECONDS)
    try:
        await close_to_strangers(connection)
        present = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
        for service in SERVICES:
            await ensure_role(connection, service.database, passwords[service.name])
            if service.database not in present:
                await create_database(connection, service.database, owner=service.database)
    finally:
        await connection.close()
    for service in SERVICES:
        await add_extensions(cluster.url(service.database))
    return {
        service.name: cluster.url(service.database, service.database, passwords[service.name]) for service in SERVICES
    }


async def close_to_strangers(connection: asyncpg.Connection) -> None:
    """Keep services out of the databases that come with a cluster."""
    for database in ("postgres", "template1"):
        await connection.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")


async def ensure_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    """A role that can log in and nothing more, with this password."""
    if await connection.fetchval("SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role):
        await connection.execute(f"CREATE ROLE {role} LOGIN")
    secret = password.replace("'", "''")
    await connection.execute(f"ALTER ROLE {role} PASSWORD '{secret}'")


async def create_database(
    connection: asyncpg.Connection, name: str, *, owner: str, template: str = "template0"
) -> None:
    """A database that its owner may enter and no other role may."""
    await connection.execute(f"CREATE DATABASE {name} OWNER {owner} TEMPLATE {template} STRATEGY wal_log")
    await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")


async def add_extensions(superuser_url: str) -> None:
    connection = await asyncpg.connect(driver_url(superuser_url), timeout=_CONNECT_SECONDS)
    try:
        present = {row["extname"] for row in await connection.fetch("SELECT extname FROM pg_extension")}
        for extension in EXTENSIONS:
            if extension not in present:
                await connection.execute(f"CREATE EXTENSION {extension}")
        # What lies in `public` belongs to the database's owner and to nobody else.
        await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    finally:
        await connection.close()


async def check(url: str, *, variable: str) -> None:
    """Refuse a server on which text would compare wrongly or an acknowledged write could be lost."""
    try:
        connection = await asyncpg.connect(driver_url(url), timeout=_CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise StartFailure(f"{variable}: the database cannot be reached ({error or type(error).__name__}).") from error
    try:
        faults = [fault async for fault in _faults(connection)]
    finally:
        await connection.close()
    if faults:
        raise StartFailure(f"{variable}: this server cannot carry Bilim:\n" + "\n".join(f"  - {f}" for f in faults))


async def _faults(connection: asyncpg.Connection) -> AsyncIterator[str]:
    version = await connection.fetchval("SELECT current_setting('server_version_num')::int")
    if version < _OLDEST_SERVER:
        yield f"it is PostgreSQL {version // 10000}; {_OLDEST_SERVER // 10000} is the oldest that is supported"
    encoding = await connection.fetchval("SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        yield f"its database is encoded in {encoding}, not in UTF8"
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        if await connection.fetchval("SELECT current_setting($1)", setting) == "off":
            yield f"{setting} is off, so an acknowledged write can be lost in a crash"
    present = {row["extname"] for row in await connection.fetch("SELECT extname FROM pg_extension")}
    for extension in EXTENSIONS:
        if extension not in present:
            yield f"the extension is missing: CREATE EXTENSION {extension} (as superuser, in this database)"
    if "pg_trgm" in present:
        alike = await connection.fetchval("SELECT similarity('Қаратау мектебі', 'қаратау мектебі')")
        if alike != 1:
            yield "its locale does not know Cyrillic letters; make the cluster with --lc-ctype=C.UTF-8"
