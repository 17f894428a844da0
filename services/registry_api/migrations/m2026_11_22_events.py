"""Plans of events, events, sessions."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_events"
down_revision: str | None = "20261122_memoranda"


def upgrade() -> None:
    op.create_table(
        "event_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("academic_year", sa.Text(collation="C"), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("latest_revision", sa.Integer(), nullable=False),
        sa.Column("approved_revision", sa.Integer(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "latest_revision >= 1 AND approved_revision <= latest_revision",
            name=op.f("ck_event_plans_revisions_in_order"),
        ),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR area_code IS NOT NULL", name=op.f("ck_event_plans_is_somebodys")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_event_plans_area_code")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_event_plans_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_plans")),
    )
    op.create_index("ix_event_plans_academic_year", "event_plans", ["academic_year", "id"], unique=False)
    op.create_index("ix_event_plans_area_code", "event_plans", ["area_code"], unique=False)
    op.create_index("ix_event_plans_organisation_id", "event_plans", ["organisation_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("description_kk", sa.Text(), nullable=True),
        sa.Column("description_ru", sa.Text(), nullable=True),
        sa.Column("description_en", sa.Text(), nullable=True),
        sa.Column("host_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=False),
        sa.Column("venue_kk", sa.Text(), nullable=True),
        sa.Column("venue_ru", sa.Text(), nullable=True),
        sa.Column("venue_en", sa.Text(), nullable=True),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("when_text", sa.Text(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.Column("ends_by", sa.Date(), nullable=False),
        sa.Column("duration_days", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("audience", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("plan_item_id", sa.Uuid(), nullable=True),
        sa.Column("outcomes_kk", sa.Text(), nullable=True),
        sa.Column("outcomes_ru", sa.Text(), nullable=True),
        sa.Column("outcomes_en", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'held', 'cancelled', 'postponed')", name=op.f("ck_events_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('cancelled', 'postponed') OR status_reason IS NOT NULL", name=op.f("ck_events_reason_told")
        ),
        sa.CheckConstraint(
            "earliest <= latest AND latest <= ends_by AND duration_days >= 1", name=op.f("ck_events_days_in_order")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_events_area_code")),
        sa.ForeignKeyConstraint(["host_id"], ["organisations.id"], name=op.f("fk_events_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_area_code", "events", ["area_code"], unique=False)
    op.create_index("ix_events_categories", "events", ["categories"], unique=False, postgresql_using="gin")
    op.create_index("ix_events_host_id", "events", ["host_id"], unique=False)
    op.create_index("ix_events_plan_item_id", "events", ["plan_item_id"], unique=False)
    op.create_index(
        "ix_events_search_key",
        "events",
        ["search_key"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_key": "gin_trgm_ops"},
    )
    op.create_index("ix_events_when", "events", ["earliest", "latest", "id"], unique=False)
    op.create_table(
        "event_delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("body_kk", sa.Text(), nullable=True),
        sa.Column("body_ru", sa.Text(), nullable=True),
        sa.Column("body_en", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(organisation_id IS NULL) = (coalesce(body_kk, body_ru, body_en) IS NOT NULL)",
            name=op.f("ck_event_delegations_of_one_body"),
        ),
        sa.CheckConstraint("people >= 1", name=op.f("ck_event_delegations_somebody_comes")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_delegations_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_event_delegations_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_delegations")),
        sa.UniqueConstraint(
            "event_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_event_delegations_event_id_position"),
        ),
    )
    op.create_index("ix_event_delegations_organisation_id", "event_delegations", ["organisation_id"], unique=False)
    op.create_table(
        "event_plan_revisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approver_role", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(approved_on IS NULL) = (approver_role IS NULL)", name=op.f("ck_event_plan_revisions_approval_is_whole")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_event_plan_revisions_numbers_count_from_one")),
        sa.ForeignKeyConstraint(["plan_id"], ["event_plans.id"], name=op.f("fk_event_plan_revisions_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_plan_revisions")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_event_plan_revisions_plan_id_number")),
    )
    op.create_table(
        "event_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("audience", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_event_sessions_in_order")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_sessions_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_sessions")),
        sa.UniqueConstraint(
            "event_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_event_sessions_event_id_position"),
        ),
    )
    op.create_table(
        "event_plan_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_event_plan_items_month_by_its_first_day")),
        sa.ForeignKeyConstraint(["plan_id"], ["event_plans.id"], name=op.f("fk_event_plan_items_plan_id")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["organisations.id"], name=op.f("fk_event_plan_items_responsible_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["event_plan_revisions.id"], name=op.f("fk_event_plan_items_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_plan_items")),
        sa.UniqueConstraint("revision_id", "item_id", name=op.f("uq_event_plan_items_revision_id_item_id")),
    )
    op.create_index("ix_event_plan_items_item_id", "event_plan_items", ["item_id"], unique=False)
    op.execute("""
CREATE OR REPLACE FUNCTION events_refuse_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('planned', 'held'), ('planned', 'cancelled'), ('planned', 'postponed'), ('postponed', 'planned'), ('postponed', 'held'), ('postponed', 'cancelled'), ('cancelled', 'planned')) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER events_step_by_the_table BEFORE UPDATE OF status ON events FOR EACH ROW EXECUTE FUNCTION events_refuse_steps()"
    )
    op.execute("""
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
""")
    op.execute(
        "CREATE TRIGGER event_plan_items_of_approved_revisions_stay BEFORE INSERT OR UPDATE OR DELETE ON event_plan_items FOR EACH ROW EXECUTE FUNCTION event_plan_items_stay()"
    )
