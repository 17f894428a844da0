"""Lay out the registry: areas with their reference data, organisations, indicators, observations, imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.registry_api.areas import reference
from shared.clock import now
from shared.ids import new_id

revision = "20261122_initial"
down_revision: str | None = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "announced_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_announced_days")),
    )
    op.create_table(
        "areas",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.CheckConstraint("code ~ '^[1-7][0-9]{8}$'", name=op.f("ck_areas_code_is_kato")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_areas")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("occurred_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column(
            "changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='{"field": [before, after]}'
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("occurred_at", "id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor", "occurred_at", "id"], unique=False)
    op.create_index(
        "ix_audit_entries_resource",
        "audit_entries",
        ["resource_type", "resource_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_table(
        "change_events",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_change_events_position_counts_from_one")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change_events")),
        sa.UniqueConstraint("position", name=op.f("uq_change_events_position")),
    )
    op.create_index(
        "ix_change_events_unstamped",
        "change_events",
        ["seq"],
        unique=False,
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_table(
        "feed_cursors",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_feed_cursors_position_not_negative")),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_feed_cursors")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "fingerprint", sa.LargeBinary(), nullable=False, comment="SHA-256 of what was asked, without the key"
        ),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("principal", "route", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mapping", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("reach", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("brought", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'queued') = (report IS NULL)", name=op.f("ck_imports_report_when_read")),
        sa.CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_imports_undone_at_when_undone")
        ),
        sa.CheckConstraint(
            "kind IN ('organisations', 'observations', 'areas', 'indicators')", name=op.f("ck_imports_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'checked', 'applied', 'refused', 'undone')", name=op.f("ck_imports_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_created_by", "imports", ["created_by", "id"], unique=False)
    op.create_index("ix_imports_file_sha256", "imports", ["file_sha256"], unique=False)
    op.create_table(
        "indicators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("organisation_types", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("pillar", sa.Text(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("period_kind", sa.Text(), nullable=False),
        sa.Column("as_of_rule", sa.Text(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=False),
        sa.Column("plausible_min", sa.Double(), nullable=True),
        sa.Column("plausible_max", sa.Double(), nullable=True),
        sa.Column("typical", sa.Double(), nullable=True),
        sa.Column("min_n", sa.Integer(), nullable=False),
        sa.Column("disaggregation", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("age_youngest", sa.SmallInteger(), nullable=True),
        sa.Column("age_oldest", sa.SmallInteger(), nullable=True),
        sa.Column("source_note", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.CheckConstraint("level IN ('organisation', 'area')", name=op.f("ck_indicators_level_known")),
        sa.CheckConstraint("polarity IN ('higher', 'lower', 'neutral')", name=op.f("ck_indicators_polarity_known")),
        sa.CheckConstraint("(age_youngest IS NULL) = (age_oldest IS NULL)", name=op.f("ck_indicators_age_band_whole")),
        sa.CheckConstraint("age_youngest <= age_oldest", name=op.f("ck_indicators_ages_ordered")),
        sa.CheckConstraint("plausible_min <= plausible_max", name=op.f("ck_indicators_plausible_range_ordered")),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_indicators_validity_ordered")),
        sa.CheckConstraint("version >= 1 AND edition >= 1", name=op.f("ck_indicators_versions_count_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_indicators_code_version")),
    )
    op.create_index("ix_indicators_pillar", "indicators", ["pillar"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("progress", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("result", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("problem", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("authorship", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name=op.f("ck_jobs_problem_when_failed")),
        sa.CheckConstraint("(status = 'running') = (lease IS NOT NULL)", name=op.f("ck_jobs_lease_while_running")),
        sa.CheckConstraint(
            "(status IN ('queued', 'running')) = (finished_at IS NULL)", name=op.f("ck_jobs_finished_at_the_end")
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name=op.f("ck_jobs_status_known")
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_jobs_progress_is_a_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_created_by", "jobs", ["created_by", "id"], unique=False)
    op.create_index(
        "ix_jobs_open",
        "jobs",
        ["created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "area_states",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("parent_code", sa.String(length=9), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=True),
        sa.Column("name_ru", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_area_states_one_at_a_time",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_area_states_periods_not_empty")
        ),
        sa.CheckConstraint("parent_code <> code", name=op.f("ck_area_states_not_its_own_parent")),
        sa.ForeignKeyConstraint(["code"], ["areas.code"], name=op.f("fk_area_states_code")),
        sa.ForeignKeyConstraint(["parent_code"], ["areas.code"], name=op.f("fk_area_states_parent_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_states")),
    )
    op.create_index(
        "ix_area_states_code", "area_states", ["code"], unique=False, postgresql_where=sa.text("upper_inf(recorded)")
    )
    op.create_index(
        "ix_area_states_parent_code",
        "area_states",
        ["parent_code", "code"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_area_states_search_key",
        "area_states",
        ["search_key"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_key": "gin_trgm_ops"},
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "import_file_parts",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(content) <= 1048576", name=op.f("ck_import_file_parts_part_small")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_file_parts_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_import_file_parts")),
    )
    op.create_table(
        "observations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("missing_reason", sa.Text(), nullable=True),
        sa.Column("missing_code", sa.Text(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("variance", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source_system", sa.Text(collation="C"), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("break_in_series", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "missing_reason IN ('not_sampled', 'not_applicable', 'not_reported', 'suppressed', 'below_min_n', 'low_coverage', 'under_appeal', 'invalidated')",
            name=op.f("ck_observations_missing_reason_known"),
        ),
        sa.CheckConstraint(
            "status IN ('provisional', 'final', 'corrected', 'withdrawn')", name=op.f("ck_observations_status_known")
        ),
        sa.CheckConstraint("value NOT IN ('NaN', 'Infinity', '-Infinity')", name=op.f("ck_observations_value_finite")),
        sa.CheckConstraint(
            "variance >= 0 AND variance < 'Infinity'", name=op.f("ck_observations_variance_not_negative")
        ),
        sa.CheckConstraint("(value IS NULL) <> (missing_reason IS NULL)", name=op.f("ck_observations_value_or_reason")),
        sa.CheckConstraint("NOT isempty(recorded)", name=op.f("ck_observations_recorded_not_empty")),
        sa.CheckConstraint("n >= 0", name=op.f("ck_observations_n_not_negative")),
        sa.CheckConstraint("num_nonnulls(organisation_id, area_code) = 1", name=op.f("ck_observations_one_subject")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_observations_revisions_count_from_one")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_observations_area_code")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicators.id"], name=op.f("fk_observations_indicator_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_observations_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
    )
    op.create_index(
        "ix_observations_area",
        "observations",
        ["area_code", "indicator_id", "period"],
        unique=False,
        postgresql_where=sa.text("area_code IS NOT NULL"),
    )
    op.create_index(
        "ix_observations_import_id",
        "observations",
        ["import_id"],
        unique=False,
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    op.create_index(
        "ix_observations_organisation", "observations", ["organisation_id", "indicator_id", "period"], unique=False
    )
    op.create_index("ix_observations_table", "observations", ["indicator_id", "period_end"], unique=False)
    op.create_index(
        "uq_observations_area",
        "observations",
        ["indicator_id", "area_code", "period", "source_system"],
        unique=True,
        postgresql_where=sa.text("upper_inf(recorded) AND area_code IS NOT NULL"),
    )
    op.create_index(
        "uq_observations_organisation",
        "observations",
        ["indicator_id", "organisation_id", "period", "source_system"],
        unique=True,
        postgresql_where=sa.text("upper_inf(recorded) AND organisation_id IS NOT NULL"),
    )
    op.create_table(
        "organisation_identifiers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("value_key", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organisation_id"), "="),
            (sa.column("scheme"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_organisation_identifiers_one_per_scheme",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("scheme"), "="),
            (sa.column("value_key"), "="),
            (sa.column("organisation_id"), "<>"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_organisation_identifiers_never_reused",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_organisation_identifiers_periods_not_empty")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_identifiers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_identifiers")),
    )
    op.create_index(
        "ix_organisation_identifiers_organisation_id",
        "organisation_identifiers",
        ["organisation_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_organisation_identifiers_value_key",
        "organisation_identifiers",
        ["value_key", "scheme"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "organisation_states",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=True),
        sa.Column("name_ru", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("short_name_kk", sa.Text(), nullable=True),
        sa.Column("short_name_ru", sa.Text(), nullable=True),
        sa.Column("short_name_en", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("ownership", sa.Text(), nullable=True),
        sa.Column("legal_form", sa.Text(), nullable=True),
        sa.Column("levels", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages_of_instruction", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("multigrade", sa.Boolean(), nullable=True),
        sa.Column("boarding", sa.Boolean(), nullable=True),
        sa.Column("selective", sa.Boolean(), nullable=True),
        sa.Column("shift_count", sa.SmallInteger(), nullable=True),
        sa.Column("design_capacity", sa.Integer(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("address_kk", sa.Text(), nullable=True),
        sa.Column("address_ru", sa.Text(), nullable=True),
        sa.Column("address_en", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("programme_tags", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("school_number", sa.Integer(), nullable=True),
        sa.Column("sort_kk", sa.Text(collation="C"), nullable=False),
        sa.Column("sort_ru", sa.Text(collation="C"), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organisation_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_organisation_states_one_at_a_time",
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_organisation_states_point_is_whole")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_organisation_states_periods_not_empty")
        ),
        sa.CheckConstraint("parent_id <> organisation_id", name=op.f("ck_organisation_states_not_its_own_parent")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_organisation_states_area_code")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_states_organisation_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["organisations.id"], name=op.f("fk_organisation_states_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_states")),
    )
    op.create_index(
        "ix_organisation_states_area_code",
        "organisation_states",
        ["area_code"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_organisation_states_organisation_id",
        "organisation_states",
        ["organisation_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_organisation_states_parent_id",
        "organisation_states",
        ["parent_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_organisation_states_point",
        "organisation_states",
        ["latitude", "longitude"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_organisation_states_search_key",
        "organisation_states",
        ["search_key"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_key": "gin_trgm_ops"},
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_organisation_states_sort_kk",
        "organisation_states",
        ["sort_kk", "organisation_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_organisation_states_sort_ru",
        "organisation_states",
        ["sort_ru", "organisation_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "organisation_successions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("predecessor_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.CheckConstraint(
            "predecessor_id <> successor_id", name=op.f("ck_organisation_successions_not_its_own_successor")
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["organisations.id"], name=op.f("fk_organisation_successions_predecessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["organisations.id"], name=op.f("fk_organisation_successions_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_successions")),
    )
    op.create_index(
        "ix_organisation_successions_predecessor_id",
        "organisation_successions",
        ["predecessor_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_organisation_successions_successor_id",
        "organisation_successions",
        ["successor_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.execute("""
