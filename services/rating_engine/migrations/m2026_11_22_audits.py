"""A methodology is agreed with an audit of its document; what was found of note is answered in writing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_audits"
down_revision: str | None = "20261122_editions"

_JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    """Versions agreed before had no audit, and have none now."""
    op.add_column(
        "methodologies",
        sa.Column("audit_digest", sa.Text(), nullable=True, comment="The audit it was agreed with"),
    )
    op.add_column(
        "methodologies",
        sa.Column(
            "accepted_findings",
            _JSON,
            server_default="{}",
            nullable=False,
            comment="By code of a finding, why the version was agreed all the same",
        ),
    )
    op.create_table(
        "methodology_audits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("methodology_id", sa.Uuid(), nullable=False),
        sa.Column("methodology_digest", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("codes", _JSON, nullable=False, comment="Codes of all findings"),
        sa.Column("stops", _JSON, nullable=False, comment="Codes of the findings that have to be answered"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="Canonical JSON, compressed by zlib"),
        sa.Column("attached_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["methodology_id"], ["methodologies.id"], name=op.f("fk_methodology_audits_methodology_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_methodology_audits_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_methodology_audits")),
        sa.UniqueConstraint("methodology_id", "digest", name=op.f("uq_methodology_audits_methodology_id_digest")),
    )
    op.create_index(
        "ix_methodology_audits_latest", "methodology_audits", ["methodology_id", "created_at", "id"], unique=False
    )
    op.create_index(op.f("ix_methodology_audits_run_id"), "methodology_audits", ["run_id"], unique=False)
    op.execute("""
CREATE OR REPLACE FUNCTION methodology_audits_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an audit stands' USING ERRCODE = 'check_violation';
END
$$
""")
    op.execute("""
CREATE TRIGGER methodology_audits_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON methodology_audits
FOR EACH STATEMENT EXECUTE FUNCTION methodology_audits_stand()
""")
