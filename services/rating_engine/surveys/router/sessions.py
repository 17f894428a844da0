"""Transactions of which less is kept than of others, and who may see what."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request

from shared.auth import Caller, MaybeCaller, Scope
from shared.db.engine import WRITE_LANES
from shared.db.sessions import WriteSession
from shared.web.sessions import authorship_of, database_of

BALLOTS_AT_ONCE = 3
"""Ballots of one box come one after another; those who wait for their turn hold no connection."""

SurveyPath = Annotated[UUID, Path(description="The survey", examples=["01a20034-2d1f-7b11-9c0e-4a8a4f1b6d01"])]
InvestigationPath = Annotated[
    UUID, Path(description="The investigation", examples=["01a20034-2d1f-7b11-9c0e-4a8a4f1b6d77"])
]


async def _lane(request: Request) -> AsyncIterator[None]:
    lane: asyncio.Semaphore = request.app.state.ballot_lane
    async with lane:
        yield


async def _of_nobody(request: Request) -> AsyncIterator[WriteSession]:
    async with database_of(request).writing() as session:
        yield session


async def _unrepeated(request: Request, actor: Caller) -> AsyncIterator[WriteSession]:
    author = authorship_of(request, actor)
    async with database_of(request).writing(author, reason=author.reason, request_id=author.request_id) as session:
        yield session


async def _pepper(request: Request) -> bytes:
    secret: str = request.app.state.settings.cursor_secret.get_secret_value()
    return hashlib.sha256(b"surveys" + secret.encode()).digest()


async def _sees_drafts(actor: MaybeCaller) -> bool:
    return actor is not None and actor.has(Scope.RATING_READ)


Lane = Annotated[None, Depends(_lane, scope="function")]
# Neither of these takes an `Idempotency-Key`. With it a hash of the body is kept (and whoever knows the token tries
# the few answers there are until the hash fits), and the answer itself (a list of tokens).
OfNobody = Annotated[WriteSession, Depends(_of_nobody, scope="function", max_concurrency=WRITE_LANES)]
"""A transaction that nobody is the author of and no number of a request leads to."""
Unrepeated = Annotated[WriteSession, Depends(_unrepeated, scope="function", max_concurrency=WRITE_LANES)]
"""A transaction whose answer is not kept for a repetition."""
Pepper = Annotated[bytes, Depends(_pepper)]
"""The house's part of the key that hides networks; in no database."""
SeesDrafts = Annotated[bool, Depends(_sees_drafts)]
"""Whether the caller may see surveys that are not open yet."""
