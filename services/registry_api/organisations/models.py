"""Tables of organisations: who they are, what was true of them and when, and under which identifiers."""

from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Table, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api import words
from services.registry_api.base import Base
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned, after_create
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap

CURRENT = text("upper_inf(recorded)")
"""Rows that are believed now; the others are what was believed before."""


class Organisation(Identified, Versioned, Base):
    """Who an organisation is: one row for its whole life, whatever it is called or registered as."""

    __tablename__ = "organisations"
    __audit__ = Audited("organisation")

    is_synthetic: Mapped[bool]
    """Made up for a demonstration or a test; never to be mixed with facts."""


class OrganisationState(Identified, Bitemporal, Base):
    """Everything true of an organisation from one day to another, as it was known from one moment to another."""

    __tablename__ = "organisation_states"
    __audit__ = Audited("organisation", "organisation_id")
    __table_args__ = (
        no_overlap("organisation_id", name="ex_organisation_states_one_at_a_time"),
        never_empty(),
        CheckConstraint("parent_id <> organisation_id", name="not_its_own_parent"),
        CheckConstraint("head_held IN ('appointed', 'acting', 'vacant')", name="head_held_known"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
        Index("ix_organisation_states_organisation_id", "organisation_id", postgresql_where=CURRENT),
        Index("ix_organisation_states_sort_kk", "sort_kk", "organisation_id", postgresql_where=CURRENT),
        Index("ix_organisation_states_sort_ru", "sort_ru", "organisation_id", postgresql_where=CURRENT),
        Index(
            "ix_organisation_states_design_capacity",
            text("design_capacity DESC NULLS LAST"),
            "sort_kk",
            "organisation_id",
            postgresql_where=CURRENT,
        ),
        Index("ix_organisation_states_area_code", "area_code", postgresql_where=CURRENT),
        Index("ix_organisation_states_parent_id", "parent_id", postgresql_where=CURRENT),
        Index("ix_organisation_states_point", "latitude", "longitude", postgresql_where=CURRENT),
        Index(
            "ix_organisation_states_search_key",
            "search_key",
            postgresql_using="gin",
            postgresql_ops={"search_key": "gin_trgm_ops"},
            postgresql_where=CURRENT,
        ),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    short_name_kk: Mapped[str | None]
    short_name_ru: Mapped[str | None]
    short_name_en: Mapped[str | None]
    type: Mapped[str]
    kind: Mapped[str | None]
    ownership: Mapped[str | None]
    legal_form: Mapped[str | None]
    levels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    languages_of_instruction: Mapped[list[str]] = mapped_column(ARRAY(Text))
    setting: Mapped[str | None]
    multigrade: Mapped[bool | None]
    boarding: Mapped[bool | None]
    selective: Mapped[bool | None]
    shift_count: Mapped[int | None] = mapped_column(SmallInteger)
    design_capacity: Mapped[int | None] = mapped_column(Integer)
    """How many places the building was designed for: not how many pupils it has."""
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    """None only for organisations outside Kazakhstan."""
    address_kk: Mapped[str | None]
    address_ru: Mapped[str | None]
    address_en: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    website: Mapped[str | None]
    head_held: Mapped[str | None]
    """Whether the post of the head is held by appointment, for a time, or by nobody; never by whom."""
    head_since: Mapped[date | None]
    status: Mapped[str]
    programme_tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    school_number: Mapped[int | None] = mapped_column(Integer, info=dict(UNRECORDED))
    sort_kk: Mapped[str] = mapped_column(Text(collation="C"), info=dict(UNRECORDED))
    sort_ru: Mapped[str] = mapped_column(Text(collation="C"), info=dict(UNRECORDED))
    search_key: Mapped[str] = mapped_column(info=dict(UNRECORDED))


after_create(cast(Table, OrganisationState.__table__), words.REMEMBER, words.remembered("organisation_states"))


class OrganisationIdentifier(Identified, Bitemporal, Base):
    """One identifier of an organisation under one scheme, from one day to another."""

    __tablename__ = "organisation_identifiers"
    __audit__ = Audited("organisation", "organisation_id")
    __table_args__ = (
        no_overlap("organisation_id", "scheme", name="ex_organisation_identifiers_one_per_scheme"),
        never_empty(),
        ExcludeConstraint(
            ("scheme", "="),
            ("value_key", "="),
            ("organisation_id", "<>"),
            name="ex_organisation_identifiers_never_reused",
            using="gist",
            where=CURRENT,
        ),
        Index("ix_organisation_identifiers_value_key", "value_key", "scheme", postgresql_where=CURRENT),
        Index("ix_organisation_identifiers_organisation_id", "organisation_id", postgresql_where=CURRENT),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    scheme: Mapped[str]
    value: Mapped[str | None]
    """None for a person's number (kz-iin), which is never kept."""
    value_key: Mapped[str] = mapped_column(info=dict(UNRECORDED))
    """What identifiers are compared by: the value itself, or a keyed hash of a person's number."""


class OrganisationSuccession(Identified, Base):
    """Who carries on the work of an organisation that ended."""

    __tablename__ = "organisation_successions"
    __audit__ = Audited("organisation", "predecessor_id")
    __table_args__ = (
        CheckConstraint("predecessor_id <> successor_id", name="not_its_own_successor"),
        Index("ix_organisation_successions_predecessor_id", "predecessor_id", postgresql_where=CURRENT),
        Index("ix_organisation_successions_successor_id", "successor_id", postgresql_where=CURRENT),
    )

    predecessor_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    happened_on: Mapped[date]
    recorded: Mapped[Range[datetime]]


class AnnouncedDay(Base):
    """A day whose beginning the change feed has told: what was to change on it has changed."""

    __tablename__ = "announced_days"
    __audit__ = False

    day: Mapped[date] = mapped_column(primary_key=True)
    announced_at: Mapped[datetime]
