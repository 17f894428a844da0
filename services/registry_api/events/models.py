"""Tables of events with their sessions and delegations, and of plans with their revisions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from services.registry_api.events import rules
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned, after_create


class Event(Identified, Versioned, Base):
    """Something that is held somewhere at some time, as exactly as the time is known."""

    __tablename__ = "events"
    __audit__ = Audited("event")
    __table_args__ = (
        CheckConstraint("status IN ('planned', 'held', 'cancelled', 'postponed')", name="status_known"),
        CheckConstraint("status NOT IN ('cancelled', 'postponed') OR status_reason IS NOT NULL", name="reason_told"),
        CheckConstraint("earliest <= latest AND latest <= ends_by AND duration_days >= 1", name="days_in_order"),
        Index("ix_events_when", "earliest", "latest", "id"),
        Index("ix_events_area_code", "area_code"),
        Index("ix_events_host_id", "host_id"),
        Index("ix_events_plan_item_id", "plan_item_id"),
        Index("ix_events_categories", "categories", postgresql_using="gin"),
        Index(
            "ix_events_search_key",
            "search_key",
            postgresql_using="gin",
            postgresql_ops={"search_key": "gin_trgm_ops"},
        ),
    )

    kind: Mapped[str]
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    description_kk: Mapped[str | None]
    description_ru: Mapped[str | None]
    description_en: Mapped[str | None]
    host_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    area_code: Mapped[str] = mapped_column(String(9), ForeignKey("areas.code"))
    venue_kk: Mapped[str | None]
    venue_ru: Mapped[str | None]
    venue_en: Mapped[str | None]
    network: Mapped[str | None]
    when_text: Mapped[str]
    """EDTF; what follows are the days it may mean."""
    earliest: Mapped[date] = mapped_column(info=dict(UNRECORDED))
    latest: Mapped[date] = mapped_column(info=dict(UNRECORDED))
    ends_by: Mapped[date] = mapped_column(info=dict(UNRECORDED))
    duration_days: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str]
    status_reason: Mapped[str | None]
    audience: Mapped[list[str]] = mapped_column(ARRAY(Text))
    plan_item_id: Mapped[UUID | None]
    outcomes_kk: Mapped[str | None]
    outcomes_ru: Mapped[str | None]
    outcomes_en: Mapped[str | None]
    notes: Mapped[str | None]
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text), info=dict(UNRECORDED))
    """Its audience and those of its sessions together."""
    search_key: Mapped[str] = mapped_column(info=dict(UNRECORDED))
    sequence: Mapped[int] = mapped_column(Integer, info=dict(UNRECORDED))
    """SEQUENCE of iCalendar."""
    told_at: Mapped[datetime] = mapped_column(info=dict(UNRECORDED))
    """When the sequence last grew."""


class EventSession(Identified, Base):
    """A part of an event with a topic of its own."""

    __tablename__ = "event_sessions"
    __audit__ = Audited("event", "event_id")
    __table_args__ = (
        UniqueConstraint("event_id", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint("starts_at < ends_at", name="in_order"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    audience: Mapped[list[str]] = mapped_column(ARRAY(Text))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]


class EventDelegation(Identified, Base):
    """People who come to an event together."""

    __tablename__ = "event_delegations"
    __audit__ = Audited("event", "event_id")
    __table_args__ = (
        UniqueConstraint("event_id", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint(
            "(organisation_id IS NULL) = (coalesce(body_kk, body_ru, body_en) IS NOT NULL)", name="of_one_body"
        ),
        CheckConstraint("people >= 1", name="somebody_comes"),
        Index("ix_event_delegations_organisation_id", "organisation_id"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    body_kk: Mapped[str | None]
    body_ru: Mapped[str | None]
    body_en: Mapped[str | None]
    country: Mapped[str | None]
    role: Mapped[str]
    people: Mapped[int] = mapped_column(Integer)


class EventPlan(Identified, Versioned, Base):
    """A plan of events of a school year; what is in it stands in its revisions."""

    __tablename__ = "event_plans"
    __audit__ = Audited("event_plan")
    __table_args__ = (
        CheckConstraint("latest_revision >= 1 AND approved_revision <= latest_revision", name="revisions_in_order"),
        CheckConstraint("organisation_id IS NOT NULL OR area_code IS NOT NULL", name="is_somebodys"),
        Index("ix_event_plans_academic_year", "academic_year", "id"),
        Index("ix_event_plans_organisation_id", "organisation_id"),
        Index("ix_event_plans_area_code", "area_code"),
    )

    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    network: Mapped[str | None]
    academic_year: Mapped[str] = mapped_column(Text(collation="C"))
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    latest_revision: Mapped[int] = mapped_column(Integer)
    approved_revision: Mapped[int | None] = mapped_column(Integer)
    """The one in force."""


class EventPlanRevision(Identified, Base):
    """What a plan said from one approval to the next, or is about to say."""

    __tablename__ = "event_plan_revisions"
    __audit__ = Audited("event_plan", "plan_id")
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("number >= 1", name="numbers_count_from_one"),
        CheckConstraint("(approved_on IS NULL) = (approver_role IS NULL)", name="approval_is_whole"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("event_plans.id"))
    number: Mapped[int] = mapped_column(Integer)
    drafted_at: Mapped[datetime]
    approved_on: Mapped[date | None]
    approver_role: Mapped[str | None]
    document: Mapped[str | None]


class EventPlanItem(Identified, Base):
    """Something to be held in a month, as one revision has it."""

    __tablename__ = "event_plan_items"
    __audit__ = Audited("event_plan", "plan_id")
    __table_args__ = (
        UniqueConstraint("revision_id", "item_id"),
        CheckConstraint("extract(day FROM month) = 1", name="month_by_its_first_day"),
        Index("ix_event_plan_items_item_id", "item_id"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("event_plans.id"))
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("event_plan_revisions.id"))
    item_id: Mapped[UUID]
    """The same in all revisions; events name it."""
    month: Mapped[date]
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    kind: Mapped[str | None]
    responsible_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    note: Mapped[str | None]


after_create(
    EventPlanItem.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    """
CREATE OR REPLACE FUNCTION event_plan_items_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM event_plan_revisions
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.revision_id ELSE OLD.revision_id END
            AND approved_on IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'an approved revision of a plan does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER event_plan_items_of_approved_revisions_stay BEFORE INSERT OR UPDATE OR DELETE ON event_plan_items "
    "FOR EACH ROW EXECUTE FUNCTION event_plan_items_stay()",
)

_STEPS = ", ".join(f"('{one}', '{other}')" for one, others in rules.TRANSITIONS.items() for other in others)
after_create(
    Event.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    f"""
CREATE OR REPLACE FUNCTION events_refuse_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({_STEPS}) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER events_step_by_the_table BEFORE UPDATE OF status ON events "
    "FOR EACH ROW EXECUTE FUNCTION events_refuse_steps()",
)
