"""Tables of enrolments and of every step in their lives; what the rules forbid, the database refuses."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of, quoted
from services.training_api.enrolments import rules
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned, after_create
from shared.schemas.training.enrolments import EnrolmentAction, EnrolmentStatus


class Enrolment(Identified, Versioned, Base):
    """A person in a cohort."""

    __tablename__ = "enrolments"
    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "cohort_id"], ["venues.id", "venues.cohort_id"]),
        ForeignKeyConstraint(["seat_id", "venue_id"], ["seats.id", "seats.venue_id"]),
        one_of("status", EnrolmentStatus),
        CheckConstraint(
            f"(seat_id IS NOT NULL) = (status IN ({quoted(*sorted(rules.OCCUPYING))}))", name="seat_goes_with_status"
        ),
        CheckConstraint("status <> 'waitlisted' OR ticket IS NOT NULL", name="waiting_has_a_ticket"),
        CheckConstraint("(status = 'offered') = (offer_expires_at IS NOT NULL)", name="offer_has_a_deadline"),
        CheckConstraint("(status = 'transferred') = (transferred_to IS NOT NULL)", name="transfer_leads_somewhere"),
        Index("uq_enrolments_seat_id", "seat_id", unique=True),
        Index(
            "uq_enrolments_live",
            "cohort_id",
            "educator_id",
            unique=True,
            postgresql_where=text(f"status IN ({quoted(*sorted(rules.LIVE))})"),
        ),
        UniqueConstraint("venue_id", "ticket"),
        ExcludeConstraint(
            ("educator_id", "="),
            ("dates", "&&"),
            name="ex_enrolments_double_booking",
            using="gist",
            where=text("seat_id IS NOT NULL"),
        ),
        Index("ix_enrolments_waiting", "venue_id", "ticket", postgresql_where=text("status = 'waitlisted'")),
        Index("ix_enrolments_offers", "offer_expires_at", postgresql_where=text("status = 'offered'")),
        Index("ix_enrolments_cohort_id", "cohort_id", "id"),
        Index("ix_enrolments_educator_id", "educator_id"),
        Index("ix_enrolments_organisation_id", "organisation_id"),
    )
    __audit__ = Audited("enrolment")

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    venue_id: Mapped[UUID]
    educator_id: Mapped[UUID] = mapped_column(ForeignKey("educators.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    """The workplace at enrolment."""
    seat_id: Mapped[UUID | None]
    status: Mapped[EnrolmentStatus] = mapped_column(Word(EnrolmentStatus))
    ticket: Mapped[int | None] = mapped_column(BigInteger)
    """Place in the order of arrival at the waiting list of the venue; kept when the waiting is over."""
    waiting_since: Mapped[datetime | None] = mapped_column(info=dict(UNRECORDED))
    dates: Mapped[Range[date]] = mapped_column(info=dict(UNRECORDED))
    """The days of the cohort, repeated here so that the database itself can refuse a double booking."""
    offer_expires_at: Mapped[datetime | None]
    attendance: Mapped[float | None] = mapped_column(Float)
    tasks_done: Mapped[bool | None]
    score: Mapped[float | None] = mapped_column(Float)
    completed_on: Mapped[date | None]
    unmet: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    transferred_to: Mapped[UUID | None] = mapped_column(
        # Deferred: the old enrolment must let go of its seat and days before the new one can take them.
        ForeignKey("enrolments.id", deferrable=True, initially="DEFERRED")
    )


class EnrolmentTransition(Base):
    """One step in the life of an enrolment; steps are only added."""

    __tablename__ = "enrolment_transitions"
    __table_args__ = (
        one_of("action", EnrolmentAction),
        one_of("from_status", EnrolmentStatus),
        one_of("to_status", EnrolmentStatus),
    )
    __audit__ = False  # this table is a trail itself

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    action: Mapped[EnrolmentAction] = mapped_column(Word(EnrolmentAction))
    from_status: Mapped[EnrolmentStatus | None] = mapped_column(Word(EnrolmentStatus))
    to_status: Mapped[EnrolmentStatus] = mapped_column(Word(EnrolmentStatus))
    actor: Mapped[str]
    reason_code: Mapped[str | None]
    comment: Mapped[str | None]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]


_STEPS = "\n            OR ".join(
    f"(NEW.action = '{line.action.value}' AND NEW.from_status IN ({quoted(*sorted(line.before))})"
    f" AND NEW.to_status IN ({quoted(*sorted(line.after))}))"
    for line in rules.TABLE
)
after_create(
    EnrolmentTransition.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    f"""
CREATE OR REPLACE FUNCTION enrolment_transitions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'steps of an enrolment are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT ((NEW.action = 'enrol' AND NEW.from_status IS NULL AND NEW.to_status IN ('confirmed', 'waitlisted'))
            OR {_STEPS}) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER enrolment_transitions_by_the_table BEFORE INSERT OR UPDATE OR DELETE ON enrolment_transitions "
    "FOR EACH ROW EXECUTE FUNCTION enrolment_transitions_refuse()",
)
