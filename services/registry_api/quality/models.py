"""Tables of quality: runs of the check, what it found, and organisations that may be registered twice."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified, Versioned


class QualityRun(Identified, Base):
    """One check of all values, or of those of one indicator, against all rules."""

    __tablename__ = "quality_runs"
    __audit__ = False
    __table_args__ = (
        Index("uq_quality_runs_nightly", "day", unique=True, postgresql_where=text("occasion = 'nightly'")),
        Index("ix_quality_runs_day", "day"),
    )

    day: Mapped[date]
    occasion: Mapped[str]
    """`nightly`, or `asked` by somebody."""
    indicator: Mapped[str | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    job_id: Mapped[UUID | None]
    figures: Mapped[dict[str, Any]]
    """What was found, as `QualityRunRead` shows it."""


class QualityFinding(Identified, Versioned, Base):
    """A value that breaks a rule, from the check that saw it first to the one that sees it no more."""

    __tablename__ = "quality_findings"
    __audit__ = Audited("quality_finding")
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        CheckConstraint("state IN ('open', 'acknowledged', 'resolved')", name="state_known"),
        CheckConstraint("(state = 'acknowledged') <= (acknowledged_at IS NOT NULL)", name="acknowledged_whole"),
        CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved_whole"),
        Index("ix_quality_findings_queue", "state", "severity", "id"),
        Index("ix_quality_findings_organisation", "organisation_id", "state"),
        Index("ix_quality_findings_indicator", "indicator", "state"),
    )

    fingerprint: Mapped[str]
    """Rule, subject, indicator, period and source: the same finding of another check has the same."""
    rule: Mapped[str]
    severity: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    """The area observed, or the one the organisation lay in when it was found."""
    indicator: Mapped[str] = mapped_column(Text(collation="C"))
    period: Mapped[str]
    source_system: Mapped[str | None]
    observation_id: Mapped[UUID | None]
    value: Mapped[float | None] = mapped_column(Double)
    low: Mapped[float | None] = mapped_column(Double)
    high: Mapped[float | None] = mapped_column(Double)
    state: Mapped[str]
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    acknowledged_reason: Mapped[str | None]


class DuplicateCandidate(Identified, Versioned, Base):
    """Two records that may be one organisation, and what a person decided."""

    __tablename__ = "duplicate_candidates"
    __audit__ = Audited("duplicate_candidate")
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="pair_ordered"),
        CheckConstraint("state IN ('open', 'same', 'different', 'gone')", name="state_known"),
        CheckConstraint("(state IN ('same', 'different')) = (decided_at IS NOT NULL)", name="decided_whole"),
        Index("ix_duplicate_candidates_queue", "state", "score", "id"),
    )

    first_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    score: Mapped[float] = mapped_column(Double)
    same_number: Mapped[bool]
    same_area: Mapped[bool]
    similarity: Mapped[float] = mapped_column(Double)
    distance_m: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str]
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_reason: Mapped[str | None]
