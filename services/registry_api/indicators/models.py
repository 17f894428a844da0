"""The table of indicator definitions."""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, Double, Index, Integer, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified


class Indicator(Identified, Base):
    """One version of an indicator: what is measured never changes in it; its names and notes may be edited."""

    __tablename__ = "indicators"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("version >= 1 AND edition >= 1", name="versions_count_from_one"),
        CheckConstraint("level IN ('organisation', 'area')", name="level_known"),
        CheckConstraint("polarity IN ('higher', 'lower', 'neutral')", name="polarity_known"),
        CheckConstraint("plausible_min <= plausible_max", name="plausible_range_ordered"),
        CheckConstraint("valid_from < valid_to", name="validity_ordered"),
        CheckConstraint("age_youngest <= age_oldest", name="ages_ordered"),
        CheckConstraint("(age_youngest IS NULL) = (age_oldest IS NULL)", name="age_band_whole"),
        Index("ix_indicators_pillar", "pillar"),
    )
    __audit__ = Audited("indicator", "code")

    code: Mapped[str] = mapped_column(Text(collation="C"))
    version: Mapped[int] = mapped_column(Integer)
    level: Mapped[str]
    organisation_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    pillar: Mapped[str]
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str | None]
    unit: Mapped[str]
    polarity: Mapped[str]
    formula: Mapped[str]
    period_kind: Mapped[str]
    as_of_rule: Mapped[str]
    source_system: Mapped[str]
    plausible_min: Mapped[float | None] = mapped_column(Double)
    plausible_max: Mapped[float | None] = mapped_column(Double)
    typical: Mapped[float | None] = mapped_column(Double)
    min_n: Mapped[int] = mapped_column(Integer)
    disaggregation: Mapped[list[str]] = mapped_column(ARRAY(Text))
    age_youngest: Mapped[int | None] = mapped_column(SmallInteger)
    age_oldest: Mapped[int | None] = mapped_column(SmallInteger)
    source_note: Mapped[str]
    note: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    recorded_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(Integer)
    """Counts the edits of names and notes within the version."""
