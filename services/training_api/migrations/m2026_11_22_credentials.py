"""Certificates get their machine, their names and their places in status lists; what is printed is remembered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_credentials"
down_revision: str | None = "20261122_attendance"

_STEPS_FOLLOW = """
CREATE OR REPLACE FUNCTION certificate_steps_follow_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF true AND NOT ((NEW.action = 'issue' AND (NEW.from_status IS NULL) AND NEW.to_status IN ('issued'))
            OR (NEW.action = 'suspend' AND (NEW.from_status IN ('issued')) AND NEW.to_status IN ('suspended'))
            OR (NEW.action = 'reinstate' AND (NEW.from_status IN ('suspended')) AND NEW.to_status IN ('issued'))
            OR (NEW.action = 'revoke' AND (NEW.from_status IN ('expired', 'issued', 'suspended')) AND NEW.to_status IN ('revoked'))
            OR (NEW.action = 'supersede' AND (NEW.from_status IN ('expired', 'issued', 'suspended')) AND NEW.to_status IN ('superseded'))
            OR (NEW.action = 'expire' AND (NEW.from_status IN ('issued', 'suspended')) AND NEW.to_status IN ('expired'))) THEN
        RAISE EXCEPTION 'the machine certificate has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
"""
_STEPS_FOLLOW_TRIGGER = """
CREATE TRIGGER certificate_steps_follow_certificate
BEFORE INSERT OR UPDATE OR DELETE ON certificate_steps
FOR EACH ROW EXECUTE FUNCTION certificate_steps_follow_certificate()
"""
_STATUS_FOLLOWS = """
CREATE OR REPLACE FUNCTION certificates_status_follows_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT ((coalesce(OLD.status, '') = '' AND NEW.status IN ('issued'))
            OR (coalesce(OLD.status, '') = 'expired' AND NEW.status IN ('revoked', 'superseded'))
            OR (coalesce(OLD.status, '') = 'issued' AND NEW.status IN ('expired', 'revoked', 'superseded', 'suspended'))
            OR (coalesce(OLD.status, '') = 'suspended' AND NEW.status IN ('expired', 'issued', 'revoked', 'superseded'))) THEN
        RAISE EXCEPTION 'the machine certificate does not lead from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
"""
_STATUS_FOLLOWS_TRIGGER = """
CREATE TRIGGER certificates_status_follows_certificate
BEFORE UPDATE OF status ON certificates
FOR EACH ROW EXECUTE FUNCTION certificates_status_follows_certificate()
"""
_NAMES = "family_kk, given_kk, patronymic_kk, family_ru, given_ru, patronymic_ru"
_LISTED = """
WITH drawn AS (
    SELECT position, row_number() OVER (ORDER BY random()) - 1 AS place
    FROM generate_series(0, 131071) AS position
), own AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM certificates WHERE source = 'bilim'
)
UPDATE certificates
SET status_list = 1 + own.place / 65536, status_position = drawn.position
FROM own JOIN drawn ON drawn.place = own.place % 65536
WHERE certificates.id = own.id
"""
_TERMS = """
UPDATE certificates
SET valid_until = (certificates.issued_on + make_interval(months => rule.window_months))::date
FROM norm_rules AS rule
WHERE certificates.source = 'bilim' AND certificates.kind = 'certificate' AND certificates.approved
  AND rule.code = 'pd-3y' AND rule.period @> certificates.issued_on
  AND certificates.academic_hours >= rule.min_hours
