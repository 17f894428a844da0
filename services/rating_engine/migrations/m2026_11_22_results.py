"""results."""

revision = "20261122_results"
down_revision: str | None = "20261122_words"


def upgrade() -> None:
    """Nothing yet."""
