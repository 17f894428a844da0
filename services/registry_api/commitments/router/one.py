"""HTTP of one commitment: reading it, changing it, leading it through its life."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api import rendering
from services.registry_api.commitments import service as commitments
from shared import clock
from shared.auth import Actor, Caller, MaybeCaller, requires
from shared.db.sessions import WriteSession
from shared.schemas.registry.commitment_progress import LightHistory, LightsQuery
from shared.schemas.registry.commitment_words import COMMITMENT_ID, CommitmentAction
from shared.schemas.registry.commitments import (
    CommitmentOverride,
    CommitmentRead,
    CommitmentStep,
    CommitmentTransitionList,
    CommitmentUpdate,
    ReasonedCommitmentStep,
)
from shared.schemas.registry.memoranda import EffectiveQuery
from shared.schemas.registry.organisation_lists import AsOfQuery
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/commitments", tags=["commitments"])
CommitmentPath = Annotated[UUID, Path(description="The commitment", examples=[COMMITMENT_ID])]
Said = Annotated[CommitmentStep, Body(description="From which day, and why", examples=[{"reason_code": "agreed"}])]
Reasoned = Annotated[ReasonedCommitmentStep, Body(description="Why, and from which day")]

_COMMITMENT = TypeAdapter(CommitmentRead)
_ANSWER: dict[str, Any] = {"response_model": CommitmentRead, "dependencies": [requires("registry:write")]}


@router.get(
    "/{commitment_id}",
    summary="Read a commitment",
    description="A commitment as of any day, as it is or was known. Public under a concluded memorandum, as far as the "
    "list shows it; with `registry:read` also its measure and both lights, explained.",
    response_model=CommitmentRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_commitment(
    request: Request,
    session: Reading,
    actor: MaybeCaller,
    commitment_id: CommitmentPath,
    query: Annotated[AsOfQuery, Query()],
) -> Response:
    seen = await commitments.get(
        session, commitment_id, actor=actor, now=clock.now(), as_of=query.as_of, known_at=query.known_at
    )
    return rendering.answer(request, _COMMITMENT, seen.document, version=seen.version)


@router.patch(
    "/{commitment_id}",
    summary="Change a commitment",
    description="A JSON Merge Patch that is true from `effective_from` (today) on; its status changes by commands.",
    **_ANSWER,
)
async def change_commitment(
    request: Request,
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    patch: Annotated[CommitmentUpdate, Body(media_type="application/merge-patch+json")],
    query: Annotated[EffectiveQuery, Query()],
    _if_match: IfMatch = None,
) -> Response:
    commitment = await commitments.lock(session, commitment_id)
    conditional.check_match(request, commitment.version)
    await commitments.amend(session, actor, commitment, patch, effective_from=query.effective_from, now=clock.now())
    return await as_it_is(request, session, actor, commitment_id)


@router.post("/{commitment_id}/start", summary="Start a commitment", description="Work on it has begun.", **_ANSWER)
async def start_commitment(
    request: Request,
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    asked: Said,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, commitment_id, CommitmentAction.START, asked)


@router.post(
    "/{commitment_id}/fulfil",
    summary="Call a commitment fulfilled",
    description="Only with at least one item of evidence that a second person accepted (409 `evidence_missing`).",
    **_ANSWER,
)
async def fulfil_commitment(
    request: Request,
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    asked: Said,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, commitment_id, CommitmentAction.FULFIL, asked)


@router.post(
    "/{commitment_id}/reopen",
    summary="Reopen a commitment",
    description="It was called fulfilled or cancelled, and is not; with the reason.",
    **_ANSWER,
)
async def reopen_commitment(
    request: Request,
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    asked: Reasoned,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, commitment_id, CommitmentAction.REOPEN, asked)


@router.post(
    "/{commitment_id}/cancel",
    summary="Cancel a commitment",
    description="It will not be kept, and no longer has to be; with the reason.",
    **_ANSWER,
)
async def cancel_commitment(
    request: Request,
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    asked: Reasoned,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, commitment_id, CommitmentAction.CANCEL, asked)


@router.post(
    "/{commitment_id}/override",
    summary="Set the delivery light by hand",
    description="For a reason and until a day, at most a year ahead; the computed light is shown beside it.",
    response_model=CommitmentRead,
    dependencies=[requires("registry:approve")],
)
async def override_light(
    request: Request,
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    asked: CommitmentOverride,
    _key: IdempotencyKey = None,
) -> Response:
    commitment = await commitments.lock(session, commitment_id)
    await commitments.override(session, actor, commitment, asked, now=clock.now())
    return await as_it_is(request, session, actor, commitment_id)


@router.get(
    "/{commitment_id}/transitions",
    summary="List the steps of a commitment",
    description="Every step with who took it, why, and from which day it holds.",
    dependencies=[requires("registry:read")],
)
async def list_commitment_transitions(session: Reading, commitment_id: CommitmentPath) -> CommitmentTransitionList:
    return CommitmentTransitionList.model_validate({"items": await commitments.steps(session, commitment_id)})


@router.get(
    "/{commitment_id}/lights",
    summary="Read how the lights of a commitment went",
    description="Both lights day by day for up to three years, as they are known now or were known at a moment.",
    dependencies=[requires("registry:read")],
)
async def read_light_history(
    session: Reading, commitment_id: CommitmentPath, query: Annotated[LightsQuery, Query()]
) -> LightHistory:
    periods = await commitments.light_history(session, commitment_id, query, now=clock.now())
    return LightHistory.model_validate({"commitment_id": commitment_id, "periods": periods})


async def as_it_is(request: Request, session: WriteSession, actor: Actor, commitment_id: UUID) -> Response:
    """The commitment after a command."""
    seen = await commitments.get(session, commitment_id, actor=actor, now=clock.now())
    return rendering.answer(request, _COMMITMENT, seen.document, version=seen.version)


async def _move(
    request: Request,
    session: WriteSession,
    actor: Actor,
    commitment_id: UUID,
    action: CommitmentAction,
    asked: CommitmentStep,
) -> Response:
    commitment = await commitments.lock(session, commitment_id)
    await commitments.move(session, actor, commitment, action, asked, now=clock.now())
    return await as_it_is(request, session, actor, commitment_id)
