"""Tables of attendance: what is said of each person at a session, every step, every scan, and what was refused."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.attendance.rules.machine import MACHINE
from services.training_api.base import Base, Step, Word, one_of
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned, after_create
from shared.machines import state_follows, steps_follow
from shared.schemas.training.attendance import AttendanceStatus, KnownBy
from shared.schemas.training.attendance_scans import ScanDirection, ScanOutcome


class Attendance(Identified, Versioned, Base):
    """What is said of a person at a session; there is no row while nothing is."""

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("session_id", "enrolment_id"),
        one_of("status", AttendanceStatus),
        one_of("known_by", KnownBy),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_of_a_day"),
        CheckConstraint("minutes = 0 OR status IN ('present', 'late', 'left_early')", name="minutes_of_who_was_there"),
        CheckConstraint("(status = 'expected') = (known_by IS NULL)", name="known_somehow"),
        CheckConstraint("known_by NOT IN ('hand', 'correction') OR settled_at IS NOT NULL", name="settled_sometime"),
        Index("ix_attendances_enrolment_id", "enrolment_id"),
    )
    __audit__ = Audited("attendance")

    session_id: Mapped[UUID] = mapped_column(ForeignKey("course_sessions.id"))
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"))
    status: Mapped[AttendanceStatus] = mapped_column(Word(AttendanceStatus))
    minutes: Mapped[int] = mapped_column(SmallInteger)
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    known_by: Mapped[KnownBy | None] = mapped_column(Word(KnownBy))
    settled_at: Mapped[datetime | None] = mapped_column(info=dict(UNRECORDED))
    """When a trainer last said something by hand: scans of earlier moments change nothing."""


class AttendanceStep(Step, Base):
    """One step; steps are only added."""

    __tablename__ = "attendance_steps"
    __audit__ = False  # this table is a trail itself

    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendances.id"), primary_key=True, sort_order=-1)
    minutes: Mapped[int] = mapped_column(SmallInteger)


class AttendanceScan(Identified, Base):
    """A scan that was taken, with what it says about itself; a nonce counts once."""

    __tablename__ = "attendance_scans"
    __table_args__ = (
        one_of("direction", ScanDirection),
        one_of("outcome", ScanOutcome),
        UniqueConstraint("nonce"),
        Index("ix_attendance_scans_session_id", "session_id", "enrolment_id"),
        Index("ix_attendance_scans_enrolment_id", "enrolment_id"),
    )
    __audit__ = False  # this table is a trail itself

    session_id: Mapped[UUID] = mapped_column(ForeignKey("course_sessions.id"))
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"))
    direction: Mapped[ScanDirection] = mapped_column(Word(ScanDirection))
    moment: Mapped[datetime]
    """When it was, by the server's clock; of an offline scan, when its code began to be shown."""
    nonce: Mapped[str]
    device: Mapped[str]
    """A digest."""
    is_own_device: Mapped[bool]
    """Whether the person scanned; otherwise a device of the course did, as it does for many."""
    is_offline: Mapped[bool]
    drift_seconds: Mapped[int | None] = mapped_column(Integer)
    """The device's clock, put right by the offset it measured, less the time the code was made for."""
    outcome: Mapped[ScanOutcome] = mapped_column(Word(ScanOutcome))
    """What it changed when it came."""
    recorded_at: Mapped[datetime]


class AttendanceRefusal(Base):
    """Scans that were refused, counted by session, person, device and reason."""

    __tablename__ = "attendance_refusals"
    __audit__ = False  # counters for the report of anomalies

    session_id: Mapped[UUID] = mapped_column(ForeignKey("course_sessions.id"), primary_key=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    device: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    how_many: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


after_create(
    Attendance.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    *state_follows("attendances", "status", MACHINE),
)
after_create(
    AttendanceStep.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    *steps_follow("attendance_steps", MACHINE),
)
