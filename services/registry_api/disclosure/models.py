"""The table of indicators that count people so few that they could be recognised."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Versioned


class DisclosureRule(Versioned, Base):
    """How few persons an indicator may show to the public."""

    __tablename__ = "disclosure_rules"
    __audit__ = Audited("disclosure_rule")
    __table_args__ = (CheckConstraint("fewest BETWEEN 2 AND 1000", name="fewest_is_sensible"),)

    indicator: Mapped[str] = mapped_column(primary_key=True)
    fewest: Mapped[int]
    basis: Mapped[str]
