"""Results carry how sure they are; a run keeps what each step of its method left behind; a rating may have no places."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_results"
down_revision: str | None = "20261122_words"

_JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    for name in ("standing", "spread", "reach", "peers", "changes", "withheld"):
        op.add_column("run_results", sa.Column(name, _JSON, nullable=True))
    op.add_column("run_results", sa.Column("limited", _JSON, nullable=False, server_default="[]"))
    op.add_column("runs", sa.Column("compared_with", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_runs_compared_with"), "runs", "runs", ["compared_with"], ["id"])
    op.drop_constraint(op.f("ck_run_results_scored"), "run_results", type_="check")
    op.create_check_constraint(op.f("ck_run_results_scored"), "run_results", "score IS NOT NULL OR rank IS NULL")
    op.create_table(
        "run_artefacts",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="Canonical JSON, compressed by zlib"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_artefacts_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "kind", name=op.f("pk_run_artefacts")),
    )
    # Rendered once, read as they are: what compressing them costs a country is more than the space is worth.
    op.execute("ALTER TABLE publication_entries ALTER COLUMN document SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE run_results ALTER COLUMN indicators SET STORAGE EXTERNAL")
