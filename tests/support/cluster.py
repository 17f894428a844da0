"""A real PostgreSQL for one test session, and fresh databases on it.

Each test that writes has a database of its own, cloned from a migrated template (about 40 ms): in this house a
`WriteSession` really commits, so a test inside a rolled-back transaction would not see what a caller sees.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg

from deploy.local import databases
from deploy.local.databases import driver_url
from deploy.local.postgres import SUPERUSER, Cluster
from deploy.local.services import SERVICES, Service
from deploy.local.temporary import temporary_cluster
from shared.db.migrations.upgrade import upgrade

__all__ = ["Databases", "driver_url", "temporary_cluster"]

_PASSWORD = "only-in-tests"


class Databases:
    """The databases of one test session: a migrated template for each service, made when it is first asked for."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._templates: dict[str, asyncio.Lock | None] = {}

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        """The address, as superuser, of a fresh database that has the extensions of the house and no tables."""
        name = _fresh_name("empty")
        await self._create(name, owner=SUPERUSER)
        try:
            await databases.add_extensions(self._cluster.url(name))
            yield self._cluster.url(name)
        finally:
            await self._drop(name)

    @asynccontextmanager
    async def database_for(self, service: str) -> AsyncIterator[str]:
        """The address of a fresh migrated database of `registry` (`training`, `rating`), as the service's role."""
        (found,) = (one for one in SERVICES if one.name == service)
        template = await self._template(found)
        name = _fresh_name(service)
        await self._create(name, owner=found.database, template=template)
        try:
            yield self._cluster.url(name, found.database, _PASSWORD)
        finally:
            await self._drop(name)

    async def _template(self, service: Service) -> str:
        name = f"template_{service.name}"
        lock = self._templates.setdefault(name, asyncio.Lock())
        if lock is not None:
            async with lock:
                if self._templates[name] is not None:
                    await self._make_template(service, name)
                    self._templates[name] = None
        return name

    async def _make_template(self, service: Service, name: str) -> None:
        async with self._superuser() as connection:
            await databases.close_to_strangers(connection)
            await databases.ensure_role(connection, service.database, _PASSWORD)
        await self._create(name, owner=service.database)
        await databases.add_extensions(self._cluster.url(name))
        await upgrade(self._cluster.url(name, service.database, _PASSWORD), service.package)

    async def _create(self, name: str, *, owner: str, template: str = "template0") -> None:
        async with self._superuser() as connection:
            await databases.create_database(connection, name, owner=owner, template=template)

    async def _drop(self, name: str) -> None:
        async with self._superuser() as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @asynccontextmanager
    async def _superuser(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(driver_url(self._cluster.url("postgres")))
        try:
            yield connection
        finally:
            await connection.close()


def _fresh_name(kind: str) -> str:
    return f"{kind}_{uuid4().hex[:16]}"
