"""Tables of construction: what a project is, the steps it took, and everything that was ever said of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from services.registry_api.construction import rules
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned, after_create
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap
from shared.schemas.registry.construction_words import CostKind, DateKind, Fact, Gate, RiskArea, RiskLevel

CURRENT = text("upper_inf(recorded)")


def _one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class ConstructionProject(Identified, Versioned, Base):
    """Who a project is, from the first plan to the school it became."""

    __tablename__ = "construction_projects"
    __audit__ = Audited("construction_project")
    __table_args__ = (
        UniqueConstraint("reference"),
        Index("uq_construction_projects_organisation_id", "organisation_id", unique=True),
    )

    reference: Mapped[str] = mapped_column(Text(collation="C"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    """The school it became."""
    is_synthetic: Mapped[bool]


class ConstructionProjectState(Identified, Bitemporal, Base):
    """Everything true of a project from one day to another, except how far it is."""

    __tablename__ = "construction_project_states"
    __audit__ = Audited("construction_project", "project_id")
    __table_args__ = (
        no_overlap("project_id", name="ex_construction_project_states_one_at_a_time"),
        never_empty(),
        CheckConstraint("design_capacity > 0", name="capacity_positive"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
        Index("ix_construction_project_states_project_id", "project_id", postgresql_where=CURRENT),
        Index("ix_construction_project_states_area_code", "area_code", postgresql_where=CURRENT),
        Index("ix_construction_project_states_programme", "programme", postgresql_where=CURRENT),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("construction_projects.id"))
    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    programme: Mapped[str | None] = mapped_column(Text(collation="C"))
    area_code: Mapped[str] = mapped_column(String(9), ForeignKey("areas.code"))
    setting: Mapped[str | None]
    design_capacity: Mapped[int] = mapped_column(Integer)
    gross_area_m2: Mapped[float | None]
    languages_of_instruction: Mapped[list[str]] = mapped_column(ARRAY(Text))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    funding: Mapped[list[Any]]
    """Sources with their amounts and shares, as they were stated."""
    funding_sources: Mapped[list[str]] = mapped_column(ARRAY(Text), info=dict(UNRECORDED))
    parties: Mapped[list[Any]]


class ConstructionStageChange(Base):
    """One step of a project; steps are only added."""

    __tablename__ = "construction_stage_changes"
    __audit__ = False  # this table is a trail itself

    project_id: Mapped[UUID] = mapped_column(ForeignKey("construction_projects.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    effective_on: Mapped[date]
    reason: Mapped[str | None]
    comment: Mapped[str | None]
    evidence: Mapped[list[Any]]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class ConstructionDate(Base):
    """One statement about the date of a gate; statements are only added."""

    __tablename__ = "construction_dates"
    __audit__ = False  # this table is a trail itself
    __table_args__ = (_one_of("gate", *Gate), _one_of("kind", *DateKind))

    project_id: Mapped[UUID] = mapped_column(ForeignKey("construction_projects.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    gate: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    """EDTF."""
    earliest: Mapped[date]
    latest: Mapped[date]
    reason: Mapped[str | None]
    comment: Mapped[str | None]
    source: Mapped[str | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class ConstructionCost(Base):
    """One statement about the cost; statements are only added."""

    __tablename__ = "construction_costs"
    __audit__ = False  # this table is a trail itself
    __table_args__ = (_one_of("kind", *CostKind), CheckConstraint("amount >= 0", name="amount_not_negative"))

    project_id: Mapped[UUID] = mapped_column(ForeignKey("construction_projects.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    """Tenge."""
    effective_on: Mapped[date]
    reason: Mapped[str | None]
    comment: Mapped[str | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class ConstructionRisk(Identified, Bitemporal, Base):
    """How great a risk is from one day to another."""

    __tablename__ = "construction_risks"
    __audit__ = Audited("construction_project", "project_id")
    __table_args__ = (
        no_overlap("project_id", "area", name="ex_construction_risks_one_at_a_time"),
        never_empty(),
        _one_of("area", *RiskArea),
        _one_of("level", *RiskLevel),
        Index("ix_construction_risks_project_id", "project_id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("construction_projects.id"))
    area: Mapped[str]
    level: Mapped[str]
    note: Mapped[str]


class ConstructionFact(Identified, Bitemporal, Base):
    """Built, commissioned or operating, from one day to another: each for itself."""

    __tablename__ = "construction_facts"
    __audit__ = Audited("construction_project", "project_id")
    __table_args__ = (
        no_overlap("project_id", "fact", name="ex_construction_facts_one_at_a_time"),
        never_empty(),
        _one_of("fact", *Fact),
        Index("ix_construction_facts_project_id", "project_id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("construction_projects.id"))
    fact: Mapped[str]
    source: Mapped[str]


class ConstructionIdleReason(Identified, Bitemporal, Base):
    """Why a school that is built does not teach, from one day to another."""

    __tablename__ = "construction_idle_reasons"
    __audit__ = Audited("construction_project", "project_id")
    __table_args__ = (
        no_overlap("project_id", name="ex_construction_idle_reasons_one_at_a_time"),
        never_empty(),
        Index("ix_construction_idle_reasons_project_id", "project_id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("construction_projects.id"))
    reason: Mapped[str]
    note: Mapped[str]


class ConstructionPlan(Base):
    """What a source said of a programme as a whole; statements are only added."""

    __tablename__ = "construction_plans"
    __audit__ = False  # this table is a trail itself
    __table_args__ = (
        CheckConstraint("rural_percent_low <= rural_percent_high", name="rural_percent_ordered"),
        CheckConstraint("rural_schools <= schools", name="rural_among_schools"),
        _one_of("qualifier", "exact", "about", "at_least"),
    )

    programme: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    source: Mapped[str]
    url: Mapped[str | None]
    stated_on: Mapped[str]
    """EDTF."""
    stated_latest: Mapped[date]
    schools: Mapped[int | None] = mapped_column(Integer)
    places: Mapped[int | None] = mapped_column(Integer)
    rural_schools: Mapped[int | None] = mapped_column(Integer)
    rural_percent_low: Mapped[float | None]
    rural_percent_high: Mapped[float | None]
    qualifier: Mapped[str]
    cost: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    note: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


_STEPS = "\n            OR ".join(
    f"(NEW.from_stage = '{step.before.value}' AND NEW.to_stage = '{step.after.value}')" for step in rules.TABLE
)
after_create(
    ConstructionStageChange.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    f"""
CREATE OR REPLACE FUNCTION construction_stage_changes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'steps of a project are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT ((NEW.from_stage IS NULL AND NEW.to_stage = 'planned')
            OR {_STEPS}) THEN
        RAISE EXCEPTION 'the table of stages has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER construction_stage_changes_by_the_table BEFORE INSERT OR UPDATE OR DELETE "
    "ON construction_stage_changes FOR EACH ROW EXECUTE FUNCTION construction_stage_changes_refuse()",
)
