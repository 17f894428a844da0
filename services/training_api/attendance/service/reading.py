"""Reading registers, single lines with their steps, and how much of a course people attended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.attendance import errors
from services.training_api.attendance.models import Attendance
from services.training_api.attendance.repository import records
from services.training_api.attendance.rules.machine import MACHINE
from services.training_api.attendance.service import course
from services.training_api.attendance.service.course import Person
from services.training_api.cohorts.service import Meeting
from services.training_api.educators import service as educators
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession
from shared.schemas.actions import RefusedAction
from shared.schemas.base import TextOut
from shared.schemas.training.attendance import AttendanceRead, AttendanceStatus, AttendanceStepRead, RegisterQuery
from shared.schemas.training.educators import PersonName


@dataclass(frozen=True, slots=True)
class Attended:
    """How much of a course somebody attended."""

    minutes: int
    of_minutes: int
    """Of all sessions of the person's venue that are not cancelled, whether they have begun or not."""
    share: float | None
    """None where nothing can be said: there are no sessions, or nothing was written of anybody at any of them."""


async def attended(
    session: AnySession, enrolment_ids: Collection[UUID], *, until: datetime | None = None
) -> dict[UUID, Attended]:
    """How much of their course people attended; with `until`, of the sessions that were over by then.

    Minutes somebody was excused from are minutes not attended.
    """
    return {
        total.enrolment_id: Attended(
            total.minutes,
            total.of_minutes,
            total.minutes / total.of_minutes if total.of_minutes and total.is_kept else None,
        )
        for total in await records.totals(session, enrolment_ids, until=until)
    }


@dataclass(frozen=True, slots=True)
class Register:
    """Who of the expected a caller sees."""

    found: Meeting
    people: Sequence[Person]
    rows: Mapping[UUID, Attendance]


async def register(session: AnySession, actor: Actor, session_id: UUID, query: RegisterQuery) -> Register:
    """Everybody expected, to who runs the course; to others, those within their reach.

    Raises `SessionNotFound`, `PersonalDataOutOfReach`.
    """
    found = await course.meeting(session, session_id)
    everyone = list((await course.expected(session, found)).values())
    if not await course.runs_course(session, actor, found.cohort_id):
        covered = await _covered(session, organisations.sight(actor), everyone)
        everyone = [person for person in everyone if person.organisation_id in covered]
    rows = await records.of_session(session, session_id)
    wanted = [
        person
        for person in everyone
        if query.venue_id in (None, person.venue_id) and query.status in (None, _status(rows, person))
    ]
    return Register(found, wanted, rows)


async def page(
    session: AnySession, actor: Actor, seen: Register, *, limit: int | None, after: Sequence[Any] | None
) -> list[AttendanceRead]:
    """Lines of a register in the order of enrolments; one more than `limit`, if there is one."""
    start = after[0] if after else UUID(int=0)
    chosen = [person for person in seen.people if person.enrolment_id > start]
    return await _lines(session, actor, seen.found, chosen if limit is None else chosen[: limit + 1], seen.rows)


async def line(session: AnySession, actor: Actor, session_id: UUID, enrolment_id: UUID) -> AttendanceRead:
    """One line. Raises `SessionNotFound`, `AttendanceNotFound`, `PersonalDataOutOfReach`."""
    found = await course.meeting(session, session_id)
    person, rows = await _seen(session, actor, found, enrolment_id)
    return (await _lines(session, actor, found, [person], rows))[0]


async def steps(session: AnySession, actor: Actor, session_id: UUID, enrolment_id: UUID) -> list[AttendanceStepRead]:
    """All steps of one line, from the first. Raises as `line`."""
    found = await course.meeting(session, session_id)
    _, rows = await _seen(session, actor, found, enrolment_id)
    row = rows.get(enrolment_id)
    return [AttendanceStepRead.model_validate(step) for step in await records.steps(session, row.id)] if row else []


async def lines(session: AnySession, actor: Actor, found: Meeting, chosen: Sequence[Person]) -> list[AttendanceRead]:
    """Lines of these people as they are now."""
    rows = await records.of_session(session, found.id, [person.enrolment_id for person in chosen])
    return await _lines(session, actor, found, chosen, rows)


async def _seen(
    session: AnySession, actor: Actor, found: Meeting, enrolment_id: UUID
) -> tuple[Person, Mapping[UUID, Attendance]]:
    person = (await course.find_many(session, [enrolment_id])).get(enrolment_id)
    rows = await records.of_session(session, found.id, [enrolment_id])
    if person is None or person.cohort_id != found.cohort_id or not (person.has_seat or rows):
        raise errors.AttendanceNotFound
    if found.venue_id not in (None, person.venue_id) and not rows:
        raise errors.AttendanceNotFound
    if not await course.runs_course(session, actor, found.cohort_id) and not await _covered(
        session, organisations.sight(actor), [person]
    ):
        raise errors.AttendanceNotFound
    return person, rows


async def _lines(
    session: AnySession,
    actor: Actor,
    found: Meeting,
    chosen: Sequence[Person],
    rows: Mapping[UUID, Attendance],
) -> list[AttendanceRead]:
    reach = organisations.reach(actor, Scope.TRAINING_READ)
    covered = await _covered(session, reach, chosen)
    near = {person.educator_id for person in chosen if person.organisation_id in covered}
    names = await educators.names(session, near) if near else {}
    return [_line(found, person, rows.get(person.enrolment_id), names.get(person.educator_id)) for person in chosen]


async def _covered(session: AnySession, reach: Reach, chosen: Collection[Person]) -> set[UUID]:
    """Those of the workplaces that the reach covers."""
    workplaces = {person.organisation_id for person in chosen}
    known = {} if reach.everywhere else await organisations.find_many(session, workplaces)
    return {one for one in workplaces if reach.covers(known[one].area_path if one in known else [], one)}


def _status(rows: Mapping[UUID, Attendance], person: Person) -> AttendanceStatus:
    row = rows.get(person.enrolment_id)
    return row.status if row else AttendanceStatus.EXPECTED


def _line(found: Meeting, person: Person, row: Attendance | None, name: PersonName | None) -> AttendanceRead:
    status = row.status if row else AttendanceStatus.EXPECTED
    return AttendanceRead.model_validate(
        {
            "session_id": found.id,
            "enrolment_id": person.enrolment_id,
            "educator_id": person.educator_id,
            "organisation_id": person.organisation_id,
            "venue_id": person.venue_id,
            "name": name,
            "status": status,
            "minutes": row.minutes if row else 0,
            "of_minutes": course.hours(found).minutes,
            "arrived_at": row.arrived_at if row else None,
            "left_at": row.left_at if row else None,
            "known_by": row.known_by if row else None,
            "allowed_actions": [] if course.is_cancelled(found) else MACHINE.commands(status),
            "refused_actions": _refused(found, status),
            "version": row.version if row else 0,
        }
    )


def _refused(found: Meeting, status: AttendanceStatus) -> list[RefusedAction]:
    if course.is_cancelled(found):
        why = errors.SessionCancelled
        return [
            RefusedAction(action=move.action, code=why.code, message=TextOut(**why.title._asdict()))
            for move in MACHINE.moves
            if move.is_command
        ]
    return [
        RefusedAction(action=one.action, code=one.code, message=TextOut(**one.message._asdict()))
        for one in MACHINE.refusals(status)
    ]
