"""What imports of more kinds need."""

revision = "20261122_imports"
down_revision: str | None = "20261122_selections"


def upgrade() -> None:
    pass
