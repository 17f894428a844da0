"""Tables of appeals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.rating_engine.appeals.rules import MACHINE, OPEN
from services.rating_engine.base import Base
from shared.db.base import Identified, Versioned, after_create
from shared.machines import state_follows, steps_follow
from shared.schemas.rating.appeals import AppealGround, AppealState


def _listed(*words: str) -> str:
    return ", ".join(f"'{word}'" for word in words)


_DECIDED = "state IN ('upheld', 'partly_upheld', 'rejected')"


class Appeal(Identified, Versioned, Base):
    """What an organisation objects to in its preview."""

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint(f"state IN ({_listed(*AppealState)})", name="state"),
        CheckConstraint(f"ground IN ({_listed(*AppealGround)})", name="ground"),
        CheckConstraint(f"({_DECIDED}) = (reason IS NOT NULL)", name="reasoned"),
        CheckConstraint(f"({_DECIDED}) = (decided_by IS NOT NULL)", name="decided"),
        CheckConstraint(f"(state IN ({_listed(*OPEN)})) = (decided_at IS NULL)", name="ended"),
        Index(
            "uq_appeals_open",
            "run_id",
            "organisation_id",
            text("coalesce(indicator, '')"),
            unique=True,
            postgresql_where=text(f"state IN ({_listed(*OPEN)})"),
        ),
        Index("ix_appeals_organisation_id", "organisation_id"),
        Index("ix_appeals_run_id", "run_id"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id"))
    organisation_id: Mapped[UUID]
    organisation: Mapped[dict[str, Any]] = mapped_column(comment="Its name on the day of the run")
    area_path: Mapped[list[str]]
    indicator: Mapped[str | None]
    ground: Mapped[str]
    argument: Mapped[str] = mapped_column("text")
    evidence: Mapped[list[str]]
    state: Mapped[str]
    submitted_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    corrections: Mapped[list[Any]]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class AppealStep(Base):
    """One step in the life of an appeal; steps are only added."""

    __tablename__ = "appeal_steps"
    __audit__ = False  # this table is a trail itself

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeals.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]
    from_state: Mapped[str | None] = mapped_column("from_status")
    to_state: Mapped[str] = mapped_column("to_status")
    actor: Mapped[str]
    comment: Mapped[str | None]
    recorded_at: Mapped[datetime]


after_create(
    Appeal.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    *state_follows("appeals", "state", MACHINE),
)
after_create(
    AppealStep.__table__,  # type: ignore[arg-type]
    *steps_follow("appeal_steps", MACHINE),
)
