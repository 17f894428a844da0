"""Many rows at once: types survive, merges count right, and nothing outlives the transaction."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import Range

from shared.clock import now
from shared.db import bulk
from shared.db.bulk import Merged
from shared.db.engine import Database
from shared.ids import new_id
from tests.integration.db.house import Room, School

SCHOOLS = School.metadata.tables["schools"]
ROOMS: Table = Room.metadata.tables["rooms"]
COLUMNS = ("id", "code", "pupils", "notes", "version", "created_at", "updated_at")


def school(code: str, pupils: int | None = None, notes: dict[str, Any] | None = None) -> tuple[Any, ...]:
    moment = now()
    return (new_id(), code, pupils, notes, 1, moment, moment)


async def test_copied_rows_keep_json_ranges_and_absent_values(house: Database) -> None:
    one = school("copied", None, {"kk": "Қаратау", "list": [1, None]})
    days = Range(date(2026, 1, 1), None)

    async with house.writing() as session:
        assert await bulk.copy_rows(session, SCHOOLS, COLUMNS, [one]) == 1
        room = (new_id(), one[0], 7, days)
        assert await bulk.copy_rows(session, ROOMS, ("id", "school_id", "number", "in_use"), [room]) == 1

    async with house.reading() as session:
        kept = await session.get_one(School, one[0])
        assert (kept.pupils, kept.notes) == (None, {"kk": "Қаратау", "list": [1, None]})
        assert (await session.get_one(Room, room[0])).in_use == days


async def test_rows_may_come_from_a_stream(house: Database) -> None:
    async def stream() -> AsyncIterator[tuple[Any, ...]]:
        for number in range(1_200):
            yield school(f"streamed-{number}")

    async with house.writing() as session:
        assert await bulk.copy_rows(session, SCHOOLS, COLUMNS, stream()) == 1_200


async def test_a_copy_is_undone_with_its_transaction(house: Database) -> None:
    async def fail() -> None:
        async with house.writing() as session:
            await bulk.copy_rows(session, SCHOOLS, COLUMNS, [school("undone")])
            raise RuntimeError("a fault of the caller")

    with pytest.raises(RuntimeError):
        await fail()

    async with house.reading() as session:
        assert await session.scalar(select(func.count()).where(School.code == "undone")) == 0


async def test_a_merge_adds_the_new_changes_the_different_and_leaves_the_equal(house: Database) -> None:
    rows = [school(f"merged-{number}", number) for number in range(10)]
    async with house.writing() as session:
        first = await bulk.merge_rows(session, SCHOOLS, COLUMNS, rows, key=("code",))
        again = [school(f"merged-{number}", 100 if number == 3 else number) for number in range(2, 12)]
        second = await bulk.merge_rows(session, SCHOOLS, COLUMNS, again, key=("code",))

    assert first == Merged(inserted=10, updated=0, unchanged=0)
    assert second == Merged(inserted=2, updated=1, unchanged=7)
    async with house.reading() as session:
        changed, equal = await session.get_one(School, rows[3][0]), await session.get_one(School, rows[4][0])
    assert (changed.pupils, changed.version, changed.updated_at) == (100, 2, again[1][-1])
    assert changed.created_at == rows[3][-2]
    assert (equal.version, equal.updated_at) == (1, rows[4][-1])


async def test_a_merge_that_updates_nothing_keeps_what_is_there(house: Database) -> None:
    async with house.writing() as session:
        await bulk.merge_rows(session, SCHOOLS, COLUMNS, [school("kept", 1)], key=("code",))
        merged = await bulk.merge_rows(session, SCHOOLS, COLUMNS, [school("kept", 2)], key=("code",), update=())

    assert merged == Merged(inserted=0, updated=0, unchanged=1)


async def test_two_merges_of_the_same_rows_in_opposite_order_do_not_deadlock(house: Database) -> None:
    async def merge(*numbers: int) -> None:
        async with house.writing() as session:
            rows = [school(f"crossed-{number}", numbers[0]) for number in numbers]
            await bulk.merge_rows(session, SCHOOLS, COLUMNS, rows, key=("code",))
            await asyncio.sleep(0.01)

    numbers = range(200)
    await asyncio.gather(*(merge(*numbers), merge(*reversed(numbers)), merge(*numbers), merge(*reversed(numbers))))


async def test_other_work_gets_its_turn_while_rows_are_copied(house: Database) -> None:
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.001)
            longest = max(longest, loop.time() - before)

    watcher = asyncio.create_task(watch())
    async with house.writing() as session:
        await bulk.copy_rows(session, SCHOOLS, COLUMNS, (school(f"many-{number}") for number in range(30_000)))
    watcher.cancel()

    assert longest < 0.25


async def test_a_row_of_the_wrong_width_is_refused(house: Database) -> None:
    async def copy() -> None:
        async with house.writing() as session:
            await bulk.copy_rows(session, SCHOOLS, COLUMNS, [school("short")[:-1]])

    with pytest.raises(ValueError, match="6 values for 7 columns"):
        await copy()
