"""A follower in a process of its own, to be killed: `python -m tests.integration.outbox.process URL`."""

import asyncio
import sys
from collections.abc import Sequence

from shared.db.engine import Database
from shared.db.sessions import WriteSession
from shared.outbox import Follower
from shared.schemas.changes import ChangeRead
from tests.integration.outbox.test_follow import Source, apply


async def main(url: str) -> None:
    database = Database(url, application_name="follower")

    async def slowly(session: WriteSession, changes: Sequence[ChangeRead]) -> None:
        await apply(session, changes)
        await asyncio.sleep(0.03)

    await Follower(database, "things", Source(database).fetch, slowly, batch=10, wait_seconds=0).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
