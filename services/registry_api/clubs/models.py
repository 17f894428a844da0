"""Tables of clubs: who provides them, and monthly counts without any child in them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned


class ClubProvider(Identified, Versioned, Base):
    """Somebody who provides clubs for children."""

    __tablename__ = "club_providers"
    __audit__ = Audited("club_provider")
    __table_args__ = (
        CheckConstraint("0 <= age_from AND age_from <= age_to", name="ages_in_order"),
        CheckConstraint("works_from <= works_until", name="days_in_order"),
        Index("ix_club_providers_sort_key", "sort_key", "id"),
        Index("ix_club_providers_area_code", "area_code"),
        Index("ix_club_providers_directions", "directions", postgresql_using="gin"),
    )

    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    area_code: Mapped[str] = mapped_column(String(9), ForeignKey("areas.code"))
    directions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    age_from: Mapped[int] = mapped_column(SmallInteger)
    age_to: Mapped[int] = mapped_column(SmallInteger)
    accepts_social_wallet: Mapped[bool]
    address_kk: Mapped[str | None]
    address_ru: Mapped[str | None]
    address_en: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    website: Mapped[str | None]
    works_from: Mapped[date | None]
    works_until: Mapped[date | None]
    sort_key: Mapped[str] = mapped_column(Text(collation="C"), info=dict(UNRECORDED))
    search_key: Mapped[str] = mapped_column(info=dict(UNRECORDED))


class ClubCount(Identified, Base):
    """A month of one club of one school: how many, and never who."""

    __tablename__ = "club_counts"
    __audit__ = Audited("club_count")
    __table_args__ = (
        UniqueConstraint("month", "school_id", "provider_id", "direction"),
        CheckConstraint("extract(day FROM month) = 1", name="month_by_its_first_day"),
        CheckConstraint("0 <= vouchers AND vouchers <= children AND visits >= 0", name="counts_add_up"),
        Index("ix_club_counts_school_id", "school_id", "month"),
        Index("ix_club_counts_provider_id", "provider_id", "month"),
        Index("ix_club_counts_area_code", "area_code", "month"),
    )

    month: Mapped[date]
    school_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("club_providers.id"))
    direction: Mapped[str]
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    """Where the school stood when the month was told."""
    children: Mapped[int] = mapped_column(Integer)
    vouchers: Mapped[int] = mapped_column(Integer)
    visits: Mapped[int] = mapped_column(Integer)
    recorded_at: Mapped[datetime]
