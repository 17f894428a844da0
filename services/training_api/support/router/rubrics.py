"""HTTP of rubrics."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_one, answer_written
from services.training_api.support import service as support
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.support import RubricCreate, RubricQuery, RubricRead
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/support-rubrics", tags=["support"])
_RUBRICS = TypeAdapter(Page[RubricRead])
_READER = [requires("training:read")]
_MANAGER = [requires("training:manage")]
RubricPath = Annotated[UUID, Path(description="The rubric", examples=["0198c0de-0000-7000-8000-000000000811"])]


@router.get(
    "",
    summary="List rubrics",
    description="What visits are judged by: every version for every programme.",
    response_model=Page[RubricRead],
    dependencies=_READER,
)
async def list_support_rubrics(request: Request, session: Reading, query: Annotated[RubricQuery, Query()]) -> Response:
    return await answer_list(
        request,
        query,
        _RUBRICS,
        of={"list": "support-rubrics"},
        parse=[str, int],
        fetch=lambda after: support.page_rubrics(session, query, after=after),
        count=lambda: support.count_rubrics(session, query),
        keys=lambda rubric: [rubric.programme_code, rubric.number],
    )


@router.post(
    "",
    summary="Write a rubric",
    description="Writes the next version of a programme's rubric: criteria, and what is seen at each of their levels. "
    "Plans keep the version they were drafted with.",
    status_code=201,
    response_model=RubricRead,
    dependencies=_MANAGER,
)
async def write_support_rubric(body: RubricCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    rubric = await support.write_rubric(session, actor, body, now=clock.now())
    return answer_written(rubric, status=201, location=f"/v1/support-rubrics/{rubric.id}")


@router.get(
    "/{rubric_id}",
    summary="Read a rubric",
    description="One version; it never changes.",
    response_model=RubricRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_support_rubric(request: Request, session: Reading, rubric_id: RubricPath) -> Response:
    return answer_one(request, await support.get_rubric(session, rubric_id), 1)
