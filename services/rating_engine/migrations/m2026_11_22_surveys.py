"""surveys."""

revision = "20261122_surveys"
down_revision: str | None = "20261122_built_in"


def upgrade() -> None:
    """Nothing yet."""
