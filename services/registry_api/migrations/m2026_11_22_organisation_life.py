"""Heads of organisations, and reorganisations as one event each."""

import sqlalchemy as sa
from alembic import op

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
