"""Support after a course, feedback without names, and the measures by which impact is told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_follow_up"
down_revision: str | None = "20261122_credentials"


def upgrade() -> None:
    op.create_table(
        "support_rubrics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=False),
        sa.Column("title_ru", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_support_rubrics_counts_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_rubrics")),
        sa.UniqueConstraint("programme_code", "number", name=op.f("uq_support_rubrics_programme_code_number")),
    )
    op.create_table(
        "support_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("educator_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("rubric_id", sa.Uuid(), nullable=False),
        sa.Column("goals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'agreed', 'running', 'completed', 'cancelled')",
            name=op.f("ck_support_plans_status_known"),
        ),
        sa.CheckConstraint("mentor_id <> educator_id", name=op.f("ck_support_plans_mentor_is_another")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_support_plans_cohort_id")),
        sa.ForeignKeyConstraint(["educator_id"], ["educators.id"], name=op.f("fk_support_plans_educator_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_support_plans_enrolment_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["educators.id"], name=op.f("fk_support_plans_mentor_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_support_plans_organisation_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_support_plans_programme_id")),
        sa.ForeignKeyConstraint(["rubric_id"], ["support_rubrics.id"], name=op.f("fk_support_plans_rubric_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_plans")),
    )
    op.create_index("ix_support_plans_cohort_id", "support_plans", ["cohort_id", "id"], unique=False)
    op.create_index("ix_support_plans_educator_id", "support_plans", ["educator_id"], unique=False)
    op.create_index("ix_support_plans_mentor_id", "support_plans", ["mentor_id"], unique=False)
    op.create_index("ix_support_plans_organisation_id", "support_plans", ["organisation_id"], unique=False)
    op.create_index(
        "uq_support_plans_live",
        "support_plans",
        ["enrolment_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('draft', 'agreed', 'running', 'completed')"),
    )
    op.execute("""
