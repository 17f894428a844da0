"""HTTP of rooms."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_one, answer_written
from services.training_api.rooms import service as rooms
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.rooms import RoomCreate, RoomQuery, RoomRead, RoomUpdate
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/rooms", tags=["rooms"])
routers = (router,)
_PAGE = TypeAdapter(Page[RoomRead])
_MANAGER = [requires("training:manage")]
RoomPath = Annotated[UUID, Path(description="The room", examples=["0198c0de-0000-7000-8000-000000000331"])]


@router.get(
    "",
    summary="List rooms",
    description="Rooms in which sessions may be held, in the order they were entered. Public.",
    response_model=Page[RoomRead],
)
async def list_rooms(request: Request, session: Reading, query: Annotated[RoomQuery, Query()]) -> Response:
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "rooms"},
        parse=[UUID],
        fetch=lambda after: rooms.page(session, query, after=after),
        count=lambda: rooms.count(session, query),
        keys=lambda room: [room.id],
    )


@router.post(
    "",
    summary="Enter a room",
    description="Adds a room of an organisation within your reach, with its seats and equipment.",
    status_code=201,
    response_model=RoomRead,
    dependencies=_MANAGER,
)
async def add_room(body: RoomCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    room = await rooms.add(session, actor, body, now=clock.now())
    return answer_written(room, status=201, location=f"/v1/rooms/{room.id}", version=room.version)


@router.get(
    "/{room_id}",
    summary="Read a room",
    description="One room. Public.",
    response_model=RoomRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_room(request: Request, session: Reading, room_id: RoomPath) -> Response:
    room = await rooms.get(session, room_id)
    return answer_one(request, room, room.version)


@router.patch(
    "/{room_id}",
    summary="Change a room",
    description="Changes what the patch names. A room that is no longer in use keeps the sessions it has.",
    response_model=RoomRead,
    dependencies=_MANAGER,
)
async def change_room(
    request: Request,
    session: Writing,
    actor: Caller,
    room_id: RoomPath,
    patch: Annotated[RoomUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    room = await rooms.change(
        session,
        actor,
        room_id,
        patch,
        check=lambda version: conditional.check_match(request, version),
        now=clock.now(),
    )
    return answer_written(room, version=room.version)
