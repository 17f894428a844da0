"""A worker in a process of its own, to be killed: `python -m tests.integration.jobs.process URL SECONDS`."""

import asyncio
import sys
from datetime import timedelta

from sqlalchemy import text

from shared.db.engine import Database
from shared.db.listening import Listener
from shared.jobs import JobContext, JobOutcome, Worker

STALE = timedelta(seconds=0.6)


async def main(url: str, seconds: float) -> None:
    database = Database(url, application_name="jobs-process")
    listener = Listener(database)

    async def count(context: JobContext) -> JobOutcome:
        await asyncio.sleep(seconds)
        outcome = JobOutcome({"attempt": context.attempt})
        async with context.writing() as session:
            await session.execute(
                text("INSERT INTO effects VALUES (:job, :attempt)"),
                {"job": context.job_id, "attempt": context.attempt},
            )
            await asyncio.sleep(seconds / 4)
            await context.finish_in(session, outcome)
            await asyncio.sleep(seconds / 4)
        return outcome

    worker = Worker(database, {"count": count}, listener, heartbeat=STALE / 5, stale=STALE)
    await asyncio.gather(listener.run(), worker.run())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
