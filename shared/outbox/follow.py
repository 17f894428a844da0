"""Following the feed of another service: each change is applied here exactly once, whatever is killed meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from shared.db.engine import Database
from shared.db.sessions import AnySession, WriteSession
from shared.observability.backoff import Backoff
from shared.observability.context import working
from shared.outbox.tables import feed_cursors
from shared.schemas.changes import ChangePage, ChangeRead

_BATCH = 500
_PAUSE_SECONDS = 0.2
"""Before asking again after an empty page, should the other side not wait as it was asked to."""

_CURSOR = select(feed_cursors.c.position).where(feed_cursors.c.feed == bindparam("feed_name"))
_LOCK_CURSOR = _CURSOR.with_for_update()
_BEGIN = insert(feed_cursors).values(feed=bindparam("feed_name"), position=0).on_conflict_do_nothing()
_MOVE = (
    update(feed_cursors)
    .where(feed_cursors.c.feed == bindparam("feed_name"))
    .values(position=bindparam("reached"), updated_at=func.now())
)


class Fetch(Protocol):
    """A typed client's reader of `/v1/changes`."""

    def __call__(self, *, after: int, limit: int, wait: int) -> Awaitable[ChangePage]: ...


Apply = Callable[[WriteSession, Sequence[ChangeRead]], Awaitable[None]]
"""Writes what a batch of changes means here, in the session given; it calls no other service."""


class FeedBroken(Exception):
    """The feed does not go on where we stopped: it was restored from an older backup, or changes are missing."""


class Follower:
    """Keeps this service up to date with one feed.

    The cursor moves in the transaction that applies the changes, so both happen or neither does. With several
    replicas each may fetch the same page; the row lock on the cursor lets one apply it and the others see that it
    has moved.
    """

    def __init__(
        self, database: Database, feed: str, fetch: Fetch, apply: Apply, *, wait_seconds: int = 20, batch: int = _BATCH
    ) -> None:
        self.feed = feed
        self.position = 0
        """The last position applied here, as far as this process knows."""
        self.head: int | None = None
        """The last position of the feed when it last answered; None until it has."""
        self._database = database
        self._fetch = fetch
        self._apply = apply
        self._wait_seconds = wait_seconds
        self._batch = batch
        self._backoff = Backoff(f"follower of {feed}")

    @property
    def lag(self) -> int | None:
        """How many changes are known but not applied; None until the feed has answered."""
        return None if self.head is None else max(0, self.head - self.position)

    @property
    def failing(self) -> str | None:
        """The class of the error it is failing with now, if it is."""
        return self._backoff.last_error

    async def run(self) -> None:
        """Follow for ever; the database and the other service may come and go."""
        while True:
            try:
                with working():
                    applied = await self.step(wait=self._wait_seconds)
            except Exception as error:
                await self._backoff.failed(error)
                continue
            self._backoff.succeeded()
            if not applied:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def catch_up(self) -> int:
        """Apply all there is now, and say how many changes that was."""
        applied = await self.step(wait=0)
        while self.lag:
            applied += await self.step(wait=0)
        return applied

    async def step(self, *, wait: int) -> int:
        """Fetch one page, apply it, and say how many changes were applied."""
        async with self._database.reading() as session:
            self.position = await cursor(session, self.feed)
        page = await self._fetch(after=self.position, limit=self._batch, wait=wait)
        self._check(page)
        self.head = page.head
        if not page.items:
            return 0
        async with self._database.writing() as session:
            await session.execute(_BEGIN, {"feed_name": self.feed})
            position = (await session.execute(_LOCK_CURSOR, {"feed_name": self.feed})).scalar_one()
            if position != self.position:
                return 0
            await self._apply(session, page.items)
            await session.execute(_MOVE, {"feed_name": self.feed, "reached": page.next_after})
        self.position = page.next_after
        return len(page.items)

    def _check(self, page: ChangePage) -> None:
        if page.head < self.position:
            raise FeedBroken(f"{self.feed}: we are at {self.position}, the feed ends at {page.head}")
        for expected, item in enumerate(page.items, self.position + 1):
            if item.position != expected:
                raise FeedBroken(f"{self.feed}: expected change {expected}, got {item.position}")
        if page.next_after != self.position + len(page.items):
            raise FeedBroken(f"{self.feed}: next_after is {page.next_after} after {self.position} + {len(page.items)}")


async def cursor(session: AnySession, feed: str) -> int:
    """How far `feed` has been applied here; 0 before the first change."""
    return (await session.execute(_CURSOR, {"feed_name": feed})).scalar_one_or_none() or 0
