"""Tables of the classifier: a code that never changes its meaning, and what was true of it and when."""

from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api import words
from services.registry_api.base import Base
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, after_create
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap

CURRENT = text("upper_inf(recorded)")
"""Rows that are believed now; the others are what was believed before."""


class Area(Base):
    """One KATO code. A unit that moves to another region gets a new code, so the code is the identity."""

    __tablename__ = "areas"
    __audit__ = Audited("area")
    __table_args__ = (CheckConstraint("code ~ '^[1-7][0-9]{8}$'", name="code_is_kato"),)

    code: Mapped[str] = mapped_column(String(9), primary_key=True)


class AreaState(Identified, Bitemporal, Base):
    """What an area was from one day to another, as it was known from one moment to another."""

    __tablename__ = "area_states"
    __audit__ = Audited("area", "code")
    __table_args__ = (
        no_overlap("code", name="ex_area_states_one_at_a_time"),
        never_empty(),
        CheckConstraint("parent_code <> code", name="not_its_own_parent"),
        Index("ix_area_states_code", "code", postgresql_where=CURRENT),
        Index("ix_area_states_parent_code", "parent_code", "code", postgresql_where=CURRENT),
        Index(
            "ix_area_states_search_key",
            "search_key",
            postgresql_using="gin",
            postgresql_ops={"search_key": "gin_trgm_ops"},
            postgresql_where=CURRENT,
        ),
    )

    code: Mapped[str] = mapped_column(String(9), ForeignKey("areas.code"))
    parent_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    """Stated by the classifier, never computed from digits: 71 codes have no parent at their zeroed prefix."""
    level: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    search_key: Mapped[str] = mapped_column(info=dict(UNRECORDED))


after_create(cast(Table, AreaState.__table__), words.REMEMBER, words.remembered("area_states"))
