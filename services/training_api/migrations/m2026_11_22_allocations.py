"""Allocations."""

revision = "20261122_allocations"
down_revision: str | None = "20261122_eligibility"


def upgrade() -> None:
    """Nothing yet."""
