"""Tables of trainers and of what they teach."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base
from shared.audit import SENSITIVE, UNRECORDED, Audited
from shared.db.base import Identified, Versioned


class Trainer(Identified, Versioned, Base):
    """Who teaches for a provider: an educator of ours, or somebody of whom no more than a name is known."""

    __tablename__ = "trainers"
    __table_args__ = (
        CheckConstraint("educator_id IS NOT NULL OR display_name IS NOT NULL OR NOT in_use", name="is_somebody"),
        CheckConstraint("display_name IS NULL OR consent_public", name="named_with_consent"),
        Index(
            "uq_trainers_educator_id",
            "provider_id",
            "educator_id",
            unique=True,
            postgresql_where=text("educator_id IS NOT NULL"),
        ),
        Index("ix_trainers_educator_id", "educator_id"),
    )
    __audit__ = Audited("trainer")

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"))
    educator_id: Mapped[UUID | None] = mapped_column(ForeignKey("educators.id"))
    display_name: Mapped[str | None] = mapped_column(info=dict(SENSITIVE))
    consent_public: Mapped[bool]
    in_use: Mapped[bool]
    """Whether the trainer may be given new sessions."""


class SessionTrainer(Base):
    """A trainer teaches a session; the hours follow those of the session, and are none when it is cancelled."""

    __tablename__ = "session_trainers"
    __table_args__ = (
        ForeignKeyConstraint(["session_id"], ["course_sessions.id"]),
        # Partly null it refers to nothing: the key above holds the row of a cancelled session.
        ForeignKeyConstraint(
            ["session_id", "busy"], ["course_sessions.id", "course_sessions.busy"], onupdate="CASCADE"
        ),
        ExcludeConstraint(("trainer_id", "="), ("busy", "&&"), name="ex_session_trainers_trainer_taken", using="gist"),
        Index("ix_session_trainers_trainer_id", "trainer_id"),
    )
    __audit__ = Audited("session", "session_id")

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("trainers.id"), primary_key=True)
    busy: Mapped[Range[datetime] | None] = mapped_column(TSTZRANGE, info=dict(UNRECORDED))
