"""Tables of publications."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from services.rating_engine.base import Base
from shared.db.base import Identified, Versioned


class Publication(Identified, Versioned, Base):
    """One edition. Of its columns only those of supersession ever change."""

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("code", "edition"),
        CheckConstraint("status IN ('current', 'superseded')", name="status"),
        CheckConstraint("(status = 'superseded') = (superseded_by IS NOT NULL)", name="superseded"),
        Index("uq_publications_current", "code", unique=True, postgresql_where="status = 'current'"),
    )

    code: Mapped[str]
    edition: Mapped[int]
    title: Mapped[dict[str, Any]]
    note: Mapped[dict[str, Any] | None]
    status: Mapped[str]
    period: Mapped[str]
    as_of: Mapped[date]
    published_at: Mapped[datetime]
    superseded_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("publications.id", deferrable=True, initially="DEFERRED")
    )
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id"), unique=True)
    methodology_id: Mapped[UUID] = mapped_column(ForeignKey("methodologies.id"))
    methodology_digest: Mapped[str]
    snapshot_digest: Mapped[str]
    result_digest: Mapped[str]
    organisations: Mapped[int]
    rated: Mapped[int]


class PublicationEntry(Base):
    """What an edition says of one organisation: columns to list by, and the whole explanation as it is served."""

    __tablename__ = "publication_entries"
    __table_args__ = (
        Index("ix_publication_entries_place", "publication_id", "rank", "sort_key", "organisation_id"),
        Index("ix_publication_entries_name", "publication_id", "sort_key", "organisation_id"),
        Index("ix_publication_entries_organisation_id", "organisation_id"),
    )
    __audit__ = False

    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[dict[str, Any]]
    sort_key: Mapped[str]
    search_key: Mapped[str]
    area: Mapped[str | None]
    area_path: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    status: Mapped[str]
    reason: Mapped[str | None]
    score: Mapped[float | None]
    rank: Mapped[int | None]
    band: Mapped[str | None]
    coverage: Mapped[float]
    nodes: Mapped[dict[str, Any]]
    document: Mapped[bytes] = mapped_column(comment="The explained entry, rendered once at publication")
