"""Heads of organisations, and reorganisations as one event each."""

revision = "20261122_organisation_life"
down_revision: str | None = "20261122_indicator_catalogue"


def upgrade() -> None:
    pass
