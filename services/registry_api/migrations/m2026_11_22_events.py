"""Plans of events, events, sessions."""

revision = "20261122_events"
down_revision: str | None = "20261122_memoranda"


def upgrade() -> None:
    pass
