"""Networks and who belongs to them."""

revision = "20261122_networks"
down_revision: str | None = "20261122_organisation_life"


def upgrade() -> None:
    pass
