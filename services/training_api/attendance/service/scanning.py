"""Scans: whether one is taken, and what all scans of a person together come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.training_api.attendance import errors
from services.training_api.attendance.models import Attendance, AttendanceScan
from services.training_api.attendance.repository import records
from services.training_api.attendance.rules import codes, presence
from services.training_api.attendance.rules.codes import Code
from services.training_api.attendance.rules.presence import Hours, Presence, Seen
from services.training_api.attendance.service import course, words
from services.training_api.attendance.service.course import Person
from services.training_api.attendance.service.words import Word
from services.training_api.cohorts.service import Meeting
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.ids import new_id
from shared.schemas.training.attendance import AttendanceAction, AttendanceStatus, KnownBy
from shared.schemas.training.attendance_scans import OwnScanCreate, ScanCreate, ScanDirection, ScanOutcome, ScanRead
from shared.schemas.training.ids import EnrolmentId, SessionId

COUNTED = (
    errors.CodeExpired,
    errors.CodeMalformed,
    errors.CodeNotYetValid,
    errors.CodeOfAnotherSession,
    errors.NonceReplayed,
    errors.NotEnrolled,
    errors.ScanTooEarly,
    errors.ScanTooLate,
    errors.SeatAtAnotherVenue,
    errors.SessionCancelled,
)
"""Refusals that are kept for the report of anomalies."""
_ACTIONS = {ScanDirection.IN: AttendanceAction.CHECK_IN, ScanDirection.OUT: AttendanceAction.CHECK_OUT}


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that is to be taken."""

    enrolment_id: UUID
    direction: ScanDirection
    moment: datetime
    nonce: str
    device: str
    """A digest."""
    is_own_device: bool
    is_offline: bool = False
    drift_seconds: int | None = None


async def scan(
    session: WriteSession, actor: Actor, session_id: UUID, body: ScanCreate, *, key: bytes, now: datetime
) -> ScanRead | Problem:
    """Take a scan that a caller sends for a person.

    A refusal is given back and not raised, so that it is counted. Raises `SessionNotFound`, `BadgeInvalid`,
    `EnrolmentUnknown`, `OutOfReach`.
    """
    found = await course.meeting(session, session_id)
    enrolment_id = body.enrolment_id or codes.enrolment_of(key, body.badge or "")
    person = await course.standing(session, enrolment_id)
    runs_it = await course.demand_either(session, actor, found.cohort_id, person.organisation_id)
    return await _take_now(session, found, person, body, own=not runs_it, key=key, now=now)


async def scan_own(session: WriteSession, body: OwnScanCreate, *, key: bytes, now: datetime) -> ScanRead | Problem:
    """Take a scan of somebody's own device: the badge says whose, the code that the person is there.

    A refusal is given back. Raises `SessionNotFound`, `BadgeInvalid`, `EnrolmentUnknown`.
    """
    found = await course.meeting(session, body.session_id)
    person = await course.standing(session, codes.enrolment_of(key, body.badge))
    return await _take_now(session, found, person, body, own=True, key=key, now=now)


async def _take_now(
    session: WriteSession,
    found: Meeting,
    person: Person,
    body: ScanCreate | OwnScanCreate,
    *,
    own: bool,
    key: bytes,
    now: datetime,
) -> ScanRead | Problem:
    device = codes.device_digest(key, body.device)
    known = (await records.scans_by_nonce(session, [body.nonce])).get(body.nonce)
    try:
        if known is not None and (known.session_id, known.enrolment_id) != (found.id, person.enrolment_id):
            raise errors.NonceReplayed(pointer="/nonce")
        if known is None:
            code = _judge(found, person, body.code, key=key, now=now)
            wanted = Scan(person.enrolment_id, code.direction, now, body.nonce, device, own)
            (known,) = await take(session, found, [wanted], now=now)
    except COUNTED as problem:
        await records.count_refusals(session, found.id, [(person.enrolment_id, device, problem.code)], now=now)
        return problem
    return await _told(session, found, known)


