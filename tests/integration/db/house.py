"""Tables that are as small as a test needs and of every shape the plumbing has to carry."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from shared.audit import SENSITIVE, UNRECORDED, Audited
from shared.db.base import Identified, ServiceBase, Versioned, service_metadata
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap


class Base(ServiceBase):
    __abstract__ = True
    metadata = service_metadata()


class School(Identified, Versioned, Base):
    __tablename__ = "schools"
    __table_args__ = (CheckConstraint("pupils >= 0", name="pupils_not_negative"),)

    code: Mapped[str] = mapped_column(unique=True)
    pupils: Mapped[int | None]
    director_iin: Mapped[str | None] = mapped_column(info=dict(SENSITIVE))
    sort_key: Mapped[str | None] = mapped_column(info=dict(UNRECORDED))
    notes: Mapped[dict[str, Any] | None]


class Room(Identified, Base):
    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("school_id", "number"),
        ExcludeConstraint(("school_id", "="), ("in_use", "&&"), name="ex_rooms_in_use", using="gist"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    number: Mapped[int] = mapped_column(SmallInteger())
    in_use: Mapped[Range[date] | None]


class SchoolState(Identified, Bitemporal, Base):
    __tablename__ = "school_states"
    __audit__ = Audited("school", "school_id")
    __table_args__ = (no_overlap("school_id", name="ex_school_states_one_at_a_time"), never_empty())

    school_id: Mapped[UUID]
    name: Mapped[str]
    shifts: Mapped[int | None]


class Scribble(Identified, Base):
    __tablename__ = "scribbles"
    __audit__ = False

    words: Mapped[str]
