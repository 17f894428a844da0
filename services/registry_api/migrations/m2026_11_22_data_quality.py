"""Rules of data quality, findings, candidates for duplicates, locks of periods, disclosure."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.registry_api.validation import shipped
from shared.clock import now
from shared.ids import new_id

revision = "20261122_data_quality"
down_revision: str | None = "20261122_facilities"

_FEW_PEOPLE = {
    "REG_FAMILY_PLACEMENT": "Children without parental care",
    "SCH_PSY_SUPPORT_COVERAGE": "Pupils at risk",
    "SEN_SUPPORT_COVERAGE": "Learners with special educational needs",
}


def upgrade() -> None:
    op.create_table(
        "disclosure_rules",
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("fewest", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fewest BETWEEN 2 AND 1000", name=op.f("ck_disclosure_rules_fewest_is_sensible")),
        sa.PrimaryKeyConstraint("indicator", name=op.f("pk_disclosure_rules")),
    )
    op.create_table(
        "quality_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_runs")),
    )
    op.create_index("ix_quality_runs_day", "quality_runs", ["day"], unique=False)
    op.create_index(
        "uq_quality_runs_nightly",
        "quality_runs",
        ["day"],
        unique=True,
        postgresql_where=sa.text("occasion = 'nightly'"),
    )
    op.create_table(
        "validation_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("indicators", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("expression", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("text_kk", sa.Text(), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_validation_rules_one_at_a_time",
        ),
        sa.CheckConstraint("severity IN ('error', 'warning', 'info')", name=op.f("ck_validation_rules_severity_known")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_validation_rules_periods_not_empty")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_rules")),
    )
    op.create_index(
        "ix_validation_rules_code",
        "validation_rules",
        ["code"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "duplicate_candidates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("same_number", sa.Boolean(), nullable=False),
        sa.Column("same_area", sa.Boolean(), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state IN ('same', 'different')) = (decided_at IS NOT NULL)",
            name=op.f("ck_duplicate_candidates_decided_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'same', 'different', 'gone')", name=op.f("ck_duplicate_candidates_state_known")
        ),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_candidates_pair_ordered")),
        sa.ForeignKeyConstraint(["first_id"], ["organisations.id"], name=op.f("fk_duplicate_candidates_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["organisations.id"], name=op.f("fk_duplicate_candidates_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_candidates")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_duplicate_candidates_first_id_second_id")),
    )
    op.create_index("ix_duplicate_candidates_queue", "duplicate_candidates", ["state", "score", "id"], unique=False)
    op.create_table(
        "period_locks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("pillar", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by", sa.Text(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Text(), nullable=True),
        sa.Column("reopen_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("num_nonnulls(indicator, pillar) = 1", name=op.f("ck_period_locks_indicator_or_pillar")),
        sa.CheckConstraint(
            "num_nulls(reopened_at, reopened_by, reopen_reason) IN (0, 3)", name=op.f("ck_period_locks_reopened_whole")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_period_locks_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_locks")),
    )
    op.create_index(
        "uq_period_locks_holding",
        "period_locks",
        ["indicator", "pillar", "period", "area_code"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    op.create_table(
        "quality_findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("indicator", sa.Text(collation="C"), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("acknowledged_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'acknowledged') <= (acknowledged_at IS NOT NULL)",
            name=op.f("ck_quality_findings_acknowledged_whole"),
        ),
        sa.CheckConstraint(
            "(state = 'resolved') = (resolved_at IS NOT NULL)", name=op.f("ck_quality_findings_resolved_whole")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'acknowledged', 'resolved')", name=op.f("ck_quality_findings_state_known")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_quality_findings_area_code")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_quality_findings_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_findings")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_quality_findings_fingerprint")),
    )
    op.create_index("ix_quality_findings_indicator", "quality_findings", ["indicator", "state"], unique=False)
    op.create_index("ix_quality_findings_organisation", "quality_findings", ["organisation_id", "state"], unique=False)
    op.create_index("ix_quality_findings_queue", "quality_findings", ["state", "severity", "id"], unique=False)

    recorded_at = now()
    disclosure = sa.table(
        "disclosure_rules",
        *(sa.column(name) for name in ("indicator", "fewest", "basis", "version")),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "updated_at")),
    )
    op.bulk_insert(
        disclosure,
        [
            {
                "indicator": indicator,
                "fewest": 5,
                "basis": basis,
                "version": 1,
                "created_at": recorded_at,
                "updated_at": recorded_at,
            }
            for indicator, basis in _FEW_PEOPLE.items()
        ],
    )
    rules = sa.table(
        "validation_rules",
        sa.column("id", sa.Uuid()),
        *(sa.column(name) for name in ("code", "severity", "text_kk", "text_ru", "text_en", "basis")),
        sa.column("indicators", sa.ARRAY(sa.Text())),
        sa.column("expression", postgresql.JSONB()),
        sa.column("valid", postgresql.DATERANGE()),
        sa.column("recorded", postgresql.TSTZRANGE()),
    )
    op.bulk_insert(
        rules,
        [
            {
                "id": new_id(),
                "code": code,
                "severity": rule.severity.value,
                "text_kk": rule.text.kk,
                "text_ru": rule.text.ru,
                "text_en": rule.text.en,
                "basis": rule.basis,
                "indicators": rule.indicators,
                "expression": rule.expression.model_dump(mode="json"),
                "valid": postgresql.Range(rule.valid_from, rule.valid_to),
                "recorded": postgresql.Range(recorded_at, None),
            }
            for code, rule in shipped.RULES
        ],
    )
