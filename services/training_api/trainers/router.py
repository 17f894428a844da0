"""HTTP of trainers."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_one, answer_written
from services.training_api.trainers import service as trainers
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.trainers import TrainerCreate, TrainerQuery, TrainerRead, TrainerUpdate
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/trainers", tags=["trainers"])
routers = (router,)
_PAGE = TypeAdapter(Page[TrainerRead])
_READER = [requires("training:read")]
_MANAGER = [requires("training:manage")]
TrainerPath = Annotated[UUID, Path(description="The trainer", examples=["0198c0de-0000-7000-8000-000000000341"])]


@router.get(
    "",
    summary="List trainers",
    description="Who teaches, in the order in which they were entered. Names only of those who agree to it.",
    response_model=Page[TrainerRead],
    dependencies=_READER,
)
async def list_trainers(request: Request, session: Reading, query: Annotated[TrainerQuery, Query()]) -> Response:
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "trainers"},
        parse=[UUID],
        fetch=lambda after: trainers.page(session, query, after=after),
        count=lambda: trainers.count(session, query),
        keys=lambda trainer: [trainer.id],
    )


@router.post(
    "",
    summary="Enter a trainer",
    description="An educator, or somebody from outside, of whom no more is kept than a name, with consent.",
    status_code=201,
    response_model=TrainerRead,
    dependencies=_MANAGER,
)
async def add_trainer(body: TrainerCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    trainer = await trainers.add(session, actor, body, now=clock.now())
    return answer_written(trainer, status=201, location=f"/v1/trainers/{trainer.id}", version=trainer.version)


@router.get(
    "/{trainer_id}",
    summary="Read a trainer",
    description="One trainer.",
    response_model=TrainerRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_trainer(request: Request, session: Reading, trainer_id: TrainerPath) -> Response:
    trainer = await trainers.get(session, trainer_id)
    return answer_one(request, trainer, trainer.version)


@router.patch(
    "/{trainer_id}",
    summary="Change a trainer",
    description="Changes what the patch names. When the consent is withdrawn, the name is forgotten.",
    response_model=TrainerRead,
    dependencies=_MANAGER,
)
async def change_trainer(
    request: Request,
    session: Writing,
    actor: Caller,
    trainer_id: TrainerPath,
    patch: Annotated[TrainerUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    trainer = await trainers.change(
        session,
        actor,
        trainer_id,
        patch,
        check=lambda version: conditional.check_match(request, version),
        now=clock.now(),
    )
    return answer_written(trainer, version=trainer.version)
