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
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, ExcludeConstraint
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Step, Word, one_of, quoted
from services.training_api.enrolments import rules
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned, after_create
from shared.machines import state_follows, steps_follow
from shared.schemas.training.enrolments import (
    ApplicationState,
    EnrolmentMachine,
    EnrolmentStatus,
    OutcomeState,
    ParticipationState,
)
from shared.schemas.training.words import ApprovalLevel


class Enrolment(Identified, Versioned, Base):
    """A person in a cohort."""

    __tablename__ = "enrolments"
    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "cohort_id"], ["venues.id", "venues.cohort_id"]),
        ForeignKeyConstraint(["seat_id", "venue_id"], ["seats.id", "seats.venue_id"]),
        one_of("application", ApplicationState),
        one_of("participation", ParticipationState),
        one_of("outcome", OutcomeState),
        one_of("status", EnrolmentStatus),
        one_of("next_approver", ApprovalLevel),
        CheckConstraint("(application = 'accepted') = (participation IS NOT NULL)", name="participates_once_accepted"),
        CheckConstraint(
            "(coalesce(participation, '') = 'finished') = (outcome IS NOT NULL)", name="outcome_goes_with_the_end"
        ),
        CheckConstraint(f"status = {rules.status_sql()}", name="status_says_the_three"),
        CheckConstraint("(status = 'submitted') = (next_approver IS NOT NULL)", name="application_waits_for_somebody"),
        CheckConstraint("(status = 'substituted') = (substituted_by IS NOT NULL)", name="somebody_took_the_seat"),
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
            ("busy", "&&"),
            name="ex_enrolments_double_booking",
            using="gist",
            where=text("seat_id IS NOT NULL"),
        ),
        Index(
            "ix_enrolments_waiting",
            "venue_id",
            text("priority DESC"),
            "ticket",
            postgresql_where=text("status = 'waitlisted'"),
        ),
        Index("ix_enrolments_pool_id", "pool_id", postgresql_where=text("pool_id IS NOT NULL")),
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
    application: Mapped[ApplicationState] = mapped_column(Word(ApplicationState))
    participation: Mapped[ParticipationState | None] = mapped_column(Word(ParticipationState))
    outcome: Mapped[OutcomeState | None] = mapped_column(Word(OutcomeState))
    status: Mapped[EnrolmentStatus] = mapped_column(Word(EnrolmentStatus))
    """The three in one word."""
    next_approver: Mapped[ApprovalLevel | None] = mapped_column(Word(ApprovalLevel))
    venue_is_wished: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """Whether the person asked for this very venue; if not, any may be given when the application is accepted."""
    ticket: Mapped[int | None] = mapped_column(BigInteger)
    """Place in the order of arrival at the waiting list of the venue; kept when the waiting is over."""
    waiting_since: Mapped[datetime | None] = mapped_column(info=dict(UNRECORDED))
    """Since when it waits: for its next approver, or in line."""
    priority: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)
    """Who has more stands before those who came earlier, where the cohort's waiting list goes by priority."""
    busy: Mapped[MultiRange[datetime]] = mapped_column(TSTZMULTIRANGE, info=dict(UNRECORDED))
    """The hours of the venue, repeated here so that the database itself can refuse a double booking."""
    facts: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", info=dict(UNRECORDED))
    """What pools may ask for, as it was at enrolment: `school:…`, `district:…`, `category:…`, `subject:…`."""
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("reservation_pools.id"))
    """The pool that the seat was kept in."""
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
    substituted_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("enrolments.id", deferrable=True, initially="DEFERRED")
    )


class EnrolmentTransition(Step, Base):
    """One step in the life of an enrolment, in one of its machines; steps are only added."""

    __tablename__ = "enrolment_transitions"
    __table_args__ = (one_of("machine", EnrolmentMachine),)
    __audit__ = False  # this table is a trail itself

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), primary_key=True, sort_order=-1)
    machine: Mapped[EnrolmentMachine] = mapped_column(Word(EnrolmentMachine))


for _machine in rules.MACHINES:
    after_create(
        EnrolmentTransition.__table__,  # type: ignore[arg-type] # a mapped class has a Table
        *steps_follow("enrolment_transitions", _machine, only=f"NEW.machine = '{_machine.name}'"),
    )
    after_create(
        Enrolment.__table__,  # type: ignore[arg-type] # a mapped class has a Table
        *state_follows("enrolments", _machine.name, _machine),
    )
