"""Tables of projects with their parts, of development plans in versions, and of study visits."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from services.registry_api.projects import rules
from shared.audit import Audited
from shared.db.base import Identified, Versioned, after_create


class Project(Identified, Versioned, Base):
    """A project of an organisation, or a programme that others belong to."""

    __tablename__ = "projects"
    __audit__ = Audited("project")
    __table_args__ = (
        CheckConstraint("level IN ('programme', 'project')", name="level_known"),
        CheckConstraint("status IN ('draft', 'active', 'completed', 'stopped')", name="status_known"),
        CheckConstraint(
            "status <> 'active' OR (owner_id IS NOT NULL AND coalesce(goal_kk, goal_ru, goal_en) IS NOT NULL)",
            name="active_has_owner_and_goal",
        ),
        CheckConstraint("status <> 'stopped' OR status_reason IS NOT NULL", name="reason_told"),
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        Index("ix_projects_parent_id", "parent_id"),
        Index("ix_projects_owner_id", "owner_id"),
        Index("ix_projects_area_code", "area_code"),
    )

    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id"))
    level: Mapped[str]
    kind: Mapped[str]
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    goal_kk: Mapped[str | None]
    goal_ru: Mapped[str | None]
    goal_en: Mapped[str | None]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    """None for what belongs to the whole country."""
    items_planned: Mapped[int | None] = mapped_column(Integer)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    link_hosts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str]
    status_reason: Mapped[str | None]


class ProjectStakeholder(Identified, Base):
    """Who has a part in a project."""

    __tablename__ = "project_stakeholders"
    __audit__ = Audited("project", "project_id")
    __table_args__ = (
        UniqueConstraint("project_id", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint(
            "(organisation_id IS NULL) = (coalesce(body_kk, body_ru, body_en) IS NOT NULL)", name="of_one_body"
        ),
        Index("ix_project_stakeholders_organisation_id", "organisation_id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    body_kk: Mapped[str | None]
    body_ru: Mapped[str | None]
    body_en: Mapped[str | None]
    role: Mapped[str]


class ProjectItem(Identified, Base):
    """One thing of many that a project is made of."""

    __tablename__ = "project_items"
    __audit__ = Audited("project", "project_id")
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("url ~ '^https://'", name="only_https"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"))
    number: Mapped[int] = mapped_column(Integer)
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    note: Mapped[str | None]
    url: Mapped[str | None]


class ProjectLink(Identified, Base):
    """A resource on the web that a project uses."""

    __tablename__ = "project_links"
    __audit__ = Audited("project", "project_id")
    __table_args__ = (
        CheckConstraint("url ~ '^https://'", name="only_https"),
        Index("ix_project_links_project_id", "project_id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"))
    url: Mapped[str]
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]


class DevelopmentPlan(Identified, Versioned, Base):
    """The development plan of an organisation; what it says stands in its versions."""

    __tablename__ = "development_plans"
    __audit__ = Audited("development_plan")
    __table_args__ = (
        CheckConstraint("latest >= 1", name="versions_count_from_one"),
        Index("ix_development_plans_organisation_id", "organisation_id"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    latest: Mapped[int] = mapped_column(Integer)
    """The number of the version in force."""


class DevelopmentPlanVersion(Identified, Base):
    """What a plan said from one version to the next; never changed."""

    __tablename__ = "development_plan_versions"
    __audit__ = Audited("development_plan", "plan_id")
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("number >= 1", name="numbers_count_from_one"),
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("development_plans.id"))
    number: Mapped[int] = mapped_column(Integer)
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    model_kk: Mapped[str | None]
    model_ru: Mapped[str | None]
    model_en: Mapped[str | None]
    strategies: Mapped[list[Any]]
    """Texts in their languages, in their order."""
    project_ids: Mapped[list[str]]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    reason: Mapped[str | None]
    recorded_at: Mapped[datetime]


class StudyVisit(Identified, Versioned, Base):
    """A journey to see how others do it."""

    __tablename__ = "study_visits"
    __audit__ = Audited("study_visit")
    __table_args__ = (
        CheckConstraint("departs_on <= returns_on", name="return_after_departure"),
        Index("ix_study_visits_departs_on", "departs_on", "id"),
        Index("ix_study_visits_organiser_id", "organiser_id"),
    )

    organiser_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    """Where the organiser stood when the visit was entered."""
    country: Mapped[str]
    city_kk: Mapped[str | None]
    city_ru: Mapped[str | None]
    city_en: Mapped[str | None]
    host_kk: Mapped[str | None]
    host_ru: Mapped[str | None]
    host_en: Mapped[str | None]
    departs_on: Mapped[date]
    returns_on: Mapped[date]
    purpose_kk: Mapped[str | None]
    purpose_ru: Mapped[str | None]
    purpose_en: Mapped[str | None]
    outcomes_kk: Mapped[str | None]
    outcomes_ru: Mapped[str | None]
    outcomes_en: Mapped[str | None]


class StudyVisitTeam(Identified, Base):
    """Those of one organisation who go on a visit."""

    __tablename__ = "study_visit_teams"
    __audit__ = Audited("study_visit", "visit_id")
    __table_args__ = (
        UniqueConstraint("visit_id", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint("people >= 1", name="somebody_goes"),
        Index("ix_study_visit_teams_organisation_id", "organisation_id"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("study_visits.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    people: Mapped[int] = mapped_column(Integer)


_STEPS = ", ".join(f"('{one}', '{other}')" for one, others in rules.TRANSITIONS.items() for other in others)
after_create(
    Project.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    f"""
CREATE OR REPLACE FUNCTION projects_refuse_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({_STEPS}) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER projects_step_by_the_table BEFORE UPDATE OF status ON projects "
    "FOR EACH ROW EXECUTE FUNCTION projects_refuse_steps()",
)
