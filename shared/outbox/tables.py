"""The tables of the change feed: what happened here, and how far we have followed the feeds of others."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.base import PLUMBING

change_events = Table(
    "change_events",
    PLUMBING,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("position", BigInteger),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("actor", Text),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    UniqueConstraint("position"),
    CheckConstraint("position >= 1", name="position_counts_from_one"),
    # Only rows that wait for their number: the stamper looks at nothing else, however long the history grows.
    Index("ix_change_events_unstamped", "seq", postgresql_where=text("position IS NULL")),
)
"""`seq` is the order of writing, which readers must never follow: a transaction that began earlier may commit later.
`position` is given after the commit and has no gaps."""

feed_cursors = Table(
    "feed_cursors",
    PLUMBING,
    Column("feed", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("position >= 0", name="position_not_negative"),
)
"""How far each feed of another service has been applied here; moved in the transaction that applies."""
