"""Tables of runs and their results."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.rating_engine.base import Base
from shared.db.base import Identified, Versioned


class Run(Identified, Versioned, Base):
    """A methodology applied to a snapshot."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'succeeded', 'failed')", name="status"),
        CheckConstraint("(status = 'succeeded') = (result_digest IS NOT NULL)", name="result"),
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
    changes: Mapped[dict[str, Any] | None] = mapped_column(comment="What moved the score since the last edition")
    limited: Mapped[list[str]] = mapped_column(server_default="[]", comment="The limits that held the band down")
    document: Mapped[bytes | None] = mapped_column(comment="The explanation, without who published it")


class RunArtefact(Base):
    """What one step of the method left behind; written once, with its run."""

    __tablename__ = "run_artefacts"
    __audit__ = False

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(comment="Canonical JSON, compressed by zlib")
