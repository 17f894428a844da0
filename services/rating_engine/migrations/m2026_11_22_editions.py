"""Runs have stages and a history, organisations appeal, and of an edition only its supersession is ever written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_editions"
down_revision: str | None = "20261122_results"


def upgrade() -> None:
    """What has been published is published, what it replaced is superseded, and what was computed is computed."""
    _appeals()
    _steps()
    _columns()
    _known()
    _checks()
    _triggers()


def _appeals() -> None:
    op.create_table(
        "calendar_exceptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_worked", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_exceptions")),
    )
    op.create_index(op.f("ix_calendar_exceptions_day"), "calendar_exceptions", ["day"], unique=False)
    op.create_table(
        "appeals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "organisation",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Its name on the day of the run",
        ),
        sa.Column("area_path", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("corrections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state IN ('submitted', 'in_review')) = (decided_at IS NULL)", name=op.f("ck_appeals_ended")
        ),
        sa.CheckConstraint(
            "(state IN ('upheld', 'partly_upheld', 'rejected')) = (decided_by IS NOT NULL)",
            name=op.f("ck_appeals_decided"),
        ),
        sa.CheckConstraint(
            "(state IN ('upheld', 'partly_upheld', 'rejected')) = (reason IS NOT NULL)",
            name=op.f("ck_appeals_reasoned"),
        ),
        sa.CheckConstraint(
            "ground IN ('value_wrong', 'value_missing', 'reason_wrong', 'method_misapplied', 'wrong_group', 'other')",
            name=op.f("ck_appeals_ground"),
        ),
        sa.CheckConstraint(
            "state IN ('submitted', 'in_review', 'upheld', 'partly_upheld', 'rejected', 'withdrawn')",
            name=op.f("ck_appeals_state"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_appeals_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    op.create_index("ix_appeals_organisation_id", "appeals", ["organisation_id"], unique=False)
    op.create_index("ix_appeals_run_id", "appeals", ["run_id"], unique=False)
    op.create_index(
        "uq_appeals_open",
        "appeals",
        ["run_id", "organisation_id", sa.literal_column("coalesce(indicator, '')")],
        unique=True,
        postgresql_where=sa.text("state IN ('submitted', 'in_review')"),
    )


def _steps() -> None:
    op.create_table(
        "run_steps",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_steps_run_id")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_run_steps")),
    )
    op.create_table(
        "appeal_steps",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_appeal_steps_appeal_id")),
        sa.PrimaryKeyConstraint("appeal_id", "number", name=op.f("pk_appeal_steps")),
    )
    op.create_table(
        "run_corrections",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("remedy IN ('invalidate', 'at_source')", name=op.f("ck_run_corrections_remedy")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_run_corrections_appeal_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_corrections_run_id")),
        sa.PrimaryKeyConstraint("appeal_id", "indicator", name=op.f("pk_run_corrections")),
    )
    op.create_index("ix_run_corrections_run_id", "run_corrections", ["run_id"], unique=False)


def _columns() -> None:
    op.add_column("publications", sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("publications", sa.Column("corrects", sa.Uuid(), nullable=True))
    op.add_column(
        "publications",
        sa.Column("appeals_waived", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )
    op.add_column("publications", sa.Column("checked_by_another", sa.Boolean(), nullable=True))
    op.create_foreign_key(op.f("fk_publications_corrects"), "publications", "publications", ["corrects"], ["id"])
    op.add_column("runs", sa.Column("stage", sa.Text(), server_default="draft", nullable=False))
    op.add_column("runs", sa.Column("requested_by", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("corrects", sa.Uuid(), nullable=True))
    op.add_column("runs", sa.Column("corrected_by", sa.Uuid(), nullable=True))
    op.add_column("runs", sa.Column("appeal_days", sa.BigInteger(), nullable=True))
    op.add_column("runs", sa.Column("checked_by_another", sa.Boolean(), nullable=True))
    op.add_column("runs", sa.Column("preview_opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("runs", sa.Column("appeals_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("runs", sa.Column("needs_correction", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("runs", sa.Column("open_appeals", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index(op.f("ix_runs_corrects"), "runs", ["corrects"], unique=False)
    op.create_foreign_key(op.f("fk_runs_corrected_by"), "runs", "runs", ["corrected_by"], ["id"])
    op.create_foreign_key(op.f("fk_runs_corrects"), "runs", "runs", ["corrects"], ["id"])


def _known() -> None:
    """The life of what there is, as far as it is told by what was kept."""
    op.execute("UPDATE publications SET note = NULL WHERE note = 'null'::jsonb")
    op.execute("UPDATE publications SET superseded_at = updated_at WHERE status = 'superseded'")
    op.execute("""
