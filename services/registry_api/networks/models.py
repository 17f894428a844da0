"""Tables of networks: what they are, who operates them, how many there are in the country, who belongs."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified, Versioned
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap

CURRENT = text("upper_inf(recorded)")


class Network(Identified, Versioned, Base):
    """A network and its rules; its rules are data, so that each membership can tell by which of them it was granted."""

    __tablename__ = "networks"
    __audit__ = Audited("network", "code")
    __table_args__ = (
        CheckConstraint(
            "kind IN ('leading_schools', 'league', 'hub_schools', 'programme', 'other')", name="kind_known"
        ),
        CheckConstraint("term_months BETWEEN 1 AND 600", name="term_in_bounds"),
        Index("ix_networks_indicator", "indicator", postgresql_where=text("indicator IS NOT NULL")),
    )

    code: Mapped[str] = mapped_column(Text(collation="C"), unique=True)
    kind: Mapped[str]
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str | None]
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    """Where it works; None for the whole country."""
    indicator: Mapped[str | None] = mapped_column(Text(collation="C"))
    """The code of the indicator that counts its members."""
    basis: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    term_months: Mapped[int | None] = mapped_column(SmallInteger)
    mentoring: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    eligibility: Mapped[list[Any]] = mapped_column(JSONB())


class NetworkOperator(Identified, Bitemporal, Base):
    """Who operates a network from one day to another."""

    __tablename__ = "network_operators"
    __audit__ = Audited("network", "network_id")
    __table_args__ = (no_overlap("network_id", name="ex_network_operators_one_at_a_time"), never_empty())

    network_id: Mapped[UUID] = mapped_column(ForeignKey("networks.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    basis: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class NationalFigure(Identified, Bitemporal, Base):
    """How many members a network has in the country, as somebody said; stands until a later figure."""

    __tablename__ = "network_national_figures"
    __audit__ = Audited("network", "network_id")
    __table_args__ = (
        no_overlap("network_id", name="ex_network_national_figures_one_at_a_time"),
        never_empty(),
        CheckConstraint("value >= 0", name="value_not_negative"),
    )

    network_id: Mapped[UUID] = mapped_column(ForeignKey("networks.id"))
    value: Mapped[int] = mapped_column(Integer)
    source: Mapped[str]
    source_url: Mapped[str | None]
    qualifier: Mapped[str]


class Membership(Identified, Bitemporal, Base):
    """A part of a membership in which nothing changed; `membership_id` holds the parts of one stay together."""

    __tablename__ = "network_memberships"
    __audit__ = Audited("membership", "membership_id")
    __table_args__ = (
        no_overlap(
            "network_id", "organisation_id", "role", name="ex_network_memberships_one_at_a_time"
        ),  # so no member has two mentors on one day either
        never_empty(),
        CheckConstraint("mentor_id <> organisation_id", name="not_its_own_mentor"),
        CheckConstraint("(role = 'coordinator') = (area_code IS NOT NULL)", name="coordinators_have_an_area"),
        CheckConstraint("role IN ('leading', 'hub', 'member', 'partner', 'coordinator')", name="role_known"),
        CheckConstraint("granted_by IN ('rule', 'override', 'succession')", name="ground_known"),
        CheckConstraint("(granted_by = 'override') = (override_reason IS NOT NULL)", name="override_has_a_reason"),
        Index("ix_network_memberships_membership_id", "membership_id"),
        Index("ix_network_memberships_organisation_id", "organisation_id", postgresql_where=CURRENT),
        Index("ix_network_memberships_mentor_id", "mentor_id", postgresql_where=CURRENT),
    )

    membership_id: Mapped[UUID]
    network_id: Mapped[UUID] = mapped_column(ForeignKey("networks.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[str]
    mentor_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    """What a coordinator coordinates."""
    granted_by: Mapped[str]
    granted_on: Mapped[date] = mapped_column(Date())
    """The day whose facts the rules were weighed upon."""
    override_reason: Mapped[str | None]
    trace: Mapped[list[Any]] = mapped_column(JSONB())
    basis: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    ended_reason: Mapped[str | None]
