"""Sessions have hours, rooms and trainers; who learns is busy by the hour; seats may be kept for some."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_reservations"
down_revision: str | None = "20261122_machines"

_BUSY = (
    "CASE WHEN status <> 'cancelled' THEN tstzrange((held_on + starts_at) AT TIME ZONE INTERVAL '5 hours', "
    "(held_on + ends_at) AT TIME ZONE INTERVAL '5 hours') END"
)
_HOURS = """
    UPDATE venues SET hours = coalesce(
        (SELECT range_agg(course_sessions.busy) FROM course_sessions
         WHERE course_sessions.cohort_id = cohorts.id
           AND (course_sessions.venue_id IS NULL OR course_sessions.venue_id = venues.id)),
        tstzmultirange(tstzrange(
            cohorts.starts_on::timestamp AT TIME ZONE INTERVAL '5 hours',
            (cohorts.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '5 hours'
        ))
    )
    FROM cohorts WHERE cohorts.id = venues.cohort_id
"""
_FACTS = """
    UPDATE enrolments SET
        busy = venues.hours,
        facts = ARRAY['school:' || enrolments.organisation_id]
            || ARRAY(SELECT 'district:' || area
                     FROM unnest(organisations.area_path) WITH ORDINALITY AS path (area, depth) ORDER BY depth DESC)
            || ARRAY(SELECT DISTINCT 'subject:' || subject FROM employments, unnest(employments.subjects) AS subject
                     WHERE employments.educator_id = enrolments.educator_id AND upper_inf(employments.period)
                     ORDER BY 1)
            || ARRAY(SELECT 'category:' || educators.category WHERE educators.category IS NOT NULL)
    FROM venues, organisations, educators
    WHERE venues.id = enrolments.venue_id AND organisations.id = enrolments.organisation_id
      AND educators.id = enrolments.educator_id
"""


def upgrade() -> None:
    """What is there already stays booked; only by the hour where there are sessions."""
    _add_tables()
    _extend_cohorts()
    _extend_sessions()
    _extend_seats()
    _extend_enrolments()


def _add_tables() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("equipment", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seats >= 1", name=op.f("ck_rooms_seats_somebody")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_rooms_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_rooms_organisation_id_name")),
    )
    op.create_table(
        "trainers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("educator_id", sa.Uuid(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("consent_public", sa.Boolean(), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("display_name IS NULL OR consent_public", name=op.f("ck_trainers_named_with_consent")),
        sa.CheckConstraint(
            "educator_id IS NOT NULL OR display_name IS NOT NULL OR NOT in_use", name=op.f("ck_trainers_is_somebody")
        ),
        sa.ForeignKeyConstraint(["educator_id"], ["educators.id"], name=op.f("fk_trainers_educator_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_trainers_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainers")),
    )
    op.create_index("ix_trainers_educator_id", "trainers", ["educator_id"], unique=False)
    op.create_index(
        "uq_trainers_educator_id",
        "trainers",
        ["provider_id", "educator_id"],
        unique=True,
        postgresql_where=sa.text("educator_id IS NOT NULL"),
    )
    op.create_table(
        "reservation_pools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("is_hold", sa.Boolean(), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'open') = (key = '')", name=op.f("ck_reservation_pools_key_goes_with_kind")),
        sa.CheckConstraint(
            "NOT is_hold OR (kind = 'school' AND release_at IS NOT NULL)",
            name=op.f("ck_reservation_pools_hold_has_a_deadline"),
        ),
        sa.CheckConstraint(
            "kind IN ('school', 'district', 'category', 'language', 'subject', 'open')",
            name=op.f("ck_reservation_pools_kind_known"),
        ),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_reservation_pools_seats_not_negative")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_reservation_pools_cohort_id")),
        sa.ForeignKeyConstraint(
            ["venue_id", "cohort_id"],
            ["venues.id", "venues.cohort_id"],
            name=op.f("fk_reservation_pools_venue_id_cohort_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation_pools")),
    )
    op.create_index("ix_reservation_pools_cohort_id", "reservation_pools", ["cohort_id"], unique=False)
    op.create_index(
        "ix_reservation_pools_due",
        "reservation_pools",
        ["release_at"],
        unique=False,
        postgresql_where=sa.text("released_at IS NULL"),
    )


def _extend_cohorts() -> None:
    op.add_column("cohorts", sa.Column("minimum_seats_taken", sa.Integer(), nullable=True))
    op.add_column("cohorts", sa.Column("decide_on", sa.Date(), nullable=True))
    op.add_column("cohorts", sa.Column("viability_checked_on", sa.Date(), nullable=True))
    op.add_column("cohorts", sa.Column("below_minimum", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("cohorts", sa.Column("changes_close_on", sa.Date(), nullable=True))
    op.add_column("cohorts", sa.Column("substitution_closes_on", sa.Date(), nullable=True))
    op.add_column("cohorts", sa.Column("waiting_policy", sa.Text(), server_default="arrival", nullable=False))
    op.add_column("cohorts", sa.Column("has_pools", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index(
        "ix_cohorts_to_decide",
        "cohorts",
        ["decide_on"],
        unique=False,
        postgresql_where=sa.text("minimum_seats_taken IS NOT NULL AND viability_checked_on IS NULL"),
    )
    op.create_check_constraint(
        op.f("ck_cohorts_waiting_policy_known"), "cohorts", "waiting_policy IN ('arrival', 'priority')"
    )
    op.create_check_constraint(op.f("ck_cohorts_minimum_is_somebody"), "cohorts", "minimum_seats_taken >= 1")


def _extend_sessions() -> None:
    op.add_column("course_sessions", sa.Column("room_id", sa.Uuid(), nullable=True))
    op.add_column("course_sessions", sa.Column("status", sa.Text(), server_default="scheduled", nullable=False))
    op.add_column("course_sessions", sa.Column("reason_code", sa.Text(), nullable=True))
    op.add_column(
        "course_sessions",
        sa.Column(
            "busy",
            postgresql.TSTZRANGE(),
            sa.Computed(_BUSY, persisted=True),
            nullable=True,
        ),
    )
    op.create_unique_constraint(op.f("uq_course_sessions_id_busy"), "course_sessions", ["id", "busy"])
    op.create_foreign_key(op.f("fk_course_sessions_room_id"), "course_sessions", "rooms", ["room_id"], ["id"])
    for name, condition in (
        ("status_known", "status IN ('scheduled', 'cancelled')"),
        ("room_is_at_a_venue", "room_id IS NULL OR venue_id IS NOT NULL"),
        ("cancelled_for_a_reason", "(status = 'cancelled') = (reason_code IS NOT NULL)"),
    ):
        op.create_check_constraint(op.f(f"ck_course_sessions_{name}"), "course_sessions", condition)
    op.create_exclude_constraint(
        "ex_course_sessions_room_taken",
        "course_sessions",
        (sa.column("room_id"), "="),
        (sa.column("busy"), "&&"),
        using="gist",
    )
    op.create_table(
        "session_trainers",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("busy", postgresql.TSTZRANGE(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("trainer_id"), "="),
            (sa.column("busy"), "&&"),
            using="gist",
            name="ex_session_trainers_trainer_taken",
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "busy"],
            ["course_sessions.id", "course_sessions.busy"],
            name=op.f("fk_session_trainers_session_id_busy"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["session_id"], ["course_sessions.id"], name=op.f("fk_session_trainers_session_id")),
        sa.ForeignKeyConstraint(["trainer_id"], ["trainers.id"], name=op.f("fk_session_trainers_trainer_id")),
        sa.PrimaryKeyConstraint("session_id", "trainer_id", name=op.f("pk_session_trainers")),
    )
    op.create_index("ix_session_trainers_trainer_id", "session_trainers", ["trainer_id"], unique=False)


def _extend_seats() -> None:
    op.add_column("organisations", sa.Column("languages", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("seats", sa.Column("pool_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_seats_pool_id", "seats", ["pool_id"], unique=False, postgresql_where=sa.text("pool_id IS NOT NULL")
    )
    op.create_foreign_key(op.f("fk_seats_pool_id"), "seats", "reservation_pools", ["pool_id"], ["id"])
    op.add_column("venues", sa.Column("hours", postgresql.TSTZMULTIRANGE(), nullable=True))
    op.execute(_HOURS)
    op.alter_column("venues", "hours", nullable=False)


def _extend_enrolments() -> None:
    op.add_column("enrolments", sa.Column("priority", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("enrolments", sa.Column("busy", postgresql.TSTZMULTIRANGE(), nullable=True))
    op.add_column("enrolments", sa.Column("facts", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("enrolments", sa.Column("pool_id", sa.Uuid(), nullable=True))
    op.drop_index(
        op.f("ix_enrolments_waiting"), table_name="enrolments", postgresql_where="(status = 'waitlisted'::text)"
    )
    op.create_index(
        "ix_enrolments_waiting",
        "enrolments",
        ["venue_id", sa.literal_column("priority DESC"), "ticket"],
        unique=False,
        postgresql_where=sa.text("status = 'waitlisted'"),
    )
    op.create_index(
        "ix_enrolments_pool_id",
        "enrolments",
        ["pool_id"],
        unique=False,
        postgresql_where=sa.text("pool_id IS NOT NULL"),
    )
    op.create_foreign_key(op.f("fk_enrolments_pool_id"), "enrolments", "reservation_pools", ["pool_id"], ["id"])
    op.drop_constraint("ex_enrolments_double_booking", "enrolments")
    op.drop_column("enrolments", "dates")
    op.execute(_FACTS)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or checks put off stand in the way of what follows
    op.alter_column("enrolments", "busy", nullable=False)
    op.create_exclude_constraint(
        "ex_enrolments_double_booking",
        "enrolments",
        (sa.column("educator_id"), "="),
        (sa.column("busy"), "&&"),
        using="gist",
        where=sa.text("seat_id IS NOT NULL"),
    )
