"""Sessions: what is promised about transactions, limits and lost connections."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import now
from shared.db.engine import Database, asyncpg_url, consistent, driver_connection
from shared.db.failures import Kind, classify
from shared.db.sessions import WriteSession
from shared.ids import new_id
from tests.integration.db.house import School, Scribble


def a_school(**values: Any) -> School:
    return School(**{"code": str(new_id()), "created_at": now(), "updated_at": now(), **values})


async def how_many(database: Database, words: str) -> int:
    async with database.reading() as session:
        return (await session.scalars(select(func.count()).where(Scribble.words == words))).one()


async def test_a_database_that_is_not_there_is_noticed_only_when_it_is_asked() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing", application_name="test")

    with pytest.raises((OSError, SQLAlchemyError)) as caught:
        async with database.reading() as session:
            await session.execute(text("SELECT 1"))

    failure = classify(caught.value)
    assert failure is not None
    assert failure.kind is Kind.UNAVAILABLE
    assert failure.retry_after is not None
    await database.close()


async def test_a_writing_block_commits_when_it_ends_and_undoes_all_when_it_raises(house: Database) -> None:
    async with house.writing() as session:
        session.add(Scribble(words="kept"))

    async def fail() -> None:
        async with house.writing() as session:
            session.add(Scribble(words="lost"))
            await session.flush()
            raise RuntimeError("a fault of the caller")

    with pytest.raises(RuntimeError):
        await fail()

    assert await how_many(house, "kept") == 1
    assert await how_many(house, "lost") == 0


async def test_postgresql_itself_refuses_a_write_through_a_reading_session(house: Database) -> None:
    with pytest.raises(SQLAlchemyError) as caught:
        async with house.reading() as session:
            await session.execute(text("DELETE FROM scribbles"))

    failure = classify(caught.value)
    assert failure is not None
    assert failure.kind is Kind.READ_ONLY


async def test_consistent_statements_see_one_moment_and_others_see_the_present(house: Database) -> None:
    count = select(func.count()).where(Scribble.words == "meanwhile")
    async with house.reading() as session:
        async with consistent(session):
            before = await session.scalar(count)
            async with house.writing() as other:
                other.add(Scribble(words="meanwhile"))
            within = await session.scalar(count)
            assert await session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        after = await session.scalar(count)
        assert await session.scalar(text("SHOW transaction_isolation")) == "read committed"

    assert (before, within, after) == (0, 0, 1)


async def test_work_through_the_driver_is_undone_with_the_transaction(house: Database) -> None:
    async def fail() -> None:
        async with house.writing() as session:
            driver = await driver_connection(session)
            await driver.execute("INSERT INTO scribbles (id, words) VALUES (uuidv7(), 'by the driver')")
            raise RuntimeError("a fault of the caller")

    with pytest.raises(RuntimeError):
        await fail()

    assert await how_many(house, "by the driver") == 0


async def test_without_our_session_the_driver_would_stand_outside_the_transaction(house: Database) -> None:
    async with AsyncSession(house.writer) as session, session.begin():
        connection = await session.connection()
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        assert not driver.is_in_transaction()

        driver = await driver_connection(WriteSession(session))

        assert driver.is_in_transaction()


async def test_the_transaction_knows_its_author_and_the_next_one_does_not(house: Database) -> None:
    class Coordinator:
        subject = "u-17"
        roles = ("training_coordinator",)

    async with house.writing(Coordinator()) as session:
        assert await session.scalar(text("SELECT current_setting('app.actor')")) == "u-17"
    async with house.writing() as session:
        assert await session.scalar(text("SELECT current_setting('app.actor')")) == "system:house-test"


async def test_every_connection_has_its_limits(house: Database) -> None:
    settings = (
        "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('jit'), "
        "current_setting('idle_in_transaction_session_timeout'), current_setting('synchronous_commit'), "
        "current_setting('default_transaction_read_only'), current_setting('TimeZone')"
    )
    async with house.writing() as writing, house.reading() as reading:
        written = (await writing.execute(text(settings))).one()
        read = (await reading.execute(text(settings))).one()

    assert tuple(written) == ("10s", "3s", "off", "15s", "on", "off", "UTC")
    assert tuple(read) == ("10s", "3s", "off", "15s", "on", "on", "UTC")


async def test_connections_that_the_server_closed_are_replaced_unnoticed(house: Database) -> None:
    async with house.writing() as session, house.reading() as other:
        await session.execute(text("SELECT 1"))
        await other.execute(text("SELECT 1"))
    killer = Database(house.url.render_as_string(hide_password=False), application_name="killer")
    async with killer.writing() as session:
        await session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'house-test%'")
        )
    await killer.close()
    await asyncio.sleep(0.05)

    assert await how_many(house, "nothing of the kind") == 0
    async with house.writing() as session:
        assert await session.scalar(text("SELECT 1")) == 1


async def test_a_connection_lost_in_the_middle_is_told_as_unavailable(house: Database) -> None:
    async def lose() -> None:
        async with house.writing() as session:
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
            async with house.writing() as killer:
                await killer.execute(text("SELECT pg_terminate_backend(:pid)").bindparams(pid=pid))
            await session.execute(text("SELECT 1"))

    with pytest.raises(SQLAlchemyError) as caught:
        await lose()

    failure = classify(caught.value)
    assert failure is not None
    assert failure.kind is Kind.UNAVAILABLE
    async with house.writing() as session:
        assert await session.scalar(text("SELECT 1")) == 1


async def test_a_slow_statement_and_a_locked_row_are_given_up_in_time(house_url: str) -> None:
    hasty = Database(
        house_url,
        application_name="hasty",
        statement_timeout=timedelta(milliseconds=200),
        lock_timeout=timedelta(milliseconds=50),
    )
    with pytest.raises(SQLAlchemyError) as slow:
        async with hasty.reading() as session:
            await session.execute(text("SELECT pg_sleep(5)"))
    async with hasty.writing() as holder:
        school = a_school()
        holder.add(school)
        await holder.flush()
        with pytest.raises(SQLAlchemyError) as locked:
            async with hasty.writing() as session:
                session.add(a_school(code=school.code))
    await hasty.close()

    kinds = [failure.kind for error in (slow, locked) if (failure := classify(error.value)) is not None]
    assert kinds == [Kind.TIMEOUT, Kind.CONTENTION]


async def test_when_every_lane_is_taken_the_next_one_is_told_so(house_url: str) -> None:
    narrow = Database(house_url, application_name="narrow", read_lanes=1, pool_timeout=timedelta(milliseconds=50))
    async with narrow.reading() as session:
        await session.execute(text("SELECT 1"))
        with pytest.raises(SQLAlchemyError) as caught:
            async with narrow.reading() as other:
                await other.execute(text("SELECT 1"))
    await narrow.close()

    failure = classify(caught.value)
    assert failure is not None
    assert failure.kind is Kind.UNAVAILABLE


async def test_a_stale_write_is_refused_and_not_laid_over_the_newer_one(house: Database) -> None:
    school = a_school(pupils=1)
    async with house.writing() as session:
        session.add(school)
    async with house.writing() as first, house.writing() as second:
        early, late = await first.get_one(School, school.id), await second.get_one(School, school.id)
        early.pupils = 2
        await first.commit()
        late.pupils = 3
        with pytest.raises(SQLAlchemyError) as caught:
            await second.flush()
        await second.rollback()

    failure = classify(caught.value)
    assert failure is not None
    assert failure.kind is Kind.STALE
    async with house.reading() as session:
        kept = await session.get_one(School, school.id)
        assert (kept.pupils, kept.version) == (2, 2)


async def test_callers_who_hang_up_at_any_moment_leave_no_transaction_open(house: Database) -> None:
    chance = random.Random(20260901)

    async def request() -> None:
        async with house.writing() as session:
            session.add(a_school(pupils=1))
            await session.flush()
            await session.execute(text("SELECT pg_sleep(0.005)"))

    await asyncio.gather(*(request() for _ in range(6)))
    for _ in range(12):
        requests = [asyncio.create_task(request()) for _ in range(6)]
        for task in requests:
            await asyncio.sleep(chance.random() * 0.004)
            task.cancel()
        await asyncio.gather(*requests, return_exceptions=True)
    await asyncio.gather(*(request() for _ in range(20)))

    async with house.reading() as session:
        left = await session.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'house-test' "
                "AND state LIKE 'idle in transaction%'"
            )
        )
    assert left == 0


def test_addresses_written_for_libpq_are_understood() -> None:
    assert asyncpg_url("postgres://a:b@h/d?sslmode=require").query == {"ssl": "require"}
    assert asyncpg_url("postgresql+asyncpg://a@h/d").drivername == "postgresql+asyncpg"
    with pytest.raises(ValueError, match="postgresql://"):
        asyncpg_url("sqlite:///file")
