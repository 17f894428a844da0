"""Attendance."""

revision = "20261122_attendance"
down_revision: str | None = "20261122_allocations"


def upgrade() -> None:
    """Nothing yet."""
