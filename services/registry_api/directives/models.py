"""Tables of academic years, directives and their items."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified, Versioned
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap

CURRENT = text("upper_inf(recorded)")
"""Rows that are believed now; the others are what was believed before."""


class AcademicYear(Versioned, Base):
    """A school year as an order set it: its dates are made anew each summer."""

    __tablename__ = "academic_years"
    __audit__ = Audited("academic_year", "code")
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{4}-[0-9]{4}$'", name="code_is_school_year"),
        CheckConstraint("starts_on < ends_on", name="days_ordered"),
    )

    code: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    order_reference: Mapped[str]
    terms: Mapped[list[Any]]
    """Terms and breaks: what kind, for which grades, from when to when."""


class Directive(Identified, Versioned, Base):
    """What a conference or an order told to do for a school year."""

    __tablename__ = "directives"
    __audit__ = Audited("directive")
    __table_args__ = (
        CheckConstraint("source_kind IN ('august_conference', 'order', 'meeting', 'document')", name="source_known"),
        UniqueConstraint("origin_id", "academic_year"),
        Index("ix_directives_area_code", "area_code"),
        Index("ix_directives_academic_year", "academic_year"),
    )

    title_kk: Mapped[str]
    title_ru: Mapped[str]
    title_en: Mapped[str | None]
    academic_year: Mapped[str] = mapped_column(Text(collation="C"), ForeignKey("academic_years.code"))
    area_code: Mapped[str] = mapped_column(String(9), ForeignKey("areas.code"))
    source_kind: Mapped[str]
    source_event_id: Mapped[UUID | None]
    stated_by_role: Mapped[str]
    stated_on: Mapped[str | None]
    source_url: Mapped[str | None]
    origin_id: Mapped[UUID | None] = mapped_column(ForeignKey("directives.id"))
    """The directive of the year before whose open items it took over."""


class DirectionItem(Identified, Base):
    """One direction of a directive."""

    __tablename__ = "direction_items"
    __audit__ = Audited("directive", "directive_id")
    __table_args__ = (
        UniqueConstraint("directive_id", "code"),
        CheckConstraint("mapping IN ('ours', 'source')", name="mapping_known"),
        Index("ix_direction_items_origin_item_id", "origin_item_id"),
    )

    directive_id: Mapped[UUID] = mapped_column(ForeignKey("directives.id"))
    code: Mapped[str] = mapped_column(Text(collation="C"))
    mapping: Mapped[str]
    """Who numbered it so: the source itself or we."""
    position: Mapped[int] = mapped_column(SmallInteger)
    origin_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("direction_items.id"))


class DirectionItemState(Identified, Bitemporal, Base):
    """What an item said from one day to another, as it was known from one moment to another."""

    __tablename__ = "direction_item_states"
    __audit__ = Audited("direction_item", "item_id")
    __table_args__ = (
        no_overlap("item_id", name="ex_direction_item_states_one_at_a_time"),
        never_empty(),
        CheckConstraint("status IN ('open', 'in_progress', 'done', 'dropped')", name="status_known"),
        Index("ix_direction_item_states_item_id", "item_id", postgresql_where=CURRENT),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey("direction_items.id"))
    title_kk: Mapped[str]
    title_ru: Mapped[str]
    title_en: Mapped[str | None]
    responsible_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    responsible_unit: Mapped[str]
    due: Mapped[str | None]
    due_latest: Mapped[date | None]
    status: Mapped[str]
    target_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    note: Mapped[str]
