"""The pipeline of schools to be built."""

revision = "20261122_construction"
down_revision: str | None = "20261122_projects"


def upgrade() -> None:
    pass
