"""Database sessions for handlers: ask for `Reading` or `Writing`, and never call `commit()`.

`scope="function"` closes the session (and so commits) before the answer is sent: a commit that fails is still an
error answer. `max_concurrency` queues requests for a connection in the order they came, which SQLAlchemy's pool
does not.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from shared.auth import Actor, MaybeCaller
from shared.db.engine import READ_LANES, WRITE_LANES, Database
from shared.db.sessions import Authorship, ReadSession, WriteSession
from shared.observability.context import current_request_id
from shared.web import idempotency

REASON_HEADER = "X-Reason"


def database_of(request: Request) -> Database:
    """The service's database, put on the app by the factory."""
    database = request.app.state.database
    assert isinstance(database, Database)
    return database


def authorship_of(request: Request, actor: Actor | None) -> Authorship:
    """Who writes, and why (`X-Reason`), for the audit trail."""
    reason = request.headers.get(REASON_HEADER)
    return Authorship(
        subject=actor.principal if actor else "anonymous",
        roles=tuple(sorted(actor.roles)) if actor else (),
        reason=reason[:500] if reason else None,
        request_id=current_request_id(),
    )


async def _reading(request: Request) -> AsyncIterator[ReadSession]:
    async with database_of(request).reading() as session:
        yield session


async def _writing(request: Request, actor: MaybeCaller) -> AsyncIterator[WriteSession]:
    author = authorship_of(request, actor)
    async with database_of(request).writing(author, reason=author.reason, request_id=author.request_id) as session:
        await idempotency.claim(request, session, actor)
        yield session


Reading = Annotated[ReadSession, Depends(_reading, scope="function", max_concurrency=READ_LANES)]
Writing = Annotated[WriteSession, Depends(_writing, scope="function", max_concurrency=WRITE_LANES)]
