"""audits."""

revision = "20261122_audits"
down_revision: str | None = "20261122_editions"


def upgrade() -> None:
    """Nothing yet."""
