"""Tables of educators and where they have worked."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Step, Word, one_of
from services.training_api.educators.rules import PERSON
from shared import machines
from shared.audit import SENSITIVE, UNRECORDED, Audited
from shared.db.base import Identified, Versioned, after_create
from shared.schemas.training.privacy import PersonState
from shared.schemas.training.words import EducatorRole, QualificationCategory


class Educator(Identified, Versioned, Base):
    """A person. Names are personal data: the trail tells that they changed, not what they are."""

    __tablename__ = "educators"
    __table_args__ = (
        one_of("category", QualificationCategory),
        CheckConstraint(
            "(family_kk IS NOT NULL AND given_kk IS NOT NULL) OR (family_ru IS NOT NULL AND given_ru IS NOT NULL)"
            " OR state = 'erased'",
            name="has_a_name",
        ),
        CheckConstraint(
            "state <> 'erased' OR (iin_hash IS NULL AND num_nonnulls(family_kk, given_kk, patronymic_kk, family_ru,"
            " given_ru, patronymic_ru) = 0)",
            name="erased_is_nameless",
        ),
        one_of("state", PersonState),
        CheckConstraint("octet_length(iin_hash) = 32", name="iin_is_hashed"),
        Index("ix_educators_sort_key", "sort_key", "id"),
        Index(
            "ix_educators_search_key",
            "search_key",
            postgresql_using="gin",
            postgresql_ops={"search_key": "gin_trgm_ops"},
        ),
    )
    __audit__ = Audited("educator")

    family_kk: Mapped[str | None] = mapped_column(info=dict(SENSITIVE))
    given_kk: Mapped[str | None] = mapped_column(info=dict(SENSITIVE))
    patronymic_kk: Mapped[str | None] = mapped_column(info=dict(SENSITIVE))
    family_ru: Mapped[str | None] = mapped_column(info=dict(SENSITIVE))
    given_ru: Mapped[str | None] = mapped_column(info=dict(SENSITIVE))
    patronymic_ru: Mapped[str | None] = mapped_column(info=dict(SENSITIVE))
    sort_key: Mapped[str] = mapped_column(Text(collation="C"), info=dict(UNRECORDED))
    search_key: Mapped[str] = mapped_column(info=dict(UNRECORDED))
    category: Mapped[QualificationCategory | None] = mapped_column(Word(QualificationCategory))
    teaching_since: Mapped[date | None]
    """The first day in the profession."""
    consent_public: Mapped[bool]
    iin_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True, info=dict(SENSITIVE))
    """HMAC-SHA-256 of the IIN under a key of the settings: tells the same person twice, tells nothing else."""
    is_synthetic: Mapped[bool]
    state: Mapped[PersonState] = mapped_column(
        Word(PersonState), default=PersonState.ACTIVE, server_default=PersonState.ACTIVE.value
    )
    """How far the data may be used."""


class PersonStep(Step, Base):
    """One step in the life of a person's data."""

    __tablename__ = "educator_steps"
    __audit__ = False  # this table is a trail itself

    educator_id: Mapped[UUID] = mapped_column(ForeignKey("educators.id"), primary_key=True)


class Consent(Base):
    """What the person agreed to, from one moment to the next."""

    __tablename__ = "educator_consents"
    __audit__ = False  # this table is a trail itself

    educator_id: Mapped[UUID] = mapped_column(ForeignKey("educators.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    consent_public: Mapped[bool]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


after_create(PersonStep.__table__, *machines.steps_follow("educator_steps", PERSON))  # type: ignore[arg-type] # a Table
after_create(Educator.__table__, *machines.state_follows("educators", "state", PERSON))  # type: ignore[arg-type]


class Employment(Identified, Versioned, Base):
    """Where a person works, or has worked, from one day to another: one main workplace at a time."""

    __tablename__ = "employments"
    __table_args__ = (
        one_of("role", EducatorRole),
        CheckConstraint("NOT isempty(period)", name="period_not_empty"),
        CheckConstraint("NOT lower_inf(period)", name="has_begun"),
        ExcludeConstraint(("educator_id", "="), ("period", "&&"), name="ex_employments_one_at_a_time", using="gist"),
        Index("ix_employments_organisation_id", "organisation_id", "educator_id"),
        Index("ix_employments_present", "educator_id", postgresql_where=text("upper_inf(period)")),
    )
    __audit__ = Audited("educator", "educator_id")

    educator_id: Mapped[UUID] = mapped_column(ForeignKey("educators.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[EducatorRole] = mapped_column(Word(EducatorRole))
    subjects: Mapped[list[str]] = mapped_column(ARRAY(Text))
    period: Mapped[Range[date]]
    """From the first day there to the first day no longer there."""
