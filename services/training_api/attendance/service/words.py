"""Writing down what is said of people at a session: the row, and the step that led there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.training_api.attendance import errors
from services.training_api.attendance.models import Attendance, AttendanceStep
from services.training_api.attendance.repository import records
from services.training_api.attendance.rules.machine import MACHINE
from shared.db.sessions import WriteSession, authorship
from shared.schemas.training.attendance import AttendanceAction, AttendanceStatus, KnownBy, Said


@dataclass(frozen=True, slots=True)
class Word:
    """What is to be said of one person from now on."""

    action: AttendanceAction
    status: AttendanceStatus
    minutes: int
    known_by: KnownBy
    arrived_at: datetime | None = None
    left_at: datetime | None = None


async def say(
    session: WriteSession,
    rows: Mapping[UUID, Attendance],
    words: Mapping[UUID, Word],
    *,
    said: Said | None = None,
    on: date,
    now: datetime,
) -> None:
    """Write words on rows that are held, each as a step. Raises `AttendanceStepNotAllowed`."""
    numbers = await records.last_numbers(session, [rows[enrolment_id].id for enrolment_id in words])
    steps: list[AttendanceStep] = []
    for enrolment_id, word in words.items():
        row = rows[enrolment_id]
        demand_move(row.status, word.action)
        steps.append(
            AttendanceStep(
                attendance_id=row.id,
                number=numbers.get(row.id, 0) + 1,
                action=word.action.value,
                from_status=row.status.value,
                to_status=word.status.value,
                minutes=word.minutes,
                actor=authorship(session).subject,
                reason_code=said.reason_code if said else None,
                comment=said.comment if said else None,
                evidence=[item.model_dump(mode="json") for item in said.evidence] if said and said.evidence else None,
                effective_on=said.effective_on if said and said.effective_on else on,
                recorded_at=now,
            )
        )
        row.status = word.status
        row.minutes = word.minutes
        row.known_by = word.known_by
        row.arrived_at = word.arrived_at
        row.left_at = word.left_at
        if word.known_by in (KnownBy.HAND, KnownBy.CORRECTION):
            row.settled_at = now
        row.updated_at = now
    await session.flush()
    session.add_all(steps)
    await session.flush()


def demand_move(status: AttendanceStatus, action: AttendanceAction) -> None:
    """Raise `AttendanceStepNotAllowed` unless the machine has a way from here."""
    if not MACHINE.allows(action, status):
        raise errors.AttendanceStepNotAllowed(status=status, allowed=", ".join(allowed(status)) or "—")


def allowed(status: AttendanceStatus) -> Sequence[AttendanceAction]:
    """What may be done in this state."""
    return MACHINE.commands(status)
