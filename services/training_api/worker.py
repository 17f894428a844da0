"""What goes on beside requests: following the registry's feed, and ending offers nobody answered."""

import asyncio

import structlog
from fastapi import FastAPI
from shared.clients.registry import RegistryClient

from services.training_api.enrolments import service as enrolments
from services.training_api.organisations import service as organisations
from shared import clock
from shared.db.engine import Database
from shared.outbox import Follower

_PAUSE_SECONDS = 15.0
_OFFERS_A_TURN = 200
_log = structlog.get_logger(__name__)


def registry_of(app: FastAPI) -> RegistryClient:
    """The client of the registry, put on the app when it was built."""
    registry = app.state.registry
    assert isinstance(registry, RegistryClient)
    return registry


def follower_of(app: FastAPI) -> Follower:
    """Keeps the replica of organisations; resumes where it stopped, whatever was killed."""
    return Follower(app.state.database, organisations.FEED, registry_of(app).changes, organisations.apply)


async def follow_the_registry(app: FastAPI) -> None:
    """For as long as the process lives."""
    try:
        await follower_of(app).run()
    finally:
        await registry_of(app).aclose()


async def end_offers(app: FastAPI) -> None:
    """Every few seconds pass on the seats whose offers have run out."""
    while True:
        try:
            await end_expired_offers(app.state.database)
        except Exception as error:  # the database may be away; offers can wait
            _log.warning("offers_not_ended", error=type(error).__name__)
        await asyncio.sleep(_PAUSE_SECONDS)


async def end_expired_offers(database: Database) -> int:
    """End the offers that have run out, each in a transaction of its own; how many they were."""
    async with database.reading() as session:
        expired = await enrolments.expired_offers(session, now=clock.now(), limit=_OFFERS_A_TURN)
    ended = 0
    for enrolment_id in expired:
        async with database.writing() as session:
            ended += await enrolments.expire(session, enrolment_id, now=clock.now())
    return ended
