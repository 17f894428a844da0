"""The table of rules that were set aside for somebody."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base


class KeptOverride(Base):
    """What the rules said of a person who enrolled against them, and who let that be; written once."""

    __tablename__ = "eligibility_overrides"
    __table_args__ = (CheckConstraint("cardinality(rules) > 0", name="sets_something_aside"),)
    __audit__ = False  # this table is a trail itself

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    rules: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The rules that said no."""
    trace: Mapped[list[Any]] = mapped_column(JSONB)
    """Every rule as it stood, as `RuleTraceRead` says."""
    actor: Mapped[str]
    reason_code: Mapped[str]
    comment: Mapped[str | None]
    on: Mapped[date]
    recorded_at: Mapped[datetime]
