"""Rules of data quality, findings, approvals, locks of periods."""

revision = "20261122_data_quality"
down_revision: str | None = "20261122_facilities"


def upgrade() -> None:
    pass
