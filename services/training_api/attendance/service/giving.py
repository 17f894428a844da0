"""Giving codes to the screen of a course, and badges to people."""

import asyncio
import io
from datetime import datetime
from uuid import UUID

import segno

from services.training_api.attendance import errors
from services.training_api.attendance.rules import codes, presence
from services.training_api.attendance.rules.codes import Code
from services.training_api.attendance.service import course
from shared.auth import Actor
from shared.db.sessions import AnySession
from shared.schemas.training.attendance_scans import BadgeRead, CodeRead, CodeSheet, ScanDirection
from shared.schemas.training.ids import EnrolmentId, SessionId


async def code(
    session: AnySession, actor: Actor, session_id: UUID, direction: ScanDirection, *, key: bytes, now: datetime
) -> CodeRead:
    """The code of this moment, for who runs the course.

    Raises `SessionNotFound`, `OutOfReach`, `SessionCancelled`, `ScanTooEarly`, `ScanTooLate`.
    """
    found = await course.meeting(session, session_id)
    await course.demand_course(session, actor, found.cohort_id)
    course.demand_held(found)
    course.demand_open(course.hours(found), now, direction)
    present = Code(direction, codes.slot_at(now))
    text = codes.make(key, session_id, present)
    told = f"{session_id.hex.upper()}/{text}"
    return CodeRead(
        session_id=SessionId(session_id),
        direction=direction,
        code=codes.grouped(text),
        text=told,
        picture=await _picture(told),
        valid_from=codes.begins(present.slot),
        valid_until=codes.begins(present.slot + 1),
        accepted_until=codes.begins(present.slot + 1 + codes.GRACE_STEPS),
        server_time=now,
    )


async def sheet(
    session: AnySession, actor: Actor, session_id: UUID, direction: ScanDirection, *, key: bytes, now: datetime
) -> CodeSheet:
    """All codes of a session, for a screen that will have no network; from the day before.

    Raises `SessionNotFound`, `OutOfReach`, `SessionCancelled`, `ScanTooEarly`, `ScanTooLate`.
    """
    found = await course.meeting(session, session_id)
    await course.demand_course(session, actor, found.cohort_id)
    course.demand_held(found)
    hours = course.hours(found)
    given_from = hours.opens(direction) - presence.SHEET_BEFORE
    if now < given_from:
        raise errors.ScanTooEarly(opens_at=course.told(given_from))
    if now >= hours.closes(direction):
        raise errors.ScanTooLate(closed_at=course.told(hours.closes(direction)))
    slots = range(codes.slot_at(hours.opens(direction)), codes.slot_at(hours.closes(direction)))
    made = await asyncio.to_thread(
        lambda: [codes.grouped(codes.make(key, session_id, Code(direction, slot))) for slot in slots]
    )
    return CodeSheet(
        session_id=SessionId(session_id),
        direction=direction,
        first_at=codes.begins(slots.start),
        step_seconds=int(codes.STEP.total_seconds()),
        codes=made,
        server_time=now,
    )


async def badge(session: AnySession, actor: Actor, enrolment_id: UUID, *, key: bytes) -> BadgeRead:
    """The badge of a person, for who enrols at the workplace or runs the course.

    Raises `EnrolmentNotFound`, `OutOfReach`.
    """
    person = await course.own(session, actor, enrolment_id)
    text = codes.badge(key, person.enrolment_id)
    return BadgeRead(enrolment_id=EnrolmentId(enrolment_id), badge=text, picture=await _picture(text))


async def _picture(text: str) -> str:
    return await asyncio.to_thread(_drawn, text)


def _drawn(text: str) -> str:
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, scale=8)
    return drawing.getvalue().decode()
