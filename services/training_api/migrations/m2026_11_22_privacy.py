"""Privacy."""

revision = "20261122_privacy"
down_revision: str | None = "20261122_follow_up"


def upgrade() -> None:
    """Nothing yet."""
