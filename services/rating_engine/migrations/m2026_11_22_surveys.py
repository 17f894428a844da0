"""The public's voice: surveys, tokens and ballots without a way between them, results, investigations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_surveys"
down_revision: str | None = "20261122_built_in"


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("organisation_type", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("tallied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name=op.f("ck_surveys_published")),
        sa.CheckConstraint("status IN ('draft', 'open', 'closed', 'published')", name=op.f("ck_surveys_status")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_surveys_times_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
    )
    op.create_index("ix_surveys_closes_at", "surveys", ["closes_at"], unique=False, postgresql_where="status = 'open'")
    op.create_table(
        "survey_keys",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_keys_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_survey_keys")),
    )
    op.create_table(
        "survey_organisations",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("area_path", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("strata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_organisations_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "organisation_id", name=op.f("pk_survey_organisations")),
    )
    op.create_table(
        "survey_totals",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_totals_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "area", name=op.f("pk_survey_totals")),
    )
    op.create_table(
        "survey_ballots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("grade_group", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("points", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("hasty", sa.Boolean(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=True),
        sa.Column("network", sa.LargeBinary(), nullable=True),
        sa.Column("marks", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["survey_id", "organisation_id"],
            ["survey_organisations.survey_id", "survey_organisations.organisation_id"],
            name=op.f("fk_survey_ballots_survey_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_ballots")),
    )
    op.create_index("ix_survey_ballots_box", "survey_ballots", ["survey_id", "organisation_id"], unique=False)
    op.create_table(
        "survey_investigations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("grounds", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'decided') = (decision IS NOT NULL)", name=op.f("ck_survey_investigations_decided")
        ),
        sa.CheckConstraint("decision IN ('keep', 'exclude')", name=op.f("ck_survey_investigations_decision")),
        sa.CheckConstraint("status IN ('open', 'decided')", name=op.f("ck_survey_investigations_status")),
        sa.ForeignKeyConstraint(
            ["survey_id", "organisation_id"],
            ["survey_organisations.survey_id", "survey_organisations.organisation_id"],
            name=op.f("fk_survey_investigations_survey_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_investigations")),
        sa.UniqueConstraint(
            "survey_id", "organisation_id", name=op.f("uq_survey_investigations_survey_id_organisation_id")
        ),
    )
    op.create_index(
        "ix_survey_investigations_created_at", "survey_investigations", ["survey_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "survey_results",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("marked", sa.Integer(), nullable=False),
        sa.Column("screens", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.CheckConstraint("variant IN ('all', 'unmarked')", name=op.f("ck_survey_results_variant")),
        sa.ForeignKeyConstraint(
            ["survey_id", "organisation_id"],
            ["survey_organisations.survey_id", "survey_organisations.organisation_id"],
            name=op.f("fk_survey_results_survey_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("survey_id", "organisation_id", name=op.f("pk_survey_results")),
    )
    op.create_table(
        "survey_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("grade_group", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["survey_id", "organisation_id"],
            ["survey_organisations.survey_id", "survey_organisations.organisation_id"],
            name=op.f("fk_survey_tokens_survey_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_survey_tokens")),
    )
    op.create_index("ix_survey_tokens_box", "survey_tokens", ["survey_id", "organisation_id"], unique=False)
    op.execute("""
CREATE OR REPLACE FUNCTION surveys_status_follows_survey() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT ((coalesce(OLD.status, '') = 'closed' AND NEW.status IN ('published'))
            OR (coalesce(OLD.status, '') = 'draft' AND NEW.status IN ('open'))
            OR (coalesce(OLD.status, '') = 'open' AND NEW.status IN ('closed'))) THEN
        RAISE EXCEPTION 'the machine survey does not lead from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER surveys_status_follows_survey BEFORE UPDATE OF status ON surveys FOR EACH ROW EXECUTE FUNCTION surveys_status_follows_survey()"
    )
