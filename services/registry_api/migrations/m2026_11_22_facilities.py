"""Make room for standards of rooms, for rooms and assessments; the standard of Keleshek schools is there at once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.registry_api.facilities import keleshek
from shared.clock import now
from shared.ids import new_id

revision = "20261122_facilities"
down_revision: str | None = "20261122_construction"


def upgrade() -> None:
    op.create_table(
        "facility_standards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=True),
        sa.Column("name_ru", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("applies_to", sa.Text(), nullable=False),
        sa.Column("programmes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("area_over_typical_low", sa.Double(), nullable=True),
        sa.Column("area_over_typical_high", sa.Double(), nullable=True),
        sa.Column("equipment_index", sa.Double(), nullable=True),
        sa.Column("by_capacity", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("applies_to IN ('all', 'programmes')", name=op.f("ck_facility_standards_applies_to_known")),
        sa.CheckConstraint(
            "area_over_typical_low <= area_over_typical_high", name=op.f("ck_facility_standards_area_range_ordered")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_facility_standards_versions_count_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_standards")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_facility_standards_code_version")),
    )
    op.create_table(
        "facilities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.Column("equipment_index", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organisation_id"), "="),
            (sa.column("kind"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_facilities_one_at_a_time",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_facilities_periods_not_empty")
        ),
        sa.CheckConstraint("count >= 0", name=op.f("ck_facilities_count_not_negative")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_facilities_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilities")),
    )
    op.create_index("ix_facilities_organisation_id", "facilities", ["organisation_id", "kind"], unique=False)
    op.create_table(
        "facility_assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("capacity_step", sa.Integer(), nullable=False),
        sa.Column("conformity_percent", sa.Double(), nullable=False),
        sa.Column("kinds", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("area_over_typical_percent", sa.Double(), nullable=True),
        sa.Column("within_expected_range", sa.Boolean(), nullable=True),
        sa.Column("equipment_index", sa.Double(), nullable=True),
        sa.Column("equipment_met", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "conformity_percent BETWEEN 0 AND 100", name=op.f("ck_facility_assessments_conformity_is_percent")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_facility_assessments_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["facility_standards.id"], name=op.f("fk_facility_assessments_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_assessments")),
    )
    op.create_index(
        "ix_facility_assessments_organisation_id", "facility_assessments", ["organisation_id"], unique=False
    )
    op.create_index("ix_facility_assessments_standard_id", "facility_assessments", ["standard_id"], unique=False)
    op.execute("""
CREATE OR REPLACE FUNCTION facility_standards_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was written down here is only added to' USING ERRCODE = 'check_violation';
END
$$
""")
    op.execute(
        "CREATE TRIGGER facility_standards_only_added_to BEFORE UPDATE OR DELETE ON facility_standards FOR EACH ROW EXECUTE FUNCTION facility_standards_refuse_change()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION facility_assessments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was written down here is only added to' USING ERRCODE = 'check_violation';
END
$$
""")
    op.execute(
        "CREATE TRIGGER facility_assessments_only_added_to BEFORE UPDATE OR DELETE ON facility_assessments FOR EACH ROW EXECUTE FUNCTION facility_assessments_refuse_change()"
    )
    shipped = keleshek.standard()
    standards = sa.table(
        "facility_standards",
        sa.column("id", sa.Uuid()),
        sa.column("programmes", sa.ARRAY(sa.Text())),
        sa.column("by_capacity", postgresql.JSONB()),
        sa.column("valid_from", sa.Date()),
        sa.column("recorded_at", sa.DateTime(timezone=True)),
        sa.column("recorded_by"),
        *(sa.column(name) for name in shipped if name not in {"programmes", "by_capacity", "valid_from"}),
    )
    op.execute(sa.insert(standards).values(id=new_id(), recorded_at=now(), recorded_by="shipped", **shipped))
