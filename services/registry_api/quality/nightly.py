"""The check of every night, asked for by whichever replica is awake first."""

import asyncio
from datetime import timedelta

import structlog
from fastapi import FastAPI

from services.registry_api.quality.service import checks
from shared import clock
from shared.db.engine import Database
from shared.db.failures import classify
from shared.db.sessions import Authorship

INTERVAL = timedelta(minutes=10)

_AUTHOR = Authorship("system:quality")
_log = structlog.get_logger(__name__)


async def check_every_night(app: FastAPI) -> None:
    """Ask once a night for a check of everything; a job carries it out."""
    database: Database = app.state.database
    while True:
        try:
            async with database.writing(_AUTHOR) as session:
                job_id = await checks.ask_nightly(session, now=clock.now())
            if job_id is not None:
                _log.info("quality_check_asked", job=str(job_id))
        except Exception as error:
            if classify(error) is None:
                raise
            _log.warning("quality_check_not_asked", error=type(error).__name__)
        await asyncio.sleep(INTERVAL.total_seconds())
