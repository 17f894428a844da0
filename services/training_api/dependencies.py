"""What handlers of the training service ask for beside sessions and callers, and how they answer with lists."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar
from weakref import WeakValueDictionary

from fastapi import Depends, FastAPI, Request, Response
from pydantic import BaseModel, TypeAdapter

from services.training_api.seats.rules import SeatLocking
from services.training_api.settings import TrainingSettings, identifier_secret
from shared.auth import Actor
from shared.db.sessions import ReadSession
from shared.schemas.pages import PageQuery
from shared.schemas.training.enrolments import EnrolmentCreate
from shared.web import conditional, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.sessions import database_of

Row = TypeVar("Row")
Key = IdempotencyKey
FILE_CHUNK = 1000
"""How many rows of a list are read at once for a file."""
_LANES_PER_COHORT = 3
"""How many enrolments in one cohort a process works on at once: a cohort that everybody wants, or whose rows somebody
holds, leaves the other connections to the rest."""


class Lanes:
    """Semaphores by cohort, kept as long as somebody stands in one."""

    def __init__(self) -> None:
        self._lanes: WeakValueDictionary[object, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, cohort_id: object) -> asyncio.Semaphore:
        """The lane of the cohort."""
        lane = self._lanes.get(cohort_id)
        if lane is None:
            lane = self._lanes[cohort_id] = asyncio.Semaphore(_LANES_PER_COHORT)
        return lane


def prepare(app: FastAPI) -> None:
    """Put on the app what these dependencies look for there."""
    app.state.lanes = Lanes()


async def _identifier_secret(request: Request) -> bytes | None:
    return identifier_secret(request.app.state.settings)


async def _seat_locking(request: Request) -> SeatLocking:
    settings = request.app.state.settings
    return settings.seat_locking if isinstance(settings, TrainingSettings) else SeatLocking.SKIP_LOCKED


async def _lane(request: Request, body: EnrolmentCreate) -> AsyncIterator[None]:
    lanes: Lanes = request.app.state.lanes
    async with lanes.of(body.cohort_id):
        yield


IdentifierSecret = Annotated[bytes | None, Depends(_identifier_secret)]
"""The key under which persons' numbers are compared; None where they are refused."""
Locking = Annotated[SeatLocking, Depends(_seat_locking)]
"""How seats are kept from being sold twice."""
Lane = Annotated[None, Depends(_lane, scope="function")]
"""A place in the lane of the body's cohort; asked for before the session, so that who waits holds no connection."""


async def answer_list(
    request: Request,
    query: PageQuery,
    adapter: TypeAdapter[Any],
    *,
    of: Mapping[str, object],
    parse: Sequence[Callable[[Any], Any]],
    fetch: Callable[[Sequence[Any] | None], Awaitable[Sequence[Row]]],
    count: Callable[[], Awaitable[int]],
    keys: Callable[[Row], Sequence[object]],
    item: Callable[[Row], object] = lambda row: row,
) -> Response:
    """One page: `fetch` gives a row more than asked for if there is one; `parse` reads the keys of a cursor."""
    named = {**of, **query.model_dump(mode="json", exclude={"limit", "cursor", "count"})}
    start = pages.start(request, query.cursor, of=named, length=len(parse))
    after = [read(value) for read, value in zip(parse, start, strict=True)] if start else None
    rows, cursor = pages.cut(request, await fetch(after), limit=query.limit, of=named, keys=keys)
    total = await count() if query.count else None
    return pages.answer(request, adapter, [item(row) for row in rows], next_cursor=cursor, total=total)


async def rows_of(
    request: Request,
    fetch: Callable[[ReadSession, Sequence[Any] | None], Awaitable[Sequence[Row]]],
    *,
    keys: Callable[[Row], Sequence[Any]],
    line: Callable[[Row], Mapping[str, Any]],
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """A whole list for a file, `FILE_CHUNK` rows at a time; `fetch` gives a row more if there are more."""
    # In a session of its own, because the request's is closed before the answer is sent.
    after: Sequence[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await fetch(session, after)
            yield [line(row) for row in rows[:FILE_CHUNK]]
            if len(rows) <= FILE_CHUNK:
                return
            after = keys(rows[FILE_CHUNK - 1])


def seen_by(actor: Actor) -> Mapping[str, object]:
    """What a cursor of a list of persons is bound to beside its filters: who asked."""
    return {"seen_by": actor.principal}


def answer_one(request: Request, resource: BaseModel, version: int | str, *facets: object) -> Response:
    """A resource with its strong ETag, or 304 if the caller has it already."""
    tag = conditional.etag(version, *facets)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(resource.model_dump_json(), media_type="application/json", headers={"ETag": tag})


def answer_written(
    resource: BaseModel, *, status: int = 200, location: str | None = None, version: int | None = None
) -> Response:
    """What came of a write, with the address of what was made and the ETag it has now."""
    headers = {}
    if location is not None:
        headers["Location"] = location
    if version is not None:
        headers["ETag"] = conditional.etag(version)
    return Response(resource.model_dump_json(), status_code=status, media_type="application/json", headers=headers)
