"""What is said of people at sessions, the steps that led there, and the scans they rest upon."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert

from services.training_api.attendance.models import Attendance, AttendanceRefusal, AttendanceScan, AttendanceStep
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.training.attendance import AttendanceStatus

_PORTION = 1000
"""How many rows one statement adds: it cannot have more than 32,767 values."""


async def hold(
    session: WriteSession, session_id: UUID, enrolment_ids: Collection[UUID], *, now: datetime
) -> dict[UUID, Attendance]:
    """What is said of these people, as nobody else can change it until the transaction ends; new rows say nothing yet.

    In the order of enrolments, so that two who hold several do not wait for each other.
    """
    wanted = sorted(set(enrolment_ids))
    if not wanted:
        return {}
    rows = [
        {
            "id": new_id(),
            "session_id": session_id,
            "enrolment_id": enrolment_id,
            "status": AttendanceStatus.EXPECTED,
            "minutes": 0,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        for enrolment_id in wanted
    ]
    for first in range(0, len(rows), _PORTION):
        await session.execute(insert(Attendance).values(rows[first : first + _PORTION]).on_conflict_do_nothing())
    query = (
        select(Attendance)
        .where(Attendance.session_id == session_id, Attendance.enrolment_id.in_(wanted))
        .order_by(Attendance.enrolment_id)
        .with_for_update(key_share=True)
    )
    held = await session.scalars(query.execution_options(populate_existing=True))
    return {row.enrolment_id: row for row in held}


async def of_session(
    session: AnySession, session_id: UUID, enrolment_ids: Collection[UUID] | None = None
) -> dict[UUID, Attendance]:
    """What is said of everybody, or of some, at a session."""
    query = select(Attendance).where(Attendance.session_id == session_id)
    if enrolment_ids is not None:
        query = query.where(Attendance.enrolment_id.in_(enrolment_ids))
    return {row.enrolment_id: row for row in await session.scalars(query)}


async def last_numbers(session: WriteSession, attendance_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many steps there are of each."""
    query = (
        select(AttendanceStep.attendance_id, func.max(AttendanceStep.number))
        .where(AttendanceStep.attendance_id.in_(attendance_ids))
        .group_by(AttendanceStep.attendance_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def steps(session: AnySession, attendance_id: UUID) -> list[AttendanceStep]:
    query = select(AttendanceStep).where(AttendanceStep.attendance_id == attendance_id)
    return list(await session.scalars(query.order_by(AttendanceStep.number)))


async def scans_by_nonce(session: AnySession, nonces: Collection[str]) -> dict[str, AttendanceScan]:
    query = select(AttendanceScan).where(AttendanceScan.nonce.in_(nonces))
    return {scan.nonce: scan for scan in await session.scalars(query)}


async def scans_of(
    session: AnySession, session_id: UUID, enrolment_ids: Collection[UUID]
) -> dict[UUID, list[AttendanceScan]]:
    """All scans of these people at a session."""
    query = select(AttendanceScan).where(
        AttendanceScan.session_id == session_id, AttendanceScan.enrolment_id.in_(enrolment_ids)
    )
    found: dict[UUID, list[AttendanceScan]] = {enrolment_id: [] for enrolment_id in enrolment_ids}
    for scan in await session.scalars(query.order_by(AttendanceScan.moment)):
        found[scan.enrolment_id].append(scan)
    return found


async def add_scans(session: WriteSession, scans: Sequence[AttendanceScan]) -> bool:
    """Write scans down; False if a nonce among them was used in the meantime, and then none is to be relied upon."""
    if not scans:
        return True
    columns = [column.name for column in AttendanceScan.__table__.columns]
    rows = [{name: getattr(scan, name) for name in columns} for scan in scans]
    statement = insert(AttendanceScan).values(rows).on_conflict_do_nothing().returning(AttendanceScan.nonce)
    return len((await session.scalars(statement)).all()) == len(rows)


async def count_refusals(
    session: WriteSession, session_id: UUID, refused: Sequence[tuple[UUID, str, str]], *, now: datetime
) -> None:
    """Count scans that were refused: of whom, on which device, why."""
    counted: dict[tuple[UUID, str, str], int] = {}
    for one in refused:
        counted[one] = counted.get(one, 0) + 1
    if not counted:
        return
    statement = insert(AttendanceRefusal).values(
        [
            {
                "session_id": session_id,
                "enrolment_id": enrolment_id,
                "device": device,
                "code": code,
                "how_many": how_many,
                "first_at": now,
                "last_at": now,
            }
            for (enrolment_id, device, code), how_many in sorted(counted.items())
        ]
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["session_id", "enrolment_id", "device", "code"],
            set_={
                "how_many": AttendanceRefusal.how_many + statement.excluded.how_many,
                "last_at": statement.excluded.last_at,
            },
        )
    )


@dataclass(frozen=True, slots=True)
class Total:
    """Minutes of one enrolment, over all its sessions."""

    enrolment_id: UUID
    minutes: int
    of_minutes: int
    is_kept: bool
    """Whether anything is said of anybody at some of these sessions."""


# Other capabilities' tables are named as text: sessions, seats and attendance are counted together in one statement.
_TOTALS = text(
    """
    SELECT enrolments.id,
           coalesce(sum(least(coalesce(attendances.minutes, 0), meeting.minutes)), 0)::int AS minutes,
           coalesce(sum(meeting.minutes), 0)::int AS of_minutes,
           coalesce(bool_or(meeting.is_kept), false) AS is_kept
    FROM enrolments
    LEFT JOIN LATERAL (
        SELECT id, (extract(epoch FROM ends_at - starts_at) / 60)::int AS minutes,
               EXISTS (SELECT 1 FROM attendances AS said
                       WHERE said.session_id = course_sessions.id AND said.status <> 'expected') AS is_kept
        FROM course_sessions
        WHERE cohort_id = enrolments.cohort_id
          AND (venue_id IS NULL OR venue_id = enrolments.venue_id)
          AND status <> 'cancelled'
          AND (CAST(:until AS timestamptz) IS NULL OR upper(busy) <= :until)
    ) AS meeting ON true
    LEFT JOIN attendances ON attendances.session_id = meeting.id AND attendances.enrolment_id = enrolments.id
    WHERE enrolments.id = ANY(:enrolments)
    GROUP BY enrolments.id
    """
).bindparams(bindparam("enrolments", type_=ARRAY(Uuid)), bindparam("until", type_=DateTime(timezone=True)))


async def totals(session: AnySession, enrolment_ids: Collection[UUID], *, until: datetime | None) -> list[Total]:
    """Minutes attended, of the minutes of all sessions of the person's venue that are not cancelled."""
    rows = await session.execute(_TOTALS, {"enrolments": sorted(set(enrolment_ids)), "until": until})
    return [Total(*row) for row in rows]
