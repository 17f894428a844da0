"""A follower applies each change of another service exactly once, whatever is killed meanwhile."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from shared import outbox
from shared.db.engine import Database
from shared.db.listening import Listener
from shared.db.sessions import WriteSession
from shared.outbox import Event, FeedBroken, Follower, Stamper, Waiter
from shared.outbox.follow import cursor
from shared.schemas.changes import ChangePage, ChangeRead

CREATE = "CREATE TABLE applied (position bigint NOT NULL, subject_id text NOT NULL)"


class Source:
    """A feed read straight from its database, as a client would over HTTP."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.asked = 0

    async def fetch(self, *, after: int, limit: int, wait: int) -> ChangePage:
        self.asked += 1
        async with self.database.reading() as session:
            items = await outbox.read(session, after=after, limit=limit)
            head = await outbox.head(session)
        return ChangePage(items=items, next_after=items[-1].position if items else after, head=head)


async def apply(session: WriteSession, changes: Sequence[ChangeRead]) -> None:
    await session.execute(
        text("INSERT INTO applied VALUES (:position, :subject_id)"),
        [{"position": change.position, "subject_id": change.subject_id} for change in changes],
    )


async def _write(database: Database, *names: str) -> None:
    async with database.writing() as session:
        await outbox.add_many(
            session, [Event(kind="thing.changed", subject="thing", subject_id=name, data={}) for name in names]
        )
    async with database.writing() as session:
        await outbox.stamp(session)


async def _applied(database: Database) -> list[tuple[int, str]]:
    async with database.reading() as session:
        rows = await session.execute(text("SELECT position, subject_id FROM applied ORDER BY position"))
        return [(row.position, row.subject_id) for row in rows]


async def _applied_more_than(database: Database, number: int) -> None:
    async with asyncio.timeout(60):
        while len(await _applied(database)) <= number:  # noqa: ASYNC110 -- another process writes
            await asyncio.sleep(0.02)


@pytest.fixture
async def source(database: Database) -> Source:
    async with database.writer.begin() as connection:
        await connection.execute(text(CREATE))
    return Source(database)


async def test_changes_are_applied_in_order_and_the_cursor_moves_with_them(database: Database, source: Source) -> None:
    await _write(database, *(str(n) for n in range(25)))
    follower = Follower(database, "things", source.fetch, apply, batch=10)

    assert await follower.catch_up() == 25

    assert await _applied(database) == [(n + 1, str(n)) for n in range(25)]
    assert (follower.position, follower.head, follower.lag) == (25, 25, 0)
    async with database.reading() as session:
        assert await cursor(session, "things") == 25
        assert await cursor(session, "others") == 0


async def test_what_could_not_be_applied_is_applied_later_and_once(database: Database, source: Source) -> None:
    await _write(database, "a", "b")

    async def fail_after_writing(session: WriteSession, changes: Sequence[ChangeRead]) -> None:
        await apply(session, changes)
        raise InterruptedError

    broken = Follower(database, "things", source.fetch, fail_after_writing)
    with pytest.raises(InterruptedError):
        await broken.step(wait=0)
    assert await _applied(database) == []
    assert broken.lag == 2

    await Follower(database, "things", source.fetch, apply).catch_up()
    assert await _applied(database) == [(1, "a"), (2, "b")]


async def test_replicas_of_a_follower_share_one_cursor(database: Database, source: Source) -> None:
    await _write(database, *(str(n) for n in range(300)))
    followers = [Follower(database, "things", source.fetch, apply, batch=7) for _ in range(4)]

    counts = await asyncio.gather(*(follower.catch_up() for follower in followers))

    assert sum(counts) == 300
    assert [position for position, _ in await _applied(database)] == list(range(1, 301))


async def test_a_running_follower_goes_on_after_failures_of_the_other_service(
    database: Database, listener: Listener, source: Source
) -> None:
    failures = 3

    async def fetch(*, after: int, limit: int, wait: int) -> ChangePage:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise ConnectionError
        return await Waiter(database, listener).page(after=after, limit=limit, wait=wait)

    follower = Follower(database, "things", fetch, apply)
    stamper = Stamper(database, listener)
    running = [asyncio.create_task(follower.run()), asyncio.create_task(stamper.run())]
    await asyncio.sleep(0.1)
    assert follower.failing == "ConnectionError"
    assert follower.lag is None

    for name in ("a", "b", "c"):
        async with database.writing() as session:
            await outbox.add(session, Event(kind="thing.changed", subject="thing", subject_id=name, data={}))
    await _applied_more_than(database, 2)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)

    assert follower.failing is None
    assert await _applied(database) == [(1, "a"), (2, "b"), (3, "c")]


def _page(after: int, positions: Sequence[int], head: int) -> ChangePage:
    items = [
        ChangeRead.model_validate(
            {
                "position": position,
                "kind": "thing.changed",
                "subject": "thing",
                "subject_id": "a",
                "data": {},
                "occurred_at": "2026-09-01T09:00:00+05:00",
            }
        )
        for position in positions
    ]
    return ChangePage(items=items, next_after=positions[-1] if positions else after, head=head)


@pytest.mark.parametrize(
    ("positions", "head"),
    [([2], 2), ([1, 3], 3), ([1, 1], 2), ([2, 1], 2)],
    ids=["does not begin at 1", "has a gap", "repeats", "runs back"],
)
async def test_a_feed_that_lost_its_order_is_not_followed(
    database: Database, source: Source, positions: list[int], head: int
) -> None:
    async def fetch(*, after: int, limit: int, wait: int) -> ChangePage:
        return _page(after, positions, head)

    with pytest.raises(FeedBroken):
        await Follower(database, "things", fetch, apply).step(wait=0)

    assert await _applied(database) == []


async def test_a_feed_that_was_restored_from_a_backup_is_not_followed(database: Database, source: Source) -> None:
    await _write(database, "a", "b")
    follower = Follower(database, "things", source.fetch, apply)
    await follower.catch_up()

    async def fetch(*, after: int, limit: int, wait: int) -> ChangePage:
        return _page(after, [], head=1)

    with pytest.raises(FeedBroken):
        await Follower(database, "things", fetch, apply).step(wait=0)


async def test_a_follower_killed_again_and_again_applies_each_change_once(database: Database, source: Source) -> None:
    await _write(database, *(str(n) for n in range(250)))
    chance = random.Random(6)
    strikes = 0

    async with asyncio.timeout(180):
        while len(await _applied(database)) < 250:
            async with _process(database):
                await _applied_more_than(database, len(await _applied(database)))
                if strikes < 3:
                    await asyncio.sleep(chance.uniform(0, 0.3))
                else:
                    await _applied_more_than(database, 249)
            strikes += 1

    assert strikes >= 2
    assert await _applied(database) == [(n + 1, str(n)) for n in range(250)]


@asynccontextmanager
async def _process(database: Database) -> AsyncIterator[None]:
    """A follower in a process of its own; killed with -9 at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.outbox.process",
        database.url.render_as_string(hide_password=False),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()
