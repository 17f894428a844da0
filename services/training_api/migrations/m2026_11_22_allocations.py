"""Allocations: questions, and the people they are about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_allocations"
down_revision: str | None = "20261122_eligibility"


def upgrade() -> None:
    op.create_table(
        "allocations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("question", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=True),
        sa.Column("result", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("seats", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("apply_job_id", sa.Uuid(), nullable=True),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('queued', 'solved', 'failed', 'applied')", name=op.f("ck_allocations_status_known")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_allocations_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    op.create_index("ix_allocations_cohort_ids", "allocations", ["cohort_ids"], unique=False, postgresql_using="gin")
    op.create_index("ix_allocations_provider_id", "allocations", ["provider_id", "id"], unique=False)
    op.create_table(
        "allocation_people",
        sa.Column("allocation_id", sa.Uuid(), nullable=False),
        sa.Column("educator_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("preferences", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("told", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('not_eligible', 'already_enrolled', 'approval_pending', 'double_booked', 'data_blocked', "
            "'language', 'subject', 'too_far', 'not_wished', 'pool_closed', 'school_limit', 'seats_taken', "
            "'outweighed')",
            name=op.f("ck_allocation_people_reason_known"),
        ),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_allocation_people_allocation_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_allocation_people_cohort_id")),
        sa.ForeignKeyConstraint(["educator_id"], ["educators.id"], name=op.f("fk_allocation_people_educator_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_allocation_people_enrolment_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_allocation_people_organisation_id")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_allocation_people_venue_id")),
        sa.PrimaryKeyConstraint("allocation_id", "educator_id", name=op.f("pk_allocation_people")),
    )
    op.create_index("ix_allocation_people_educator_id", "allocation_people", ["educator_id"], unique=False)
    op.create_index("ix_allocation_people_number", "allocation_people", ["allocation_id", "number"], unique=True)
    op.execute("""
CREATE OR REPLACE FUNCTION allocations_status_follows_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT ((coalesce(OLD.status, '') = 'queued' AND NEW.status IN ('failed', 'solved'))
            OR (coalesce(OLD.status, '') = 'solved' AND NEW.status IN ('applied'))) THEN
        RAISE EXCEPTION 'the machine allocation does not lead from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER allocations_status_follows_allocation BEFORE UPDATE OF status ON allocations "
        "FOR EACH ROW EXECUTE FUNCTION allocations_status_follows_allocation()"
    )
