"""Bulk_enrolments."""

revision = "20261122_bulk_enrolments"
down_revision: str | None = "20261122_privacy"


def upgrade() -> None:
    """Nothing yet."""
