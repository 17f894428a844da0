"""The audit trail's table, to which rows can only be added."""

from sqlalchemy import ARRAY, Column, DateTime, Index, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.base import PLUMBING, after_create
from shared.ids import new_id

audit_entries = Table(
    "audit_entries",
    PLUMBING,
    # The moment comes first in the key, so that the table can later be partitioned by it without a new key.
    Column("occurred_at", DateTime(timezone=True), primary_key=True, server_default=func.now()),
    Column("id", Uuid, primary_key=True, default=new_id),
    Column("actor", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("action", Text, nullable=False),
    Column("resource_type", Text, nullable=False),
    Column("resource_id", Text, nullable=False),
    Column("changes", JSONB, nullable=False, comment='{"field": [before, after]}'),
    Column("reason", Text),
    Column("request_id", Text),
    Index("ix_audit_entries_resource", "resource_type", "resource_id", "occurred_at", "id"),
    Index("ix_audit_entries_actor", "actor", "occurred_at", "id"),
)

after_create(
    audit_entries,
    """
CREATE OR REPLACE FUNCTION audit_entries_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail can only be added to' USING ERRCODE = 'insufficient_privilege';
END
$$
""".strip(),
    # Statement level, so that an UPDATE that would match no row is refused as well; TRUNCATE has no row level.
    """
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse_change()
""".strip(),
)
