"""Tables of cohorts, their venues and their sessions."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned
from shared.schemas.training.cohorts import CohortStatus, WaitingPolicy
from shared.schemas.training.sessions import SessionStatus


class Cohort(Identified, Versioned, Base):
    """One run of a programme."""

    __tablename__ = "cohorts"
    __table_args__ = (
        one_of("status", CohortStatus),
        one_of("waiting_policy", WaitingPolicy),
        CheckConstraint("minimum_seats_taken >= 1", name="minimum_is_somebody"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("enrolment_closes_on >= enrolment_opens_on", name="window_in_order"),
        Index("ix_cohorts_programme_id", "programme_id"),
        Index("ix_cohorts_starts_on", "starts_on", "id"),
        Index(
            "ix_cohorts_to_decide",
            "decide_on",
            postgresql_where=text("minimum_seats_taken IS NOT NULL AND viability_checked_on IS NULL"),
        ),
    )

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id"))
    code: Mapped[str] = mapped_column(unique=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    enrolment_opens_on: Mapped[date | None]
    enrolment_closes_on: Mapped[date | None]
    status: Mapped[CohortStatus] = mapped_column(Word(CohortStatus))
    minimum_seats_taken: Mapped[int | None] = mapped_column(Integer)
    """How many must have seats for the course to be worth holding."""
    decide_on: Mapped[date | None]
    viability_checked_on: Mapped[date | None] = mapped_column(info=dict(UNRECORDED))
    """The day on which the minimum was looked at."""
    below_minimum: Mapped[bool] = mapped_column(server_default=text("false"), default=False, info=dict(UNRECORDED))
    """What was found on that day."""
    changes_close_on: Mapped[date | None]
    substitution_closes_on: Mapped[date | None]
    waiting_policy: Mapped[WaitingPolicy] = mapped_column(
        Word(WaitingPolicy), server_default=WaitingPolicy.ARRIVAL.value, default=WaitingPolicy.ARRIVAL
    )
    has_pools: Mapped[bool] = mapped_column(server_default=text("false"), default=False, info=dict(UNRECORDED))
    """Whether seats are kept for some; where not, whoever takes a seat need not ask."""


class Venue(Identified, Versioned, Base):
    """A place where a cohort is taught. Its row is the lock of its waiting list."""

    __tablename__ = "venues"
    __table_args__ = (
        UniqueConstraint("id", "cohort_id"),  # so that an enrolment's venue is of its cohort
        UniqueConstraint("cohort_id", "place"),
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        Index("ix_venues_organisation_id", "organisation_id"),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    place: Mapped[int] = mapped_column(SmallInteger)
    """Its place among the venues of the cohort, from 1."""
    room: Mapped[str | None]
    capacity: Mapped[int] = mapped_column(Integer)
    hours: Mapped[MultiRange[datetime]] = mapped_column(TSTZMULTIRANGE, info=dict(UNRECORDED))
    """When who learns here is busy: the hours of the sessions, or the days of the cohort while there are none."""
    last_ticket: Mapped[int] = mapped_column(BigInteger, server_default="0", default=0, info=dict(UNRECORDED))
    """The last number given out in the waiting list; it grows only under the lock of this row."""


_BUSY = (
    "CASE WHEN status <> 'cancelled' THEN tstzrange((held_on + starts_at) AT TIME ZONE INTERVAL '5 hours', "
    "(held_on + ends_at) AT TIME ZONE INTERVAL '5 hours') END"
)


class CourseSession(Identified, Versioned, Base):
    """A meeting of a cohort; its times are those of the one zone of Kazakhstan."""

    __tablename__ = "course_sessions"
    __table_args__ = (
        one_of("status", SessionStatus),
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        CheckConstraint("room_id IS NULL OR venue_id IS NOT NULL", name="room_is_at_a_venue"),
        CheckConstraint("(status = 'cancelled') = (reason_code IS NOT NULL)", name="cancelled_for_a_reason"),
        UniqueConstraint("id", "busy"),  # so that the hours of trainers are those of the session
        ExcludeConstraint(("room_id", "="), ("busy", "&&"), name="ex_course_sessions_room_taken", using="gist"),
        Index("ix_course_sessions_cohort_id", "cohort_id", "held_on", "starts_at"),
    )
    __audit__ = Audited("session")

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venues.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    held_on: Mapped[date]
    starts_at: Mapped[time] = mapped_column(Time)
    ends_at: Mapped[time] = mapped_column(Time)
    title: Mapped[str | None]
    status: Mapped[SessionStatus] = mapped_column(
        Word(SessionStatus), server_default=SessionStatus.SCHEDULED.value, default=SessionStatus.SCHEDULED
    )
    reason_code: Mapped[str | None]
    """Why it was cancelled."""
    busy: Mapped[Range[datetime] | None] = mapped_column(
        TSTZRANGE, Computed(_BUSY, persisted=True), info=dict(UNRECORDED)
    )
    """The hours it takes of its room, its trainers and its learners; none when cancelled."""
