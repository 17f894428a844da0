"""The table of organisations that take part in a cohort as a team."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base
from shared.db.base import Identified, Versioned


class OrganisationEnrolment(Identified, Versioned, Base):
    """An organisation in a cohort."""

    __tablename__ = "organisation_enrolments"
    __table_args__ = (
        UniqueConstraint("cohort_id", "organisation_id"),
        Index("ix_organisation_enrolments_organisation_id", "organisation_id"),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))


class TeamMember(Base):
    """An enrolment that was made for a team."""

    __tablename__ = "team_members"
    __audit__ = False  # the enrolment has its own trail

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_enrolments.id"), index=True)
