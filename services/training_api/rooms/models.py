"""Tables of rooms."""

from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified, Versioned


class Room(Identified, Versioned, Base):
    """A room of an organisation. That it holds one session at a time is checked where sessions are kept."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("seats >= 1", name="seats_somebody"),
    )
    __audit__ = Audited("room")

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    seats: Mapped[int] = mapped_column(Integer)
    equipment: Mapped[list[str]] = mapped_column(ARRAY(Text))
    in_use: Mapped[bool]
    """Whether new sessions may be held in it."""
