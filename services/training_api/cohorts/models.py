"""Tables of cohorts, their venues and their sessions."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from shared.audit import UNRECORDED
from shared.db.base import Identified, Versioned
from shared.schemas.training.cohorts import CohortStatus


class Cohort(Identified, Versioned, Base):
    """One run of a programme."""

    __tablename__ = "cohorts"
    __table_args__ = (
        one_of("status", CohortStatus),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("enrolment_closes_on >= enrolment_opens_on", name="window_in_order"),
        Index("ix_cohorts_programme_id", "programme_id"),
        Index("ix_cohorts_starts_on", "starts_on", "id"),
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
    last_ticket: Mapped[int] = mapped_column(BigInteger, server_default="0", default=0, info=dict(UNRECORDED))
    """The last number given out in the waiting list; it grows only under the lock of this row."""


class CourseSession(Identified, Versioned, Base):
    """A meeting of a cohort."""

    __tablename__ = "course_sessions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        Index("ix_course_sessions_cohort_id", "cohort_id", "held_on", "starts_at"),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venues.id"))
    held_on: Mapped[date]
    starts_at: Mapped[time] = mapped_column(Time)
    ends_at: Mapped[time] = mapped_column(Time)
    title: Mapped[str | None]
