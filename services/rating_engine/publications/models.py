"""Tables of publications."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from services.rating_engine.base import Base
from shared.clock import day_in_kazakhstan
from shared.db.base import Identified, Versioned, after_create


class Publication(Identified, Versioned, Base):
    """One edition. Of its columns only those of supersession ever change."""

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("code", "edition"),
        CheckConstraint("status IN ('current', 'superseded')", name="status"),
        CheckConstraint("(status = 'superseded') = (superseded_by IS NOT NULL)", name="superseded"),
        CheckConstraint("(status = 'superseded') = (superseded_at IS NOT NULL)", name="ended"),
        CheckConstraint("corrects IS NULL OR note IS NOT NULL", name="correction_explained"),
        CheckConstraint(
            "coalesce(title ->> 'kk', '') <> '' AND coalesce(title ->> 'ru', '') <> ''", name="title_in_both"
        ),
        CheckConstraint(
            "note IS NULL OR (coalesce(note ->> 'kk', '') <> '' AND coalesce(note ->> 'ru', '') <> '')",
            name="note_in_both",
        ),
        Index("uq_publications_current", "code", unique=True, postgresql_where="status = 'current'"),
    )

    code: Mapped[str]
    edition: Mapped[int]
    title: Mapped[dict[str, Any]]
    note: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    status: Mapped[str]
    period: Mapped[str]
    as_of: Mapped[date]
    published_at: Mapped[datetime]
    superseded_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("publications.id", deferrable=True, initially="DEFERRED")
    )
    superseded_at: Mapped[datetime | None]
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("publications.id"))
    appeals_waived: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    checked_by_another: Mapped[bool | None]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id"), unique=True)
    methodology_id: Mapped[UUID] = mapped_column(ForeignKey("methodologies.id"))
    methodology_digest: Mapped[str]
    snapshot_digest: Mapped[str]
    result_digest: Mapped[str]
    organisations: Mapped[int]
    rated: Mapped[int]

    @property
    def published_on(self) -> date:
        """The day on which it was published in Kazakhstan."""
        return day_in_kazakhstan(self.published_at)


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


EDITIONS_STAND = (
    """
CREATE OR REPLACE FUNCTION publications_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changing text[] := ARRAY['status', 'superseded_by', 'superseded_at', 'updated_at', 'version'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status = 'current' AND NEW.status = 'superseded'
            AND to_jsonb(NEW) - changing = to_jsonb(OLD) - changing THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'an edition is neither changed nor deleted, only superseded' USING ERRCODE = 'check_violation';
END
$$
""".strip(),
    """
CREATE TRIGGER publications_stand BEFORE UPDATE OR DELETE ON publications
FOR EACH ROW EXECUTE FUNCTION publications_stand()
""".strip(),
    """
CREATE TRIGGER publications_stay BEFORE TRUNCATE ON publications
FOR EACH STATEMENT EXECUTE FUNCTION publications_stand()
""".strip(),
)
"""Functions and triggers: of an edition only its supersession is ever written, and once."""
ENTRIES_STAND = (
    """
CREATE OR REPLACE FUNCTION publication_entries_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the entries of an edition stand' USING ERRCODE = 'check_violation';
END
$$
""".strip(),
    """
CREATE TRIGGER publication_entries_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON publication_entries
FOR EACH STATEMENT EXECUTE FUNCTION publication_entries_stand()
""".strip(),
)
"""Function and trigger: entries are written once, with their edition."""

after_create(
    Publication.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    *EDITIONS_STAND,
)
after_create(
    PublicationEntry.__table__,  # type: ignore[arg-type]
    *ENTRIES_STAND,
)
