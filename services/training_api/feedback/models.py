"""Tables of feedback: who was handed a token, which tokens were used, and what was said; no way between the three."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base, Word, one_of
from services.training_api.feedback.rules import MACHINE
from shared.db.base import Identified, Versioned, after_create
from shared.machines import state_follows
from shared.schemas.training.feedback import FeedbackWave, RoundStatus


class FeedbackQuestionnaire(Identified, Base):
    """One version of a questionnaire; rounds keep the version they were planned with."""

    __tablename__ = "feedback_questionnaires"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        CheckConstraint("number >= 1", name="counts_from_one"),
    )

    code: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    title_kk: Mapped[str]
    title_ru: Mapped[str]
    title_en: Mapped[str | None]
    items: Mapped[list[Any]] = mapped_column(JSONB)
    """As `QuestionnaireItem` says."""
    created_at: Mapped[datetime]


class FeedbackRound(Identified, Versioned, Base):
    """A cohort is asked once. Its row is the lock of its box of answers."""

    __tablename__ = "feedback_rounds"
    __table_args__ = (
        UniqueConstraint("cohort_id", "wave"),
        one_of("wave", FeedbackWave),
        one_of("status", RoundStatus),
        CheckConstraint("closes_on >= opens_on", name="days_in_order"),
        Index("ix_feedback_rounds_opens_on", "opens_on", "id"),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("feedback_questionnaires.id"))
    wave: Mapped[FeedbackWave] = mapped_column(Word(FeedbackWave))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    status: Mapped[RoundStatus] = mapped_column(Word(RoundStatus))


class FeedbackInvitation(Base):
    """Somebody was handed a token; which one is written nowhere."""

    __tablename__ = "feedback_invitations"
    __audit__ = False

    round_id: Mapped[UUID] = mapped_column(ForeignKey("feedback_rounds.id"), primary_key=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)


class FeedbackToken(Base):
    """The hash of a token and whether it was used; neither whose it is nor when."""

    __tablename__ = "feedback_tokens"
    __table_args__ = (Index("ix_feedback_tokens_round_id", "round_id"),)
    __audit__ = False

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    """SHA-256 of a token of 128 random bits: nothing shorter would do without a key."""
    round_id: Mapped[UUID] = mapped_column(ForeignKey("feedback_rounds.id"))
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venues.id"))
    """Where enough people were taught to be a group of their own; else null."""
    used: Mapped[bool]


class FeedbackAnswer(Base):
    """One answer in the box of a round.

    Every answer that comes in makes all answers of its round be written anew in a random order: the number of the
    transaction, the place in the file and the identifier (random, not by time) of each say nothing about who and when.
    """

    __tablename__ = "feedback_answers"
    __table_args__ = (Index("ix_feedback_answers_round_id", "round_id"),)
    __audit__ = False

    id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, default=uuid4)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("feedback_rounds.id"))
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venues.id"))
    scores: Mapped[dict[str, Any]] = mapped_column(JSONB)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)


after_create(
    FeedbackRound.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    *state_follows("feedback_rounds", "status", MACHINE),
)
