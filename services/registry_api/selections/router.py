"""HTTP of selections."""

from typing import Annotated

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api import rendering
from services.registry_api.selections import service as selections
from services.registry_api.selections.models import Selection
from shared import clock
from shared.auth import Caller, MaybeCaller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.organisation_lists import SelectionId
from shared.schemas.registry.selections import (
    SelectionCreate,
    SelectionRead,
    SelectionsQuery,
    SelectionSummary,
    SelectionUpdate,
)
from shared.web import conditional, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/selections", tags=["selections"])

SelectionPath = Annotated[SelectionId, Path(description="The selection", examples=["7k2m9qpx4dfw"])]
_PAGE = TypeAdapter(Page[SelectionSummary])
_SELECTION = TypeAdapter(SelectionRead)
_READER = [requires("registry:read")]


@router.get(
    "",
    summary="List one's selections",
    description="The selections the caller has saved, the newest first.",
    response_model=Page[SelectionSummary],
    dependencies=_READER,
)
async def list_selections(
    request: Request, session: Reading, actor: Caller, query: Annotated[SelectionsQuery, Query()]
) -> Response:
    of = {"owner": actor.principal}
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await selections.page(session, actor, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["key"],))
    total = await selections.count(session, actor) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "",
    summary="Save a selection",
    description="Keeps criteria or a list of organisations under a name. Its id is short and not to be guessed; give "
    "it as `selection` to the list of organisations. Only its owner may use it unless it is shared.",
    status_code=201,
    response_model=SelectionRead,
    dependencies=_READER,
)
async def save_selection(
    request: Request, asked: SelectionCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    return _answer(request, await selections.save(session, actor, asked, now=clock.now()), created=True)


@router.get(
    "/{selection_id}",
    summary="Read a selection",
    description="A selection of one's own, or a shared one. Public as far as it is shared.",
    response_model=SelectionRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_selection(
    request: Request, session: Reading, actor: MaybeCaller, selection_id: SelectionPath
) -> Response:
    return _answer(request, await selections.get(session, selection_id, actor=actor))


@router.patch(
    "/{selection_id}",
    summary="Change a selection",
    description="A JSON Merge Patch; only its owner may. Whoever uses it gets from now on what it says now.",
    response_model=SelectionRead,
    dependencies=_READER,
)
async def change_selection(
    request: Request,
    session: Writing,
    actor: Caller,
    selection_id: SelectionPath,
    patch: Annotated[SelectionUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    selection = await selections.lock(session, selection_id, actor)
    conditional.check_match(request, selection.version)
    await selections.change(session, selection, patch, now=clock.now())
    return _answer(request, selection)


@router.delete(
    "/{selection_id}",
    summary="Throw a selection away",
    description="Only its owner may. Whoever uses its id from now on is told that it does not exist.",
    status_code=204,
    dependencies=_READER,
)
async def drop_selection(
    request: Request, session: Writing, actor: Caller, selection_id: SelectionPath, _if_match: IfMatch = None
) -> None:
    selection = await selections.lock(session, selection_id, actor)
    conditional.check_match(request, selection.version)
    await selections.drop(session, selection)


def _answer(request: Request, selection: Selection, *, created: bool = False) -> Response:
    return rendering.answer(
        request,
        _SELECTION,
        selections.document(selection),
        version=selection.version,
        status_code=201 if created else 200,
        headers={"Location": f"/v1/selections/{selection.token}"} if created else {},
    )


routers = (router,)
