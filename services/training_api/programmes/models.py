"""Tables of programmes: one row for each version, its modules, and what experts think of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from shared.audit import UNRECORDED
from shared.db.base import Identified, Versioned
from shared.schemas.training.programmes import Approval, ProgrammeKind, ProgrammeMode, Verdict


class Programme(Identified, Versioned, Base):
    """One version of a programme; cohorts and certificates refer to the version they were taught by."""

    __tablename__ = "programmes"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        one_of("kind", ProgrammeKind),
        one_of("approval", Approval),
        CheckConstraint("number >= 1 AND academic_hours >= 1", name="counts_from_one"),
        CheckConstraint("approval <> 'approved' OR (approved_by IS NOT NULL AND approved_on IS NOT NULL)", name="told"),
        one_of("mode", ProgrammeMode),
        CheckConstraint("valid_until > valid_from", name="validity_in_order"),
        CheckConstraint("min_tasks >= 1", name="has_tasks"),
        CheckConstraint("approval_chain <@ ARRAY['school', 'district', 'provider']", name="approval_chain_known"),
        Index("ix_programmes_provider_id", "provider_id"),
        Index("ix_programmes_theme", "theme"),
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
    theme: Mapped[str | None]
    mode: Mapped[ProgrammeMode | None] = mapped_column(Word(ProgrammeMode))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    rules: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    """Conditions of joining, as `EligibilityRule` says."""
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    """The first day on which no course by it may begin."""
    proposer_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    min_tasks: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    resit: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """How the final assessment may be taken again, as `ResitRule` says."""
    evaluator_not_trainer: Mapped[bool] = mapped_column(server_default=text("true"))
    approval_chain: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """Who approves applications, level by level; empty: nobody is asked."""
    search_key: Mapped[str] = mapped_column(server_default=text("''"), info=dict(UNRECORDED))


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


class ProgrammeReview(Identified, Base):
    """What an expert body thought of a draft; reviews are only added."""

    __tablename__ = "programme_reviews"
    __table_args__ = (one_of("verdict", Verdict), Index("ix_programme_reviews_programme_id", "programme_id"))

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id", ondelete="CASCADE"))
    reviewer: Mapped[str]
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    verdict: Mapped[Verdict] = mapped_column(Word(Verdict))
    summary: Mapped[str]
    reviewed_on: Mapped[date]
    evidence: Mapped[list[Any]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime]
