"""Scans that were made without a network and are sent later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.training_api.attendance import errors
from services.training_api.attendance.models import Attendance, AttendanceScan
from services.training_api.attendance.repository import records
from services.training_api.attendance.rules import codes, presence
from services.training_api.attendance.service import course, scanning
from services.training_api.attendance.service.course import Person
from services.training_api.attendance.service.scanning import Scan
from services.training_api.cohorts.service import Meeting
from shared.auth import Actor
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.schemas.training.attendance import AttendanceStatus
from shared.schemas.training.attendance_scans import OfflineBatch, OfflineScan, ScanOutcome

_MOST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one scan."""

    nonce: str
    outcome: ScanOutcome
    problem: Problem | None
    enrolment_id: UUID | None
    status: AttendanceStatus | None
    minutes: int | None


async def take_batch(
    session: WriteSession, actor: Actor, session_id: UUID, body: OfflineBatch, *, key: bytes, now: datetime
) -> list[Answered]:
    """Take what a device of the course collected: each scan is answered for itself.

    The half minute a code was made for counts, not the device's clock. Raises `SessionNotFound`, `OutOfReach`,
    `SessionCancelled`, `UploadTooLate`.
    """
    found = await course.meeting(session, session_id)
    await course.demand_course(session, actor, found.cohort_id)
    course.demand_held(found)
    until = found.ends_at + presence.UPLOAD_WITHIN
    if now >= until:
        raise errors.UploadTooLate(until=course.told(until))
    device = codes.device_digest(key, body.device)
    named = [_whose(one, key) for one in body.scans]
    there = await course.find_many(session, [one for one in named if isinstance(one, UUID)])
    known = await records.scans_by_nonce(session, [one.nonce for one in body.scans])
    owners = {nonce: (scan.session_id, scan.enrolment_id) for nonce, scan in known.items()}
    sound: dict[str, Scan] = {}
    refused: dict[int, Problem] = {}
    for place, (one, who) in enumerate(zip(body.scans, named, strict=True)):
        try:
            if isinstance(who, Problem):
                raise who
            if owners.setdefault(one.nonce, (found.id, who)) != (found.id, who):
                raise errors.NonceReplayed(pointer=f"/scans/{place}/nonce")
            if one.nonce not in known and one.nonce not in sound:
                sound[one.nonce] = _judged(
                    found, there.get(who), who, one, body.clock_offset_seconds, device=device, key=key, now=now
                )
        except (*scanning.COUNTED, errors.BadgeInvalid) as problem:
            refused[place] = problem
    counted = [
        (who, device, refused[place].code)
        for place, who in enumerate(named)
        if place in refused and isinstance(who, UUID) and who in there
    ]
    await records.count_refusals(session, found.id, counted, now=now)
    taken = {scan.nonce: scan for scan in await scanning.take(session, found, list(sound.values()), now=now)}
    rows = await records.of_session(session, found.id, [one for one in named if isinstance(one, UUID)])
    return [
        _answered(one, refused.get(place), taken.get(one.nonce), known.get(one.nonce), rows)
        for place, one in enumerate(body.scans)
    ]


def _whose(one: OfflineScan, key: bytes) -> UUID | Problem:
    try:
        return one.enrolment_id or codes.enrolment_of(key, one.badge or "")
    except errors.BadgeInvalid as problem:
        return problem


def _judged(
    found: Meeting,
    person: Person | None,
    enrolment_id: UUID,
    one: OfflineScan,
    offset_seconds: int,
    *,
    device: str,
    key: bytes,
    now: datetime,
) -> Scan:
    """The scan, if it is sound: of the half minute its code was made for."""
    course.demand_expected(found, person)
    hours = course.hours(found)
    code = codes.read(key, found.id, one.code, near=hours.starts_at + (hours.ends_at - hours.starts_at) / 2)
    if code is None:
        raise errors.CodeOfAnotherSession(pointer="/code")
    moment = codes.begins(code.slot)
    if moment > now:
        raise errors.CodeNotYetValid(pointer="/code")
    course.demand_open(hours, moment, code.direction)
    drift = (one.device_clock - moment).total_seconds() + offset_seconds
    drift_seconds = int(max(-_MOST, min(drift, _MOST)))
    return Scan(enrolment_id, code.direction, moment, one.nonce, device, False, True, drift_seconds)


def _answered(
    one: OfflineScan,
    problem: Problem | None,
    taken: AttendanceScan | None,
    known: AttendanceScan | None,
    rows: Mapping[UUID, Attendance],
) -> Answered:
    scan = taken or known
    if problem is not None or scan is None:
        return Answered(one.nonce, ScanOutcome.REFUSED, problem, one.enrolment_id, None, None)
    row = rows[scan.enrolment_id]
    outcome = ScanOutcome.UNCHANGED if taken is None else taken.outcome
    return Answered(one.nonce, outcome, None, scan.enrolment_id, row.status, row.minutes)
