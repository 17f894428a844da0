"""Memoranda, what is owed under them, and the documents."""

revision = "20261122_memoranda"
down_revision: str | None = "20261122_targets"


def upgrade() -> None:
    pass
