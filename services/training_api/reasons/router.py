"""HTTP of reasons."""

from typing import Annotated

from fastapi import Path, Query, Response

from services.training_api.dependencies import Key, answer_written
from services.training_api.reasons import service as reasons
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.reasons import (
    ReasonCatalogue,
    ReasonCreate,
    ReasonEnd,
    ReasonList,
    ReasonQuery,
    ReasonRead,
)
from shared.schemas.training.words import ReasonCode
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/reasons", tags=["reasons"])
routers: tuple[Router, ...] = (router,)
_MANAGER = [requires("training:manage")]


@router.get(
    "",
    summary="List reasons",
    description="The codes by which commands tell why, in three languages, as they may be given on a day. Public.",
)
async def list_reasons(session: Reading, query: Annotated[ReasonQuery, Query()]) -> ReasonCatalogue:
    today = clock.day_in_kazakhstan(clock.now())
    return ReasonCatalogue(items=await reasons.find_many(session, query, today=today))


@router.post(
    "",
    summary="Write a reason",
    description="Adds a reason to a list, or the next version of one, which ends the last on the day it begins. What "
    "was recorded earlier keeps the meaning it had. For the whole country.",
    status_code=201,
    response_model=ReasonRead,
    dependencies=_MANAGER,
)
async def write_reason(body: ReasonCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    reason = await reasons.write(session, actor, body)
    return answer_written(reason, status=201, location=f"/v1/reasons?list={reason.list}&on={reason.valid_from}")


@router.post(
    "/{list}/{code}/end",
    summary="End a reason",
    description="From that day on the reason may no longer be given. For the whole country.",
    response_model=ReasonRead,
    dependencies=_MANAGER,
)
async def end_reason(
    session: Writing,
    actor: Caller,
    list_: Annotated[ReasonList, Path(alias="list", description="The list", examples=["participation"])],
    code: Annotated[ReasonCode, Path(description="The code of the reason", examples=["illness"])],
    body: ReasonEnd,
    _key: Key = None,
) -> Response:
    return answer_written(await reasons.end(session, actor, list_, code, body))
