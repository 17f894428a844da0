"""The table of snapshots."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.rating_engine.base import Base


class Snapshot(Base):
    """What was known at one moment; the digest is its name, so equal data are kept once and never change."""

    __tablename__ = "snapshots"
    __audit__ = False

    digest: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str]
    as_of: Mapped[date]
    organisations: Mapped[int]
    content: Mapped[bytes] = mapped_column(comment="Canonical JSON of the snapshot, compressed by zlib")
    created_at: Mapped[datetime]
