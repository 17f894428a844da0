"""Tables of imports: the file as it came, what was asked of it, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified, Versioned


class Import(Identified, Versioned, Base):
    """A file that was handed in."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('organisations', 'observations', 'areas', 'indicators', 'memberships', 'targets', 'events', "
            "'construction-projects')",
            name="kind_known",
        ),
        CheckConstraint("state IN ('queued', 'checked', 'applied', 'refused', 'undone')", name="state_known"),
        CheckConstraint("(state = 'queued') = (report IS NULL)", name="report_when_read"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_at_when_undone"),
        Index("ix_imports_created_by", "created_by", "id"),
        Index("ix_imports_file_sha256", "file_sha256"),
    )
    __audit__ = Audited("import")

    kind: Mapped[str]
    state: Mapped[str]
    file_name: Mapped[str]
    file_size: Mapped[int]
    file_sha256: Mapped[str]
    options: Mapped[dict[str, Any]]
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    job_id: Mapped[UUID]
    created_by: Mapped[str]
    reach: Mapped[dict[str, Any]]
    """Roles, area and organisation of whoever handed it in: the job acts within them."""
    finished_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), info={"audit": "none"})
    brought: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), info={"audit": "none"})
    """The organisations it registered and changed, for undoing."""


class ImportFilePart(Base):
    """A megabyte of a file; in parts, so that neither the client nor the server ever holds the whole."""

    __tablename__ = "import_file_parts"
    __table_args__ = (CheckConstraint("octet_length(content) <= 1048576", name="part_small"),)
    __audit__ = False

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes]


class ImportedRow(Base):
    """What a row of a file brought, known again by what it says: the same row twice brings nothing."""

    __tablename__ = "imported_rows"
    __table_args__ = (Index("ix_imported_rows_import_id", "import_id"),)
    __audit__ = False

    fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    """SHA-256 of the kind and of everything the row says."""
    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"))
    resource_id: Mapped[UUID]
