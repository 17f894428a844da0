"""The table of contracts with providers."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Numeric, String
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base
from shared.db.base import Identified, Versioned


class ProviderContract(Identified, Versioned, Base):
    """Places in a provider's programme that somebody pays for, for the educators of an area, in a period."""

    __tablename__ = "provider_contracts"
    __table_args__ = (
        ExcludeConstraint(
            ("provider_id", "="),
            ("programme_code", "="),
            ("area", "="),
            ("period", "&&"),
            name="ex_provider_contracts_one_at_a_time",
            using="gist",
        ),
        CheckConstraint("places >= 1 AND price_per_place >= 0", name="counts_from_one"),
        CheckConstraint("NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)", name="has_a_period"),
        Index("ix_provider_contracts_provider_id", "provider_id", "id"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[str]
    """As the document calls itself."""
    programme_code: Mapped[str]
    """All versions of the programme."""
    area: Mapped[str] = mapped_column(String(9))
    """Whose educators may use the places: those who work in this area."""
    places: Mapped[int] = mapped_column(Integer)
    price_per_place: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    """In tenge."""
    period: Mapped[Range[date]]
    """Courses that begin on these days."""
