"""Make room for the pipeline of schools to be built."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_construction"
down_revision: str | None = "20261122_projects"


def upgrade() -> None:
    op.create_table(
        "construction_plans",
        sa.Column("programme", sa.Text(collation="C"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("stated_on", sa.Text(), nullable=False),
        sa.Column("stated_latest", sa.Date(), nullable=False),
        sa.Column("schools", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("rural_schools", sa.Integer(), nullable=True),
        sa.Column("rural_percent_low", sa.Double(), nullable=True),
        sa.Column("rural_percent_high", sa.Double(), nullable=True),
        sa.Column("qualifier", sa.Text(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "qualifier IN ('exact', 'about', 'at_least')", name=op.f("ck_construction_plans_qualifier_known")
        ),
        sa.CheckConstraint(
            "rural_percent_low <= rural_percent_high", name=op.f("ck_construction_plans_rural_percent_ordered")
        ),
        sa.CheckConstraint("rural_schools <= schools", name=op.f("ck_construction_plans_rural_among_schools")),
        sa.PrimaryKeyConstraint("programme", "number", name=op.f("pk_construction_plans")),
    )
    op.create_table(
        "construction_projects",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(collation="C"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_construction_projects_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_construction_projects")),
        sa.UniqueConstraint("reference", name=op.f("uq_construction_projects_reference")),
    )
    op.create_index(
        "uq_construction_projects_organisation_id", "construction_projects", ["organisation_id"], unique=True
    )
    op.create_table(
        "construction_costs",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('plan', 'contract', 'actual')", name=op.f("ck_construction_costs_kind_known")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_construction_costs_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["construction_projects.id"], name=op.f("fk_construction_costs_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "number", name=op.f("pk_construction_costs")),
    )
    op.create_table(
        "construction_dates",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "gate IN ('land', 'design', 'contract', 'construction', 'commissioned', 'operating')",
            name=op.f("ck_construction_dates_gate_known"),
        ),
        sa.CheckConstraint("kind IN ('forecast', 'agreed', 'actual')", name=op.f("ck_construction_dates_kind_known")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["construction_projects.id"], name=op.f("fk_construction_dates_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "number", name=op.f("pk_construction_dates")),
    )
    op.create_table(
        "construction_facts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("project_id"), "="),
            (sa.column("fact"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_construction_facts_one_at_a_time",
        ),
        sa.CheckConstraint(
            "fact IN ('built', 'commissioned', 'operating')", name=op.f("ck_construction_facts_fact_known")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_construction_facts_periods_not_empty")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["construction_projects.id"], name=op.f("fk_construction_facts_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_construction_facts")),
    )
    op.create_index("ix_construction_facts_project_id", "construction_facts", ["project_id"], unique=False)
    op.create_table(
        "construction_idle_reasons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("project_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_construction_idle_reasons_one_at_a_time",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_construction_idle_reasons_periods_not_empty")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["construction_projects.id"], name=op.f("fk_construction_idle_reasons_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_construction_idle_reasons")),
    )
    op.create_index(
        "ix_construction_idle_reasons_project_id", "construction_idle_reasons", ["project_id"], unique=False
    )
    op.create_table(
        "construction_project_states",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=True),
        sa.Column("name_ru", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("programme", sa.Text(collation="C"), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=False),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("design_capacity", sa.Integer(), nullable=False),
        sa.Column("gross_area_m2", sa.Double(), nullable=True),
        sa.Column("languages_of_instruction", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("funding", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("funding_sources", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("parties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("project_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_construction_project_states_one_at_a_time",
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_construction_project_states_point_is_whole")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)",
            name=op.f("ck_construction_project_states_periods_not_empty"),
        ),
        sa.CheckConstraint("design_capacity > 0", name=op.f("ck_construction_project_states_capacity_positive")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_construction_project_states_area_code")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["construction_projects.id"], name=op.f("fk_construction_project_states_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_construction_project_states")),
    )
    op.create_index(
        "ix_construction_project_states_area_code",
        "construction_project_states",
        ["area_code"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_construction_project_states_programme",
        "construction_project_states",
        ["programme"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_construction_project_states_project_id",
        "construction_project_states",
        ["project_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "construction_risks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("project_id"), "="),
            (sa.column("area"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_construction_risks_one_at_a_time",
        ),
        sa.CheckConstraint(
            "area IN ('land_and_utilities', 'money', 'building', 'opening')",
            name=op.f("ck_construction_risks_area_known"),
        ),
        sa.CheckConstraint(
            "level IN ('low', 'medium', 'high', 'critical')", name=op.f("ck_construction_risks_level_known")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_construction_risks_periods_not_empty")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["construction_projects.id"], name=op.f("fk_construction_risks_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_construction_risks")),
    )
    op.create_index("ix_construction_risks_project_id", "construction_risks", ["project_id"], unique=False)
    op.create_table(
        "construction_stage_changes",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_stage", sa.Text(), nullable=True),
        sa.Column("to_stage", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["construction_projects.id"], name=op.f("fk_construction_stage_changes_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "number", name=op.f("pk_construction_stage_changes")),
    )
    op.execute("""
CREATE OR REPLACE FUNCTION construction_stage_changes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'steps of a project are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT ((NEW.from_stage IS NULL AND NEW.to_stage = 'planned')
            OR (NEW.from_stage = 'planned' AND NEW.to_stage = 'land')
            OR (NEW.from_stage = 'land' AND NEW.to_stage = 'design')
            OR (NEW.from_stage = 'design' AND NEW.to_stage = 'contract')
            OR (NEW.from_stage = 'contract' AND NEW.to_stage = 'construction')
            OR (NEW.from_stage = 'construction' AND NEW.to_stage = 'commissioned')
            OR (NEW.from_stage = 'commissioned' AND NEW.to_stage = 'operating')
            OR (NEW.from_stage = 'planned' AND NEW.to_stage = 'suspended')
            OR (NEW.from_stage = 'land' AND NEW.to_stage = 'suspended')
            OR (NEW.from_stage = 'design' AND NEW.to_stage = 'suspended')
            OR (NEW.from_stage = 'contract' AND NEW.to_stage = 'suspended')
            OR (NEW.from_stage = 'construction' AND NEW.to_stage = 'suspended')
            OR (NEW.from_stage = 'suspended' AND NEW.to_stage = 'planned')
            OR (NEW.from_stage = 'suspended' AND NEW.to_stage = 'land')
            OR (NEW.from_stage = 'suspended' AND NEW.to_stage = 'design')
            OR (NEW.from_stage = 'suspended' AND NEW.to_stage = 'contract')
            OR (NEW.from_stage = 'suspended' AND NEW.to_stage = 'construction')
            OR (NEW.from_stage = 'planned' AND NEW.to_stage = 'cancelled')
            OR (NEW.from_stage = 'land' AND NEW.to_stage = 'cancelled')
            OR (NEW.from_stage = 'design' AND NEW.to_stage = 'cancelled')
            OR (NEW.from_stage = 'contract' AND NEW.to_stage = 'cancelled')
            OR (NEW.from_stage = 'construction' AND NEW.to_stage = 'cancelled')
            OR (NEW.from_stage = 'suspended' AND NEW.to_stage = 'cancelled')) THEN
        RAISE EXCEPTION 'the table of stages has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER construction_stage_changes_by_the_table BEFORE INSERT OR UPDATE OR DELETE ON construction_stage_changes FOR EACH ROW EXECUTE FUNCTION construction_stage_changes_refuse()"
    )
