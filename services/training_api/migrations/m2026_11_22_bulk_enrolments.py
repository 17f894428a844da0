"""Lists of people who are to be enrolled."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_bulk_enrolments"
down_revision: str | None = "20261122_privacy"


def upgrade() -> None:
    op.create_table(
        "bulk_enrolments",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_bulk_enrolments_cohort_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_bulk_enrolments_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_enrolments")),
    )
    op.create_index("ix_bulk_enrolments_cohort_id", "bulk_enrolments", ["cohort_id"])
    op.create_table(
        "bulk_enrolment_rows",
        sa.Column("bulk_enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("educator_id", sa.Uuid(), nullable=True),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("refusal", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "answer IN ('confirmed', 'waitlisted', 'submitted', 'refused')",
            name=op.f("ck_bulk_enrolment_rows_answer_known"),
        ),
        sa.ForeignKeyConstraint(
            ["bulk_enrolment_id"], ["bulk_enrolments.id"], name=op.f("fk_bulk_enrolment_rows_bulk_enrolment_id")
        ),
        sa.PrimaryKeyConstraint("bulk_enrolment_id", "row", name=op.f("pk_bulk_enrolment_rows")),
    )
