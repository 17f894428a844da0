"""HTTP of who a memorandum is between."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response

from services.registry_api.memoranda import service as memoranda
from services.registry_api.memoranda.router.reads import MemorandumPath
from services.registry_api.memoranda.router.writing import WRITER, as_it_is
from shared import clock
from shared.auth import Caller, MaybeCaller
from shared.schemas.registry.memoranda import (
    EffectiveQuery,
    MemorandumRead,
    PartyCreate,
    PartyList,
    PartyUpdate,
)
from shared.schemas.registry.memorandum_words import PARTY_ID
from shared.schemas.registry.organisation_lists import AsOfQuery
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/memoranda", tags=["memoranda"])
PartyPath = Annotated[UUID, Path(description="The party", examples=[PARTY_ID])]


@router.get(
    "/{memorandum_id}/parties",
    summary="List the parties of a memorandum",
    description="Its parties as of any day, by the names they had then. Public once it was concluded.",
)
async def list_memorandum_parties(
    session: Reading, actor: MaybeCaller, memorandum_id: MemorandumPath, query: Annotated[AsOfQuery, Query()]
) -> PartyList:
    found = await memoranda.listed(
        session, memorandum_id, actor=actor, now=clock.now(), as_of=query.as_of, known_at=query.known_at
    )
    return PartyList.model_validate({"items": found})


@router.post(
    "/{memorandum_id}/parties",
    summary="Add a party to a memorandum",
    description="From that day on it is a party; not while the memorandum is out for signature.",
    status_code=201,
    response_model=MemorandumRead,
    dependencies=WRITER,
)
async def add_memorandum_party(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: PartyCreate,
    query: Annotated[EffectiveQuery, Query()],
    _key: IdempotencyKey = None,
) -> Response:
    memorandum = await memoranda.lock(session, memorandum_id)
    await memoranda.join(session, actor, memorandum, asked, effective_from=query.effective_from, now=clock.now())
    return await as_it_is(request, session, actor, memorandum_id, created=True)


@router.patch(
    "/{memorandum_id}/parties/{party_id}",
    summary="Change a party of a memorandum",
    description="Its part, what it is, who signs for it: true from `effective_from` (today) on.",
    response_model=MemorandumRead,
    dependencies=WRITER,
)
async def change_memorandum_party(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    party_id: PartyPath,
    patch: Annotated[PartyUpdate, Body(media_type="application/merge-patch+json")],
    query: Annotated[EffectiveQuery, Query()],
    _if_match: IfMatch = None,
) -> Response:
    memorandum = await memoranda.lock(session, memorandum_id)
    conditional.check_match(request, memorandum.version)
    await memoranda.change(
        session, actor, memorandum, party_id, patch, effective_from=query.effective_from, now=clock.now()
    )
    return await as_it_is(request, session, actor, memorandum_id)


@router.delete(
    "/{memorandum_id}/parties/{party_id}",
    summary="Let a party leave a memorandum",
    description="From that day on it is no party; what it was before stays. Two have to stay once it is in force.",
    status_code=204,
    dependencies=WRITER,
)
async def remove_memorandum_party(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    party_id: PartyPath,
    query: Annotated[EffectiveQuery, Query()],
    _if_match: IfMatch = None,
) -> None:
    memorandum = await memoranda.lock(session, memorandum_id)
    conditional.check_match(request, memorandum.version)
    await memoranda.leave(session, actor, memorandum, party_id, effective_from=query.effective_from, now=clock.now())
