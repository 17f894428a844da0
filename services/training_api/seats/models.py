"""Seats as rows: what is taken is locked, and nobody waits for another's lock."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base
from shared.db.base import Identified


class Seat(Identified, Base):
    """One seat at one venue."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("venue_id", "number"),
        UniqueConstraint("id", "venue_id"),  # so that an enrolment's seat is at its venue
        CheckConstraint("number >= 1", name="counts_from_one"),
        Index("ix_seats_free", "venue_id", "number", postgresql_where=text("free")),
        Index("ix_seats_pool_id", "pool_id", postgresql_where=text("pool_id IS NOT NULL")),
    )
    __audit__ = False  # who holds which seat is told by the enrolment

    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venues.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    free: Mapped[bool]
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("reservation_pools.id"))
    """For whom it is kept; null: for anybody."""
