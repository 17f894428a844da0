"""HTTP of leading a memorandum through its life: each command is a POST to a path of its own."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Request, Response

from services.registry_api.memoranda import service as memoranda
from services.registry_api.memoranda.router.reads import MemorandumPath
from services.registry_api.memoranda.router.writing import WRITER, as_it_is
from shared import clock
from shared.auth import Actor, Caller
from shared.db.sessions import WriteSession
from shared.schemas.registry.memoranda import (
    MemorandumRead,
    MemorandumRenew,
    MemorandumSign,
    MemorandumStep,
    ReasonedMemorandumStep,
)
from shared.schemas.registry.memorandum_words import MemorandumAction
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/memoranda", tags=["memoranda"])
_ANSWER: dict[str, Any] = {"response_model": MemorandumRead, "dependencies": WRITER}
Said = Annotated[MemorandumStep, Body(description="From which day, and why", examples=[{"reason_code": "agreed"}])]
Reasoned = Annotated[ReasonedMemorandumStep, Body(description="Why, and from which day")]


@router.post(
    "/{memorandum_id}/submit",
    summary="Submit a memorandum for review",
    description="Its text is written; others look at it.",
    **_ANSWER,
)
async def submit_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: Said,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, memorandum_id, MemorandumAction.SUBMIT, asked)


@router.post(
    "/{memorandum_id}/return",
    summary="Return a memorandum for rework",
    description="Back to a draft, with the reason; nobody has signed yet.",
    **_ANSWER,
)
async def return_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: Reasoned,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, memorandum_id, MemorandumAction.RETURN, asked)


@router.post(
    "/{memorandum_id}/send",
    summary="Send a memorandum for signature",
    description="From now on its text stays as it is, and nobody joins or leaves.",
    **_ANSWER,
)
async def send_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: Said,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, memorandum_id, MemorandumAction.SEND, asked)


@router.post(
    "/{memorandum_id}/sign",
    summary="Sign a memorandum",
    description="Writes down that parties have signed: those named, or all that have not. With the last one it comes "
    "into force. A signing needs at least two parties (422 `parties_too_few`).",
    **_ANSWER,
)
async def sign_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: MemorandumSign,
    _key: IdempotencyKey = None,
) -> Response:
    memorandum = await memoranda.lock(session, memorandum_id)
    await memoranda.sign(session, actor, memorandum, asked, now=clock.now())
    return await as_it_is(request, session, actor, memorandum_id)


@router.post(
    "/{memorandum_id}/reject",
    summary="Write down that a party will not sign",
    description="It ends without having been in force.",
    **_ANSWER,
)
async def reject_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: Reasoned,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, memorandum_id, MemorandumAction.REJECT, asked)


@router.post(
    "/{memorandum_id}/cancel",
    summary="Give up a memorandum",
    description="Before it was sent for signature.",
    **_ANSWER,
)
async def cancel_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: Reasoned,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, memorandum_id, MemorandumAction.CANCEL, asked)


@router.post(
    "/{memorandum_id}/suspend",
    summary="Suspend a memorandum",
    description="For a time it binds nobody; its days go on being counted.",
    **_ANSWER,
)
async def suspend_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: Reasoned,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, memorandum_id, MemorandumAction.SUSPEND, asked)


@router.post(
    "/{memorandum_id}/resume",
    summary="Resume a memorandum",
    description="It binds its parties again.",
    **_ANSWER,
)
async def resume_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: Said,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, memorandum_id, MemorandumAction.RESUME, asked)


@router.post(
    "/{memorandum_id}/renew",
    summary="Renew a memorandum",
    description="It goes on until a new last day: the one named, or the former one and `renewal_months`.",
    **_ANSWER,
)
async def renew_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: MemorandumRenew,
    _key: IdempotencyKey = None,
) -> Response:
    memorandum = await memoranda.lock(session, memorandum_id)
    await memoranda.renew(session, actor, memorandum, asked, now=clock.now())
    return await as_it_is(request, session, actor, memorandum_id)


@router.post(
    "/{memorandum_id}/expire",
    summary="Write down that a memorandum has expired",
    description="After its last day; it is shown as expired from then on in any case.",
    **_ANSWER,
)
async def expire_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: Said,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, memorandum_id, MemorandumAction.EXPIRE, asked)


@router.post(
    "/{memorandum_id}/terminate",
    summary="Terminate a memorandum",
    description="It ends before its last day.",
    **_ANSWER,
)
async def terminate_memorandum(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: Reasoned,
    _key: IdempotencyKey = None,
) -> Response:
    return await _move(request, session, actor, memorandum_id, MemorandumAction.TERMINATE, asked)


async def _move(
    request: Request,
    session: WriteSession,
    actor: Actor,
    memorandum_id: UUID,
    action: MemorandumAction,
    asked: MemorandumStep,
) -> Response:
    memorandum = await memoranda.lock(session, memorandum_id)
    await memoranda.move(session, actor, memorandum, action, asked, now=clock.now())
    return await as_it_is(request, session, actor, memorandum_id)
