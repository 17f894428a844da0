"""The table of rules of validation."""

from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.audit import Audited
from shared.db.base import Identified
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap


class ValidationRule(Identified, Bitemporal, Base):
    """What a rule says; its days are the last days of the periods it is applied to."""

    __tablename__ = "validation_rules"
    __audit__ = Audited("validation_rule", "code")
    __table_args__ = (
        no_overlap("code", name="ex_validation_rules_one_at_a_time"),
        never_empty(),
        CheckConstraint("severity IN ('error', 'warning', 'info')", name="severity_known"),
        Index("ix_validation_rules_code", "code", postgresql_where=text("upper_inf(recorded)")),
    )

    code: Mapped[str] = mapped_column(Text(collation="C"))
    severity: Mapped[str]
    indicators: Mapped[list[str]] = mapped_column(ARRAY(Text))
    expression: Mapped[dict[str, Any]]
    text_kk: Mapped[str]
    text_ru: Mapped[str]
    text_en: Mapped[str | None]
    basis: Mapped[str]
