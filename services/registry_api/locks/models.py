"""The table of locks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified


class PeriodLock(Identified, Base):
    """Since when and until when values of an indicator or a pillar, a period and an area are not revised."""

    __tablename__ = "period_locks"
    __audit__ = Audited("period_lock")
    __table_args__ = (
        CheckConstraint("num_nonnulls(indicator, pillar) = 1", name="indicator_or_pillar"),
        CheckConstraint("num_nulls(reopened_at, reopened_by, reopen_reason) IN (0, 3)", name="reopened_whole"),
        Index(
            "uq_period_locks_holding",
            "indicator",
            "pillar",
            "period",
            "area_code",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    indicator: Mapped[str | None]
    pillar: Mapped[str | None]
    period: Mapped[str]
    period_start: Mapped[date]
    period_end: Mapped[date]
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    reason: Mapped[str]
    locked_at: Mapped[datetime]
    locked_by: Mapped[str]
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[str | None]
    reopen_reason: Mapped[str | None]
