"""Tables of reorganisations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned


class Reorganisation(Identified, Versioned, Base):
    """Legal change as one event: what was ordered, what it did to whom, and whether it was taken back."""

    __tablename__ = "reorganisations"
    __audit__ = Audited("reorganisation")
    __table_args__ = (
        CheckConstraint(
            "kind IN ('merge', 'merge_new', 'split', 'convert', 'rename', 'move', 'close', 'reopen')",
            name="kind_known",
        ),
        CheckConstraint("(undone_at IS NULL) = (undone_reason IS NULL)", name="undone_with_reason"),
        Index("ix_reorganisations_happened_on", "happened_on", "id"),
        Index("ix_reorganisations_organisations", "organisations", postgresql_using="gin"),
        # What is taken back is found by its moment, so no two events share one.
        Index("uq_reorganisations_recorded_at", "recorded_at", unique=True),
    )

    kind: Mapped[str]
    happened_on: Mapped[date]
    reason: Mapped[str]
    legal_basis: Mapped[str]
    organisations: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    """All it touches."""
    created: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    """Those it made."""
    asked: Mapped[dict[str, Any]] = mapped_column(info=dict(UNRECORDED))
    effects: Mapped[dict[str, Any]] = mapped_column(info=dict(UNRECORDED))
    digest_before: Mapped[str]
    digest_after: Mapped[str]
    recorded_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str | None]
