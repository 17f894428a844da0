"""HTTP of reorganisations."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.dependencies import IdentifierSecret
from services.registry_api.rendering import answer
from services.registry_api.reorganisations import service as reorganisations
from services.registry_api.reorganisations.models import Reorganisation
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.reorganisations import (
    ReorganisationCreate,
    ReorganisationEffects,
    ReorganisationQuery,
    ReorganisationRead,
    ReorganisationSummary,
    ReorganisationUndo,
)
from shared.web import export, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/reorganisations", tags=["reorganisations"])

_WRITER = [requires("registry:write")]
_READER = [requires("registry:read")]
_PAGE = TypeAdapter(Page[ReorganisationSummary])
_ONE = TypeAdapter(ReorganisationRead)
_COLUMNS = ("id", "kind", "status", "on", "legal_basis", "organisations", "recorded_at", "undone_at")
_CHUNK = 1000
ReorganisationPath = Annotated[
    UUID, Path(description="The reorganisation", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4f01"])
]


@router.post(
    "",
    summary="Reorganise",
    description="One event of legal change with all it means, in one transaction: a merger into an existing or a new "
    "organisation, a split, a conversion, a renaming, a move, a closing, a reopening. Predecessors lead to their "
    "successors from then on, and so do their numbers; their parts, memberships, places in memoranda, commitments, "
    "targets and the observations of later periods follow the successor, and are counted before and after.",
    status_code=201,
    response_model=ReorganisationRead,
    responses={410: {}},
    dependencies=_WRITER,
)
async def reorganise(
    request: Request,
    asked: Annotated[ReorganisationCreate, Body()],
    session: Writing,
    actor: Caller,
    secret: IdentifierSecret,
    _key: IdempotencyKey = None,
) -> Response:
    held = await reorganisations.hold(session, asked)
    done = await reorganisations.record(session, actor, asked, held, now=clock.now(), secret=secret)
    return _answer(request, done, status_code=201, headers={"Location": f"/v1/reorganisations/{done.id}"})


@router.post(
    "/preview",
    summary="Preview a reorganisation",
    description="What an event would change, for whom, and what would become of what bound the predecessors. It is "
    "applied and rolled back: refusals are those of the event itself, and nothing is written.",
    response_model=ReorganisationEffects,
    responses={410: {}},
    dependencies=_WRITER,
)
async def preview_reorganisation(
    asked: Annotated[ReorganisationCreate, Body()], session: Writing, actor: Caller, secret: IdentifierSecret
) -> ReorganisationEffects:
    held = await reorganisations.hold(session, asked)
    effects = await reorganisations.preview(session, actor, asked, held, now=clock.now(), secret=secret)
    return ReorganisationEffects.model_validate(effects)


@router.get(
    "",
    summary="List reorganisations",
    description="Events, the latest day first. As CSV, XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[ReorganisationSummary],
    dependencies=_READER,
)
async def list_reorganisations(
    request: Request, session: Reading, query: Annotated[ReorganisationQuery, Query()]
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, query), filename="reorganisations")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await reorganisations.page(session, query, after=after, limit=query.limit)
    cut, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=_position)
    total = await reorganisations.count(session, query) if query.count else None
    items = [reorganisations.document(row) for row in cut]
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.get(
    "/{reorganisation_id}",
    summary="Read a reorganisation",
    description="The event as it was ordered, with everything it changed.",
    response_model=ReorganisationRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_reorganisation(request: Request, session: Reading, reorganisation_id: ReorganisationPath) -> Response:
    return _answer(request, await reorganisations.get(session, reorganisation_id))


@router.post(
    "/{reorganisation_id}/undo",
    summary="Take a reorganisation back",
    description="Everything it changed is again as it was, as long as nothing else has been recorded since of the "
    "organisations it touched; those it made were made in error. What was known in between stays known.",
    response_model=ReorganisationRead,
    responses={410: {}},
    dependencies=_WRITER,
)
async def undo_reorganisation(
    request: Request,
    session: Writing,
    actor: Caller,
    reorganisation_id: ReorganisationPath,
    asked: ReorganisationUndo,
    _key: IdempotencyKey = None,
) -> Response:
    return _answer(request, await reorganisations.undo(session, actor, reorganisation_id, asked, now=clock.now()))


routers = (router,)


def _answer(
    request: Request, found: Reorganisation, *, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    document = reorganisations.document(found)
    return answer(request, _ONE, document, version=found.version, status_code=status_code, headers=headers)


def _position(row: Reorganisation) -> tuple[str, str]:
    return row.happened_on.isoformat(), str(row.id)


async def _all(request: Request, query: ReorganisationQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: tuple[str, str] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await reorganisations.page(session, query, after=after, limit=_CHUNK)
            yield [{**reorganisations.document(row), "on": row.happened_on} for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = _position(rows[_CHUNK - 1])
