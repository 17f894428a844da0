"""Reservations."""

revision = "20261122_reservations"
down_revision: str | None = "20261122_machines"


def upgrade() -> None:
    """Nothing yet."""