"""
_FIRST_STEPS = """
INSERT INTO certificate_steps (certificate_id, number, action, to_status, actor, effective_on, recorded_at)
SELECT id, 1, 'issue', 'issued', 'upgrade', issued_on, created_at FROM certificates WHERE source = 'bilim'
"""
_RULES = {
    "status_known": "status IN ('issued', 'suspended', 'revoked', 'superseded', 'expired')",
    "own_are_listed": "(source = 'bilim') = (status_list IS NOT NULL AND status_position IS NOT NULL)",
    "position_in_list": "status_position BETWEEN 0 AND 131071",
}


def upgrade() -> None:
    _add_tables()
    _extend_certificates()
    _tell_what_was()
    _keep_the_rules()


def _add_tables() -> None:
    op.create_table(
        "credential_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_credential_keys")),
    )
    op.create_table(
        "certificate_holders",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("family_kk", sa.Text(), nullable=True),
        sa.Column("given_kk", sa.Text(), nullable=True),
        sa.Column("patronymic_kk", sa.Text(), nullable=True),
        sa.Column("family_ru", sa.Text(), nullable=True),
        sa.Column("given_ru", sa.Text(), nullable=True),
        sa.Column("patronymic_ru", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_holders_certificate_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_holders")),
    )
    op.create_table(
        "certificate_prints",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_prints_certificate_id")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_certificate_prints")),
    )
    op.create_index("ix_certificate_prints_certificate_id", "certificate_prints", ["certificate_id"], unique=False)
    op.create_table(
        "certificate_steps",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
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
        sa.CheckConstraint(
            "action IN ('issue', 'suspend', 'reinstate', 'revoke', 'supersede', 'expire')",
            name=op.f("ck_certificate_steps_action_known"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_steps_certificate_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "number", name=op.f("pk_certificate_steps")),
    )


def _extend_certificates() -> None:
    op.add_column("certificates", sa.Column("status", sa.Text(), server_default="issued", nullable=False))
    op.add_column("certificates", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("certificates", sa.Column("void", postgresql.DATEMULTIRANGE(), server_default="{}", nullable=False))
    op.add_column("certificates", sa.Column("supersedes_id", sa.Uuid(), nullable=True))
    op.add_column("certificates", sa.Column("status_list", sa.SmallInteger(), nullable=True))
    op.add_column("certificates", sa.Column("status_position", sa.Integer(), nullable=True))
    op.create_index(
        "ix_certificates_running_out",
        "certificates",
        ["valid_until"],
        unique=False,
        postgresql_where=sa.text("status IN ('issued', 'suspended') AND valid_until IS NOT NULL"),
    )
    op.create_index(
        "ix_certificates_void",
        "certificates",
        ["status_list"],
        unique=False,
        postgresql_where=sa.text("status IN ('suspended', 'revoked', 'superseded')"),
    )
    op.create_unique_constraint(
        op.f("uq_certificates_status_list_status_position"), "certificates", ["status_list", "status_position"]
    )
    op.create_unique_constraint(op.f("uq_certificates_supersedes_id"), "certificates", ["supersedes_id"])
    op.create_foreign_key(
        op.f("fk_certificates_supersedes_id"), "certificates", "certificates", ["supersedes_id"], ["id"]
    )
    op.drop_index("uq_certificates_enrolment_id", table_name="certificates")
    op.create_index(
        "uq_certificates_enrolment_id",
        "certificates",
        ["enrolment_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('revoked', 'superseded')"),
    )


def _tell_what_was() -> None:
    op.execute(_LISTED)
    op.execute(_TERMS)
    op.execute(_FIRST_STEPS)
    op.execute(
        f"INSERT INTO certificate_holders (certificate_id, {_NAMES})"  # noqa: S608 - our own columns
        f" SELECT certificates.id, {_NAMES} FROM certificates JOIN educators ON educators.id = certificates.educator_id"
        " WHERE certificates.source = 'bilim'"
    )


def _keep_the_rules() -> None:
    for name, condition in _RULES.items():
        op.create_check_constraint(op.f(f"ck_certificates_{name}"), "certificates", condition)
    for statement in (_STEPS_FOLLOW, _STEPS_FOLLOW_TRIGGER, _STATUS_FOLLOWS, _STATUS_FOLLOWS_TRIGGER):
        op.execute(statement)