UPDATE runs SET requested_by = (SELECT created_by FROM jobs WHERE jobs.id = runs.job_id),
    stage = coalesce(
        (SELECT CASE status WHEN 'current' THEN 'published' ELSE 'superseded' END FROM publications AS edition
            WHERE edition.run_id = runs.id),
        'computed'
    )
WHERE status = 'succeeded'
""")
    op.execute("""
INSERT INTO run_steps (run_id, number, action, from_status, to_status, actor, comment, recorded_at)
SELECT told.run_id, told.number, told.action, told.from_status, told.to_status, 'system', NULL, told.recorded_at
FROM (
    SELECT id AS run_id, 1 AS number, 'compute' AS action, 'draft' AS from_status, 'computed' AS to_status,
        coalesce(finished_at, updated_at) AS recorded_at
    FROM runs WHERE status = 'succeeded'
    UNION ALL
    SELECT run_id, 2, 'publish', 'computed', 'published', published_at FROM publications
    UNION ALL
    SELECT run_id, 3, 'supersede', 'published', 'superseded', superseded_at FROM publications
    WHERE status = 'superseded'
) AS told
""")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is deferred would keep the tables from being altered


def _checks() -> None:
    for table, name, condition in (
        (
            "runs",
            "stage",
            "stage IN ('draft', 'computed', 'checked', 'preview', 'published', 'superseded', 'withdrawn')",
        ),
        ("runs", "staged", "(status = 'succeeded') = (stage <> 'draft')"),
        ("runs", "shown", "stage <> 'preview' OR preview_opened_at IS NOT NULL"),
        ("runs", "window", "appeals_until IS NULL OR preview_opened_at IS NOT NULL"),
        ("runs", "appeals", "open_appeals >= 0"),
        ("publications", "ended", "(status = 'superseded') = (superseded_at IS NOT NULL)"),
        ("publications", "correction_explained", "corrects IS NULL OR note IS NOT NULL"),
        ("publications", "title_in_both", "coalesce(title ->> 'kk', '') <> '' AND coalesce(title ->> 'ru', '') <> ''"),
        (
            "publications",
            "note_in_both",
            "note IS NULL OR (coalesce(note ->> 'kk', '') <> '' AND coalesce(note ->> 'ru', '') <> '')",
        ),
    ):
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _triggers() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION appeals_state_follows_appeals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT ((coalesce(OLD.state, '') = '' AND NEW.state IN ('submitted'))
            OR (coalesce(OLD.state, '') = 'in_review' AND NEW.state IN ('partly_upheld', 'rejected', 'upheld', 'withdrawn'))
            OR (coalesce(OLD.state, '') = 'submitted' AND NEW.state IN ('in_review', 'withdrawn'))) THEN
        RAISE EXCEPTION 'the machine appeals does not lead from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER appeals_state_follows_appeals BEFORE UPDATE OF state ON appeals FOR EACH ROW EXECUTE FUNCTION appeals_state_follows_appeals()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION run_steps_follow_stages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF true AND NOT ((NEW.action = 'compute' AND (NEW.from_status IN ('draft')) AND NEW.to_status IN ('computed'))
            OR (NEW.action = 'check' AND (NEW.from_status IN ('computed')) AND NEW.to_status IN ('checked'))
            OR (NEW.action = 'preview' AND (NEW.from_status IN ('checked', 'computed')) AND NEW.to_status IN ('preview'))
            OR (NEW.action = 'publish' AND (NEW.from_status IN ('checked', 'computed', 'preview')) AND NEW.to_status IN ('published'))
            OR (NEW.action = 'supersede' AND (NEW.from_status IN ('published')) AND NEW.to_status IN ('superseded'))
            OR (NEW.action = 'withdraw' AND (NEW.from_status IN ('checked', 'computed', 'preview')) AND NEW.to_status IN ('withdrawn'))) THEN
        RAISE EXCEPTION 'the machine stages has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER run_steps_follow_stages BEFORE INSERT OR UPDATE OR DELETE ON run_steps FOR EACH ROW EXECUTE FUNCTION run_steps_follow_stages()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION appeal_steps_follow_appeals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF true AND NOT ((NEW.action = 'submit' AND (NEW.from_status IS NULL) AND NEW.to_status IN ('submitted'))
            OR (NEW.action = 'review' AND (NEW.from_status IN ('submitted')) AND NEW.to_status IN ('in_review'))
            OR (NEW.action = 'decide' AND (NEW.from_status IN ('in_review')) AND NEW.to_status IN ('partly_upheld', 'rejected', 'upheld'))
            OR (NEW.action = 'withdraw' AND (NEW.from_status IN ('in_review', 'submitted')) AND NEW.to_status IN ('withdrawn'))) THEN
        RAISE EXCEPTION 'the machine appeals has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER appeal_steps_follow_appeals BEFORE INSERT OR UPDATE OR DELETE ON appeal_steps FOR EACH ROW EXECUTE FUNCTION appeal_steps_follow_appeals()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION runs_stage_follows_stages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage IS DISTINCT FROM OLD.stage AND NOT ((coalesce(OLD.stage, '') = 'checked' AND NEW.stage IN ('preview', 'published', 'withdrawn'))
            OR (coalesce(OLD.stage, '') = 'computed' AND NEW.stage IN ('checked', 'preview', 'published', 'withdrawn'))
            OR (coalesce(OLD.stage, '') = 'draft' AND NEW.stage IN ('computed'))
            OR (coalesce(OLD.stage, '') = 'preview' AND NEW.stage IN ('published', 'withdrawn'))
            OR (coalesce(OLD.stage, '') = 'published' AND NEW.stage IN ('superseded'))) THEN
        RAISE EXCEPTION 'the machine stages does not lead from % to %', OLD.stage, NEW.stage
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER runs_stage_follows_stages BEFORE UPDATE OF stage ON runs FOR EACH ROW EXECUTE FUNCTION runs_stage_follows_stages()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION runs_result_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.result_digest IS NOT NULL AND
        (NEW.result_digest, NEW.snapshot_digest, NEW.methodology_digest, NEW.period, NEW.as_of, NEW.engine_version)
        IS DISTINCT FROM
        (OLD.result_digest, OLD.snapshot_digest, OLD.methodology_digest, OLD.period, OLD.as_of, OLD.engine_version)
    THEN
        RAISE EXCEPTION 'the result of a run stands' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.stage = 'published' AND OLD.stage <> 'published' AND NEW.needs_correction THEN
        RAISE EXCEPTION 'a run that needs correction is not published' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER runs_result_stands BEFORE UPDATE ON runs FOR EACH ROW EXECUTE FUNCTION runs_result_stands()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION publications_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changing text[] := ARRAY['status', 'superseded_by', 'superseded_at', 'updated_at', 'version'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status = 'current' AND NEW.status = 'superseded'
            AND to_jsonb(NEW) - changing = to_jsonb(OLD) - changing THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'an edition is neither changed nor deleted, only superseded' USING ERRCODE = 'check_violation';
END
$$
""")
    op.execute("""
CREATE TRIGGER publications_stand BEFORE UPDATE OR DELETE ON publications
FOR EACH ROW EXECUTE FUNCTION publications_stand()
""")
    op.execute("""
CREATE TRIGGER publications_stay BEFORE TRUNCATE ON publications
FOR EACH STATEMENT EXECUTE FUNCTION publications_stand()
""")
    op.execute("""
CREATE OR REPLACE FUNCTION publication_entries_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the entries of an edition stand' USING ERRCODE = 'check_violation';
END
$$
""")
    op.execute("""
CREATE TRIGGER publication_entries_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON publication_entries
FOR EACH STATEMENT EXECUTE FUNCTION publication_entries_stand()
""")
