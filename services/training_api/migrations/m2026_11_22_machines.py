"""Machines."""

revision = "20261122_machines"
down_revision: str | None = "20261122_words"


def upgrade() -> None:
    """Nothing yet."""
