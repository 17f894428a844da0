"""The table of assessments: they are added, and at most voided once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, SmallInteger, Table, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from shared.db.base import Identified, after_create
from shared.schemas.training.assessments import AssessmentKind


class Assessment(Identified, Base):
    """A task that was looked at, or the final assessment."""

    __tablename__ = "assessments"
    __table_args__ = (
        one_of("kind", AssessmentKind),
        CheckConstraint("(kind = 'task') = (code IS NOT NULL)", name="task_has_a_code"),
        CheckConstraint("kind <> 'final' OR score IS NOT NULL", name="final_has_a_score"),
        CheckConstraint("score IS NOT NULL OR done IS NOT NULL", name="says_something"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_of_100"),
        CheckConstraint("attempt >= 1", name="attempts_count_from_one"),
        CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL) AND (voided_at IS NULL) = (voided_by IS NULL)",
            name="voided_with_a_reason",
        ),
        Index("ix_assessments_cohort_id", "cohort_id", "id"),
        Index("ix_assessments_enrolment_id", "enrolment_id"),
        Index(
            "uq_assessments_attempt",
            "enrolment_id",
            "kind",
            text("coalesce(code, '')"),
            "attempt",
            unique=True,
            postgresql_where=text("voided_at IS NULL"),
        ),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"))
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    """The workplace at enrolment; like the cohort it is the enrolment's, which keeps both for good."""
    kind: Mapped[AssessmentKind] = mapped_column(Word(AssessmentKind))
    code: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(SmallInteger)
    score: Mapped[float | None] = mapped_column(Float)
    done: Mapped[bool | None]
    rubric: Mapped[list[Any]] = mapped_column(JSONB)
    """Lines as `RubricLine` says."""
    evaluator_id: Mapped[UUID | None] = mapped_column(ForeignKey("trainers.id"))
    evidence: Mapped[list[Any]] = mapped_column(JSONB)
    """Items as `EvidenceItem` says."""
    assessed_on: Mapped[date]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None]
    void_reason: Mapped[str | None]
    void_comment: Mapped[str | None]


_TABLE = Assessment.__table__
assert isinstance(_TABLE, Table)
after_create(
    _TABLE,
    """
CREATE OR REPLACE FUNCTION assessments_are_only_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL
       OR (to_jsonb(NEW) - '{voided_at,voided_by,void_reason,void_comment}'::text[])
          <> (to_jsonb(OLD) - '{voided_at,voided_by,void_reason,void_comment}'::text[]) THEN
        RAISE EXCEPTION 'an assessment is added, and voided once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER assessments_are_only_voided BEFORE UPDATE OR DELETE ON assessments "
    "FOR EACH ROW EXECUTE FUNCTION assessments_are_only_voided()",
)
