"""Tables of certificates and their steps, of the counters that number them, and of the norm they may count towards."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, Table, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import DATEMULTIRANGE, ExcludeConstraint, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Step, Word, one_of
from services.training_api.certificates.rules import CERTIFICATE, LIST_LENGTH
from shared.audit import UNRECORDED
from shared.db.base import Identified, Versioned, after_create
from shared.machines import state_follows, steps_follow
from shared.schemas.training.certificates import CertificateAction, CertificateKind, CertificateStatus


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


class Certificate(Identified, Versioned, Base):
    """A certificate or a reference of attendance."""

    __tablename__ = "certificates"
    __table_args__ = (
        one_of("kind", CertificateKind),
        UniqueConstraint("number", "source"),
        UniqueConstraint("provider_id", "kind", "year", "serial"),
        CheckConstraint(
            "(source = 'bilim') = (enrolment_id IS NOT NULL AND provider_id IS NOT NULL AND programme_id IS NOT NULL"
            " AND year IS NOT NULL AND serial IS NOT NULL)",
            name="own_are_numbered",
        ),
        CheckConstraint("academic_hours >= 1", name="has_hours"),
        one_of("status", CertificateStatus),
        UniqueConstraint("supersedes_id"),
        UniqueConstraint("status_list", "status_position"),
        CheckConstraint(
            "(source = 'bilim') = (status_list IS NOT NULL AND status_position IS NOT NULL)", name="own_are_listed"
        ),
        CheckConstraint(f"status_position BETWEEN 0 AND {LIST_LENGTH - 1}", name="position_in_list"),
        Index(
            "uq_certificates_enrolment_id",
            "enrolment_id",
            unique=True,
            postgresql_where=text("status NOT IN ('revoked', 'superseded')"),
        ),
        Index(
            "ix_certificates_running_out",
            "valid_until",
            postgresql_where=text("status IN ('issued', 'suspended') AND valid_until IS NOT NULL"),
        ),
        Index(
            "ix_certificates_void",
            "status_list",
            postgresql_where=text("status IN ('suspended', 'revoked', 'superseded')"),
        ),
        Index("ix_certificates_educator_id", "educator_id", "issued_on"),
        Index("ix_certificates_issued_on", "issued_on", "id"),
        Index("ix_certificates_organisation_id", "organisation_id"),
    )

    number: Mapped[str]
    source: Mapped[str]
    """`bilim`, or the outside system that gave the number."""
    kind: Mapped[CertificateKind] = mapped_column(Word(CertificateKind))
    educator_id: Mapped[UUID] = mapped_column(ForeignKey("educators.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    enrolment_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolments.id"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("providers.id"))
    provider_name: Mapped[str | None]
    """Who issued it, where that is not one of our providers."""
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programmes.id"))
    year: Mapped[int | None] = mapped_column(SmallInteger, info=dict(UNRECORDED))
    serial: Mapped[int | None] = mapped_column(Integer, info=dict(UNRECORDED))
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    academic_hours: Mapped[int] = mapped_column(Integer)
    issued_on: Mapped[date]
    approved: Mapped[bool]
    """Whether the programme was approved when it was issued."""
    status: Mapped[CertificateStatus] = mapped_column(
        Word(CertificateStatus), default=CertificateStatus.ISSUED, server_default=CertificateStatus.ISSUED
    )
    """As of the last step; what has run out may wait for its step."""
    valid_until: Mapped[date | None]
    void: Mapped[MultiRange[date]] = mapped_column(
        DATEMULTIRANGE, server_default="{}", default=lambda: MultiRange(()), info=dict(UNRECORDED)
    )
    """The days on which it is suspended, revoked or superseded, as its steps say; for counting as of any day."""
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificates.id"))
    status_list: Mapped[int | None] = mapped_column(SmallInteger, info=dict(UNRECORDED))
    status_position: Mapped[int | None] = mapped_column(Integer, info=dict(UNRECORDED))
    """Its bit in the public status lists, drawn by lot: neighbours tell nothing."""


after_create(_table(Certificate), *state_follows("certificates", "status", CERTIFICATE))


class CertificateStep(Step, Base):
    """One thing that happened to a document."""

    __tablename__ = "certificate_steps"
    __audit__ = False
    __table_args__ = (one_of("action", CertificateAction),)

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"), primary_key=True)


after_create(_table(CertificateStep), *steps_follow("certificate_steps", CERTIFICATE))


class CertificateHolder(Base):
    """The name a document of ours bears, as it was when it was given; erased when the person asks."""

    __tablename__ = "certificate_holders"
    __audit__ = False

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    family_kk: Mapped[str | None]
    given_kk: Mapped[str | None]
    patronymic_kk: Mapped[str | None]
    family_ru: Mapped[str | None]
    given_ru: Mapped[str | None]
    patronymic_ru: Mapped[str | None]


class CertificateCounter(Base):
    """The last number given by a provider in a year; its row is locked while the next one is given."""

    __tablename__ = "certificate_counters"
    __audit__ = False

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), primary_key=True)
    kind: Mapped[CertificateKind] = mapped_column(Word(CertificateKind), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)


class NormRule(Identified, Base):
    """One version of the norm of upskilling, in force for a period."""

    __tablename__ = "norm_rules"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        ExcludeConstraint(("code", "="), ("period", "&&"), name="ex_norm_rules_one_at_a_time", using="gist"),
        CheckConstraint("min_hours >= 1 AND window_months >= 1", name="counts_from_one"),
        CheckConstraint("NOT isempty(period)", name="period_not_empty"),
    )

    code: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    min_hours: Mapped[int] = mapped_column(Integer)
    window_months: Mapped[int] = mapped_column(Integer)
    period: Mapped[Range[date]]
    basis: Mapped[str]


FIRST_RULE: dict[str, Any] = {
    "id": "0198c0de-0000-7000-8000-0000000000a1",
    "code": "pd-3y",
    "min_hours": 36,
    "window_months": 36,
    "basis": "Order No. 95 of 28.01.2016, p. 25; Order No. 114-NK of 30.04.2026, criterion 7",
}
after_create(
    _table(NormRule),
    "INSERT INTO norm_rules (id, code, number, min_hours, window_months, period, basis) VALUES "  # noqa: S608 -- constants
    f"('{FIRST_RULE['id']}', '{FIRST_RULE['code']}', 1, {FIRST_RULE['min_hours']}, {FIRST_RULE['window_months']}, "
    f"daterange('1992-01-01', NULL), '{FIRST_RULE['basis']}')",
)
