"""The PostgreSQL the other tests stand on."""

import asyncpg

from tests.support.cluster import driver_url


async def test_a_fresh_database_compares_kazakh_text_and_has_its_extensions(empty_database: str) -> None:
    connection = await asyncpg.connect(driver_url(empty_database))
    try:
        similarity = await connection.fetchval("SELECT similarity('Қаратау мектебі', 'қаратау мектебі')")
        tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()

    assert similarity == 1.0
    assert tables == 0


async def test_two_tests_never_share_a_fresh_database(empty_database: str, postgres_url: str) -> None:
    assert empty_database.rsplit("/", 1)[0] == postgres_url.rsplit("/", 1)[0]
    assert empty_database != postgres_url
