"""Targets, directives and their items."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_targets"
down_revision: str | None = "20261122_networks"


def upgrade() -> None:
    op.create_table(
        "academic_years",
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("order_reference", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code ~ '^[0-9]{4}-[0-9]{4}$'", name=op.f("ck_academic_years_code_is_school_year")),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_academic_years_days_ordered")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_academic_years")),
    )
    op.create_table(
        "targets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
    )
    op.create_table(
        "directives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=False),
        sa.Column("title_ru", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("academic_year", sa.Text(collation="C"), nullable=False),
        sa.Column("area_code", sa.String(length=9), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_event_id", sa.Uuid(), nullable=True),
        sa.Column("stated_by_role", sa.Text(), nullable=False),
        sa.Column("stated_on", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("origin_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "source_kind IN ('august_conference', 'order', 'meeting', 'document')",
            name=op.f("ck_directives_source_known"),
        ),
        sa.ForeignKeyConstraint(["academic_year"], ["academic_years.code"], name=op.f("fk_directives_academic_year")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_directives_area_code")),
        sa.ForeignKeyConstraint(["origin_id"], ["directives.id"], name=op.f("fk_directives_origin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directives")),
        sa.UniqueConstraint("origin_id", "academic_year", name=op.f("uq_directives_origin_id_academic_year")),
    )
    op.create_index("ix_directives_academic_year", "directives", ["academic_year"], unique=False)
    op.create_index("ix_directives_area_code", "directives", ["area_code"], unique=False)
    op.create_table(
        "target_states",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_code", sa.Text(collation="C"), nullable=False),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("scope_key", sa.Text(collation="C"), nullable=False),
        sa.Column("territory_version", sa.SmallInteger(), nullable=False),
        sa.Column("organisation_types", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("each_at_least", sa.Double(), nullable=True),
        sa.Column("baseline_value", sa.Double(), nullable=True),
        sa.Column("baseline_on", sa.Text(), nullable=True),
        sa.Column("comparator", sa.Text(), nullable=False),
        sa.Column("value_low", sa.Double(), nullable=False),
        sa.Column("value_high", sa.Double(), nullable=True),
        sa.Column("qualifier", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("due_earliest", sa.Date(), nullable=True),
        sa.Column("due_latest", sa.Date(), nullable=True),
        sa.Column("stated_by_role", sa.Text(), nullable=False),
        sa.Column("stated_on", sa.Text(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("authoritative", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("children_rule", sa.Text(), nullable=False),
        sa.Column("children_note", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("indicator_code"), "="),
            (sa.column("scope_key"), "="),
            (sa.text("coalesce(due, '')"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("authoritative AND status = 'stated' AND upper_inf(recorded)"),
            using="gist",
            name="ex_target_states_one_to_go_by",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("target_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_target_states_one_at_a_time",
        ),
        sa.CheckConstraint(
            "(comparator = 'range') = (value_high IS NOT NULL)", name=op.f("ck_target_states_range_has_two_ends")
        ),
        sa.CheckConstraint(
            "(status = 'superseded') = (superseded_by IS NOT NULL)", name=op.f("ck_target_states_superseded_by_whom")
        ),
        sa.CheckConstraint(
            "children_rule IN ('sum', 'mean', 'none')", name=op.f("ck_target_states_children_rule_known")
        ),
        sa.CheckConstraint(
            "comparator IN ('ge', 'le', 'eq', 'all', 'zero', 'range')", name=op.f("ck_target_states_comparator_known")
        ),
        sa.CheckConstraint(
            "qualifier IN ('exact', 'about', 'at_least', 'aspiration')", name=op.f("ck_target_states_qualifier_known")
        ),
        sa.CheckConstraint(
            "status IN ('stated', 'superseded', 'withdrawn')", name=op.f("ck_target_states_status_known")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_target_states_periods_not_empty")
        ),
        sa.CheckConstraint(
            "baseline_on IS NULL OR baseline_value IS NOT NULL", name=op.f("ck_target_states_baseline_whole")
        ),
        sa.CheckConstraint("char_length(quote) <= 200", name=op.f("ck_target_states_quote_short")),
        sa.CheckConstraint("num_nonnulls(organisation_id, area_code) = 1", name=op.f("ck_target_states_one_scope")),
        sa.CheckConstraint(
            "parent_id <> target_id AND supersedes_id <> target_id", name=op.f("ck_target_states_not_its_own_parent")
        ),
        sa.CheckConstraint("value_low < value_high", name=op.f("ck_target_states_range_ordered")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_target_states_area_code")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicators.id"], name=op.f("fk_target_states_indicator_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_target_states_organisation_id")
        ),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"], name=op.f("fk_target_states_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_states")),
    )
    op.create_index(
        "ix_target_states_parent_id",
        "target_states",
        ["parent_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_target_states_scope_key",
        "target_states",
        ["scope_key"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_target_states_subject",
        "target_states",
        ["indicator_code", "scope_key"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_target_states_target_id",
        "target_states",
        ["target_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "direction_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("directive_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("origin_item_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("mapping IN ('ours', 'source')", name=op.f("ck_direction_items_mapping_known")),
        sa.ForeignKeyConstraint(["directive_id"], ["directives.id"], name=op.f("fk_direction_items_directive_id")),
        sa.ForeignKeyConstraint(
            ["origin_item_id"], ["direction_items.id"], name=op.f("fk_direction_items_origin_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direction_items")),
        sa.UniqueConstraint("directive_id", "code", name=op.f("uq_direction_items_directive_id_code")),
    )
    op.create_index("ix_direction_items_origin_item_id", "direction_items", ["origin_item_id"], unique=False)
    op.create_table(
        "direction_item_states",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=False),
        sa.Column("title_ru", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("responsible_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_unit", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("due_latest", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("target_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("item_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_direction_item_states_one_at_a_time",
        ),
        sa.CheckConstraint(
            "status IN ('open', 'in_progress', 'done', 'dropped')", name=op.f("ck_direction_item_states_status_known")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_direction_item_states_periods_not_empty")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["direction_items.id"], name=op.f("fk_direction_item_states_item_id")),
        sa.ForeignKeyConstraint(
            ["responsible_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_direction_item_states_responsible_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direction_item_states")),
    )
    op.create_index(
        "ix_direction_item_states_item_id",
        "direction_item_states",
        ["item_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
