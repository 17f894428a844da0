"""Projects, development plans, study visits, clubs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_projects"
down_revision: str | None = "20261122_events"


def upgrade() -> None:
    op.create_table(
        "club_providers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=True),
        sa.Column("name_ru", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=False),
        sa.Column("directions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("age_from", sa.SmallInteger(), nullable=False),
        sa.Column("age_to", sa.SmallInteger(), nullable=False),
        sa.Column("accepts_social_wallet", sa.Boolean(), nullable=False),
        sa.Column("address_kk", sa.Text(), nullable=True),
        sa.Column("address_ru", sa.Text(), nullable=True),
        sa.Column("address_en", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("works_from", sa.Date(), nullable=True),
        sa.Column("works_until", sa.Date(), nullable=True),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("0 <= age_from AND age_from <= age_to", name=op.f("ck_club_providers_ages_in_order")),
        sa.CheckConstraint("works_from <= works_until", name=op.f("ck_club_providers_days_in_order")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_club_providers_area_code")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_club_providers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_providers")),
    )
    op.create_index("ix_club_providers_area_code", "club_providers", ["area_code"], unique=False)
    op.create_index(
        "ix_club_providers_directions", "club_providers", ["directions"], unique=False, postgresql_using="gin"
    )
    op.create_index("ix_club_providers_sort_key", "club_providers", ["sort_key", "id"], unique=False)
    op.create_table(
        "development_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("latest >= 1", name=op.f("ck_development_plans_versions_count_from_one")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_development_plans_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_plans")),
    )
    op.create_index("ix_development_plans_organisation_id", "development_plans", ["organisation_id"], unique=False)
    op.create_table(
        "projects",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("goal_kk", sa.Text(), nullable=True),
        sa.Column("goal_ru", sa.Text(), nullable=True),
        sa.Column("goal_en", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("items_planned", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("link_hosts", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('programme', 'project')", name=op.f("ck_projects_level_known")),
        sa.CheckConstraint(
            "status <> 'active' OR (owner_id IS NOT NULL AND coalesce(goal_kk, goal_ru, goal_en) IS NOT NULL)",
            name=op.f("ck_projects_active_has_owner_and_goal"),
        ),
        sa.CheckConstraint("status <> 'stopped' OR status_reason IS NOT NULL", name=op.f("ck_projects_reason_told")),
        sa.CheckConstraint(
            "status IN ('draft', 'active', 'completed', 'stopped')", name=op.f("ck_projects_status_known")
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_projects_not_its_own_parent")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_projects_days_in_order")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_projects_area_code")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_projects_owner_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["projects.id"], name=op.f("fk_projects_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_index("ix_projects_area_code", "projects", ["area_code"], unique=False)
    op.create_index("ix_projects_owner_id", "projects", ["owner_id"], unique=False)
    op.create_index("ix_projects_parent_id", "projects", ["parent_id"], unique=False)
    op.create_table(
        "study_visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("city_kk", sa.Text(), nullable=True),
        sa.Column("city_ru", sa.Text(), nullable=True),
        sa.Column("city_en", sa.Text(), nullable=True),
        sa.Column("host_kk", sa.Text(), nullable=True),
        sa.Column("host_ru", sa.Text(), nullable=True),
        sa.Column("host_en", sa.Text(), nullable=True),
        sa.Column("departs_on", sa.Date(), nullable=False),
        sa.Column("returns_on", sa.Date(), nullable=False),
        sa.Column("purpose_kk", sa.Text(), nullable=True),
        sa.Column("purpose_ru", sa.Text(), nullable=True),
        sa.Column("purpose_en", sa.Text(), nullable=True),
        sa.Column("outcomes_kk", sa.Text(), nullable=True),
        sa.Column("outcomes_ru", sa.Text(), nullable=True),
        sa.Column("outcomes_en", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("departs_on <= returns_on", name=op.f("ck_study_visits_return_after_departure")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_study_visits_area_code")),
        sa.ForeignKeyConstraint(["organiser_id"], ["organisations.id"], name=op.f("fk_study_visits_organiser_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_visits")),
    )
    op.create_index("ix_study_visits_departs_on", "study_visits", ["departs_on", "id"], unique=False)
    op.create_index("ix_study_visits_organiser_id", "study_visits", ["organiser_id"], unique=False)
    op.create_table(
        "club_counts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("vouchers", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "0 <= vouchers AND vouchers <= children AND visits >= 0", name=op.f("ck_club_counts_counts_add_up")
        ),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_club_counts_month_by_its_first_day")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_club_counts_area_code")),
        sa.ForeignKeyConstraint(["provider_id"], ["club_providers.id"], name=op.f("fk_club_counts_provider_id")),
        sa.ForeignKeyConstraint(["school_id"], ["organisations.id"], name=op.f("fk_club_counts_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_counts")),
        sa.UniqueConstraint(
            "month",
            "school_id",
            "provider_id",
            "direction",
            name=op.f("uq_club_counts_month_school_id_provider_id_direction"),
        ),
    )
    op.create_index("ix_club_counts_area_code", "club_counts", ["area_code", "month"], unique=False)
    op.create_index("ix_club_counts_provider_id", "club_counts", ["provider_id", "month"], unique=False)
    op.create_index("ix_club_counts_school_id", "club_counts", ["school_id", "month"], unique=False)
    op.create_table(
        "development_plan_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("model_kk", sa.Text(), nullable=True),
        sa.Column("model_ru", sa.Text(), nullable=True),
        sa.Column("model_en", sa.Text(), nullable=True),
        sa.Column("strategies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("project_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_development_plan_versions_numbers_count_from_one")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_development_plan_versions_days_in_order")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["development_plans.id"], name=op.f("fk_development_plan_versions_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_plan_versions")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_development_plan_versions_plan_id_number")),
    )
    op.create_table(
        "project_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.CheckConstraint("url ~ '^https://'", name=op.f("ck_project_items_only_https")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_items_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_items")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_project_items_project_id_number")),
    )
    op.create_table(
        "project_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.CheckConstraint("url ~ '^https://'", name=op.f("ck_project_links_only_https")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_links_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_links")),
    )
    op.create_index("ix_project_links_project_id", "project_links", ["project_id"], unique=False)
    op.create_table(
        "project_stakeholders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("body_kk", sa.Text(), nullable=True),
        sa.Column("body_ru", sa.Text(), nullable=True),
        sa.Column("body_en", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(organisation_id IS NULL) = (coalesce(body_kk, body_ru, body_en) IS NOT NULL)",
            name=op.f("ck_project_stakeholders_of_one_body"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_project_stakeholders_organisation_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_stakeholders_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_stakeholders")),
        sa.UniqueConstraint(
            "project_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_project_stakeholders_project_id_position"),
        ),
    )
    op.create_index(
        "ix_project_stakeholders_organisation_id", "project_stakeholders", ["organisation_id"], unique=False
    )
    op.create_table(
        "study_visit_teams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 1", name=op.f("ck_study_visit_teams_somebody_goes")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_study_visit_teams_organisation_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["study_visits.id"], name=op.f("fk_study_visit_teams_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_visit_teams")),
        sa.UniqueConstraint(
            "visit_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_study_visit_teams_visit_id_position"),
        ),
    )
    op.create_index("ix_study_visit_teams_organisation_id", "study_visit_teams", ["organisation_id"], unique=False)
    op.execute("""
CREATE OR REPLACE FUNCTION projects_refuse_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('draft', 'active'), ('draft', 'stopped'), ('active', 'completed'), ('active', 'stopped'), ('stopped', 'active')) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER projects_step_by_the_table BEFORE UPDATE OF status ON projects FOR EACH ROW EXECUTE FUNCTION projects_refuse_steps()"
    )