def _judge(found: Meeting, person: Person, text: str, *, key: bytes, now: datetime) -> Code:
    course.demand_held(found)
    course.demand_expected(found, person)
    hours = course.hours(found)
    course.demand_open(hours, now)
    code = codes.read(key, found.id, text, near=now)
    if code is None:
        raise errors.CodeOfAnotherSession(pointer="/code")
    steps = codes.age(code, now)
    if steps < 0:
        raise errors.CodeNotYetValid(pointer="/code")
    if steps > codes.GRACE_STEPS:
        raise errors.CodeExpired(pointer="/code", shown_until=course.told(codes.begins(code.slot + 1)))
    course.demand_open(hours, now, code.direction)
    return code


async def take(session: WriteSession, found: Meeting, scans: Sequence[Scan], *, now: datetime) -> list[AttendanceScan]:
    """Write scans down and say of each person what all scans of that person come to, in the order they were sent.

    Raises `NonceReplayed` when another transaction has just used one of the nonces.
    """
    people = {one.enrolment_id for one in scans}
    rows = await records.hold(session, found.id, people, now=now)
    before = await records.scans_by_nonce(session, [one.nonce for one in scans])
    there = await records.scans_of(session, found.id, people)
    hours = course.hours(found)
    said: dict[UUID, Word] = {}
    taken: dict[str, AttendanceScan] = {}
    for enrolment_id in sorted(people):
        row = rows[enrolment_id]
        fresh = [one for one in scans if one.enrolment_id == enrolment_id and one.nonce not in before]
        word, outcomes = _weigh(row, hours, there[enrolment_id], fresh)
        if word is not None:
            said[enrolment_id] = word
        for one, outcome in zip(fresh, outcomes, strict=True):
            taken[one.nonce] = _row(found.id, one, outcome, now=now)
    if not await records.add_scans(session, list(taken.values())):
        raise errors.NonceReplayed(pointer="/nonce")
    await words.say(session, rows, said, on=day_in_kazakhstan(found.starts_at), now=now)
    return [taken.get(one.nonce) or before[one.nonce] for one in scans]


def _weigh(
    row: Attendance, hours: Hours, there: Sequence[AttendanceScan], fresh: Sequence[Scan]
) -> tuple[Word | None, list[ScanOutcome]]:
    """What to say of the person now, if anything new, and what each of the fresh scans changed."""
    kept = [presence.word_stands(row.known_by, row.status, row.settled_at, one.moment) for one in fresh]
    counted = [one for one, is_kept in zip(fresh, kept, strict=True) if not is_kept]
    if not counted:
        return None, [ScanOutcome.KEPT] * len(fresh)
    since = row.settled_at
    seen = [Seen(one.moment, one.direction) for one in there] + [Seen(one.moment, one.direction) for one in counted]
    seen = [one for one in seen if since is None or one.moment > since]
    now_is = presence.reckon(hours, seen)
    changed = now_is != Presence(row.status, row.minutes, row.arrived_at, row.left_at)
    outcome = ScanOutcome.RECORDED if changed else ScanOutcome.UNCHANGED
    outcomes = [ScanOutcome.KEPT if is_kept else outcome for is_kept in kept]
    if not changed:
        return None, outcomes
    last = max(counted, key=lambda one: one.moment)
    known_by = KnownBy.OFFLINE if last.is_offline else KnownBy.CODE
    action = _ACTIONS[last.direction]
    return Word(action, now_is.status, now_is.minutes, known_by, now_is.arrived_at, now_is.left_at), outcomes


def _row(session_id: UUID, one: Scan, outcome: ScanOutcome, *, now: datetime) -> AttendanceScan:
    return AttendanceScan(
        id=new_id(),
        session_id=session_id,
        enrolment_id=one.enrolment_id,
        direction=one.direction,
        moment=one.moment,
        nonce=one.nonce,
        device=one.device,
        is_own_device=one.is_own_device,
        is_offline=one.is_offline,
        drift_seconds=one.drift_seconds,
        outcome=outcome,
        recorded_at=now,
    )


async def _told(session: WriteSession, found: Meeting, taken: AttendanceScan) -> ScanRead:
    rows = await records.of_session(session, found.id, [taken.enrolment_id])
    row = rows.get(taken.enrolment_id)
    return ScanRead(
        session_id=SessionId(found.id),
        enrolment_id=EnrolmentId(taken.enrolment_id),
        direction=taken.direction,
        outcome=taken.outcome,
        status=row.status if row else AttendanceStatus.EXPECTED,
        minutes=row.minutes if row else 0,
        scanned_at=taken.moment,
    )
