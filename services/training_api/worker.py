"""What goes on beside requests: following the registry's feed, and ending offers nobody answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from fastapi import FastAPI

from services.training_api.certificates import service as certificates
from services.training_api.cohorts import service as cohorts
from services.training_api.credentials import service as credentials
from services.training_api.credentials.signing import Issuer
from services.training_api.enrolments import service as enrolments
from services.training_api.feedback import service as feedback
from services.training_api.organisations import service as organisations
from services.training_api.reports import service as reports
from shared import clock
from shared.clients.registry import RegistryClient
from shared.clock import day_in_kazakhstan
from shared.db.engine import Database
from shared.outbox import Follower

_PAUSE_SECONDS = 15.0
_OFFERS_A_TURN = 200
_CERTIFICATES_A_TURN = 500
_CERTIFICATES_PAUSE_SECONDS = 600.0
_COHORTS_A_TURN = 50
_REGIONS_PAUSE_SECONDS = 86_400.0
_REGIONS_RETRY_SECONDS = 600.0
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


async def keep_regions(app: FastAPI) -> None:
    """Once a day take over the regions that the registry's classifier has."""
    while True:
        try:
            areas = [area async for area in registry_of(app).areas(level=1)]
            async with app.state.database.writing() as session:
                await reports.keep_regions(session, areas, now=clock.now())
        except Exception as error:  # the registry may be away; those we have are good enough
            _log.warning("regions_not_kept", error=type(error).__name__)
            await asyncio.sleep(_REGIONS_RETRY_SECONDS)
        else:
            await asyncio.sleep(_REGIONS_PAUSE_SECONDS)


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
        async with _alone("offer", enrolment_id), database.writing() as session:
            ended += await enrolments.expire(session, enrolment_id, now=clock.now())
    return ended


async def watch_cohorts(app: FastAPI) -> None:
    """Every few seconds release the pools that are due, and look at cohorts whose day of decision has come."""
    while True:
        try:
            await release_due_pools(app.state.database)
            await decide_due_cohorts(app.state.database)
        except Exception as error:  # the database may be away; both can wait
            _log.warning("cohorts_not_watched", error=type(error).__name__)
        await asyncio.sleep(_PAUSE_SECONDS)


async def release_due_pools(database: Database) -> int:
    """Release the pools that are due, each cohort's in a transaction of its own; how many they were."""
    async with database.reading() as session:
        due = await enrolments.due_cohorts(session, now=clock.now(), limit=_COHORTS_A_TURN)
    released = 0
    for cohort_id in due:
        async with _alone("pools", cohort_id), database.writing() as session:
            released += await enrolments.release_pools(session, cohort_id, now=clock.now())
    return released


async def decide_due_cohorts(database: Database) -> int:
    """Look at the cohorts whose day of decision has come, each in a transaction of its own; how many they were."""
    decided = 0
    while decided < _COHORTS_A_TURN:
        async with database.writing() as session:
            if not await cohorts.decide(session, now=clock.now()):
                break
        decided += 1
    return decided


async def turn_feedback(app: FastAPI) -> None:
    """Every few seconds open and close the rounds of feedback whose day has come."""
    while True:
        try:
            await turn_feedback_rounds(app.state.database)
        except Exception as error:  # the database may be away; a round can wait
            _log.warning("feedback_not_turned", error=type(error).__name__)
        await asyncio.sleep(_PAUSE_SECONDS)


async def turn_feedback_rounds(database: Database) -> int:
    """Open and close what is due; how many rounds it were."""
    async with database.writing() as session:
        return await feedback.turn(session, now=clock.now())


async def keep_certificates(app: FastAPI) -> None:
    """Publish the key that signs certificates, and write down every ten minutes which of them have run out."""
    pause = _PAUSE_SECONDS
    while True:
        try:
            await publish_key(app.state.database, app.state.issuer)
            ended = await expire_certificates(app.state.database)
            pause = _PAUSE_SECONDS if ended == _CERTIFICATES_A_TURN else _CERTIFICATES_PAUSE_SECONDS
        except Exception as error:  # the database may be away; what has run out is told as such all the same
            _log.warning("certificates_not_kept", error=type(error).__name__)
            pause = _PAUSE_SECONDS
        await asyncio.sleep(pause)


async def publish_key(database: Database, issuer: Issuer) -> None:
    """Write the public half of the present key down."""
    async with database.writing() as session:
        await credentials.publish(session, issuer, now=clock.now())


async def expire_certificates(database: Database) -> int:
    """Write down what has run out, each document in a transaction of its own; how many they were."""
    async with database.reading() as session:
        today = day_in_kazakhstan(clock.now())
        lapsed = await certificates.lapsed(session, today=today, limit=_CERTIFICATES_A_TURN)
    for certificate_id in lapsed:
        async with _alone("certificate", certificate_id), database.writing() as session:
            await certificates.expire(session, certificate_id, now=clock.now())
    return len(lapsed)


@asynccontextmanager
async def _alone(what: str, which: UUID) -> AsyncIterator[None]:
    """One that cannot be dealt with leaves the others their turn; it comes again with the next one."""
    try:
        yield
    except Exception as error:
        _log.warning("left_for_the_next_turn", what=what, id=str(which), error=type(error).__name__)
