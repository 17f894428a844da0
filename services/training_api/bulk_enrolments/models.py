"""Tables of lists that were handed in; neither names nor numbers of persons are kept of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from shared.audit import Audited
from shared.db.base import Identified, Versioned
from shared.schemas.training.bulk_enrolments import BulkAnswer


class BulkEnrolment(Identified, Versioned, Base):
    """A list that was handed in."""

    __tablename__ = "bulk_enrolments"
    __table_args__ = (Index("ix_bulk_enrolments_cohort_id", "cohort_id"),)
    __audit__ = Audited("bulk_enrolment")

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venues.id"))
    dry_run: Mapped[bool]
    file_name: Mapped[str]
    created_by: Mapped[str]


class BulkRow(Base):
    """What became of one row of it."""

    __tablename__ = "bulk_enrolment_rows"
    __table_args__ = (one_of("answer", BulkAnswer),)
    __audit__ = False  # it never changes

    bulk_enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_enrolments.id"), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    answer: Mapped[BulkAnswer] = mapped_column(Word(BulkAnswer))
    educator_id: Mapped[UUID | None]
    enrolment_id: Mapped[UUID | None]
    venue_id: Mapped[UUID | None]
    position: Mapped[int | None] = mapped_column(Integer)
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
