"""Initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_initial"
down_revision: str | None = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
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
        "educators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_kk", sa.Text(), nullable=True),
        sa.Column("given_kk", sa.Text(), nullable=True),
        sa.Column("patronymic_kk", sa.Text(), nullable=True),
        sa.Column("family_ru", sa.Text(), nullable=True),
        sa.Column("given_ru", sa.Text(), nullable=True),
        sa.Column("patronymic_ru", sa.Text(), nullable=True),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("consent_public", sa.Boolean(), nullable=False),
        sa.Column("iin_hash", sa.LargeBinary(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "category IN ('teacher', 'moderator', 'expert', 'researcher', 'master')",
            name=op.f("ck_educators_category_known"),
        ),
        sa.CheckConstraint(
            "(family_kk IS NOT NULL AND given_kk IS NOT NULL) OR (family_ru IS NOT NULL AND given_ru IS NOT NULL)",
            name=op.f("ck_educators_has_a_name"),
        ),
        sa.CheckConstraint("octet_length(iin_hash) = 32", name=op.f("ck_educators_iin_is_hashed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_educators")),
        sa.UniqueConstraint("iin_hash", name=op.f("uq_educators_iin_hash")),
    )
    op.create_index(
        "ix_educators_search_key",
        "educators",
        ["search_key"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_key": "gin_trgm_ops"},
    )
    op.create_index("ix_educators_sort_key", "educators", ["sort_key", "id"], unique=False)
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
        "norm_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("min_hours", sa.Integer(), nullable=False),
        sa.Column("window_months", sa.Integer(), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="), (sa.column("period"), "&&"), using="gist", name="ex_norm_rules_one_at_a_time"
        ),
        sa.CheckConstraint("NOT isempty(period)", name=op.f("ck_norm_rules_period_not_empty")),
        sa.CheckConstraint("min_hours >= 1 AND window_months >= 1", name=op.f("ck_norm_rules_counts_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_norm_rules")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_norm_rules_code_number")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=True),
        sa.Column("name_ru", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("area", sa.String(length=9), nullable=True),
        sa.Column("area_path", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("ownership", sa.Text(), nullable=True),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_index("ix_organisations_area_path", "organisations", ["area_path"], unique=False, postgresql_using="gin")
    op.create_index("ix_organisations_type", "organisations", ["type"], unique=False)
    op.create_table(
        "employments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("educator_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("subjects", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("educator_id"), "="),
            (sa.column("period"), "&&"),
            using="gist",
            name="ex_employments_one_at_a_time",
        ),
        sa.CheckConstraint(
            "role IN ('director', 'deputy_director', 'teacher', 'methodologist', 'psychologist', 'social_pedagogue', 'librarian', 'other')",
            name=op.f("ck_employments_role_known"),
        ),
        sa.CheckConstraint("NOT isempty(period)", name=op.f("ck_employments_period_not_empty")),
        sa.CheckConstraint("NOT lower_inf(period)", name=op.f("ck_employments_has_begun")),
        sa.ForeignKeyConstraint(["educator_id"], ["educators.id"], name=op.f("fk_employments_educator_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_employments_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employments")),
    )
    op.create_index("ix_employments_organisation_id", "employments", ["organisation_id", "educator_id"], unique=False)
    op.create_index(
        "ix_employments_present",
        "employments",
        ["educator_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(period)"),
    )
    op.create_table(
        "providers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_providers_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_providers")),
        sa.UniqueConstraint("code", name=op.f("uq_providers_code")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_providers_organisation_id")),
    )
    op.create_table(
        "certificate_counters",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_certificate_counters_provider_id")),
        sa.PrimaryKeyConstraint("provider_id", "kind", "year", name=op.f("pk_certificate_counters")),
    )
    op.create_table(
        "programmes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("academic_hours", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("min_attendance", sa.Float(), nullable=False),
        sa.Column("tasks_required", sa.Boolean(), nullable=False),
        sa.Column("min_score", sa.Float(), nullable=True),
        sa.Column("approval", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approval_basis", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "approval <> 'approved' OR (approved_by IS NOT NULL AND approved_on IS NOT NULL)",
            name=op.f("ck_programmes_told"),
        ),
        sa.CheckConstraint(
            "approval IN ('draft', 'approved', 'rejected', 'retired')", name=op.f("ck_programmes_approval_known")
        ),
        sa.CheckConstraint(
            "kind IN ('course', 'seminar', 'master_class', 'accelerator', 'study_visit', 'author_course')",
            name=op.f("ck_programmes_kind_known"),
        ),
        sa.CheckConstraint("number >= 1 AND academic_hours >= 1", name=op.f("ck_programmes_counts_from_one")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_programmes_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_programmes_code_number")),
    )
    op.create_index("ix_programmes_provider_id", "programmes", ["provider_id"], unique=False)
    op.create_table(
        "cohorts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("enrolment_opens_on", sa.Date(), nullable=True),
        sa.Column("enrolment_closes_on", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed', 'running', 'completed', 'cancelled')",
            name=op.f("ck_cohorts_status_known"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_cohorts_dates_in_order")),
        sa.CheckConstraint("enrolment_closes_on >= enrolment_opens_on", name=op.f("ck_cohorts_window_in_order")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_cohorts_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohorts")),
        sa.UniqueConstraint("code", name=op.f("uq_cohorts_code")),
    )
    op.create_index("ix_cohorts_programme_id", "cohorts", ["programme_id"], unique=False)
    op.create_index("ix_cohorts_starts_on", "cohorts", ["starts_on", "id"], unique=False)
    op.create_table(
        "programme_modules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=True),
        sa.Column("name_ru", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("academic_hours", sa.Integer(), nullable=False),
        sa.CheckConstraint("academic_hours >= 1", name=op.f("ck_programme_modules_has_hours")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_programme_modules_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_modules")),
        sa.UniqueConstraint("programme_id", "place", name=op.f("uq_programme_modules_programme_id_place")),
    )
    op.create_table(
        "organisation_enrolments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_organisation_enrolments_cohort_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_enrolments_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_enrolments")),
        sa.UniqueConstraint(
            "cohort_id", "organisation_id", name=op.f("uq_organisation_enrolments_cohort_id_organisation_id")
        ),
    )
    op.create_index(
        "ix_organisation_enrolments_organisation_id", "organisation_enrolments", ["organisation_id"], unique=False
    )
    op.create_table(
        "venues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("last_ticket", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_venues_capacity_not_negative")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_venues_cohort_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_venues_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venues")),
        sa.UniqueConstraint("cohort_id", "place", name=op.f("uq_venues_cohort_id_place")),
        sa.UniqueConstraint("id", "cohort_id", name=op.f("uq_venues_id_cohort_id")),
    )
    op.create_index("ix_venues_organisation_id", "venues", ["organisation_id"], unique=False)
    op.create_table(
        "course_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_course_sessions_times_in_order")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_course_sessions_cohort_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_course_sessions_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_sessions")),
    )
    op.create_index(
        "ix_course_sessions_cohort_id", "course_sessions", ["cohort_id", "held_on", "starts_at"], unique=False
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_seats_counts_from_one")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_seats_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("id", "venue_id", name=op.f("uq_seats_id_venue_id")),
        sa.UniqueConstraint("venue_id", "number", name=op.f("uq_seats_venue_id_number")),
    )
    op.create_index("ix_seats_free", "seats", ["venue_id", "number"], unique=False, postgresql_where=sa.text("free"))
    op.create_table(
        "enrolments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("educator_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dates", postgresql.DATERANGE(), nullable=False),
        sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attendance", sa.Float(), nullable=True),
        sa.Column("tasks_done", sa.Boolean(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("unmet", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("transferred_to", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("educator_id"), "="),
            (sa.column("dates"), "&&"),
            where=sa.text("seat_id IS NOT NULL"),
            using="gist",
            name="ex_enrolments_double_booking",
        ),
        sa.CheckConstraint(
            "(seat_id IS NOT NULL) = (status IN ('completed_attended', 'completed_passed', 'confirmed', 'failed', 'offered', 'started'))",
            name=op.f("ck_enrolments_seat_goes_with_status"),
        ),
        sa.CheckConstraint(
            "(status = 'offered') = (offer_expires_at IS NOT NULL)", name=op.f("ck_enrolments_offer_has_a_deadline")
        ),
        sa.CheckConstraint(
            "(status = 'transferred') = (transferred_to IS NOT NULL)",
            name=op.f("ck_enrolments_transfer_leads_somewhere"),
        ),
        sa.CheckConstraint(
            "status <> 'waitlisted' OR ticket IS NOT NULL", name=op.f("ck_enrolments_waiting_has_a_ticket")
        ),
        sa.CheckConstraint(
            "status IN ('waitlisted', 'offered', 'confirmed', 'started', 'completed_passed', 'completed_attended', 'failed', 'no_show', 'withdrawn', 'declined', 'offer_expired', 'deferred', 'transferred', 'cancelled')",
            name=op.f("ck_enrolments_status_known"),
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_enrolments_cohort_id")),
        sa.ForeignKeyConstraint(["educator_id"], ["educators.id"], name=op.f("fk_enrolments_educator_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_enrolments_organisation_id")),
        sa.ForeignKeyConstraint(
            ["seat_id", "venue_id"], ["seats.id", "seats.venue_id"], name=op.f("fk_enrolments_seat_id_venue_id")
        ),
        sa.ForeignKeyConstraint(
            ["transferred_to"],
            ["enrolments.id"],
            name=op.f("fk_enrolments_transferred_to"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["venue_id", "cohort_id"], ["venues.id", "venues.cohort_id"], name=op.f("fk_enrolments_venue_id_cohort_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("venue_id", "ticket", name=op.f("uq_enrolments_venue_id_ticket")),
    )
    op.create_index("ix_enrolments_cohort_id", "enrolments", ["cohort_id", "id"], unique=False)
    op.create_index("ix_enrolments_educator_id", "enrolments", ["educator_id"], unique=False)
    op.create_index(
        "ix_enrolments_offers",
        "enrolments",
        ["offer_expires_at"],
        unique=False,
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_index("ix_enrolments_organisation_id", "enrolments", ["organisation_id"], unique=False)
    op.create_index(
        "ix_enrolments_waiting",
        "enrolments",
        ["venue_id", "ticket"],
        unique=False,
        postgresql_where=sa.text("status = 'waitlisted'"),
    )
    op.create_index(
        "uq_enrolments_live",
        "enrolments",
        ["cohort_id", "educator_id"],
        unique=True,
        postgresql_where=sa.text(
            "status IN ('completed_attended', 'completed_passed', 'confirmed', 'deferred', 'failed', 'offered', 'started', 'waitlisted')"
        ),
    )
    op.create_index("uq_enrolments_seat_id", "enrolments", ["seat_id"], unique=True)
    op.create_table(
        "certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("educator_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("provider_name", sa.Text(), nullable=True),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("academic_hours", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(source = 'bilim') = (enrolment_id IS NOT NULL AND provider_id IS NOT NULL AND programme_id IS NOT NULL AND year IS NOT NULL AND serial IS NOT NULL)",
            name=op.f("ck_certificates_own_are_numbered"),
        ),
        sa.CheckConstraint("kind IN ('certificate', 'attendance_reference')", name=op.f("ck_certificates_kind_known")),
        sa.CheckConstraint("academic_hours >= 1", name=op.f("ck_certificates_has_hours")),
        sa.ForeignKeyConstraint(["educator_id"], ["educators.id"], name=op.f("fk_certificates_educator_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_certificates_enrolment_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_certificates_organisation_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_certificates_programme_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_certificates_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", "source", name=op.f("uq_certificates_number_source")),
        sa.UniqueConstraint(
            "provider_id", "kind", "year", "serial", name=op.f("uq_certificates_provider_id_kind_year_serial")
        ),
    )
    op.create_index("ix_certificates_educator_id", "certificates", ["educator_id", "issued_on"], unique=False)
    op.create_index("ix_certificates_issued_on", "certificates", ["issued_on", "id"], unique=False)
    op.create_index("ix_certificates_organisation_id", "certificates", ["organisation_id"], unique=False)
    op.create_index("uq_certificates_enrolment_id", "certificates", ["enrolment_id"], unique=True)
    op.create_table(
        "enrolment_transitions",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "action IN ('enrol', 'offer', 'accept', 'decline', 'expire', 'start', 'complete', 'withdraw', 'defer', 'resume', 'transfer', 'cancel')",
            name=op.f("ck_enrolment_transitions_action_known"),
        ),
        sa.CheckConstraint(
            "from_status IN ('waitlisted', 'offered', 'confirmed', 'started', 'completed_passed', 'completed_attended', 'failed', 'no_show', 'withdrawn', 'declined', 'offer_expired', 'deferred', 'transferred', 'cancelled')",
            name=op.f("ck_enrolment_transitions_from_status_known"),
        ),
        sa.CheckConstraint(
            "to_status IN ('waitlisted', 'offered', 'confirmed', 'started', 'completed_passed', 'completed_attended', 'failed', 'no_show', 'withdrawn', 'declined', 'offer_expired', 'deferred', 'transferred', 'cancelled')",
            name=op.f("ck_enrolment_transitions_to_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_enrolment_transitions_enrolment_id")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "number", name=op.f("pk_enrolment_transitions")),
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
    op.execute(
        "INSERT INTO norm_rules (id, code, number, min_hours, window_months, period, basis) VALUES ('0198c0de-0000-7000-8000-0000000000a1', 'pd-3y', 1, 36, 36, daterange('1992-01-01', NULL), 'Order No. 95 of 28.01.2016, p. 25; Order No. 114-NK of 30.04.2026, criterion 7')"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION enrolment_transitions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'steps of an enrolment are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT ((NEW.action = 'enrol' AND NEW.from_status IS NULL AND NEW.to_status IN ('confirmed', 'waitlisted'))
            OR (NEW.action = 'offer' AND NEW.from_status IN ('waitlisted') AND NEW.to_status IN ('offered'))
            OR (NEW.action = 'accept' AND NEW.from_status IN ('offered') AND NEW.to_status IN ('confirmed'))
            OR (NEW.action = 'decline' AND NEW.from_status IN ('offered') AND NEW.to_status IN ('declined'))
            OR (NEW.action = 'expire' AND NEW.from_status IN ('offered') AND NEW.to_status IN ('offer_expired'))
            OR (NEW.action = 'start' AND NEW.from_status IN ('confirmed') AND NEW.to_status IN ('started'))
            OR (NEW.action = 'complete' AND NEW.from_status IN ('confirmed', 'started') AND NEW.to_status IN ('completed_attended', 'completed_passed', 'failed', 'no_show'))
            OR (NEW.action = 'withdraw' AND NEW.from_status IN ('confirmed', 'deferred', 'offered', 'started', 'waitlisted') AND NEW.to_status IN ('withdrawn'))
            OR (NEW.action = 'defer' AND NEW.from_status IN ('confirmed', 'started', 'waitlisted') AND NEW.to_status IN ('deferred'))
            OR (NEW.action = 'resume' AND NEW.from_status IN ('deferred') AND NEW.to_status IN ('confirmed', 'waitlisted'))
            OR (NEW.action = 'transfer' AND NEW.from_status IN ('confirmed', 'deferred', 'offered', 'started', 'waitlisted') AND NEW.to_status IN ('transferred'))
            OR (NEW.action = 'cancel' AND NEW.from_status IN ('confirmed', 'deferred', 'offered', 'started', 'waitlisted') AND NEW.to_status IN ('cancelled'))) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER enrolment_transitions_by_the_table BEFORE INSERT OR UPDATE OR DELETE ON enrolment_transitions FOR EACH ROW EXECUTE FUNCTION enrolment_transitions_refuse()"
    )
