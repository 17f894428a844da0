"""Tables of methodologies."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.rating_engine.base import Base
from shared.db.base import Identified, Versioned, after_create


class Methodology(Identified, Versioned, Base):
    """One version of one methodology."""

    __tablename__ = "methodologies"
    __table_args__ = (
        UniqueConstraint("code", "edition"),
        CheckConstraint("status IN ('draft', 'agreed', 'retired')", name="status"),
        CheckConstraint("origin IN ('written', 'built_in')", name="origin"),
        CheckConstraint("(status = 'draft') = (agreed_at IS NULL)", name="agreed"),
        CheckConstraint("(status = 'retired') = (retired_at IS NOT NULL)", name="retired"),
    )

    code: Mapped[str]
    edition: Mapped[int]
    status: Mapped[str]
    title: Mapped[dict[str, Any]]
    organisation_types: Mapped[list[str]]
    document: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(index=True)
    basis: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(server_default="written", default="written")
    notes: Mapped[list[Any]] = mapped_column(
        server_default="[]", default=list, comment="Why it is as it is, in three languages, with the source of each"
    )
    audit_digest: Mapped[str | None] = mapped_column(comment="The audit it was agreed with")
    accepted_findings: Mapped[dict[str, str]] = mapped_column(
        server_default="{}", default=dict, comment="By code of a finding, why the version was agreed all the same"
    )
    agreed_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class MethodologyAudit(Identified, Base):
    """What an audit of one document on one run found; added and never changed."""

    __tablename__ = "methodology_audits"
    __table_args__ = (
        UniqueConstraint("methodology_id", "digest"),
        Index("ix_methodology_audits_latest", "methodology_id", "created_at", "id"),
    )
    __audit__ = False  # nothing of it ever changes, and it tells who attached it

    methodology_id: Mapped[UUID] = mapped_column(ForeignKey("methodologies.id"))
    methodology_digest: Mapped[str]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id"), index=True)
    digest: Mapped[str]
    codes: Mapped[list[str]] = mapped_column(comment="Codes of all findings")
    stops: Mapped[list[str]] = mapped_column(comment="Codes of the findings that have to be answered")
    content: Mapped[bytes] = mapped_column(comment="Canonical JSON, compressed by zlib")
    attached_by: Mapped[str]
    created_at: Mapped[datetime]


STANDING = """
CREATE OR REPLACE FUNCTION methodology_audits_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an audit stands' USING ERRCODE = 'check_violation';
END
$$
"""
STANDS = """
CREATE TRIGGER methodology_audits_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON methodology_audits
FOR EACH STATEMENT EXECUTE FUNCTION methodology_audits_stand()
"""
after_create(cast(Table, MethodologyAudit.__table__), STANDING, STANDS)
