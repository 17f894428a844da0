"""Programmes have themes, validity, rules of joining and reviews; what was reached is written down as it is reached."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.alphabet import search_key

revision = "20261122_eligibility"
down_revision: str | None = "20261122_reservations"


def upgrade() -> None:
    _programmes()
    op.add_column("educators", sa.Column("teaching_since", sa.Date(), nullable=True))
    _overrides()
    _assessments()


def _programmes() -> None:
    for column in (
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column("min_tasks", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("resit", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("evaluator_not_trainer", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("search_key", sa.Text(), server_default=sa.text("''"), nullable=False),
    ):
        op.add_column("programmes", column)
    op.create_check_constraint(
        op.f("ck_programmes_mode_known"), "programmes", "mode IN ('on_the_job', 'off_the_job', 'online', 'mixed')"
    )
    op.create_check_constraint(op.f("ck_programmes_validity_in_order"), "programmes", "valid_until > valid_from")
    op.create_check_constraint(op.f("ck_programmes_has_tasks"), "programmes", "min_tasks >= 1")
    op.create_foreign_key(op.f("fk_programmes_proposer_id"), "programmes", "organisations", ["proposer_id"], ["id"])
    op.create_index("ix_programmes_theme", "programmes", ["theme"], unique=False)
    _fill_search_keys()
    op.create_table(
        "programme_reviews",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('favourable', 'unfavourable')", name=op.f("ck_programme_reviews_verdict_known")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_programme_reviews_programme_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["organisations.id"], name=op.f("fk_programme_reviews_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_reviews")),
    )
    op.create_index("ix_programme_reviews_programme_id", "programme_reviews", ["programme_id"], unique=False)


def _fill_search_keys() -> None:
    """Programmes that are there already are found by their words too."""
    connection = op.get_bind()
    words = sa.text("SELECT id, code, name_kk, name_ru, name_en FROM programmes")
    rows = connection.execute(words).all()
    if rows:
        connection.execute(
            sa.text("UPDATE programmes SET search_key = :key WHERE id = :id"),
            [{"id": row[0], "key": search_key(" ".join(word for word in row[1:] if word))} for row in rows],
        )


def _overrides() -> None:
    op.create_table(
        "eligibility_overrides",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("rules", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("trace", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cardinality(rules) > 0", name=op.f("ck_eligibility_overrides_sets_something_aside")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_eligibility_overrides_enrolment_id")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_eligibility_overrides")),
    )


def _assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=True),
        sa.Column("rubric", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("evaluator_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Text(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("void_comment", sa.Text(), nullable=True),
        sa.CheckConstraint("(kind = 'task') = (code IS NOT NULL)", name=op.f("ck_assessments_task_has_a_code")),
        sa.CheckConstraint("kind <> 'final' OR score IS NOT NULL", name=op.f("ck_assessments_final_has_a_score")),
        sa.CheckConstraint("score IS NOT NULL OR done IS NOT NULL", name=op.f("ck_assessments_says_something")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_assessments_score_of_100")),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_assessments_attempts_count_from_one")),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL) AND (voided_at IS NULL) = (voided_by IS NULL)",
            name=op.f("ck_assessments_voided_with_a_reason"),
        ),
        sa.CheckConstraint("kind IN ('task', 'final')", name=op.f("ck_assessments_kind_known")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_assessments_enrolment_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_assessments_cohort_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_assessments_organisation_id")),
        sa.ForeignKeyConstraint(["evaluator_id"], ["trainers.id"], name=op.f("fk_assessments_evaluator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    op.create_index("ix_assessments_cohort_id", "assessments", ["cohort_id", "id"], unique=False)
    op.create_index("ix_assessments_enrolment_id", "assessments", ["enrolment_id"], unique=False)
    op.create_index(
        "uq_assessments_attempt",
        "assessments",
        ["enrolment_id", "kind", sa.literal_column("coalesce(code, '')"), "attempt"],
        unique=True,
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.execute(
        """
CREATE OR REPLACE FUNCTION assessments_are_only_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL
       OR (to_jsonb(NEW) - '{voided_at,voided_by,void_reason,void_comment}'::text[])
          <> (to_jsonb(OLD) - '{voided_at,voided_by,void_reason,void_comment}'::text[]) THEN
        RAISE EXCEPTION 'an assessment is added, and voided once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
"""
    )
    op.execute(
        "CREATE TRIGGER assessments_are_only_voided BEFORE UPDATE OR DELETE ON assessments "
        "FOR EACH ROW EXECUTE FUNCTION assessments_are_only_voided()"
    )
