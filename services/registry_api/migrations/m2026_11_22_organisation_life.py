"""Heads of organisations, and reorganisations as one event each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_organisation_life"
down_revision: str | None = "20261122_indicator_catalogue"


def upgrade() -> None:
    op.add_column("organisation_states", sa.Column("head_held", sa.Text(), nullable=True))
    op.add_column("organisation_states", sa.Column("head_since", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_organisation_states_head_held_known"),
        "organisation_states",
        "head_held IN ('appointed', 'acting', 'vacant')",
    )
    op.create_table(
        "reorganisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("organisations", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("created", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effects", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest_before", sa.Text(), nullable=False),
        sa.Column("digest_after", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('merge', 'merge_new', 'split', 'convert', 'rename', 'move', 'close', 'reopen')",
            name=op.f("ck_reorganisations_kind_known"),
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_reason IS NULL)", name=op.f("ck_reorganisations_undone_with_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisations")),
    )
    op.create_index("ix_reorganisations_happened_on", "reorganisations", ["happened_on", "id"], unique=False)
    op.create_index(
        "ix_reorganisations_organisations", "reorganisations", ["organisations"], unique=False, postgresql_using="gin"
    )
    op.create_index("uq_reorganisations_recorded_at", "reorganisations", ["recorded_at"], unique=True)
