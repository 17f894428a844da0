"""Eligibility."""

revision = "20261122_eligibility"
down_revision: str | None = "20261122_reservations"


def upgrade() -> None:
    """Nothing yet."""
