"""Standards of rooms, assessments."""

revision = "20261122_facilities"
down_revision: str | None = "20261122_construction"


def upgrade() -> None:
    pass
