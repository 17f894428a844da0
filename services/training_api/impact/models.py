"""The table of outcome measures: scores of persons that only figures of many are made of."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base
from shared.audit import SENSITIVE
from shared.db.base import Identified


class OutcomeMeasure(Identified, Base):
    """One score of one person."""

    __tablename__ = "outcome_measures"
    __table_args__ = (
        UniqueConstraint("educator_id", "instrument", "taken_on"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_in_bounds"),
        Index("ix_outcome_measures_instrument", "instrument", "educator_id", "taken_on"),
    )

    educator_id: Mapped[UUID] = mapped_column(ForeignKey("educators.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    """The workplace when it was recorded."""
    instrument: Mapped[str]
    taken_on: Mapped[date]
    score: Mapped[float] = mapped_column(Float, info=dict(SENSITIVE))
    recorded_at: Mapped[datetime]
