"""Three databases whose owners cannot see one another, on a server that is fit to carry them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from deploy.local import databases
from deploy.local.failure import StartFailure
from deploy.local.home import Secrets
from deploy.local.postgres import Cluster
from deploy.local.services import SERVICES
from deploy.local.temporary import temporary_cluster
from tests.support.cluster import driver_url

_SECRETS = Secrets(postgres="p", registry="it's", training="t/t@t", rating="r", cursor="c")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with temporary_cluster() as cluster:
        yield cluster


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(driver_url(url))
    try:
        yield connection
    finally:
        await connection.close()


async def test_each_service_owns_its_database_and_can_build_in_it(cluster: Cluster) -> None:
    urls = await databases.prepare(cluster, _SECRETS)

    for service in SERVICES:
        async with _connection(urls[service.name]) as connection:
            await connection.execute("CREATE TABLE own (period daterange, EXCLUDE USING gist (period WITH &&))")
            assert await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


async def test_no_service_can_enter_a_database_that_is_not_its_own(cluster: Cluster) -> None:
    urls = await databases.prepare(cluster, _SECRETS)

    for service in SERVICES:
        for other in {"postgres", "template1", *(one.database for one in SERVICES)} - {service.database}:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(driver_url(urls[service.name].rpartition("/")[0] + f"/{other}"))


async def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    await databases.prepare(cluster, _SECRETS)

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(driver_url(cluster.url("bilim_registry", "bilim_registry", "guessed")))


async def test_preparing_again_changes_nothing(cluster: Cluster) -> None:
    urls = await databases.prepare(cluster, _SECRETS)
    async with _connection(urls["training"]) as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer")

    assert await databases.prepare(cluster, _SECRETS) == urls

    async with _connection(urls["training"]) as connection:
        assert await connection.fetchval("SELECT answer FROM kept") == 42


async def test_a_sound_server_passes_the_check(cluster: Cluster) -> None:
    urls = await databases.prepare(cluster, _SECRETS)

    for service in SERVICES:
        await databases.check(urls[service.name], variable=service.database_variable)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("LOCALE_PROVIDER libc LOCALE 'C'", "does not know Cyrillic"),
        ("LOCALE_PROVIDER libc LOCALE 'C' ENCODING 'SQL_ASCII'", "SQL_ASCII"),
    ],
)
async def test_a_database_that_would_compare_text_wrongly_is_refused_with_the_reason(
    cluster: Cluster, options: str, fault: str
) -> None:
    async with _connection(cluster.url("postgres")) as connection:
        await connection.execute("DROP DATABASE IF EXISTS unfit")
        await connection.execute(f"CREATE DATABASE unfit TEMPLATE template0 {options}")
    await databases.add_extensions(cluster.url("unfit"))

    with pytest.raises(StartFailure, match=f"(?s)REGISTRY_DATABASE_URL.*{fault}"):
        await databases.check(cluster.url("unfit"), variable="REGISTRY_DATABASE_URL")


async def test_a_server_that_may_lose_what_it_acknowledged_is_refused(cluster: Cluster) -> None:
    urls = await databases.prepare(cluster, _SECRETS)
    async with _connection(cluster.url("postgres")) as connection:
        await connection.execute("ALTER ROLE bilim_rating SET synchronous_commit = off")
    try:
        with pytest.raises(StartFailure, match="synchronous_commit is off"):
            await databases.check(urls["rating"], variable="RATING_DATABASE_URL")
    finally:
        async with _connection(cluster.url("postgres")) as connection:
            await connection.execute("ALTER ROLE bilim_rating RESET synchronous_commit")


async def test_a_server_that_is_not_there_is_told_by_its_variable() -> None:
    with pytest.raises(StartFailure, match="RATING_DATABASE_URL: the database cannot be reached"):
        await databases.check("postgresql://nobody@127.0.0.1:9/nothing", variable="RATING_DATABASE_URL")
