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
    agreed_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
