"""HTTP of what a person may ask for."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_one, answer_written, seen_by
from services.training_api.privacy import service as privacy
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.privacy import (
    PersonalReadQuery,
    PersonalReadRead,
    PrivacyAction,
    PrivacyCommand,
    PrivacyRead,
)
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/educators", tags=["privacy"])
routers = (router,)
_LOG = TypeAdapter(Page[PersonalReadRead])
_MANAGER = [requires("training:manage")]
EducatorPath = Annotated[UUID, Path(description="The person", examples=["0198c0de-0000-7000-8000-000000000401"])]


@router.get(
    "/{educator_id}/privacy",
    summary="See how a person's data stand",
    description="What the person agreed to and when, what was blocked or erased and why, and what may be done now.",
    response_model=PrivacyRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=[requires("training:read")],
)
async def read_privacy(request: Request, session: Reading, actor: Caller, educator_id: EducatorPath) -> Response:
    standing = await privacy.get(session, actor, educator_id)
    return answer_one(request, standing, standing.version)


@router.get(
    "/{educator_id}/reads",
    summary="List who was shown a person",
    description="Every answer in which the person was named: to whom, what, when, and why if the caller said so; the "
    "latest first.",
    response_model=Page[PersonalReadRead],
    dependencies=_MANAGER,
)
async def list_personal_reads(
    request: Request,
    session: Reading,
    actor: Caller,
    educator_id: EducatorPath,
    query: Annotated[PersonalReadQuery, Query()],
) -> Response:
    return await answer_list(
        request,
        query,
        _LOG,
        of={"list": "personal_reads", "educator": educator_id, **seen_by(actor)},
        parse=[datetime.fromisoformat, UUID],
        fetch=lambda after: privacy.reads(session, actor, educator_id, after=after, limit=query.limit),
        count=lambda: privacy.count_reads(session, educator_id),
        keys=lambda row: [row.read_at.isoformat(), row.id],
    )


@router.post(
    "/{educator_id}/block",
    summary="Block a person's data",
    description="The data are kept and neither shown nor used for anything new: the name is hidden from everybody, and "
    "the person cannot be enrolled.",
    response_model=PrivacyRead,
    dependencies=_MANAGER,
)
async def block_educator(
    request: Request,
    session: Writing,
    actor: Caller,
    educator_id: EducatorPath,
    body: PrivacyCommand,
    _if_match: IfMatch = None,
    _key: Key = None,
) -> Response:
    return await _done(request, session, actor, educator_id, PrivacyAction.BLOCK, body)


@router.post(
    "/{educator_id}/unblock",
    summary="Unblock a person's data",
    description="The name is shown again to those within reach, and the person may be enrolled.",
    response_model=PrivacyRead,
    dependencies=_MANAGER,
)
async def unblock_educator(
    request: Request,
    session: Writing,
    actor: Caller,
    educator_id: EducatorPath,
    body: PrivacyCommand,
    _if_match: IfMatch = None,
    _key: Key = None,
) -> Response:
    return await _done(request, session, actor, educator_id, PrivacyAction.UNBLOCK, body)


@router.post(
    "/{educator_id}/erase",
    summary="Erase a person's data",
    description="Name, hash of the IIN, category and first day in the profession are gone for good. Enrolments and "
    "certificates stay, of nobody: the register keeps its numbers. Refused while the person takes part or waits "
    "somewhere.",
    response_model=PrivacyRead,
    dependencies=_MANAGER,
)
async def erase_educator(
    request: Request,
    session: Writing,
    actor: Caller,
    educator_id: EducatorPath,
    body: PrivacyCommand,
    _if_match: IfMatch = None,
    _key: Key = None,
) -> Response:
    return await _done(request, session, actor, educator_id, PrivacyAction.ERASE, body)


async def _done(
    request: Request, session: Writing, actor: Caller, educator_id: UUID, action: PrivacyAction, body: PrivacyCommand
) -> Response:
    standing = await privacy.command(
        session,
        actor,
        educator_id,
        action,
        body,
        check=lambda version: conditional.check_match(request, version),
        now=clock.now(),
    )
    return answer_written(standing, version=standing.version)
