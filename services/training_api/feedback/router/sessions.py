"""Transactions of which less is kept than of others."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from services.training_api.dependencies import Lanes
from shared.auth import Caller
from shared.db.engine import WRITE_LANES
from shared.db.sessions import WriteSession
from shared.web.sessions import authorship_of, database_of


async def _lane(request: Request) -> AsyncIterator[None]:
    lanes: Lanes = request.app.state.lanes
    async with lanes.of("feedback"):
        yield


async def _of_nobody(request: Request) -> AsyncIterator[WriteSession]:
    async with database_of(request).writing() as session:
        yield session


async def _unrepeated(request: Request, actor: Caller) -> AsyncIterator[WriteSession]:
    async with database_of(request).writing(authorship_of(request, actor)) as session:
        yield session


Lane = Annotated[None, Depends(_lane, scope="function")]
"""Answers of a round come one after another; those who wait for their turn hold no connection."""
# Neither of these takes an `Idempotency-Key`. With it a hash of the body is kept (and whoever knows the token tries
# the few answers there are until the hash fits), and the answer itself (a list of tokens).
OfNobody = Annotated[WriteSession, Depends(_of_nobody, scope="function", max_concurrency=WRITE_LANES)]
"""A transaction that nobody is the author of and no number of a request leads to."""
Unrepeated = Annotated[WriteSession, Depends(_unrepeated, scope="function", max_concurrency=WRITE_LANES)]
"""A transaction whose answer is not kept for a repetition."""
