"""Attendance of people at sessions, and the addresses of calendars."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_attendance"
down_revision: str | None = "20261122_allocations"


def upgrade() -> None:
    op.create_table(
        "calendar_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_kind", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "owner_kind IN ('educator', 'trainer', 'room')", name=op.f("ck_calendar_subscriptions_owner_kind_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_subscriptions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_subscriptions_token_hash")),
    )
    op.create_index(
        "ix_calendar_subscriptions_owner_id", "calendar_subscriptions", ["owner_id", "created_at"], unique=False
    )
    op.create_table(
        "attendance_refusals",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("how_many", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_attendance_refusals_enrolment_id")),
        sa.ForeignKeyConstraint(["session_id"], ["course_sessions.id"], name=op.f("fk_attendance_refusals_session_id")),
        sa.PrimaryKeyConstraint("session_id", "enrolment_id", "device", "code", name=op.f("pk_attendance_refusals")),
    )
    op.create_table(
        "attendance_scans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("is_own_device", sa.Boolean(), nullable=False),
        sa.Column("is_offline", sa.Boolean(), nullable=False),
        sa.Column("drift_seconds", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_attendance_scans_direction_known")),
        sa.CheckConstraint(
            "outcome IN ('recorded', 'unchanged', 'kept', 'refused')", name=op.f("ck_attendance_scans_outcome_known")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_attendance_scans_enrolment_id")),
        sa.ForeignKeyConstraint(["session_id"], ["course_sessions.id"], name=op.f("fk_attendance_scans_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_scans")),
        sa.UniqueConstraint("nonce", name=op.f("uq_attendance_scans_nonce")),
    )
    op.create_index("ix_attendance_scans_enrolment_id", "attendance_scans", ["enrolment_id"], unique=False)
    op.create_index("ix_attendance_scans_session_id", "attendance_scans", ["session_id", "enrolment_id"], unique=False)
    op.create_table(
        "attendances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("known_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'expected') = (known_by IS NULL)", name=op.f("ck_attendances_known_somehow")),
        sa.CheckConstraint(
            "known_by IN ('code', 'offline', 'hand', 'correction', 'closing')",
            name=op.f("ck_attendances_known_by_known"),
        ),
        sa.CheckConstraint(
            "known_by NOT IN ('hand', 'correction') OR settled_at IS NOT NULL",
            name=op.f("ck_attendances_settled_sometime"),
        ),
        sa.CheckConstraint(
            "minutes = 0 OR status IN ('present', 'late', 'left_early')",
            name=op.f("ck_attendances_minutes_of_who_was_there"),
        ),
        sa.CheckConstraint(
            "status IN ('expected', 'present', 'late', 'left_early', 'absent', 'excused')",
            name=op.f("ck_attendances_status_known"),
        ),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_attendances_minutes_of_a_day")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_attendances_enrolment_id")),
        sa.ForeignKeyConstraint(["session_id"], ["course_sessions.id"], name=op.f("fk_attendances_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("session_id", "enrolment_id", name=op.f("uq_attendances_session_id_enrolment_id")),
    )
    op.create_index("ix_attendances_enrolment_id", "attendances", ["enrolment_id"], unique=False)
    op.create_table(
        "attendance_steps",
        sa.Column("attendance_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attendance_id"], ["attendances.id"], name=op.f("fk_attendance_steps_attendance_id")),
        sa.PrimaryKeyConstraint("attendance_id", "number", name=op.f("pk_attendance_steps")),
    )
    op.execute("""
CREATE OR REPLACE FUNCTION attendances_status_follows_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT ((coalesce(OLD.status, '') = 'absent' AND NEW.status IN ('absent', 'excused', 'late', 'left_early', 'present'))
            OR (coalesce(OLD.status, '') = 'excused' AND NEW.status IN ('absent', 'excused', 'late', 'left_early', 'present'))
            OR (coalesce(OLD.status, '') = 'expected' AND NEW.status IN ('absent', 'excused', 'late', 'left_early', 'present'))
            OR (coalesce(OLD.status, '') = 'late' AND NEW.status IN ('absent', 'excused', 'late', 'left_early', 'present'))
            OR (coalesce(OLD.status, '') = 'left_early' AND NEW.status IN ('absent', 'excused', 'late', 'left_early', 'present'))
            OR (coalesce(OLD.status, '') = 'present' AND NEW.status IN ('absent', 'excused', 'late', 'left_early', 'present'))) THEN
        RAISE EXCEPTION 'the machine attendance does not lead from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER attendances_status_follows_attendance BEFORE UPDATE OF status ON attendances FOR EACH ROW EXECUTE FUNCTION attendances_status_follows_attendance()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION attendance_steps_follow_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF true AND NOT ((NEW.action = 'check_in' AND (NEW.from_status IN ('absent', 'excused', 'expected', 'late', 'left_early', 'present')) AND NEW.to_status IN ('late', 'left_early', 'present'))
            OR (NEW.action = 'check_out' AND (NEW.from_status IN ('absent', 'excused', 'expected', 'late', 'left_early', 'present')) AND NEW.to_status IN ('late', 'left_early', 'present'))
            OR (NEW.action = 'mark' AND (NEW.from_status IN ('expected')) AND NEW.to_status IN ('absent', 'excused', 'late', 'left_early', 'present'))
            OR (NEW.action = 'close' AND (NEW.from_status IN ('expected')) AND NEW.to_status IN ('absent'))
            OR (NEW.action = 'correct' AND (NEW.from_status IN ('absent', 'excused', 'late', 'left_early', 'present')) AND NEW.to_status IN ('absent', 'excused', 'late', 'left_early', 'present'))) THEN
        RAISE EXCEPTION 'the machine attendance has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER attendance_steps_follow_attendance BEFORE INSERT OR UPDATE OR DELETE ON attendance_steps FOR EACH ROW EXECUTE FUNCTION attendance_steps_follow_attendance()"
    )
