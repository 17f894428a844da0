"""Tables of the classifier: a code that never changes its meaning, and what was true of it and when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.db.base import Identified

CURRENT = text("upper_inf(recorded)")
"""Rows that are believed now; the others are what was believed before."""


class Area(Base):
    """One KATO code. A unit that moves to another region gets a new code, so the code is the identity."""

    __tablename__ = "areas"
    __table_args__ = (CheckConstraint("code ~ '^[1-7][0-9]{8}$'", name="code_is_kato"),)

    code: Mapped[str] = mapped_column(String(9), primary_key=True)


class AreaState(Identified, Base):
    """What an area was from one day to another, as it was known from one moment to another."""

    __tablename__ = "area_states"
    __table_args__ = (
        ExcludeConstraint(
            ("code", "="), ("valid", "&&"), ("recorded", "&&"), name="ex_area_states_one_at_a_time", using="gist"
        ),
        CheckConstraint("NOT isempty(valid)", name="valid_not_empty"),
        CheckConstraint("NOT isempty(recorded)", name="recorded_not_empty"),
        CheckConstraint("parent_code <> code", name="not_its_own_parent"),
        Index("ix_area_states_code", "code", postgresql_where=CURRENT),
        Index("ix_area_states_parent_code", "parent_code", "code", postgresql_where=CURRENT),
        Index("ix_area_states_sort_kk", "sort_kk", "code", postgresql_where=CURRENT),
        Index("ix_area_states_sort_ru", "sort_ru", "code", postgresql_where=CURRENT),
    )

    code: Mapped[str] = mapped_column(String(9), ForeignKey("areas.code"))
    parent_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    """Stated by the classifier, never computed from digits: 71 codes have no parent at their zeroed prefix."""
    level: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    sort_kk: Mapped[str] = mapped_column(Text(collation="C"))
    sort_ru: Mapped[str] = mapped_column(Text(collation="C"))
    search_key: Mapped[str]
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]]
