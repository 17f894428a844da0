"""Targets, directives and their items."""

revision = "20261122_targets"
down_revision: str | None = "20261122_networks"


def upgrade() -> None:
    pass
