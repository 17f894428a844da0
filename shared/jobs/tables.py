"""The table of jobs: the queue, the public resource and the lease of the worker in one row."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.base import PLUMBING

jobs = Table(
    "jobs",
    PLUMBING,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("arguments", JSONB, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'queued'")),
    Column("progress", Double, nullable=False, server_default=text("0")),
    Column("result", JSONB(none_as_null=True)),
    Column("location", Text),
    Column("problem", JSONB(none_as_null=True)),
    Column("created_by", Text, nullable=False),
    Column("authorship", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("cancel_requested", Boolean, nullable=False, server_default=text("false")),
    Column("lease", Uuid),
    Column("heartbeat_at", DateTime(timezone=True)),
    CheckConstraint("status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="status_known"),
    CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_a_share"),
    CheckConstraint("(status = 'running') = (lease IS NOT NULL)", name="lease_while_running"),
    CheckConstraint("(status IN ('queued', 'running')) = (finished_at IS NULL)", name="finished_at_the_end"),
    CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name="problem_when_failed"),
    Index("ix_jobs_open", "created_at", "id", postgresql_where=text("status IN ('queued', 'running')")),
    Index("ix_jobs_created_by", "created_by", "id"),
)
"""`lease` is new for each attempt: whoever held an older one can neither finish the job nor commit its effect."""
