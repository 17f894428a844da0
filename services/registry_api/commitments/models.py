"""Tables of commitments; what the table of transitions and the second pair of eyes forbid, the database refuses."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, Integer, SmallInteger, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from services.registry_api.commitments import rules
from shared.audit import Audited
from shared.db.base import Identified, Versioned, after_create
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap
from shared.schemas.registry.commitment_words import (
    CommitmentAction,
    CommitmentStatus,
    EvidenceReview,
)

CURRENT = text("upper_inf(recorded)")


def _quoted(*words: StrEnum) -> str:
    return ", ".join(f"'{word.value}'" for word in sorted(words))


class Commitment(Identified, Versioned, Base):
    """Who a commitment is: one row for its whole life, and where its last step led."""

    __tablename__ = "commitments"
    __audit__ = Audited("commitment")
    __table_args__ = (
        CheckConstraint(
            f"status IN ({_quoted(*(set(CommitmentStatus) - {CommitmentStatus.OVERDUE}))})", name="status_known"
        ),
        Index("ix_commitments_memorandum_id", "memorandum_id"),
    )

    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memoranda.id"))
    status: Mapped[str]
    status_since: Mapped[date]
    since: Mapped[date]
    """From which day it is owed."""
    created_by: Mapped[str]


class CommitmentState(Identified, Bitemporal, Base):
    """Everything said of a commitment from one day to another, as it was known from one moment to another."""

    __tablename__ = "commitment_states"
    __audit__ = Audited("commitment", "commitment_id")
    __table_args__ = (
        no_overlap("commitment_id", name="ex_commitment_states_one_at_a_time"),
        never_empty(),
        CheckConstraint("due_earliest <= due_latest", name="due_ordered"),
        Index("ix_commitment_states_commitment_id", "commitment_id", postgresql_where=CURRENT),
        Index("ix_commitment_states_due_latest", "due_latest", "commitment_id", postgresql_where=CURRENT),
        Index("ix_commitment_states_obligor", "obligor", postgresql_where=CURRENT),
        Index("ix_commitment_states_owner", "owner", postgresql_where=CURRENT),
        Index(
            "ix_commitment_states_beneficiary_organisations",
            "beneficiary_organisations",
            postgresql_using="gin",
            postgresql_where=CURRENT,
        ),
    )

    commitment_id: Mapped[UUID] = mapped_column(ForeignKey("commitments.id"))
    obligor: Mapped[UUID]
    """The party that owes it."""
    beneficiary_parties: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    beneficiary_organisations: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    owner: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    owner_role: Mapped[str | None]
    text_kk: Mapped[str | None]
    text_ru: Mapped[str | None]
    text_en: Mapped[str | None]
    measure: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    due: Mapped[str | None]
    """As exactly as it was said (EDTF)."""
    due_earliest: Mapped[date | None]
    due_latest: Mapped[date | None]
    report_every_days: Mapped[int | None] = mapped_column(SmallInteger)


class CommitmentTransition(Base):
    """One step in the life of a commitment; steps are only added."""

    __tablename__ = "commitment_transitions"
    __audit__ = False  # this table is a trail itself
    __table_args__ = (CheckConstraint(f"action IN ({_quoted(*CommitmentAction)})", name="action_known"),)

    commitment_id: Mapped[UUID] = mapped_column(ForeignKey("commitments.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    action: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    actor: Mapped[str]
    reason_code: Mapped[str | None]
    comment: Mapped[str | None]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]


class _Reviewed(Identified):
    submitted_by: Mapped[str]
    submitted_at: Mapped[datetime]
    review: Mapped[str]
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    review_reason: Mapped[str | None]


def _two_persons() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint(f"review IN ({_quoted(*EvidenceReview)})", name="review_known"),
        CheckConstraint("(review = 'pending') = (reviewed_by IS NULL)", name="review_has_a_reviewer"),
        CheckConstraint("(review = 'pending') = (reviewed_at IS NULL)", name="review_has_a_moment"),
        CheckConstraint("reviewed_by <> submitted_by", name="two_persons"),
        CheckConstraint("review <> 'rejected' OR review_reason IS NOT NULL", name="rejection_has_a_reason"),
    )


class CommitmentEvidence(_Reviewed, Base):
    """Something that shows that a commitment is kept."""

    __tablename__ = "commitment_evidence"
    __audit__ = Audited("commitment", "commitment_id")
    __table_args__ = (
        *_two_persons(),
        CheckConstraint("(link IS NULL) <> (document IS NULL)", name="link_or_document"),
        CheckConstraint("link LIKE 'https://%'", name="link_is_safe"),
        Index("ix_commitment_evidence_commitment_id", "commitment_id", "id"),
    )

    commitment_id: Mapped[UUID] = mapped_column(ForeignKey("commitments.id"))
    link: Mapped[str | None]
    document: Mapped[str | None]
    note: Mapped[str | None]


class CommitmentReport(_Reviewed, Base):
    """How far a commitment was on a day."""

    __tablename__ = "commitment_reports"
    __audit__ = Audited("commitment", "commitment_id")
    __table_args__ = (*_two_persons(), Index("ix_commitment_reports_commitment_id", "commitment_id", "id"))

    commitment_id: Mapped[UUID] = mapped_column(ForeignKey("commitments.id"))
    on: Mapped[date] = mapped_column("measured_on")
    value: Mapped[float | None] = mapped_column(Double)
    text: Mapped[str]


class CommitmentOverride(Identified, Base):
    """A delivery light set by hand; a newer one takes the place of those before it."""

    __tablename__ = "commitment_overrides"
    __audit__ = Audited("commitment", "commitment_id")
    __table_args__ = (
        CheckConstraint("since < expires_on", name="lasts"),
        CheckConstraint("light IN ('green', 'amber', 'red')", name="light_known"),
        Index("ix_commitment_overrides_commitment_id", "commitment_id"),
    )

    commitment_id: Mapped[UUID] = mapped_column(ForeignKey("commitments.id"))
    light: Mapped[str]
    reason: Mapped[str]
    since: Mapped[date]
    expires_on: Mapped[date]
    set_by: Mapped[str]
    recorded_at: Mapped[datetime]


_STEPS = "\n            OR ".join(
    f"(NEW.action = '{line.action.value}' AND NEW.from_status IN ({_quoted(*line.before)})"
    f" AND NEW.to_status = '{line.after.value}')"
    for line in rules.TABLE
)
_MOVES = "\n            OR ".join(
    f"(OLD.status IN ({_quoted(*line.before)}) AND NEW.status = '{line.after.value}')" for line in rules.TABLE
)
after_create(
    CommitmentTransition.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    f"""
CREATE OR REPLACE FUNCTION commitment_transitions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'steps of a commitment are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT ((NEW.action = 'make' AND NEW.from_status IS NULL AND NEW.to_status = 'planned' AND NEW.number = 1)
            OR {_STEPS}) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.action = 'fulfil' AND NOT EXISTS (SELECT FROM commitment_evidence
            WHERE commitment_id = NEW.commitment_id AND review = 'accepted') THEN
        RAISE EXCEPTION 'a commitment is not fulfilled without accepted evidence' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER commitment_transitions_by_the_table BEFORE INSERT OR UPDATE OR DELETE ON commitment_transitions "
    "FOR EACH ROW EXECUTE FUNCTION commitment_transitions_refuse()",
)
after_create(
    Commitment.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    f"""
CREATE OR REPLACE FUNCTION commitments_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> NEW.status AND NOT ({_MOVES}) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER commitments_by_the_table BEFORE UPDATE OF status ON commitments "
    "FOR EACH ROW EXECUTE FUNCTION commitments_refuse()",
)
