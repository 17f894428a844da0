"""Reasons are lists of their own, and enrolments have three machines where they had one word."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.training_api.reasons.seed import FIRST_DAY, SEED
from shared.ids import new_id

revision = "20261122_machines"
down_revision: str | None = "20261122_words"


def upgrade() -> None:
    """What an enrolment's one word said, its machines say now, and each of its steps belongs to one of them."""
    _reasons()
    _chain()
    _machines()
    _steps()
    _triggers()
    _teams()


def _teams() -> None:
    op.create_table(
        "team_members",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_team_members_enrolment_id")),
        sa.ForeignKeyConstraint(["team_id"], ["organisation_enrolments.id"], name=op.f("fk_team_members_team_id")),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_team_members")),
    )
    op.create_index(op.f("ix_team_members_team_id"), "team_members", ["team_id"], unique=False)


def _reasons() -> None:
    table = op.create_table(
        "reasons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_kk", sa.Text(), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("list"), "="),
            (sa.column("code"), "="),
            (sa.column("period"), "&&"),
            using="gist",
            name="ex_reasons_one_at_a_time",
        ),
        sa.CheckConstraint("NOT isempty(period)", name=op.f("ck_reasons_period_not_empty")),
        sa.CheckConstraint("NOT lower_inf(period)", name=op.f("ck_reasons_has_begun")),
        sa.CheckConstraint(
            "list IN ('application', 'participation', 'attendance', 'outcome', 'certificate', 'programme', 'cohort', "
            "'session', 'allocation', 'privacy')",
            name=op.f("ck_reasons_list_known"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_reasons_counts_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reasons")),
        sa.UniqueConstraint("list", "code", "number", name=op.f("uq_reasons_list_code_number")),
    )
    op.bulk_insert(
        table,
        [
            {
                "id": new_id(),
                "list": list_.value,
                "code": code,
                "number": 1,
                "text_kk": text.kk,
                "text_ru": text.ru,
                "text_en": text.en,
                "period": postgresql.Range(FIRST_DAY, None),
            }
            for list_, code, text in SEED
        ],
    )


def _chain() -> None:
    op.add_column(
        "programmes", sa.Column("approval_chain", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_programmes_approval_chain_known"),
        "programmes",
        "approval_chain <@ ARRAY['school', 'district', 'provider']",
    )


_STATES = """
    UPDATE enrolments SET
        application = 'accepted',
        participation = CASE WHEN status IN ('completed_passed', 'completed_attended', 'failed') THEN 'finished'
                             ELSE status END,
        outcome = CASE status WHEN 'completed_passed' THEN 'passed' WHEN 'completed_attended' THEN 'attended'
                              WHEN 'failed' THEN 'failed' END
"""
_STATUS = "CASE WHEN outcome = 'passed' THEN 'completed_passed' WHEN outcome = 'attended' THEN 'completed_attended' WHEN outcome = 'failed' THEN 'failed' WHEN outcome = 'voided' THEN 'voided' WHEN participation IS NOT NULL THEN participation WHEN application = 'cancelled' THEN 'cancelled' WHEN application = 'district_approved' THEN 'submitted' WHEN application = 'rejected' THEN 'rejected' WHEN application = 'school_approved' THEN 'submitted' WHEN application = 'submitted' THEN 'submitted' END"
_CHECKS = {
    "application_known": "application IN ('submitted', 'school_approved', 'district_approved', 'accepted', 'rejected', 'cancelled')",
    "participation_known": "participation IN ('waitlisted', 'offered', 'confirmed', 'started', 'finished', 'withdrawn', 'declined', 'offer_expired', 'deferred', 'transferred', 'substituted', 'no_show', 'cancelled')",
    "outcome_known": "outcome IN ('passed', 'attended', 'failed', 'voided')",
    "next_approver_known": "next_approver IN ('school', 'district', 'provider')",
    "status_known": "status IN ('submitted', 'rejected', 'waitlisted', 'offered', 'confirmed', 'started', 'completed_passed', 'completed_attended', 'failed', 'voided', 'no_show', 'withdrawn', 'declined', 'offer_expired', 'deferred', 'transferred', 'substituted', 'cancelled')",
    "participates_once_accepted": "(application = 'accepted') = (participation IS NOT NULL)",
    "outcome_goes_with_the_end": "(coalesce(participation, '') = 'finished') = (outcome IS NOT NULL)",
    "status_says_the_three": f"status = {_STATUS}",
    "application_waits_for_somebody": "(status = 'submitted') = (next_approver IS NOT NULL)",
    "somebody_took_the_seat": "(status = 'substituted') = (substituted_by IS NOT NULL)",
    "seat_goes_with_status": "(seat_id IS NOT NULL) = (status IN ('completed_attended', 'completed_passed', 'confirmed', 'failed', 'offered', 'started', 'voided'))",
}
_LIVE = "status IN ('completed_attended', 'completed_passed', 'confirmed', 'deferred', 'failed', 'offered', 'started', 'submitted', 'voided', 'waitlisted')"


def _machines() -> None:
    op.add_column("enrolments", sa.Column("application", sa.Text(), nullable=True))
    op.add_column("enrolments", sa.Column("participation", sa.Text(), nullable=True))
    op.add_column("enrolments", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column("enrolments", sa.Column("next_approver", sa.Text(), nullable=True))
    op.add_column(
        "enrolments", sa.Column("venue_is_wished", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("enrolments", sa.Column("substituted_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_enrolments_substituted_by"),
        "enrolments",
        "enrolments",
        ["substituted_by"],
        ["id"],
        initially="DEFERRED",
        deferrable=True,
    )
    op.execute(_STATES)
    op.alter_column("enrolments", "application", nullable=False)
    for name in ("status_known", "seat_goes_with_status"):
        op.drop_constraint(op.f(f"ck_enrolments_{name}"), "enrolments")
    for name, condition in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_enrolments_{name}"), "enrolments", condition)
    op.drop_index("uq_enrolments_live", table_name="enrolments")
    op.create_index(
        "uq_enrolments_live",
        "enrolments",
        ["cohort_id", "educator_id"],
        unique=True,
        postgresql_where=sa.text(_LIVE),
    )


def _steps() -> None:
    """Every step so far was one of participation, and the last of some one of the outcome too."""
    op.execute("DROP TRIGGER enrolment_transitions_by_the_table ON enrolment_transitions")
    op.execute("DROP FUNCTION enrolment_transitions_refuse()")
    for name in ("action_known", "from_status_known", "to_status_known"):
        op.drop_constraint(op.f(f"ck_enrolment_transitions_{name}"), "enrolment_transitions")
    op.add_column("enrolment_transitions", sa.Column("machine", sa.Text(), nullable=True))
    op.add_column(
        "enrolment_transitions",
        sa.Column("evidence", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )
    op.execute("UPDATE enrolment_transitions SET machine = 'participation', number = -number - 1")
    op.execute("UPDATE enrolment_transitions SET number = -number")
    op.execute("""
        INSERT INTO enrolment_transitions
            (enrolment_id, number, machine, action, to_status, actor, effective_on, recorded_at)
        SELECT enrolment_id, 1, 'application', 'enrol', 'accepted', actor, effective_on, recorded_at
        FROM enrolment_transitions WHERE number = 2
    """)
    op.execute("""
        INSERT INTO enrolment_transitions
            (enrolment_id, number, machine, action, to_status, actor, reason_code, comment, effective_on, recorded_at)
        SELECT enrolment_id, number + 1, 'outcome', action,
               CASE to_status WHEN 'completed_passed' THEN 'passed' WHEN 'completed_attended' THEN 'attended'
                              ELSE 'failed' END,
               actor, reason_code, comment, effective_on, recorded_at
        FROM enrolment_transitions WHERE to_status IN ('completed_passed', 'completed_attended', 'failed')
    """)
    op.execute("""
        UPDATE enrolment_transitions SET to_status = 'finished'
        WHERE machine = 'participation' AND to_status IN ('completed_passed', 'completed_attended', 'failed')
    """)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or checks put off stand in the way of what follows
    op.alter_column("enrolment_transitions", "machine", nullable=False)
    op.create_check_constraint(
        op.f("ck_enrolment_transitions_machine_known"),
        "enrolment_transitions",
        "machine IN ('application', 'participation', 'outcome')",
    )


def _triggers() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION enrolment_transitions_follow_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.machine = 'application' AND NOT ((NEW.action = 'enrol' AND (NEW.from_status IS NULL) AND NEW.to_status IN ('accepted', 'submitted'))
            OR (NEW.action = 'approve' AND (NEW.from_status IN ('submitted')) AND NEW.to_status IN ('accepted', 'district_approved', 'school_approved'))
            OR (NEW.action = 'approve' AND (NEW.from_status IN ('school_approved')) AND NEW.to_status IN ('accepted', 'district_approved'))
            OR (NEW.action = 'approve' AND (NEW.from_status IN ('district_approved')) AND NEW.to_status IN ('accepted'))
            OR (NEW.action = 'reject' AND (NEW.from_status IN ('district_approved', 'school_approved', 'submitted')) AND NEW.to_status IN ('rejected'))
            OR (NEW.action = 'cancel' AND (NEW.from_status IN ('district_approved', 'school_approved', 'submitted')) AND NEW.to_status IN ('cancelled'))) THEN
        RAISE EXCEPTION 'the machine application has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute("""
CREATE TRIGGER enrolment_transitions_follow_application BEFORE INSERT OR UPDATE OR DELETE ON enrolment_transitions FOR EACH ROW EXECUTE FUNCTION enrolment_transitions_follow_application()
""")
    op.execute("""
CREATE OR REPLACE FUNCTION enrolments_application_follows_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.application IS DISTINCT FROM OLD.application AND NOT ((coalesce(OLD.application, '') = '' AND NEW.application IN ('accepted', 'submitted'))
            OR (coalesce(OLD.application, '') = 'district_approved' AND NEW.application IN ('accepted', 'cancelled', 'rejected'))
            OR (coalesce(OLD.application, '') = 'school_approved' AND NEW.application IN ('accepted', 'cancelled', 'district_approved', 'rejected'))
            OR (coalesce(OLD.application, '') = 'submitted' AND NEW.application IN ('accepted', 'cancelled', 'district_approved', 'rejected', 'school_approved'))) THEN
        RAISE EXCEPTION 'the machine application does not lead from % to %', OLD.application, NEW.application
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute("""
CREATE TRIGGER enrolments_application_follows_application BEFORE UPDATE OF application ON enrolments FOR EACH ROW EXECUTE FUNCTION enrolments_application_follows_application()
""")
    op.execute("""
CREATE OR REPLACE FUNCTION enrolment_transitions_follow_participation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.machine = 'participation' AND NOT ((NEW.action = 'enrol' AND (NEW.from_status IS NULL) AND NEW.to_status IN ('confirmed', 'waitlisted'))
            OR (NEW.action = 'approve' AND (NEW.from_status IS NULL) AND NEW.to_status IN ('confirmed', 'waitlisted'))
            OR (NEW.action = 'offer' AND (NEW.from_status IN ('waitlisted')) AND NEW.to_status IN ('offered'))
            OR (NEW.action = 'accept' AND (NEW.from_status IN ('offered')) AND NEW.to_status IN ('confirmed'))
            OR (NEW.action = 'decline' AND (NEW.from_status IN ('offered')) AND NEW.to_status IN ('declined'))
            OR (NEW.action = 'expire' AND (NEW.from_status IN ('offered')) AND NEW.to_status IN ('offer_expired'))
            OR (NEW.action = 'start' AND (NEW.from_status IN ('confirmed')) AND NEW.to_status IN ('started'))
            OR (NEW.action = 'complete' AND (NEW.from_status IN ('confirmed', 'started')) AND NEW.to_status IN ('finished', 'no_show'))
            OR (NEW.action = 'withdraw' AND (NEW.from_status IN ('confirmed', 'deferred', 'offered', 'started', 'waitlisted')) AND NEW.to_status IN ('withdrawn'))
            OR (NEW.action = 'defer' AND (NEW.from_status IN ('confirmed', 'started', 'waitlisted')) AND NEW.to_status IN ('deferred'))
            OR (NEW.action = 'resume' AND (NEW.from_status IN ('deferred')) AND NEW.to_status IN ('confirmed', 'waitlisted'))
            OR (NEW.action = 'transfer' AND (NEW.from_status IN ('confirmed', 'deferred', 'offered', 'started', 'waitlisted')) AND NEW.to_status IN ('transferred'))
            OR (NEW.action = 'substitute' AND (NEW.from_status IN ('confirmed')) AND NEW.to_status IN ('substituted'))
            OR (NEW.action = 'cancel' AND (NEW.from_status IN ('confirmed', 'deferred', 'offered', 'started', 'waitlisted')) AND NEW.to_status IN ('cancelled'))) THEN
        RAISE EXCEPTION 'the machine participation has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute("""
CREATE TRIGGER enrolment_transitions_follow_participation BEFORE INSERT OR UPDATE OR DELETE ON enrolment_transitions FOR EACH ROW EXECUTE FUNCTION enrolment_transitions_follow_participation()
""")
    op.execute("""
CREATE OR REPLACE FUNCTION enrolments_participation_follows_participation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.participation IS DISTINCT FROM OLD.participation AND NOT ((coalesce(OLD.participation, '') = '' AND NEW.participation IN ('confirmed', 'waitlisted'))
            OR (coalesce(OLD.participation, '') = 'confirmed' AND NEW.participation IN ('cancelled', 'deferred', 'finished', 'no_show', 'started', 'substituted', 'transferred', 'withdrawn'))
            OR (coalesce(OLD.participation, '') = 'deferred' AND NEW.participation IN ('cancelled', 'confirmed', 'transferred', 'waitlisted', 'withdrawn'))
            OR (coalesce(OLD.participation, '') = 'offered' AND NEW.participation IN ('cancelled', 'confirmed', 'declined', 'offer_expired', 'transferred', 'withdrawn'))
            OR (coalesce(OLD.participation, '') = 'started' AND NEW.participation IN ('cancelled', 'deferred', 'finished', 'no_show', 'transferred', 'withdrawn'))
            OR (coalesce(OLD.participation, '') = 'waitlisted' AND NEW.participation IN ('cancelled', 'deferred', 'offered', 'transferred', 'withdrawn'))) THEN
        RAISE EXCEPTION 'the machine participation does not lead from % to %', OLD.participation, NEW.participation
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute("""
CREATE TRIGGER enrolments_participation_follows_participation BEFORE UPDATE OF participation ON enrolments FOR EACH ROW EXECUTE FUNCTION enrolments_participation_follows_participation()
""")
    op.execute("""
CREATE OR REPLACE FUNCTION enrolment_transitions_follow_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.machine = 'outcome' AND NOT ((NEW.action = 'complete' AND (NEW.from_status IS NULL) AND NEW.to_status IN ('attended', 'failed', 'passed'))
            OR (NEW.action = 'resit' AND (NEW.from_status IN ('attended', 'failed')) AND NEW.to_status IN ('attended', 'failed', 'passed'))
            OR (NEW.action = 'void' AND (NEW.from_status IN ('attended', 'failed', 'passed')) AND NEW.to_status IN ('voided'))) THEN
        RAISE EXCEPTION 'the machine outcome has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute("""
CREATE TRIGGER enrolment_transitions_follow_outcome BEFORE INSERT OR UPDATE OR DELETE ON enrolment_transitions FOR EACH ROW EXECUTE FUNCTION enrolment_transitions_follow_outcome()
""")
    op.execute("""
CREATE OR REPLACE FUNCTION enrolments_outcome_follows_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome IS DISTINCT FROM OLD.outcome AND NOT ((coalesce(OLD.outcome, '') = '' AND NEW.outcome IN ('attended', 'failed', 'passed'))
            OR (coalesce(OLD.outcome, '') = 'attended' AND NEW.outcome IN ('attended', 'failed', 'passed', 'voided'))
            OR (coalesce(OLD.outcome, '') = 'failed' AND NEW.outcome IN ('attended', 'failed', 'passed', 'voided'))
            OR (coalesce(OLD.outcome, '') = 'passed' AND NEW.outcome IN ('voided'))) THEN
        RAISE EXCEPTION 'the machine outcome does not lead from % to %', OLD.outcome, NEW.outcome
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute("""
CREATE TRIGGER enrolments_outcome_follows_outcome BEFORE UPDATE OF outcome ON enrolments FOR EACH ROW EXECUTE FUNCTION enrolments_outcome_follows_outcome()
""")
