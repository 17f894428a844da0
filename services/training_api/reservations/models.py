"""Tables of reservations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from shared.audit import Audited
from shared.db.base import Identified, Versioned
from shared.schemas.training.reservations import PoolKind


class ReservationPool(Identified, Versioned, Base):
    """Seats of a cohort, or of one of its venues, kept for some until a moment. Its seats refer to it."""

    __tablename__ = "reservation_pools"
    __table_args__ = (
        # A cohort's pool has no venue, and then this refers to nothing.
        ForeignKeyConstraint(["venue_id", "cohort_id"], ["venues.id", "venues.cohort_id"]),
        one_of("kind", PoolKind),
        CheckConstraint("seats >= 0", name="seats_not_negative"),
        CheckConstraint("(kind = 'open') = (key = '')", name="key_goes_with_kind"),
        CheckConstraint("NOT is_hold OR (kind = 'school' AND release_at IS NOT NULL)", name="hold_has_a_deadline"),
        Index("ix_reservation_pools_cohort_id", "cohort_id"),
        Index("ix_reservation_pools_due", "release_at", postgresql_where=text("released_at IS NULL")),
    )
    __audit__ = Audited("reservation_pool")

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    venue_id: Mapped[UUID | None]
    kind: Mapped[PoolKind] = mapped_column(Word(PoolKind))
    key: Mapped[str]
    """Whose seats they are: an organisation, an area, a category, a language, a subject."""
    seats: Mapped[int] = mapped_column(Integer)
    priority: Mapped[int] = mapped_column(SmallInteger)
    """The order in which pools that are due at one moment are released, the lowest first."""
    is_hold: Mapped[bool]
    release_at: Mapped[datetime | None]
    """From when the seats are for anybody; null: never by itself."""
    released_at: Mapped[datetime | None]
