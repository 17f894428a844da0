"""What goes on in the background of the rating engine beside its jobs."""

import asyncio

import structlog
from fastapi import FastAPI

from services.rating_engine.runs import service as runs
from services.rating_engine.surveys import service as surveys
from shared import clock

_PAUSE_SECONDS = 5.0
_log = structlog.get_logger(__name__)


async def close_surveys(app: FastAPI) -> None:
    """Every few seconds close the surveys whose instant has come; each is then counted by a job."""
    while True:
        try:
            await surveys.close_due(app.state.database, now=clock.now())
        except Exception as error:  # the database may be away; nothing is taken after the instant all the same
            _log.warning("surveys_not_closed", error=type(error).__name__)
        await asyncio.sleep(_PAUSE_SECONDS)


async def fail_forsaken_runs(app: FastAPI) -> None:
    """Every few seconds fail the runs whose job has ended without them."""
    while True:
        try:
            await runs.forsake(app.state.database, now=clock.now())
        except Exception as error:  # the database may be away; the next turn finds them as well
            _log.warning("runs_not_forsaken", error=type(error).__name__)
        await asyncio.sleep(_PAUSE_SECONDS)
