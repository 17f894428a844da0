"""Tables of targets: which promise it is, and what it said from one day to another."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap

CURRENT = text("upper_inf(recorded)")
"""Rows that are believed now; the others are what was believed before."""


class Target(Identified, Versioned, Base):
    """One stated promise: one row for its whole life, whatever is corrected in it."""

    __tablename__ = "targets"
    __audit__ = Audited("target")


class TargetState(Identified, Bitemporal, Base):
    """What a target said from one day to another, as it was known from one moment to another."""

    __tablename__ = "target_states"
    __audit__ = Audited("target", "target_id")
    __table_args__ = (
        no_overlap("target_id", name="ex_target_states_one_at_a_time"),
        never_empty(),
        ExcludeConstraint(
            ("indicator_code", "="),
            ("scope_key", "="),
            (text("coalesce(due, '')"), "="),
            ("valid", "&&"),
            name="ex_target_states_one_to_go_by",
            using="gist",
            where=text("authoritative AND status = 'stated' AND upper_inf(recorded)"),
        ),
        CheckConstraint("num_nonnulls(organisation_id, area_code) = 1", name="one_scope"),
        CheckConstraint("comparator IN ('ge', 'le', 'eq', 'all', 'zero', 'range')", name="comparator_known"),
        CheckConstraint("(comparator = 'range') = (value_high IS NOT NULL)", name="range_has_two_ends"),
        CheckConstraint("value_low < value_high", name="range_ordered"),
        CheckConstraint("baseline_on IS NULL OR baseline_value IS NOT NULL", name="baseline_whole"),
        CheckConstraint("qualifier IN ('exact', 'about', 'at_least', 'aspiration')", name="qualifier_known"),
        CheckConstraint("status IN ('stated', 'superseded', 'withdrawn')", name="status_known"),
        CheckConstraint("(status = 'superseded') = (superseded_by IS NOT NULL)", name="superseded_by_whom"),
        CheckConstraint("children_rule IN ('sum', 'mean', 'none')", name="children_rule_known"),
        CheckConstraint("char_length(quote) <= 200", name="quote_short"),
        CheckConstraint("parent_id <> target_id AND supersedes_id <> target_id", name="not_its_own_parent"),
        Index("ix_target_states_target_id", "target_id", postgresql_where=CURRENT),
        Index("ix_target_states_subject", "indicator_code", "scope_key", postgresql_where=CURRENT),
        Index("ix_target_states_scope_key", "scope_key", postgresql_where=CURRENT),
        Index("ix_target_states_parent_id", "parent_id", postgresql_where=CURRENT),
    )

    target_id: Mapped[UUID] = mapped_column(ForeignKey("targets.id"))
    indicator_id: Mapped[UUID] = mapped_column(ForeignKey("indicators.id"))
    indicator_code: Mapped[str] = mapped_column(Text(collation="C"))
    """The code of all versions of that indicator: targets that disagree share it."""
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    scope_key: Mapped[str] = mapped_column(Text(collation="C"), info=dict(UNRECORDED))
    """The area's code or the organisation's id: what the target is for, in one column."""
    territory_version: Mapped[int] = mapped_column(SmallInteger)
    organisation_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    each_at_least: Mapped[float | None] = mapped_column(Double)
    baseline_value: Mapped[float | None] = mapped_column(Double)
    baseline_on: Mapped[str | None]
    comparator: Mapped[str]
    value_low: Mapped[float] = mapped_column(Double)
    value_high: Mapped[float | None] = mapped_column(Double)
    qualifier: Mapped[str]
    due: Mapped[str | None]
    due_earliest: Mapped[date | None]
    due_latest: Mapped[date | None]
    stated_by_role: Mapped[str]
    stated_on: Mapped[str | None]
    quote: Mapped[str]
    source_url: Mapped[str | None]
    authoritative: Mapped[bool]
    status: Mapped[str]
    supersedes_id: Mapped[UUID | None]
    superseded_by: Mapped[UUID | None]
    source_system: Mapped[str | None]
    parent_id: Mapped[UUID | None]
    children_rule: Mapped[str]
    children_note: Mapped[str]
