"""Follow_up."""

revision = "20261122_follow_up"
down_revision: str | None = "20261122_credentials"


def upgrade() -> None:
    """Nothing yet."""
