"""built_in."""

revision = "20261122_built_in"
down_revision: str | None = "20261122_audits"


def upgrade() -> None:
    """Nothing yet."""
