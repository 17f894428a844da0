"""Long polls: a page of the feed, now or as soon as there is one."""

import asyncio
import time

from shared.db.engine import Database
from shared.db.listening import Listener
from shared.outbox.feed import STAMPED, head, read
from shared.schemas.changes import ChangePage

_LANES = 3
"""How many readers look at once when an event wakes all of them; the other connections stay free for other requests."""


class Waiter:
    """Answers readers of the feed. A thousand of them may wait: none holds a connection to the database meanwhile."""

    def __init__(self, database: Database, listener: Listener) -> None:
        self._database = database
        self._stamped = listener.bell(STAMPED)
        self._lanes = asyncio.Semaphore(_LANES)

    async def page(self, *, after: int, limit: int, wait: float) -> ChangePage:
        """The changes behind `after`; when there are none, those that come within `wait` seconds."""
        ends = time.monotonic() + wait
        while True:
            next_ring = self._stamped.next_ring()
            page = await self._read(after, limit)
            left = ends - time.monotonic()
            if page.items or page.head < after or left <= 0:
                return page
            await next_ring.within(left)

    async def _read(self, after: int, limit: int) -> ChangePage:
        async with self._lanes, self._database.reading() as session:
            items = await read(session, after=after, limit=limit)
            last = await head(session)
        next_after = items[-1].position if items else after
        return ChangePage(items=items, next_after=next_after, head=last)
