"""Tables of programmes: one row for each version, and its modules."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from shared.db.base import Identified, Versioned
from shared.schemas.training.programmes import Approval, ProgrammeKind


class Programme(Identified, Versioned, Base):
    """One version of a programme; cohorts and certificates refer to the version they were taught by."""

    __tablename__ = "programmes"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        one_of("kind", ProgrammeKind),
        one_of("approval", Approval),
        CheckConstraint("number >= 1 AND academic_hours >= 1", name="counts_from_one"),
        CheckConstraint("approval <> 'approved' OR (approved_by IS NOT NULL AND approved_on IS NOT NULL)", name="told"),
        Index("ix_programmes_provider_id", "provider_id"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"))
    code: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str | None]
    kind: Mapped[ProgrammeKind] = mapped_column(Word(ProgrammeKind))
    academic_hours: Mapped[int] = mapped_column(Integer)
    """Sum of the modules."""
    audience: Mapped[list[Any]] = mapped_column(JSONB)
    """Groups of role and subjects, as `AudienceGroup` says; empty for everyone."""
    min_attendance: Mapped[float] = mapped_column(Float)
    tasks_required: Mapped[bool]
    min_score: Mapped[float | None] = mapped_column(Float)
    approval: Mapped[Approval] = mapped_column(Word(Approval))
    approved_by: Mapped[str | None]
    approved_on: Mapped[date | None]
    approval_basis: Mapped[str | None]


class ProgrammeModule(Identified, Base):
    """One part of one version of a programme."""

    __tablename__ = "programme_modules"
    __table_args__ = (
        UniqueConstraint("programme_id", "place"),
        CheckConstraint("academic_hours >= 1", name="has_hours"),
    )

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id", ondelete="CASCADE"))
    place: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str]
    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    academic_hours: Mapped[int] = mapped_column(Integer)
