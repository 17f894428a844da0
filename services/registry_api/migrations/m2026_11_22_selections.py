"""Saved selections, and what search needs."""

revision = "20261122_selections"
down_revision: str | None = "20261122_data_quality"


def upgrade() -> None:
    pass
