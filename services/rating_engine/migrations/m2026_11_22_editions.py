"""editions."""

revision = "20261122_editions"
down_revision: str | None = "20261122_results"


def upgrade() -> None:
    """Nothing yet."""
