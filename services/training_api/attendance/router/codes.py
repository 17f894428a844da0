"""HTTP of giving codes to screens and badges to people."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel

from services.training_api.attendance import service as attendance
from services.training_api.attendance.router.paths import AttendanceKey, EnrolmentPath, SessionPath
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.attendance_scans import BadgeRead, CodeQuery, CodeRead, CodeSheet
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/sessions", tags=["attendance"])
badges = Router("/v1/enrolments", tags=["attendance"])
_MANAGER = [requires("training:manage")]


@router.get(
    "/{session_id}/code",
    summary="Show the code of this moment",
    description="For the screen in the room, by who runs the course. It changes every 30 seconds, and the one before "
    "is taken for 30 seconds more. Codes of `in` are shown from 30 minutes before the session until its end, those of "
    "`out` from its beginning until an hour after it.",
    response_model=CodeRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def read_session_code(
    session: Reading, actor: Caller, key: AttendanceKey, session_id: SessionPath, query: Annotated[CodeQuery, Query()]
) -> Response:
    return _unkept(await attendance.code(session, actor, session_id, query.direction, key=key, now=clock.now()))


@router.get(
    "/{session_id}/codes",
    summary="Take the codes of a session along",
    description="All codes, for a screen that will have no network; from 24 hours before they are shown.",
    response_model=CodeSheet,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def read_session_codes(
    session: Reading, actor: Caller, key: AttendanceKey, session_id: SessionPath, query: Annotated[CodeQuery, Query()]
) -> Response:
    return _unkept(await attendance.sheet(session, actor, session_id, query.direction, key=key, now=clock.now()))


@badges.get(
    "/{enrolment_id}/badge",
    summary="Give a person's badge",
    description="The signed text by which a person's own device, or a sheet of paper that a trainer scans, stands for "
    "the enrolment. Alone it does nothing: a code of the room is needed with it.",
    response_model=BadgeRead,
    dependencies=[requires("training:enrol")],
)
async def read_badge(session: Reading, actor: Caller, key: AttendanceKey, enrolment_id: EnrolmentPath) -> Response:
    return _unkept(await attendance.badge(session, actor, enrolment_id, key=key))


def _unkept(given: BaseModel) -> Response:
    """What no cache may keep."""
    headers = {"Cache-Control": "no-store"}
    return Response(given.model_dump_json(), media_type="application/json", headers=headers)
