"""The table of days that are worked or free otherwise than the law's calendar says."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.rating_engine.base import Base
from shared.db.base import Identified


class CalendarException(Identified, Base):
    """One day as the authority has declared it; rows are only added, and the last word about a day counts."""

    __tablename__ = "calendar_exceptions"

    day: Mapped[date] = mapped_column(index=True)
    is_worked: Mapped[bool]
    basis: Mapped[str]
    created_at: Mapped[datetime]
