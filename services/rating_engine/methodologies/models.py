"""Tables of methodologies."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.rating_engine.base import Base
from shared.db.base import Identified, Versioned


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
    agreed_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
