"""What goes on in the background of the registry beside its jobs."""

import asyncio
from datetime import timedelta

import structlog
from fastapi import FastAPI

from services.registry_api.organisations import service as organisations
from shared import clock
from shared.db.engine import Database
from shared.db.failures import classify
from shared.db.sessions import Authorship

INTERVAL = timedelta(minutes=1)
"""How long after midnight in Kazakhstan the feed may learn what the new day changed."""

_AUTHOR = Authorship("system:calendar")
_log = structlog.get_logger(__name__)


async def announce_days(app: FastAPI) -> None:
    """Tell the change feed, as each day begins, what was to change on it."""
    database: Database = app.state.database
    while True:
        try:
            async with database.writing(_AUTHOR) as session:
                told = await organisations.announce_days(session, now=clock.now())
            if told:
                _log.info("day_announced", organisations=told)
        except Exception as error:
            if classify(error) is None:
                raise
            _log.warning("day_not_announced", error=type(error).__name__)
        await asyncio.sleep(INTERVAL.total_seconds())
