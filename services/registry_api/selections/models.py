"""Tables of selections."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified, Versioned


class Selection(Identified, Versioned, Base):
    """Organisations somebody wants to find again: criteria, or a list of them."""

    __tablename__ = "selections"
    __audit__ = Audited("selection", "token")
    __table_args__ = (
        CheckConstraint("num_nonnulls(criteria, organisation_ids) = 1", name="criteria_or_list"),
        Index("ix_selections_owner", "owner", "id"),
    )

    token: Mapped[str] = mapped_column(Text(collation="C"), unique=True)
    """What it is known by outside: an id tells when it was made, and this is not to be guessed."""
    owner: Mapped[str]
    name: Mapped[str]
    shared: Mapped[bool]
    criteria: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    organisation_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
