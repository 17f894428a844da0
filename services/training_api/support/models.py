"""Tables of support."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Step, Word, one_of, quoted
from services.training_api.support.rules import LIVE, MACHINE
from shared.db.base import Identified, Versioned, after_create
from shared.machines import state_follows, steps_follow
from shared.schemas.training.support import SupportStatus


class SupportRubric(Identified, Base):
    """One version of the rubric of a programme; plans keep the version they were agreed upon with."""

    __tablename__ = "support_rubrics"
    __table_args__ = (
        UniqueConstraint("programme_code", "number"),
        CheckConstraint("number >= 1", name="counts_from_one"),
    )

    programme_code: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    title_kk: Mapped[str]
    title_ru: Mapped[str]
    title_en: Mapped[str | None]
    criteria: Mapped[list[Any]] = mapped_column(JSONB)
    """As `RubricCriterion` says."""
    created_at: Mapped[datetime]


class SupportPlan(Identified, Versioned, Base):
    """What follows a course for one person."""

    __tablename__ = "support_plans"
    __table_args__ = (
        one_of("status", SupportStatus),
        CheckConstraint("mentor_id <> educator_id", name="mentor_is_another"),
        Index(
            "uq_support_plans_live",
            "enrolment_id",
            unique=True,
            postgresql_where=text(f"status IN ({quoted(*LIVE)})"),
        ),
        Index("ix_support_plans_organisation_id", "organisation_id"),
        Index("ix_support_plans_educator_id", "educator_id"),
        Index("ix_support_plans_mentor_id", "mentor_id"),
        Index("ix_support_plans_cohort_id", "cohort_id", "id"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"))
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id"))
    educator_id: Mapped[UUID] = mapped_column(ForeignKey("educators.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    """The workplace at enrolment."""
    mentor_id: Mapped[UUID] = mapped_column(ForeignKey("educators.id"))
    rubric_id: Mapped[UUID] = mapped_column(ForeignKey("support_rubrics.id"))
    goals: Mapped[list[str]]
    ended_on: Mapped[date]
    """The day the course ended for this person; no visit lies before it."""
    status: Mapped[SupportStatus] = mapped_column(Word(SupportStatus))


class SupportTransition(Step, Base):
    """One step in the life of a plan; steps are only added."""

    __tablename__ = "support_transitions"
    __audit__ = False  # this table is a trail itself

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("support_plans.id"), primary_key=True, sort_order=-1)


class SupportVisit(Identified, Versioned, Base):
    """A visit of the mentor: planned, then held."""

    __tablename__ = "support_visits"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        UniqueConstraint("plan_id", "planned_on"),
        CheckConstraint(
            "(held_on IS NULL) = (minutes IS NULL) AND (held_on IS NULL) = (scores IS NULL)", name="held_in_full"
        ),
        Index("ix_support_visits_due", "planned_on", "id", postgresql_where=text("held_on IS NULL")),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("support_plans.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    planned_on: Mapped[date]
    held_on: Mapped[date | None]
    minutes: Mapped[int | None] = mapped_column(Integer)
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Levels by criterion of the plan's rubric."""
    notes: Mapped[str | None]


class SupportEvidence(Identified, Versioned, Base):
    """Something that shows the work, and what a second person said of it."""

    __tablename__ = "support_evidence"
    __table_args__ = (
        CheckConstraint("url IS NOT NULL OR digest IS NOT NULL", name="is_somewhere"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> added_by", name="seen_by_two"),
        CheckConstraint(
            "(reviewed_by IS NULL) = (accepted IS NULL) AND (reviewed_by IS NULL) = (reviewed_at IS NULL)",
            name="reviewed_in_full",
        ),
        Index("ix_support_evidence_plan_id", "plan_id", "id"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("support_plans.id"))
    title: Mapped[str]
    url: Mapped[str | None]
    digest: Mapped[str | None]
    added_by: Mapped[str]
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    remark: Mapped[str | None]


after_create(
    SupportTransition.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    *steps_follow("support_transitions", MACHINE),
)
after_create(
    SupportPlan.__table__,  # type: ignore[arg-type]
    *state_follows("support_plans", "status", MACHINE),
)