CREATE OR REPLACE FUNCTION support_plans_status_follows_support() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT ((coalesce(OLD.status, '') = '' AND NEW.status IN ('draft'))
            OR (coalesce(OLD.status, '') = 'agreed' AND NEW.status IN ('cancelled', 'running'))
            OR (coalesce(OLD.status, '') = 'draft' AND NEW.status IN ('agreed', 'cancelled'))
            OR (coalesce(OLD.status, '') = 'running' AND NEW.status IN ('cancelled', 'completed'))) THEN
        RAISE EXCEPTION 'the machine support does not lead from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER support_plans_status_follows_support BEFORE UPDATE OF status ON support_plans FOR EACH ROW EXECUTE FUNCTION support_plans_status_follows_support()"
    )
    op.create_table(
        "support_transitions",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["support_plans.id"], name=op.f("fk_support_transitions_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_support_transitions")),
    )
    op.execute("""
CREATE OR REPLACE FUNCTION support_transitions_follow_support() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF true AND NOT ((NEW.action = 'draft' AND (NEW.from_status IS NULL) AND NEW.to_status IN ('draft'))
            OR (NEW.action = 'agree' AND (NEW.from_status IN ('draft')) AND NEW.to_status IN ('agreed'))
            OR (NEW.action = 'start' AND (NEW.from_status IN ('agreed')) AND NEW.to_status IN ('running'))
            OR (NEW.action = 'complete' AND (NEW.from_status IN ('running')) AND NEW.to_status IN ('completed'))
            OR (NEW.action = 'cancel' AND (NEW.from_status IN ('agreed', 'draft', 'running')) AND NEW.to_status IN ('cancelled'))) THEN
        RAISE EXCEPTION 'the machine support has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER support_transitions_follow_support BEFORE INSERT OR UPDATE OR DELETE ON support_transitions FOR EACH ROW EXECUTE FUNCTION support_transitions_follow_support()"
    )
    op.create_table(
        "support_visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("scores", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(held_on IS NULL) = (minutes IS NULL) AND (held_on IS NULL) = (scores IS NULL)",
            name=op.f("ck_support_visits_held_in_full"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["support_plans.id"], name=op.f("fk_support_visits_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_visits")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_support_visits_plan_id_number")),
        sa.UniqueConstraint("plan_id", "planned_on", name=op.f("uq_support_visits_plan_id_planned_on")),
    )
    op.create_index(
        "ix_support_visits_due",
        "support_visits",
        ["planned_on", "id"],
        unique=False,
        postgresql_where=sa.text("held_on IS NULL"),
    )
    op.create_table(
        "support_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(reviewed_by IS NULL) = (accepted IS NULL) AND (reviewed_by IS NULL) = (reviewed_at IS NULL)",
            name=op.f("ck_support_evidence_reviewed_in_full"),
        ),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> added_by", name=op.f("ck_support_evidence_seen_by_two")
        ),
        sa.CheckConstraint("url IS NOT NULL OR digest IS NOT NULL", name=op.f("ck_support_evidence_is_somewhere")),
        sa.ForeignKeyConstraint(["plan_id"], ["support_plans.id"], name=op.f("fk_support_evidence_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_evidence")),
    )
    op.create_index("ix_support_evidence_plan_id", "support_evidence", ["plan_id", "id"], unique=False)
    op.create_table(
        "feedback_questionnaires",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=False),
        sa.Column("title_ru", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_feedback_questionnaires_counts_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_questionnaires")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_feedback_questionnaires_code_number")),
    )
    op.create_table(
        "feedback_rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('planned', 'open', 'closed')", name=op.f("ck_feedback_rounds_status_known")),
        sa.CheckConstraint("wave IN ('end', 'm3', 'm6', 'm12')", name=op.f("ck_feedback_rounds_wave_known")),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_feedback_rounds_days_in_order")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_feedback_rounds_cohort_id")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["feedback_questionnaires.id"], name=op.f("fk_feedback_rounds_questionnaire_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_rounds")),
        sa.UniqueConstraint("cohort_id", "wave", name=op.f("uq_feedback_rounds_cohort_id_wave")),
    )
    op.create_index("ix_feedback_rounds_opens_on", "feedback_rounds", ["opens_on", "id"], unique=False)
    op.execute("""
CREATE OR REPLACE FUNCTION feedback_rounds_status_follows_feedback() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT ((coalesce(OLD.status, '') = 'open' AND NEW.status IN ('closed'))
            OR (coalesce(OLD.status, '') = 'planned' AND NEW.status IN ('open'))) THEN
        RAISE EXCEPTION 'the machine feedback does not lead from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER feedback_rounds_status_follows_feedback BEFORE UPDATE OF status ON feedback_rounds FOR EACH ROW EXECUTE FUNCTION feedback_rounds_status_follows_feedback()"
    )
    op.create_table(
        "feedback_invitations",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_feedback_invitations_enrolment_id")),
        sa.ForeignKeyConstraint(["round_id"], ["feedback_rounds.id"], name=op.f("fk_feedback_invitations_round_id")),
        sa.PrimaryKeyConstraint("round_id", "enrolment_id", name=op.f("pk_feedback_invitations")),
    )
    op.create_table(
        "feedback_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["feedback_rounds.id"], name=op.f("fk_feedback_tokens_round_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_feedback_tokens_venue_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_feedback_tokens")),
    )
    op.create_index("ix_feedback_tokens_round_id", "feedback_tokens", ["round_id"], unique=False)
    op.create_table(
        "feedback_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["feedback_rounds.id"], name=op.f("fk_feedback_answers_round_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_feedback_answers_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_answers")),
    )
    op.create_index("ix_feedback_answers_round_id", "feedback_answers", ["round_id"], unique=False)
    op.create_table(
        "outcome_measures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("educator_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_outcome_measures_score_in_bounds")),
        sa.ForeignKeyConstraint(["educator_id"], ["educators.id"], name=op.f("fk_outcome_measures_educator_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_outcome_measures_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_measures")),
        sa.UniqueConstraint(
            "educator_id", "instrument", "taken_on", name=op.f("uq_outcome_measures_educator_id_instrument_taken_on")
        ),
    )
    op.create_index(
        "ix_outcome_measures_instrument", "outcome_measures", ["instrument", "educator_id", "taken_on"], unique=False
    )
