"""Tables of allocations and of the people they are about; no name and no number of a person is among it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.allocations import rules
from services.training_api.base import Base, Word, one_of
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned, after_create
from shared.machines import state_follows
from shared.schemas.training.allocations import AllocationStatus, UnplacedReason


class Allocation(Identified, Versioned, Base):
    """A question, and what came of it."""

    __tablename__ = "allocations"
    __table_args__ = (
        one_of("status", AllocationStatus),
        Index("ix_allocations_provider_id", "provider_id", "id"),
        Index("ix_allocations_cohort_ids", "cohort_ids", postgresql_using="gin"),
    )
    __audit__ = Audited("allocation")

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"))
    cohort_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    status: Mapped[AllocationStatus] = mapped_column(Word(AllocationStatus))
    question: Mapped[dict[str, Any]] = mapped_column(JSONB, info=dict(UNRECORDED))
    """What was asked, without the people."""
    people: Mapped[int] = mapped_column(Integer)
    placed: Mapped[int | None] = mapped_column(Integer)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), info=dict(UNRECORDED))
    seats: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), info=dict(UNRECORDED))
    """Free seats and states when it was solved, by venue: what must not have changed when it is applied."""
    job_id: Mapped[UUID]
    apply_job_id: Mapped[UUID | None]
    solved_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]


class AllocationPerson(Base):
    """A person who applies, and the answer."""

    __tablename__ = "allocation_people"
    __table_args__ = (
        one_of("reason", UnplacedReason),
        Index("ix_allocation_people_number", "allocation_id", "number", unique=True),
        Index("ix_allocation_people_educator_id", "educator_id"),
    )
    __audit__ = False  # the allocation is audited, and so is each enrolment that comes of it

    allocation_id: Mapped[UUID] = mapped_column(ForeignKey("allocations.id"), primary_key=True)
    educator_id: Mapped[UUID] = mapped_column(ForeignKey("educators.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    """Place in the order of application, from 0."""
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    preferences: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    facts: Mapped[str | None]
    """Digest of what the answer rests on: another one later means that the person has changed."""
    cohort_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohorts.id"))
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venues.id"))
    reason: Mapped[UnplacedReason | None] = mapped_column(Word(UnplacedReason))
    told: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The answer in full."""
    enrolment_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolments.id"))


after_create(
    Allocation.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    *state_follows("allocations", "status", rules.MACHINE),
)
