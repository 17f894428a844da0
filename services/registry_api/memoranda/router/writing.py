"""HTTP of writing memoranda down and changing them."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Query, Request, Response

from services.registry_api.memoranda import service as memoranda
from services.registry_api.memoranda.router.reads import MemorandumPath, answer
from shared import clock
from shared.auth import Actor, Caller, requires
from shared.db.sessions import WriteSession
from shared.schemas.registry.memoranda import EffectiveQuery, MemorandumCreate, MemorandumRead, MemorandumUpdate
from shared.schemas.registry.memorandum_texts import AmendmentCreate, AmendmentRead
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/memoranda", tags=["memoranda"])
WRITER = [requires("registry:write")]


@router.post(
    "",
    summary="Write down a memorandum",
    description="Enters a draft with its parties. An organisation of the registry, or a sub-unit of one, is named by "
    "its id; anybody else by name and country. A legal entity of Kazakhstan outside the registry needs its BIN, a "
    "foreign one does not. The caller must reach the area or lead one of the parties.",
    status_code=201,
    response_model=MemorandumRead,
    dependencies=WRITER,
)
async def write_down_memorandum(
    request: Request, asked: MemorandumCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    memorandum_id = await memoranda.write_down(session, actor, asked, now=clock.now())
    return await as_it_is(request, session, actor, memorandum_id, created=True)


@router.patch(
    "/{memorandum_id:uuid}",
    summary="Change a memorandum",
    description="A JSON Merge Patch that is true from `effective_from` (today) on. Title and text change until it is "
    "sent for signature; afterwards there are amendments. Its status changes by commands.",
    response_model=MemorandumRead,
    dependencies=WRITER,
)
async def change_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    patch: Annotated[MemorandumUpdate, Body(media_type="application/merge-patch+json")],
    query: Annotated[EffectiveQuery, Query()],
    _if_match: IfMatch = None,
) -> Response:
    memorandum = await memoranda.lock(session, memorandum_id)
    conditional.check_match(request, memorandum.version)
    await memoranda.amend(session, actor, memorandum, patch, effective_from=query.effective_from, now=clock.now())
    return await as_it_is(request, session, actor, memorandum_id)


@router.post(
    "/{memorandum_id}/amendments",
    summary="Amend a memorandum",
    description="Adds, replaces and removes clauses from a day on. The text before that day stays as it was.",
    status_code=201,
    response_model=AmendmentRead,
    dependencies=WRITER,
)
async def amend_memorandum(
    response: Response,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: AmendmentCreate,
    _key: IdempotencyKey = None,
) -> AmendmentRead:
    memorandum = await memoranda.lock(session, memorandum_id)
    made = await memoranda.amend_text(session, actor, memorandum, asked, now=clock.now())
    response.headers["Location"] = f"/v1/memoranda/{memorandum_id}/amendments"
    return AmendmentRead.model_validate(made)


async def as_it_is(
    request: Request, session: WriteSession, actor: Actor, memorandum_id: UUID, *, created: bool = False
) -> Response:
    """The memorandum after a command."""
    seen = await memoranda.get(session, memorandum_id, actor=actor, now=clock.now())
    headers = {"Location": f"/v1/memoranda/{memorandum_id}"} if created else {}
    return answer(request, seen, status_code=201 if created else 200, headers=headers)
