"""The feed has no gaps, loses nothing and repeats nothing, however its writers commit."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, func, select, text, update

from shared import outbox
from shared.db.engine import Database
from shared.db.listening import Listener
from shared.db.sessions import AnySession, Authorship
from shared.outbox import Event, Stamper, Waiter
from shared.outbox.tables import change_events

WRITERS = 12
TRANSACTIONS = 60


def _event(name: str, **data: Any) -> Event:
    return Event(kind="thing.changed", subject="thing", subject_id=name, data=data)


async def _write(database: Database, *names: str) -> None:
    async with database.writing() as session:
        await outbox.add_many(session, [_event(name) for name in names])


async def _stamp(database: Database, *, limit: int = 1000) -> int:
    async with database.writing() as session:
        return await outbox.stamp(session, limit=limit)


async def _names(database: Database, *, after: int = 0, limit: int = 1000) -> list[tuple[int, str]]:
    async with database.reading() as session:
        return [(item.position, item.subject_id) for item in await outbox.read(session, after=after, limit=limit)]


async def test_committed_events_are_numbered_from_one(database: Database) -> None:
    await _write(database, "a", "b")
    await _write(database, "c")

    assert await _stamp(database) == 3

    assert await _names(database) == [(1, "a"), (2, "b"), (3, "c")]
    assert await _names(database, after=1, limit=1) == [(2, "b")]
    async with database.reading() as session:
        assert await outbox.head(session) == 3


async def test_an_event_is_invisible_until_it_is_numbered(database: Database) -> None:
    await _write(database, "a")

    assert await _names(database) == []
    async with database.reading() as session:
        assert await outbox.head(session) == 0
        waiting = await outbox.pending(session)
    assert waiting.events == 1
    assert waiting.oldest.total_seconds() > 0


async def test_a_rolled_back_event_leaves_neither_trace_nor_gap(database: Database) -> None:
    await _write(database, "a")
    async with database.writing() as session:
        await outbox.add(session, _event("lost"))
        await session.rollback()
    await _write(database, "b")

    await _stamp(database)

    assert await _names(database) == [(1, "a"), (2, "b")]


async def test_an_event_that_commits_late_comes_after_those_already_numbered(database: Database) -> None:
    async with database.writing() as slow:
        await outbox.add(slow, _event("first written"))
        await _write(database, "first committed")
        await _stamp(database)
    await _stamp(database)

    assert await _names(database) == [(1, "first committed"), (2, "first written")]


async def test_numbering_goes_on_batch_after_batch(database: Database) -> None:
    await _write(database, *(str(n) for n in range(25)))

    assert [await _stamp(database, limit=10) for _ in range(4)] == [10, 10, 5, 0]

    assert await _names(database) == [(n + 1, str(n)) for n in range(25)]


async def test_stampers_in_many_processes_never_give_one_number_twice(database: Database) -> None:
    await _write(database, *(str(n) for n in range(200)))

    given = await asyncio.gather(*(_stamp(database, limit=30) for _ in range(10)))

    assert sum(given) == 200
    assert await _names(database) == [(n + 1, str(n)) for n in range(200)]


async def test_thousands_of_events_are_written_in_their_order(database: Database) -> None:
    names = [str(n) for n in range(5_516)]

    await _write(database, *names)
    while await _stamp(database):
        pass

    async with database.reading() as session:
        rows = await session.execute(select(change_events.c.subject_id).order_by(change_events.c.position))
    assert list(rows.scalars()) == names


async def test_an_event_carries_its_data_its_author_and_its_time(database: Database) -> None:
    occurred_at = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
    data = {"name": {"kk": '№46 «Бауыржан» \\ " мектебі'}, "share": 0.1, "none": None, "list": [1, 2]}

    async with database.writing(Authorship("officer-17")) as session:
        await outbox.add(
            session,
            Event(kind="thing.changed", subject="thing", subject_id="a", data=data, occurred_at=occurred_at),
        )
    await _stamp(database)

    async with database.reading() as session:
        [item] = await outbox.read(session, after=0, limit=1)
        actor = await session.scalar(select(change_events.c.actor))
    assert (item.kind, item.subject, item.subject_id, item.data, item.occurred_at) == (
        "thing.changed",
        "thing",
        "a",
        data,
        occurred_at,
    )
    assert actor == "officer-17"


async def test_numbers_go_on_after_old_events_were_removed(database: Database) -> None:
    await _write(database, "a", "b", "c")
    await _stamp(database)
    async with database.writing() as session:
        await session.execute(delete(change_events).where(change_events.c.position < 3))
    await _write(database, "d")

    await _stamp(database)

    assert await _names(database) == [(3, "c"), (4, "d")]


async def _storm(database: Database, follow: Callable[[asyncio.Event], Any]) -> tuple[set[str], Any]:
    """Twelve writers, of whose transactions some linger between writing and commit and some roll back."""
    committed: set[str] = set()
    chance = random.Random(20260901)
    done = asyncio.Event()

    async def writer(number: int) -> None:
        for turn in range(TRANSACTIONS):
            names = [f"{number}-{turn}-{part}" for part in range(chance.randint(1, 3))]
            delay, fails = chance.uniform(0, 0.02), chance.random() < 0.2
            try:
                async with database.writing() as session:
                    await outbox.add_many(session, [_event(name) for name in names])
                    await asyncio.sleep(delay)
                    if fails:
                        raise InterruptedError
            except InterruptedError:
                continue
            committed.update(names)

    reader = asyncio.create_task(follow(done))
    await asyncio.gather(*(writer(number) for number in range(WRITERS)))
    done.set()
    return committed, await reader


async def test_a_reader_sees_each_event_of_twelve_concurrent_writers_once_and_in_order(
    database: Database, listener: Listener
) -> None:
    stampers = [asyncio.create_task(Stamper(database, listener).run()) for _ in range(2)]
    waiter = Waiter(database, listener)

    async def follow(done: asyncio.Event) -> list[tuple[int, str]]:
        seen: list[tuple[int, str]] = []
        after = 0
        while True:
            finished = done.is_set()
            page = await waiter.page(after=after, limit=50, wait=0.5)
            seen += [(item.position, item.subject_id) for item in page.items]
            after = page.next_after
            if finished and not page.items:
                return seen

    committed, seen = await _storm(database, follow)
    for stamper in stampers:
        stamper.cancel()
    await asyncio.wait(stampers)

    assert [position for position, _ in seen] == list(range(1, len(committed) + 1))
    assert sorted(name for _, name in seen) == sorted(committed)


_BY_INSERTION = (
    select(change_events.c.seq, change_events.c.subject_id)
    .where(change_events.c.seq > bindparam("after"))
    .order_by(change_events.c.seq)
    .limit(50)
)


async def test_reading_by_order_of_insertion_instead_would_lose_events(database: Database) -> None:
    """Were this not so, the test above would prove nothing."""

    async def page(session: AnySession, after: int) -> list[tuple[int, str]]:
        return [(row.seq, row.subject_id) for row in await session.execute(_BY_INSERTION, {"after": after})]

    async def follow(done: asyncio.Event) -> list[tuple[int, str]]:
        seen: list[tuple[int, str]] = []
        while True:
            finished = done.is_set()
            async with database.reading() as session:
                items = await page(session, seen[-1][0] if seen else 0)
            seen += items
            if finished and not items:
                return seen

    committed, seen = await _storm(database, follow)

    assert committed - {name for _, name in seen}


async def test_events_about_one_row_stand_in_the_order_in_which_it_changed(database: Database) -> None:
    async with database.writer.begin() as connection:
        await connection.execute(text("CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL)"))
        await connection.execute(text("INSERT INTO counters VALUES (1, 0)"))

    async def increment() -> None:
        async with database.writing() as session:
            value = await session.scalar(text("UPDATE counters SET value = value + 1 WHERE id = 1 RETURNING value"))
            await outbox.add(session, _event("counter", value=value))

    stamping = asyncio.create_task(_stamp_until_cancelled(database))
    await asyncio.gather(*(increment() for _ in range(100)))
    stamping.cancel()
    await asyncio.wait({stamping})
    await _stamp(database)

    async with database.reading() as session:
        items = await outbox.read(session, after=0, limit=200)
    assert [item.data["value"] for item in items] == list(range(1, 101))


async def _stamp_until_cancelled(database: Database) -> None:
    while True:
        await _stamp(database)
        await asyncio.sleep(0)


async def test_a_position_once_given_is_the_only_one(database: Database) -> None:
    await _write(database, "a", "b")
    await _stamp(database)

    with pytest.raises(Exception, match="uq_change_events_position"):
        async with database.writing() as session:
            await session.execute(update(change_events).values(position=1))

    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(change_events)) == 2
