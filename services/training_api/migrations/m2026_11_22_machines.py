"""Reasons are lists of their own, and enrolments have three machines where they had one word."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.training_api.reasons.seed import FIRST_DAY, SEED
from shared.ids import new_id

revision = "20261122_machines"
down_revision: str | None = "20261122_words"


def upgrade() -> None:
    _reasons()


def _reasons() -> None:
    table = op.create_table(
        "reasons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_kk", sa.Text(), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("list"), "="),
            (sa.column("code"), "="),
            (sa.column("period"), "&&"),
            using="gist",
            name="ex_reasons_one_at_a_time",
        ),
        sa.CheckConstraint("NOT isempty(period)", name=op.f("ck_reasons_period_not_empty")),
        sa.CheckConstraint("NOT lower_inf(period)", name=op.f("ck_reasons_has_begun")),
        sa.CheckConstraint(
            "list IN ('application', 'participation', 'attendance', 'outcome', 'certificate', 'programme', 'cohort', "
            "'session', 'allocation', 'privacy')",
            name=op.f("ck_reasons_list_known"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_reasons_counts_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reasons")),
        sa.UniqueConstraint("list", "code", "number", name=op.f("uq_reasons_list_code_number")),
    )
    op.bulk_insert(
        table,
        [
            {
                "id": new_id(),
                "list": list_.value,
                "code": code,
                "number": 1,
                "text_kk": text.kk,
                "text_ru": text.ru,
                "text_en": text.en,
                "period": postgresql.Range(FIRST_DAY, None),
            }
            for list_, code, text in SEED
        ],
    )
