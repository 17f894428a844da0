"""The table of reasons: one row for each version."""

from datetime import date

from sqlalchemy import CheckConstraint, Integer, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from shared.db.base import Identified
from shared.schemas.training.reasons import ReasonList


class Reason(Identified, Base):
    """One version of a reason, which may be given for a period."""

    __tablename__ = "reasons"
    __table_args__ = (
        one_of("list", ReasonList),
        UniqueConstraint("list", "code", "number"),
        ExcludeConstraint(
            ("list", "="), ("code", "="), ("period", "&&"), name="ex_reasons_one_at_a_time", using="gist"
        ),
        CheckConstraint("NOT isempty(period)", name="period_not_empty"),
        CheckConstraint("NOT lower_inf(period)", name="has_begun"),
        CheckConstraint("number >= 1", name="counts_from_one"),
    )

    list: Mapped[ReasonList] = mapped_column(Word(ReasonList))
    code: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    text_kk: Mapped[str]
    text_ru: Mapped[str]
    text_en: Mapped[str]
    period: Mapped[Range[date]]
