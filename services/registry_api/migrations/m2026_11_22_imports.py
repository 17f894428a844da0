"""Files of more kinds: memberships, targets, events, construction projects; and what each of their rows brought."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_imports"
down_revision: str | None = "20261122_selections"

_KINDS = "'organisations', 'observations', 'areas', 'indicators'"
_MORE = "'memberships', 'targets', 'events', 'construction-projects'"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_imports_kind_known"), "imports", type_="check")
    op.create_check_constraint(op.f("ck_imports_kind_known"), "imports", f"kind IN ({_KINDS}, {_MORE})")
    op.create_table(
        "imported_rows",
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_imported_rows_import_id")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_imported_rows")),
    )
    op.create_index("ix_imported_rows_import_id", "imported_rows", ["import_id"], unique=False)
