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
