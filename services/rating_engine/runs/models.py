"""Tables of runs and their results."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.rating_engine.base import Base
from services.rating_engine.runs.rules import MACHINE
from shared.db.base import Identified, Versioned, after_create
from shared.machines import state_follows, steps_follow
from shared.schemas.rating.appeals import Remedy
from shared.schemas.rating.stages import RunStage


class Run(Identified, Versioned, Base):
    """A methodology applied to a snapshot."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'succeeded', 'failed')", name="status"),
        CheckConstraint("(status = 'succeeded') = (result_digest IS NOT NULL)", name="result"),
        CheckConstraint(f"stage IN ({', '.join(repr(str(one)) for one in RunStage)})", name="stage"),
        CheckConstraint("(status = 'succeeded') = (stage <> 'draft')", name="staged"),
        CheckConstraint("stage <> 'preview' OR preview_opened_at IS NOT NULL", name="shown"),
        CheckConstraint("appeals_until IS NULL OR preview_opened_at IS NOT NULL", name="window"),
        CheckConstraint("open_appeals >= 0", name="appeals"),
    )

    methodology_id: Mapped[UUID] = mapped_column(ForeignKey("methodologies.id"), index=True)
    methodology_digest: Mapped[str]
    period: Mapped[str]
    as_of: Mapped[date]
    known_at: Mapped[datetime | None]
    area: Mapped[str | None]
    status: Mapped[str]
    job_id: Mapped[UUID]
    snapshot_digest: Mapped[str | None] = mapped_column(ForeignKey("snapshots.digest"))
    result_digest: Mapped[str | None]
    engine_version: Mapped[str | None]
    organisations: Mapped[int | None]
    rated: Mapped[int | None]
    not_rated: Mapped[dict[str, Any]]
    finished_at: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(server_default="draft")
    requested_by: Mapped[str | None]
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id"), index=True)
    compared_with: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id"))
    """The run of the edition in force when the data were frozen: what changes are told against."""
    corrected_by: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id"))
    appeal_days: Mapped[int | None]
    checked_by_another: Mapped[bool | None]
    preview_opened_at: Mapped[datetime | None]
    appeals_until: Mapped[datetime | None]
    needs_correction: Mapped[bool] = mapped_column(server_default="false")
    open_appeals: Mapped[int] = mapped_column(server_default="0")


class RunResult(Base):
    """What a run says of one organisation; written once, with its run."""

    __tablename__ = "run_results"
    __table_args__ = (
        Index("ix_run_results_run_id_place", "run_id", "rank", "sort_key", "organisation_id"),
        CheckConstraint("score IS NOT NULL OR rank IS NULL", name="scored"),
        CheckConstraint("(score IS NULL) = (reason IS NOT NULL)", name="reasoned"),
    )
    __audit__ = False

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[dict[str, Any]]
    sort_key: Mapped[str] = mapped_column(comment="Kazakh order of the name; compared byte by byte")
    search_key: Mapped[str]
    area: Mapped[str | None]
    area_path: Mapped[list[str]]
    score: Mapped[float | None]
    rank: Mapped[int | None]
    band: Mapped[str | None]
    coverage: Mapped[float]
    reason: Mapped[str | None]
    nodes: Mapped[dict[str, Any]]
    indicators: Mapped[dict[str, Any]] = mapped_column(
        comment="By indicator: value, n, normalised, contribution, reason"
    )
    attributes: Mapped[dict[str, Any]]
    standing: Mapped[dict[str, Any] | None] = mapped_column(comment="How sure the place is, by the data")
    spread: Mapped[dict[str, Any] | None] = mapped_column(comment="How sure the place is, by the choices of the method")
    reach: Mapped[dict[str, Any] | None] = mapped_column(comment="The smallest changes that lead to the next band")
    peers: Mapped[dict[str, Any] | None] = mapped_column(comment="Its place among its peers, what parts it from them")
    changes: Mapped[dict[str, Any] | None] = mapped_column(comment="What moved the score since the last edition")
    limited: Mapped[list[str]] = mapped_column(server_default="[]", comment="The limits that held the band down")
    withheld: Mapped[dict[str, Any] | None] = mapped_column(comment="What the public is not told")


class RunArtefact(Base):
    """What one step of the method left behind; written once, with its run."""

    __tablename__ = "run_artefacts"
    __audit__ = False

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(comment="Canonical JSON, compressed by zlib")


class RunStep(Base):
    """One step in the life of a run; steps are only added."""

    __tablename__ = "run_steps"
    __audit__ = False  # this table is a trail itself

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]
    from_stage: Mapped[str | None] = mapped_column("from_status")
    to_stage: Mapped[str] = mapped_column("to_status")
    actor: Mapped[str]
    comment: Mapped[str | None]
    recorded_at: Mapped[datetime]


class RunCorrection(Base):
    """What a decision upon an appeal puts right in the run that follows; rows are only added."""

    __tablename__ = "run_corrections"
    __table_args__ = (
        CheckConstraint(f"remedy IN ({', '.join(repr(str(one)) for one in Remedy)})", name="remedy"),
        Index("ix_run_corrections_run_id", "run_id"),
    )
    __audit__ = False  # the decision is in the trail, with what it corrects

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeals.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id"))
    organisation_id: Mapped[UUID]
    remedy: Mapped[str]
    decided_at: Mapped[datetime]


RESULT_STANDS = (
    """
CREATE OR REPLACE FUNCTION runs_result_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.result_digest IS NOT NULL AND
        (NEW.result_digest, NEW.snapshot_digest, NEW.methodology_digest, NEW.period, NEW.as_of, NEW.engine_version)
        IS DISTINCT FROM
        (OLD.result_digest, OLD.snapshot_digest, OLD.methodology_digest, OLD.period, OLD.as_of, OLD.engine_version)
    THEN
        RAISE EXCEPTION 'the result of a run stands' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.stage = 'published' AND OLD.stage <> 'published' AND NEW.needs_correction THEN
        RAISE EXCEPTION 'a run that needs correction is not published' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER runs_result_stands BEFORE UPDATE ON runs FOR EACH ROW EXECUTE FUNCTION runs_result_stands()",
)
"""Function and trigger: what was computed is not edited, and what was found wrong is not published."""

after_create(
    Run.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    *state_follows("runs", "stage", MACHINE),
    *RESULT_STANDS,
)
after_create(
    RunStep.__table__,  # type: ignore[arg-type]
    *steps_follow("run_steps", MACHINE),
)
