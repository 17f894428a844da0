"""The table of reads of personal data; rows are only added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base
from shared.db.base import Identified, after_create


class PersonalRead(Identified, Base):
    """One answer that showed names: to whom, of whom, when, and why if it was said."""

    __tablename__ = "personal_reads"
    __table_args__ = (
        CheckConstraint("cardinality(educator_ids) >= 1", name="of_somebody"),
        Index("ix_personal_reads_educator_ids", "educator_ids", postgresql_using="gin"),
        Index("ix_personal_reads_read_at", "read_at", "id"),
    )
    __audit__ = False  # it is a trail itself

    educator_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    shown: Mapped[str]
    """What was asked for: `educator`, `educators`, `session_attendance`, …"""
    actor: Mapped[str]
    reason: Mapped[str | None]
    request_id: Mapped[str | None]
    read_at: Mapped[datetime]


ONLY_ADDED = (
    """
CREATE OR REPLACE FUNCTION personal_reads_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reads of personal data are only added' USING ERRCODE = 'check_violation';
END
$$
""".strip(),
    "CREATE TRIGGER personal_reads_stay BEFORE UPDATE OR DELETE ON personal_reads "
    "FOR EACH ROW EXECUTE FUNCTION personal_reads_stay()",
)
after_create(PersonalRead.__table__, *ONLY_ADDED)  # type: ignore[arg-type] # a mapped class has a Table