CREATE OR REPLACE FUNCTION audit_entries_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail can only be added to' USING ERRCODE = 'insufficient_privilege';
END
$$
""")
    op.execute("""
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse_change()
""")
    _insert_reference_areas()


def _insert_reference_areas() -> None:
    """The shipped levels of the classifier; later editions come by import."""
    states = sa.table(
        "area_states",
        sa.column("id", sa.Uuid()),
        sa.column("code", sa.String()),
        sa.column("parent_code", sa.String()),
        sa.column("level", sa.SmallInteger()),
        sa.column("kind", sa.Text()),
        sa.column("name_kk", sa.Text()),
        sa.column("name_ru", sa.Text()),
        sa.column("name_en", sa.Text()),
        sa.column("search_key", sa.Text()),
        sa.column("valid", postgresql.DATERANGE()),
        sa.column("recorded", postgresql.TSTZRANGE()),
    )
    known = postgresql.Range(now(), None)
    rows = reference.rows()
    op.bulk_insert(sa.table("areas", sa.column("code", sa.String())), [{"code": row.code} for row in rows])
    op.bulk_insert(
        states,
        [
            {
                "id": new_id(),
                "code": row.code,
                "parent_code": row.parent_code,
                "level": row.level,
                "kind": row.kind.value if row.kind else None,
                "name_kk": row.name.kk,
                "name_ru": row.name.ru,
                "name_en": row.name.en,
                "search_key": reference.search_key(row.name.kk, row.name.ru, row.name.en),
                "valid": postgresql.Range(row.valid_from, None),
                "recorded": known,
            }
            for row in rows
        ],
    )
