"""Tables of facilities: standards that never change, rooms as they come and go, assessments as they were made."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified, after_create
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap


class FacilityStandard(Identified, Base):
    """One version of a standard."""

    __tablename__ = "facility_standards"
    __audit__ = Audited("facility_standard", "code")
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("version >= 1", name="versions_count_from_one"),
        CheckConstraint("applies_to IN ('all', 'programmes')", name="applies_to_known"),
        CheckConstraint("area_over_typical_low <= area_over_typical_high", name="area_range_ordered"),
    )

    code: Mapped[str] = mapped_column(Text(collation="C"))
    version: Mapped[int] = mapped_column(Integer)
    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    applies_to: Mapped[str]
    programmes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[date | None]
    basis: Mapped[str]
    area_over_typical_low: Mapped[float | None]
    area_over_typical_high: Mapped[float | None]
    equipment_index: Mapped[float | None]
    by_capacity: Mapped[list[Any]]
    """Steps of design capacity, ascending, each with its rooms."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class Facility(Identified, Bitemporal, Base):
    """Rooms of one kind that an organisation has from one day to another."""

    __tablename__ = "facilities"
    __audit__ = Audited("organisation", "organisation_id")
    __table_args__ = (
        no_overlap("organisation_id", "kind", name="ex_facilities_one_at_a_time"),
        never_empty(),
        CheckConstraint("count >= 0", name="count_not_negative"),
        Index("ix_facilities_organisation_id", "organisation_id", "kind"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(Text(collation="C"))
    count: Mapped[int] = mapped_column(Integer)
    area_m2: Mapped[float | None]
    equipment_index: Mapped[float | None]
    note: Mapped[str]
    source: Mapped[str]


class FacilityAssessment(Identified, Base):
    """How far a school conformed on a day, by one version of a standard; never changed afterwards."""

    __tablename__ = "facility_assessments"
    __audit__ = Audited("facility_assessment")
    __table_args__ = (
        CheckConstraint("conformity_percent BETWEEN 0 AND 100", name="conformity_is_percent"),
        Index("ix_facility_assessments_organisation_id", "organisation_id"),
        Index("ix_facility_assessments_standard_id", "standard_id"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    standard_id: Mapped[UUID] = mapped_column(ForeignKey("facility_standards.id"))
    assessed_on: Mapped[date]
    capacity: Mapped[int | None] = mapped_column(Integer)
    capacity_step: Mapped[int] = mapped_column(Integer)
    conformity_percent: Mapped[float]
    kinds: Mapped[list[Any]]
    area_over_typical_percent: Mapped[float | None]
    within_expected_range: Mapped[bool | None]
    equipment_index: Mapped[float | None]
    equipment_met: Mapped[bool | None]
    note: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


for _model in (FacilityStandard, FacilityAssessment):
    after_create(
        _model.__table__,  # type: ignore[arg-type] # a mapped class has a Table
        f"""
CREATE OR REPLACE FUNCTION {_model.__tablename__}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was written down here is only added to' USING ERRCODE = 'check_violation';
END
$$
""".strip(),
        f"CREATE TRIGGER {_model.__tablename__}_only_added_to BEFORE UPDATE OR DELETE ON {_model.__tablename__} "
        f"FOR EACH ROW EXECUTE FUNCTION {_model.__tablename__}_refuse_change()",
    )
