"""HTTP of programmes."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_one, answer_written
from services.training_api.programmes import service as programmes
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.programmes import (
    ApprovalDecision,
    ProgrammeCreate,
    ProgrammeQuery,
    ProgrammeRead,
    ProgrammeVersionCreate,
)
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/programmes", tags=["programmes"])
_PAGE = TypeAdapter(Page[ProgrammeRead])
_MANAGER = [requires("training:manage")]
ProgrammePath = Annotated[
    UUID, Path(description="The version of the programme", examples=["0198c0de-0000-7000-8000-000000000201"])
]


@router.get(
    "",
    summary="List programmes",
    description="Every version of every programme, by code and number. Public.",
    response_model=Page[ProgrammeRead],
)
async def list_programmes(request: Request, session: Reading, query: Annotated[ProgrammeQuery, Query()]) -> Response:
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "programmes"},
        parse=[str, int],
        fetch=lambda after: programmes.page(session, query, after=after),
        count=lambda: programmes.count(session, query),
        keys=lambda programme: [programme.code, programme.number],
    )


@router.post(
    "",
    summary="Draft a programme",
    description="Writes version 1 of a programme as a draft. Its hours are the sum of its modules; an author's course "
    "gives certificates only once it is approved, as any other.",
    status_code=201,
    response_model=ProgrammeRead,
    dependencies=_MANAGER,
)
async def draft_programme(body: ProgrammeCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    programme = await programmes.draft(session, actor, body, now=clock.now())
    return answer_written(programme, status=201, location=f"/v1/programmes/{programme.id}", version=programme.version)


@router.get(
    "/{programme_id}",
    summary="Read a programme",
    description="One version with its modules, audience and completion rule. Public.",
    response_model=ProgrammeRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_programme(request: Request, session: Reading, programme_id: ProgrammePath) -> Response:
    programme = await programmes.get(session, programme_id)
    return answer_one(request, programme, programme.version)


@router.post(
    "/{programme_id}/versions",
    summary="Add a version of a programme",
    description="Writes the next version as a draft: as the newest one, save what is given. Cohorts keep the version "
    "they were planned with.",
    status_code=201,
    response_model=ProgrammeRead,
    dependencies=_MANAGER,
)
async def add_programme_version(
    body: ProgrammeVersionCreate, session: Writing, actor: Caller, programme_id: ProgrammePath, _key: Key = None
) -> Response:
    programme = await programmes.add_version(session, actor, programme_id, body, now=clock.now())
    return answer_written(programme, status=201, location=f"/v1/programmes/{programme.id}", version=programme.version)


@router.post(
    "/{programme_id}/approval",
    summary="Decide on a programme",
    description="Approves or rejects a draft and says by whom, when and on what ground.",
    response_model=ProgrammeRead,
    dependencies=_MANAGER,
)
async def decide_programme(
    body: ApprovalDecision, session: Writing, actor: Caller, programme_id: ProgrammePath, _key: Key = None
) -> Response:
    programme = await programmes.decide(session, actor, programme_id, body, now=clock.now())
    return answer_written(programme, version=programme.version)
