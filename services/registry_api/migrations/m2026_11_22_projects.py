"""Projects, development plans, study visits, clubs."""

revision = "20261122_projects"
down_revision: str | None = "20261122_events"


def upgrade() -> None:
    pass
