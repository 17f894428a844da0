"""Tables of surveys. Between a token and a ballot there is nothing: a token that was used is no longer there."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from services.rating_engine.base import Base
from services.rating_engine.surveys.rules import MACHINE
from shared.db.base import Identified, Versioned, after_create
from shared.machines import state_follows


class Survey(Identified, Versioned, Base):
    """What is asked, about which period, and where it stands."""

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'open', 'closed', 'published')", name="status"),
        CheckConstraint("opens_at < closes_at", name="times_in_order"),
        CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name="published"),
        Index("ix_surveys_closes_at", "closes_at", postgresql_where="status = 'open'"),
    )

    title: Mapped[dict[str, Any]]
    organisation_type: Mapped[str]
    audience: Mapped[str]
    period: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    items: Mapped[list[Any]]
    """As `SurveyItem` says."""
    status: Mapped[str]
    tallied_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]


class SurveyKey(Base):
    """The secret of an open survey: signs its forms and hides networks; gone once the ballots are counted."""

    __tablename__ = "survey_keys"
    __audit__ = False

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    key: Mapped[bytes]


class SurveyOrganisation(Base):
    """An organisation that is asked about. Its row is the lock of its box of ballots."""

    __tablename__ = "survey_organisations"
    __audit__ = False

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[dict[str, Any]]
    area_path: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    population: Mapped[int] = mapped_column(Integer)
    strata: Mapped[list[Any]]
    """As `FrameStratum` says."""


class SurveyToken(Base):
    """A token that can still be used: its hash, and which box it opens."""

    __tablename__ = "survey_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["survey_id", "organisation_id"],
            ["survey_organisations.survey_id", "survey_organisations.organisation_id"],
        ),
        Index("ix_survey_tokens_box", "survey_id", "organisation_id"),
    )
    __audit__ = False

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    """SHA-256 of 128 random bits: nothing shorter would do without a key."""
    survey_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    grade_group: Mapped[str | None]
    language: Mapped[str | None]


class SurveyBallot(Base):
    """One ballot in the box of an organisation.

    Every ballot that comes in makes all ballots of its box be written anew in a random order: the number of the
    transaction, the place in the file and the identifier (random, not by time) of each say nothing about who and when.
    """

    __tablename__ = "survey_ballots"
    __table_args__ = (
        ForeignKeyConstraint(
            ["survey_id", "organisation_id"],
            ["survey_organisations.survey_id", "survey_organisations.organisation_id"],
        ),
        Index("ix_survey_ballots_box", "survey_id", "organisation_id"),
    )
    __audit__ = False

    id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, default=uuid4)
    survey_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    grade_group: Mapped[str | None]
    language: Mapped[str | None]
    """Of instruction, as the stratum says; in which language the form was filled in is not kept."""
    points: Mapped[list[int]] = mapped_column(ARRAY(Integer()))
    """The answers as whole numbers, in the order of the questions."""
    hasty: Mapped[bool]
    bucket: Mapped[int | None] = mapped_column(Integer)
    """The half hour; null once the ballots are counted."""
    network: Mapped[bytes | None]
    """A keyed hash of the network's prefix; null once the ballots are counted."""
    marks: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    """What the screens say; null where they say nothing."""


class SurveyResult(Base):
    """What the ballots of one organisation amount to, with marked ballots and without."""

    __tablename__ = "survey_results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["survey_id", "organisation_id"],
            ["survey_organisations.survey_id", "survey_organisations.organisation_id"],
        ),
        CheckConstraint("variant IN ('all', 'unmarked')", name="variant"),
    )
    __audit__ = False

    survey_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    ballots: Mapped[int] = mapped_column(Integer)
    marked: Mapped[int] = mapped_column(Integer)
    screens: Mapped[dict[str, Any]]
    """How many ballots each screen marks."""
    differs: Mapped[bool]
    figures: Mapped[dict[str, Any]]
    """`all` and `unmarked`: as `tally.figures` says."""
    variant: Mapped[str]
    """Which of both counts: by decision of an investigation."""
    shown: Mapped[bool]
    """Whether its figures may stand beside all others that are published."""


class SurveyTotal(Base):
    """A published figure over several organisations."""

    __tablename__ = "survey_totals"
    __audit__ = False

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    """Empty: everywhere."""
    document: Mapped[dict[str, Any]]


class SurveyInvestigation(Identified, Versioned, Base):
    """Why an organisation's ballots are looked into, and what was decided by whom."""

    __tablename__ = "survey_investigations"
    __table_args__ = (
        UniqueConstraint("survey_id", "organisation_id"),
        ForeignKeyConstraint(
            ["survey_id", "organisation_id"],
            ["survey_organisations.survey_id", "survey_organisations.organisation_id"],
        ),
        CheckConstraint("status IN ('open', 'decided')", name="status"),
        CheckConstraint("decision IN ('keep', 'exclude')", name="decision"),
        CheckConstraint("(status = 'decided') = (decision IS NOT NULL)", name="decided"),
        Index("ix_survey_investigations_created_at", "survey_id", "created_at", "id"),
    )

    survey_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    status: Mapped[str]
    reason: Mapped[dict[str, Any]]
    opened_by: Mapped[str]
    decision: Mapped[str | None]
    grounds: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]


after_create(
    Survey.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    *state_follows("surveys", "status", MACHINE),
)
