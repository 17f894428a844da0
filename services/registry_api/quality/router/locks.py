"""HTTP of locks of periods."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.locks import service as locks
from services.registry_api.locks.service import Span
from services.registry_api.quality.service import reports
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.observation_life import LockCreate, LockRead, LockReopen, LocksQuery
from shared.web import pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/data-quality/locks", tags=["data-quality"])

LockPath = Annotated[UUID, Path(description="A lock", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])]
_PAGE = TypeAdapter(Page[LockRead])


@router.get(
    "",
    summary="List locks of periods",
    description="Locks that hold and those that were opened again, oldest first.",
    response_model=Page[LockRead],
    dependencies=[requires("registry:read")],
)
async def list_locks(request: Request, session: Reading, query: Annotated[LocksQuery, Query()]) -> Response:
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await locks.page(session, query, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["id"],))
    total = await locks.count(session, query) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "",
    summary="Lock a period",
    description="From now on values of the indicator or pillar, for the period and the shorter ones within it, in the "
    "area and the areas inside it, are not revised: neither by hand nor by a file, neither corrected nor withdrawn.",
    status_code=201,
    response_model=LockRead,
    dependencies=[requires("registry:approve")],
)
async def lock_period(
    asked: LockCreate, session: Writing, actor: Caller, response: Response, _key: IdempotencyKey = None
) -> dict[str, Any]:
    period = reports.period_of(asked.period, "/period")
    span = Span(period.text, period.first, period.last)
    row = await locks.lock(session, actor, asked, span, now=clock.now())
    response.headers["Location"] = f"/v1/data-quality/locks/{row.id}"
    return locks.document(row)


@router.get(
    "/{lock_id}",
    summary="Read a lock",
    description="One lock, whether it holds or was opened again.",
    response_model=LockRead,
    dependencies=[requires("registry:read")],
)
async def read_lock(session: Reading, lock_id: LockPath) -> dict[str, Any]:
    return locks.document(await locks.get(session, lock_id))


@router.post(
    "/{lock_id}/reopen",
    summary="Open a period again",
    description="Lets the values be revised again; the reason stays with the lock.",
    response_model=LockRead,
    dependencies=[requires("registry:approve")],
)
async def reopen_period(
    asked: LockReopen, session: Writing, actor: Caller, lock_id: LockPath, _key: IdempotencyKey = None
) -> dict[str, Any]:
    return locks.document(await locks.reopen(session, actor, lock_id, reason=asked.reason, now=clock.now()))
