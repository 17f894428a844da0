"""What trainers say by hand: marks without a code, corrections with a reason, and closing a register."""

from datetime import datetime
from uuid import UUID

from services.training_api.attendance import errors
from services.training_api.attendance.repository import records
from services.training_api.attendance.rules import presence
from services.training_api.attendance.rules.machine import THERE
from services.training_api.attendance.service import course, reading, words
from services.training_api.attendance.service.words import Word
from services.training_api.cohorts.service import Meeting
from services.training_api.enrolments.errors import EnrolmentUnknown
from services.training_api.reasons import service as reasons
from services.training_api.screening import looks_personal
from shared import outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.training.attendance import (
    AttendanceAction,
    AttendanceList,
    AttendanceRead,
    AttendanceStatus,
    CorrectCommand,
    KnownBy,
    MarkedStatus,
    MarksCreate,
    RegisterClosed,
    Said,
)
from shared.schemas.training.ids import SessionId
from shared.schemas.training.reasons import ReasonList


async def mark(
    session: WriteSession, actor: Actor, session_id: UUID, body: MarksCreate, *, now: datetime
) -> AttendanceList:
    """Say of several people whether they were there: all marks are taken or none.

    Raises `SessionNotFound`, `OutOfReach`, `SessionCancelled`, `SessionNotBegun`, `PersonRepeated`, `NotEnrolled`,
    `SeatAtAnotherVenue`, `MinutesNeeded`, `MinutesUnsuitable`, `AttendanceStepNotAllowed`, `CommentLooksPersonal`,
    and those of reasons.
    """
    found = await _own(session, actor, session_id)
    ids = [one.enrolment_id for one in body.marks]
    there = await course.find_many(session, ids)
    words_: dict[UUID, Word] = {}
    excused = any(one.status is MarkedStatus.EXCUSED for one in body.marks)
    await _demand_reason(session, body, found, needed=excused)
    for place, one in enumerate(body.marks):
        pointer = f"/marks/{place}"
        if one.enrolment_id in words_:
            raise errors.PersonRepeated(pointer=f"{pointer}/enrolment_id")
        if one.enrolment_id not in there:
            raise EnrolmentUnknown(pointer=f"{pointer}/enrolment_id")
        course.demand_expected(found, there[one.enrolment_id])
        _demand_begun(found, one.status, now)
        minutes = _minutes(found, one.status, one.minutes, pointer=f"{pointer}/minutes")
        status = AttendanceStatus(one.status)
        words_[one.enrolment_id] = Word(AttendanceAction.MARK, status, minutes, KnownBy.HAND)
    rows = await records.hold(session, session_id, ids, now=now)
    await words.say(session, rows, words_, said=body, on=day_in_kazakhstan(found.starts_at), now=now)
    return AttendanceList(items=await reading.lines(session, actor, found, [there[one] for one in ids]))


async def correct(
    session: WriteSession,
    actor: Actor,
    session_id: UUID,
    enrolment_id: UUID,
    body: CorrectCommand,
    *,
    now: datetime,
) -> AttendanceRead:
    """Put right what is written; no scan changes it again.

    Raises `SessionNotFound`, `AttendanceNotFound`, `OutOfReach`, `SessionCancelled`, `SessionNotBegun`,
    `MinutesNeeded`, `MinutesUnsuitable`, `AttendanceStepNotAllowed`, `CommentLooksPersonal`, and those of reasons.
    """
    found = await _own(session, actor, session_id)
    await _demand_reason(session, body, found, needed=True)
    there = (await records.of_session(session, session_id, [enrolment_id])).get(enrolment_id)
    person = (await course.find_many(session, [enrolment_id])).get(enrolment_id)
    if person is None or (there is None and (not person.has_seat or person.cohort_id != found.cohort_id)):
        raise errors.AttendanceNotFound
    words.demand_move(there.status if there else AttendanceStatus.EXPECTED, AttendanceAction.CORRECT)
    _demand_begun(found, body.status, now)
    minutes = _minutes(found, body.status, body.minutes, pointer="/minutes")
    rows = await records.hold(session, session_id, [enrolment_id], now=now)
    word = Word(AttendanceAction.CORRECT, AttendanceStatus(body.status), minutes, KnownBy.CORRECTION)
    on = day_in_kazakhstan(found.starts_at)
    await words.say(session, rows, {enrolment_id: word}, said=body, on=on, now=now)
    return (await reading.lines(session, actor, found, [person]))[0]


async def close(session: WriteSession, actor: Actor, session_id: UUID, *, now: datetime) -> RegisterClosed:
    """Close the register of a session that is over: of whom nothing is said was absent. A later scan still counts.

    Raises `SessionNotFound`, `OutOfReach`, `SessionCancelled`, `SessionNotOver`.
    """
    found = await _own(session, actor, session_id)
    if now < found.ends_at:
        raise errors.SessionNotOver
    expected = await course.expected(session, found)
    rows = await records.hold(session, session_id, expected, now=now)
    absent = Word(AttendanceAction.CLOSE, AttendanceStatus.ABSENT, 0, KnownBy.CLOSING)
    silent = [one for one, row in rows.items() if row.status is AttendanceStatus.EXPECTED]
    on = day_in_kazakhstan(found.starts_at)
    await words.say(session, rows, dict.fromkeys(silent, absent), on=on, now=now)
    statuses = [row.status for row in rows.values()]
    closed = RegisterClosed(
        session_id=SessionId(session_id),
        expected=len(statuses),
        attended=sum(status in THERE for status in statuses),
        absent=statuses.count(AttendanceStatus.ABSENT),
        excused=statuses.count(AttendanceStatus.EXCUSED),
        closed_now=len(silent),
    )
    data = {**closed.model_dump(mode="json"), "cohort_id": str(found.cohort_id)}
    event = outbox.Event(kind="session.register_closed", subject="session", subject_id=session_id, data=data)
    await outbox.add(session, event)
    return closed


async def _own(session: WriteSession, actor: Actor, session_id: UUID) -> Meeting:
    found = await course.meeting(session, session_id)
    await course.demand_course(session, actor, found.cohort_id)
    course.demand_held(found)
    return found


async def _demand_reason(session: WriteSession, body: Said, found: Meeting, *, needed: bool) -> None:
    if looks_personal(body.comment):
        raise errors.CommentLooksPersonal(pointer="/comment")
    on = body.effective_on or day_in_kazakhstan(found.starts_at)
    await reasons.check(session, ReasonList.ATTENDANCE, body.reason_code, on=on, needed=needed)


def _demand_begun(found: Meeting, status: MarkedStatus, now: datetime) -> None:
    """Only an excuse is known before the session."""
    if status is not MarkedStatus.EXCUSED and now < found.starts_at:
        raise errors.SessionNotBegun


def _minutes(found: Meeting, status: MarkedStatus, minutes: int | None, *, pointer: str) -> int:
    hours = course.hours(found)
    known = presence.by_hand(hours, status, minutes)
    if known is None:
        raise errors.MinutesNeeded(pointer=pointer)
    if known < 0:
        raise errors.MinutesUnsuitable(pointer=pointer, of_minutes=hours.minutes)
    return known
