"""The table of observations: one row per revision."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from shared.db.base import Identified

_STANDS_FOR_ORGANISATION = text("upper_inf(recorded) AND organisation_id IS NOT NULL")
_STANDS_FOR_AREA = text("upper_inf(recorded) AND area_code IS NOT NULL")
_OF_AREA = text("area_code IS NOT NULL")


class Observation(Identified, Base):
    """What a source said about one subject, indicator and period, from when to when we held it true.

    Written in bulk by the repository, never through the ORM; its revisions are its history, and the audit trail notes
    each batch.
    """

    __tablename__ = "observations"
    __table_args__ = (
        CheckConstraint("num_nonnulls(organisation_id, area_code) = 1", name="one_subject"),
        CheckConstraint("(value IS NULL) <> (missing_reason IS NULL)", name="value_or_reason"),
        CheckConstraint("value NOT IN ('NaN', 'Infinity', '-Infinity')", name="value_finite"),
        CheckConstraint(
            "missing_reason IN ('not_sampled', 'not_applicable', 'not_reported', 'suppressed', 'below_min_n', "
            "'low_coverage', 'under_appeal', 'invalidated')",
            name="missing_reason_known",
        ),
        CheckConstraint("status IN ('provisional', 'final', 'corrected', 'withdrawn')", name="status_known"),
        CheckConstraint("n >= 0", name="n_not_negative"),
        CheckConstraint("variance >= 0 AND variance < 'Infinity'", name="variance_not_negative"),
        CheckConstraint("revision >= 1", name="revisions_count_from_one"),
        CheckConstraint("NOT isempty(recorded)", name="recorded_not_empty"),
        Index(
            "uq_observations_organisation",
            "indicator_id",
            "organisation_id",
            "period",
            "source_system",
            unique=True,
            postgresql_where=_STANDS_FOR_ORGANISATION,
        ),
        Index(
            "uq_observations_area",
            "indicator_id",
            "area_code",
            "period",
            "source_system",
            unique=True,
            postgresql_where=_STANDS_FOR_AREA,
        ),
        Index("ix_observations_table", "indicator_id", "period_end"),
        Index("ix_observations_organisation", "organisation_id", "indicator_id", "period"),
        Index("ix_observations_area", "area_code", "indicator_id", "period", postgresql_where=_OF_AREA),
        Index("ix_observations_import_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
    )
    __audit__ = False

    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    indicator_id: Mapped[UUID] = mapped_column(ForeignKey("indicators.id"))
    period: Mapped[str]
    period_end: Mapped[date]
    """The period's last day: what tables and charts order periods of different length by."""
    value: Mapped[float | None] = mapped_column(Double)
    missing_reason: Mapped[str | None]
    missing_code: Mapped[str | None]
    """What the source wrote in place of the value."""
    n: Mapped[int | None] = mapped_column(Integer)
    variance: Mapped[float | None] = mapped_column(Double)
    status: Mapped[str]
    source_system: Mapped[str] = mapped_column(Text(collation="C"))
    source_ref: Mapped[str]
    as_of: Mapped[date | None]
    break_in_series: Mapped[bool]
    note: Mapped[str]
    revision: Mapped[int] = mapped_column(Integer)
    recorded: Mapped[Range[datetime]]
    recorded_by: Mapped[str]
    import_id: Mapped[UUID | None]
    """The import that brought it."""
