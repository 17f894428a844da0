"""Credentials."""

revision = "20261122_credentials"
down_revision: str | None = "20261122_attendance"


def upgrade() -> None:
    """Nothing yet."""
