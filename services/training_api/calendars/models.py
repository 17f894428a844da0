"""Tables of calendars: only the addresses given out; what is in a calendar is read from those who know."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned
from shared.schemas.training.calendars import CalendarOwner


class CalendarSubscription(Identified, Versioned, Base):
    """An address under which a calendar is read without a login, until it is revoked."""

    __tablename__ = "calendar_subscriptions"
    __table_args__ = (
        one_of("owner_kind", CalendarOwner),
        Index("ix_calendar_subscriptions_owner_id", "owner_id", "created_at"),
    )
    __audit__ = Audited("calendar_subscription")

    owner_kind: Mapped[CalendarOwner] = mapped_column(Word(CalendarOwner))
    owner_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(unique=True, info=dict(UNRECORDED))
    """SHA-256 of the secret, which itself is not kept: it is random and long, so a plain digest is enough."""
    label: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
