"""HTTP of registers: who was there, what trainers say by hand, and what is corrected."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.access_log import service as access_log
from services.training_api.attendance import service as attendance
from services.training_api.attendance.router.paths import EnrolmentPath, SessionPath
from services.training_api.dependencies import Key, answer_list, answer_one, answer_written, seen_by
from shared import clock
from shared.auth import Actor, Caller, requires
from shared.db.sessions import WriteSession
from shared.schemas.pages import Page
from shared.schemas.training.attendance import (
    AttendanceList,
    AttendanceRead,
    AttendanceSteps,
    CorrectCommand,
    MarksCreate,
    RegisterClosed,
    RegisterQuery,
)
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/sessions", tags=["attendance"])
_PAGE = TypeAdapter(Page[AttendanceRead])
_READER = [requires("training:read")]
_MANAGER = [requires("training:manage")]
_COLUMNS = (
    *("enrolment_id", "educator_id", "organisation_id", "venue_id", "status", "minutes", "of_minutes"),
    *("arrived_at", "left_at", "known_by"),
)


@router.get(
    "/{session_id}/attendance",
    summary="Read the register of a session",
    description="Everybody expected, with state, minutes and how it is known, to who runs the course; to others, "
    "people within their reach. Names are shown to who is responsible for the workplace, which is written down for "
    "these people to see, with `X-Reason` if you say why. As CSV, XLSX or NDJSON by `Accept`, then all of them and "
    "without names.",
    response_model=Page[AttendanceRead],
    dependencies=_READER,
)
async def list_attendance(
    request: Request,
    session: Writing,
    actor: Caller,
    session_id: SessionPath,
    query: Annotated[RegisterQuery, Query()],
) -> Response:
    async def fetch(after: Sequence[Any] | None) -> Sequence[AttendanceRead]:
        rows = await attendance.page(session, actor, seen, limit=query.limit, after=after)
        await _note(session, rows[: query.limit])
        return rows

    seen = await attendance.register(session, actor, session_id, query)
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, actor, seen), filename="attendance")
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "attendance", "session": session_id, **seen_by(actor)},
        parse=[UUID],
        fetch=fetch,
        count=lambda: _length(seen),
        keys=lambda line: [line.enrolment_id],
    )


@router.post(
    "/{session_id}/attendance-marks",
    summary="Mark people by hand",
    description="What a trainer says without a code, of up to 500 people: all of it is taken or none. Of whom "
    "something is said already, a correction is needed. Only an excuse can be told before the session.",
    response_model=AttendanceList,
    dependencies=_MANAGER,
)
async def mark_attendance(
    body: MarksCreate, session: Writing, actor: Caller, session_id: SessionPath, _key: Key = None
) -> Response:
    marked = await attendance.mark(session, actor, session_id, body, now=clock.now())
    await _note(session, marked.items)
    return answer_written(marked)


@router.post(
    "/{session_id}/close-register",
    summary="Close the register of a session",
    description="The session is over: of whom nothing is said was absent. Scans made without a network still count "
    "when they come, and what is wrong can be corrected.",
    response_model=RegisterClosed,
    dependencies=_MANAGER,
)
async def close_register(session: Writing, actor: Caller, session_id: SessionPath, _key: Key = None) -> Response:
    return answer_written(await attendance.close(session, actor, session_id, now=clock.now()))


@router.get(
    "/{session_id}/attendance/{enrolment_id}",
    summary="Read one line of a register",
    description="One person at one session, with what may be done and, of the rest, why not.",
    response_model=AttendanceRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_attendance(
    request: Request, session: Writing, actor: Caller, session_id: SessionPath, enrolment_id: EnrolmentPath
) -> Response:
    line = await attendance.line(session, actor, session_id, enrolment_id)
    await _note(session, [line])
    # Cancelling or moving the session changes the line without changing its version.
    return answer_one(request, line, line.version, line.of_minutes, len(line.allowed_actions), bool(line.name))


@router.get(
    "/{session_id}/attendance/{enrolment_id}/steps",
    summary="List the steps of one line",
    description="Every step with who took it, why, upon what, and which day it is about.",
    dependencies=_READER,
)
async def list_attendance_steps(
    session: Reading, actor: Caller, session_id: SessionPath, enrolment_id: EnrolmentPath
) -> AttendanceSteps:
    return AttendanceSteps(items=await attendance.steps(session, actor, session_id, enrolment_id))


@router.post(
    "/{session_id}/attendance/{enrolment_id}/correct",
    summary="Correct one line of a register",
    description="What is true instead, with its reason; what was written before stays among the steps. No scan, "
    "however late it comes, changes a correction.",
    response_model=AttendanceRead,
    dependencies=_MANAGER,
)
async def correct_attendance(
    body: CorrectCommand,
    session: Writing,
    actor: Caller,
    session_id: SessionPath,
    enrolment_id: EnrolmentPath,
    _key: Key = None,
) -> Response:
    line = await attendance.correct(session, actor, session_id, enrolment_id, body, now=clock.now())
    await _note(session, [line])
    return answer_written(line, version=line.version)


async def _note(session: WriteSession, lines: Sequence[AttendanceRead]) -> None:
    """Whose names were shown."""
    named = [line.educator_id for line in lines if line.name is not None]
    await access_log.note(session, named, shown="session_attendance", now=clock.now())


async def _length(seen: attendance.Register) -> int:
    return len(seen.people)


async def _all(request: Request, actor: Actor, seen: attendance.Register) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    async with database_of(request).reading() as session:
        lines = await attendance.page(session, actor, seen, limit=None, after=None)
    yield [_row(line) for line in lines]


def _row(line: AttendanceRead) -> dict[str, Any]:
    return {column: value for column, value in line.model_dump(mode="json").items() if column in _COLUMNS}
