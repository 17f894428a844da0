"""Memoranda, what is owed under them, and the documents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_memoranda"
down_revision: str | None = "20261122_targets"


def upgrade() -> None:
    op.create_table(
        "document_parts",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(content) <= 1048576", name=op.f("ck_document_parts_part_small")),
        sa.PrimaryKeyConstraint("digest", "place", name=op.f("pk_document_parts")),
    )
    op.create_table(
        "memoranda",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_since", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'review', 'sent', 'partly_signed', 'in_force', 'suspended', 'renewed', 'expired', 'terminated', 'cancelled', 'rejected')",
            name=op.f("ck_memoranda_status_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memoranda")),
    )
    op.create_table(
        "commitments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("memorandum_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_since", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('cancelled', 'fulfilled', 'in_progress', 'planned')", name=op.f("ck_commitments_status_known")
        ),
        sa.ForeignKeyConstraint(["memorandum_id"], ["memoranda.id"], name=op.f("fk_commitments_memorandum_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index("ix_commitments_memorandum_id", "commitments", ["memorandum_id"], unique=False)
    op.create_table(
        "memorandum_amendments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("memorandum_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Text(), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["memorandum_id"], ["memoranda.id"], name=op.f("fk_memorandum_amendments_memorandum_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memorandum_amendments")),
        sa.UniqueConstraint("memorandum_id", "number", name=op.f("uq_memorandum_amendments_memorandum_id_number")),
    )
    op.create_table(
        "memorandum_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("memorandum_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('draft', 'signed', 'annex', 'amendment', 'translation', 'evidence')",
            name=op.f("ck_memorandum_documents_kind_known"),
        ),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f("ck_memorandum_documents_language_known")),
        sa.ForeignKeyConstraint(
            ["memorandum_id"], ["memoranda.id"], name=op.f("fk_memorandum_documents_memorandum_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memorandum_documents")),
        sa.UniqueConstraint(
            "memorandum_id",
            "kind",
            "language",
            "version",
            name=op.f("uq_memorandum_documents_memorandum_id_kind_language_version"),
        ),
    )
    op.create_table(
        "memorandum_parties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("memorandum_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("name_kk", sa.Text(), nullable=True),
        sa.Column("name_ru", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("bin", sa.String(length=12), nullable=True),
        sa.Column("is_legal_entity", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position_kk", sa.Text(), nullable=True),
        sa.Column("position_ru", sa.Text(), nullable=True),
        sa.Column("position_en", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("memorandum_id"), "="),
            (sa.column("organisation_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded) AND organisation_id IS NOT NULL"),
            using="gist",
            name="ex_memorandum_parties_stands_once",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("party_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_memorandum_parties_one_at_a_time",
        ),
        sa.CheckConstraint(
            "bin IS NULL OR bin ~ '^[0-9]{12}$'", name=op.f("ck_memorandum_parties_bin_has_twelve_digits")
        ),
        sa.CheckConstraint(
            "kind IN ('akimat', 'authority', 'network_operator', 'school', 'preschool', 'college', 'university', 'academy', 'provider', 'subunit', 'business', 'nonprofit', 'international', 'other')",
            name=op.f("ck_memorandum_parties_kind_known"),
        ),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR country <> 'KZ' OR NOT is_legal_entity OR bin IS NOT NULL",
            name=op.f("ck_memorandum_parties_kazakhstani_has_a_bin"),
        ),
        sa.CheckConstraint(
            "role IN ('initiator', 'partner', 'sponsor', 'beneficiary', 'observer')",
            name=op.f("ck_memorandum_parties_role_known"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_memorandum_parties_periods_not_empty")
        ),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR coalesce(name_kk, name_ru, name_en) IS NOT NULL",
            name=op.f("ck_memorandum_parties_is_somebody"),
        ),
        sa.ForeignKeyConstraint(["memorandum_id"], ["memoranda.id"], name=op.f("fk_memorandum_parties_memorandum_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_memorandum_parties_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memorandum_parties")),
    )
    op.create_index(
        "ix_memorandum_parties_memorandum_id",
        "memorandum_parties",
        ["memorandum_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_memorandum_parties_organisation_id",
        "memorandum_parties",
        ["organisation_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "memorandum_signatures",
        sa.Column("memorandum_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("signed_on", sa.Text(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["memorandum_id"], ["memoranda.id"], name=op.f("fk_memorandum_signatures_memorandum_id")
        ),
        sa.PrimaryKeyConstraint("memorandum_id", "party_id", name=op.f("pk_memorandum_signatures")),
    )
    op.create_table(
        "memorandum_states",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("memorandum_id", sa.Uuid(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("signed_on", sa.Text(), nullable=True),
        sa.Column("signed_earliest", sa.Date(), nullable=True),
        sa.Column("signed_latest", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("renewal", sa.Text(), nullable=False),
        sa.Column("renewal_months", sa.SmallInteger(), nullable=True),
        sa.Column("notice_days", sa.SmallInteger(), nullable=True),
        sa.Column("area_code", sa.String(length=9), nullable=True),
        sa.Column("clauses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("memorandum_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_memorandum_states_one_at_a_time",
        ),
        sa.CheckConstraint(
            "renewal IN ('none', 'auto', 'by_consent')", name=op.f("ck_memorandum_states_renewal_known")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_memorandum_states_periods_not_empty")
        ),
        sa.CheckConstraint("signed_earliest <= signed_latest", name=op.f("ck_memorandum_states_signing_ordered")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_memorandum_states_validity_ordered")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_memorandum_states_area_code")),
        sa.ForeignKeyConstraint(["memorandum_id"], ["memoranda.id"], name=op.f("fk_memorandum_states_memorandum_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memorandum_states")),
    )
    op.create_index(
        "ix_memorandum_states_area_code",
        "memorandum_states",
        ["area_code"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_memorandum_states_memorandum_id",
        "memorandum_states",
        ["memorandum_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_memorandum_states_search_key",
        "memorandum_states",
        ["search_key"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_key": "gin_trgm_ops"},
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "memorandum_transitions",
        sa.Column("memorandum_id", sa.Uuid(), nullable=False),
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
            "action IN ('draft', 'submit', 'return', 'send', 'sign', 'reject', 'cancel', 'suspend', 'resume', 'renew', 'expire', 'terminate')",
            name=op.f("ck_memorandum_transitions_action_known"),
        ),
        sa.CheckConstraint(
            "to_status IN ('draft', 'review', 'sent', 'partly_signed', 'in_force', 'suspended', 'renewed', 'expired', 'terminated', 'cancelled', 'rejected')",
            name=op.f("ck_memorandum_transitions_to_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["memorandum_id"], ["memoranda.id"], name=op.f("fk_memorandum_transitions_memorandum_id")
        ),
        sa.PrimaryKeyConstraint("memorandum_id", "number", name=op.f("pk_memorandum_transitions")),
    )
    op.create_table(
        "commitment_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(review = 'pending') = (reviewed_at IS NULL)", name=op.f("ck_commitment_evidence_review_has_a_moment")
        ),
        sa.CheckConstraint(
            "(review = 'pending') = (reviewed_by IS NULL)", name=op.f("ck_commitment_evidence_review_has_a_reviewer")
        ),
        sa.CheckConstraint("link LIKE 'https://%'", name=op.f("ck_commitment_evidence_link_is_safe")),
        sa.CheckConstraint(
            "review <> 'rejected' OR review_reason IS NOT NULL",
            name=op.f("ck_commitment_evidence_rejection_has_a_reason"),
        ),
        sa.CheckConstraint(
            "review IN ('accepted', 'pending', 'rejected')", name=op.f("ck_commitment_evidence_review_known")
        ),
        sa.CheckConstraint(
            "(link IS NULL) <> (document IS NULL)", name=op.f("ck_commitment_evidence_link_or_document")
        ),
        sa.CheckConstraint("reviewed_by <> submitted_by", name=op.f("ck_commitment_evidence_two_persons")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_evidence_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_evidence")),
    )
    op.create_index(
        "ix_commitment_evidence_commitment_id", "commitment_evidence", ["commitment_id", "id"], unique=False
    )
    op.create_table(
        "commitment_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("light", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("light IN ('green', 'amber', 'red')", name=op.f("ck_commitment_overrides_light_known")),
        sa.CheckConstraint("since < expires_on", name=op.f("ck_commitment_overrides_lasts")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_overrides_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_overrides")),
    )
    op.create_index("ix_commitment_overrides_commitment_id", "commitment_overrides", ["commitment_id"], unique=False)
    op.create_table(
        "commitment_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(review = 'pending') = (reviewed_at IS NULL)", name=op.f("ck_commitment_reports_review_has_a_moment")
        ),
        sa.CheckConstraint(
            "(review = 'pending') = (reviewed_by IS NULL)", name=op.f("ck_commitment_reports_review_has_a_reviewer")
        ),
        sa.CheckConstraint(
            "review <> 'rejected' OR review_reason IS NOT NULL",
            name=op.f("ck_commitment_reports_rejection_has_a_reason"),
        ),
        sa.CheckConstraint(
            "review IN ('accepted', 'pending', 'rejected')", name=op.f("ck_commitment_reports_review_known")
        ),
        sa.CheckConstraint("reviewed_by <> submitted_by", name=op.f("ck_commitment_reports_two_persons")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_reports_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_reports")),
    )
    op.create_index("ix_commitment_reports_commitment_id", "commitment_reports", ["commitment_id", "id"], unique=False)
    op.create_table(
        "commitment_states",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("obligor", sa.Uuid(), nullable=False),
        sa.Column("beneficiary_parties", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("beneficiary_organisations", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=True),
        sa.Column("owner_role", sa.Text(), nullable=True),
        sa.Column("text_kk", sa.Text(), nullable=True),
        sa.Column("text_ru", sa.Text(), nullable=True),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("measure", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("due_earliest", sa.Date(), nullable=True),
        sa.Column("due_latest", sa.Date(), nullable=True),
        sa.Column("report_every_days", sa.SmallInteger(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("commitment_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_commitment_states_one_at_a_time",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT isempty(recorded)", name=op.f("ck_commitment_states_periods_not_empty")
        ),
        sa.CheckConstraint("due_earliest <= due_latest", name=op.f("ck_commitment_states_due_ordered")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_states_commitment_id")),
        sa.ForeignKeyConstraint(["owner"], ["organisations.id"], name=op.f("fk_commitment_states_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_states")),
    )
    op.create_index(
        "ix_commitment_states_beneficiary_organisations",
        "commitment_states",
        ["beneficiary_organisations"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_commitment_states_commitment_id",
        "commitment_states",
        ["commitment_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_commitment_states_due_latest",
        "commitment_states",
        ["due_latest", "commitment_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_commitment_states_obligor",
        "commitment_states",
        ["obligor"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_commitment_states_owner",
        "commitment_states",
        ["owner"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "commitment_transitions",
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
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
            "action IN ('cancel', 'fulfil', 'make', 'reopen', 'start')",
            name=op.f("ck_commitment_transitions_action_known"),
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_transitions_commitment_id")
        ),
        sa.PrimaryKeyConstraint("commitment_id", "number", name=op.f("pk_commitment_transitions")),
    )
    op.execute("""
CREATE OR REPLACE FUNCTION memoranda_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> NEW.status AND NOT ((OLD.status IN ('draft') AND NEW.status IN ('review'))
            OR (OLD.status IN ('review', 'sent') AND NEW.status IN ('draft'))
            OR (OLD.status IN ('review') AND NEW.status IN ('sent'))
            OR (OLD.status IN ('partly_signed', 'sent') AND NEW.status IN ('in_force', 'partly_signed'))
            OR (OLD.status IN ('partly_signed', 'sent') AND NEW.status IN ('rejected'))
            OR (OLD.status IN ('draft', 'review') AND NEW.status IN ('cancelled'))
            OR (OLD.status IN ('in_force', 'renewed') AND NEW.status IN ('suspended'))
            OR (OLD.status IN ('suspended') AND NEW.status IN ('in_force'))
            OR (OLD.status IN ('expired', 'in_force', 'renewed') AND NEW.status IN ('renewed'))
            OR (OLD.status IN ('in_force', 'renewed', 'suspended') AND NEW.status IN ('expired'))
            OR (OLD.status IN ('in_force', 'renewed', 'suspended') AND NEW.status IN ('terminated'))) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER memoranda_by_the_table BEFORE UPDATE OF status ON memoranda FOR EACH ROW EXECUTE FUNCTION memoranda_refuse()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION commitments_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> NEW.status AND NOT ((OLD.status IN ('planned') AND NEW.status = 'in_progress')
            OR (OLD.status IN ('in_progress', 'planned') AND NEW.status = 'fulfilled')
            OR (OLD.status IN ('cancelled', 'fulfilled') AND NEW.status = 'in_progress')
            OR (OLD.status IN ('in_progress', 'planned') AND NEW.status = 'cancelled')) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER commitments_by_the_table BEFORE UPDATE OF status ON commitments FOR EACH ROW EXECUTE FUNCTION commitments_refuse()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION memorandum_transitions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'steps of a memorandum are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT ((NEW.action = 'draft' AND NEW.from_status IS NULL AND NEW.to_status = 'draft' AND NEW.number = 1)
            OR (NEW.action = 'submit' AND NEW.from_status IN ('draft') AND NEW.to_status IN ('review'))
            OR (NEW.action = 'return' AND NEW.from_status IN ('review', 'sent') AND NEW.to_status IN ('draft'))
            OR (NEW.action = 'send' AND NEW.from_status IN ('review') AND NEW.to_status IN ('sent'))
            OR (NEW.action = 'sign' AND NEW.from_status IN ('partly_signed', 'sent') AND NEW.to_status IN ('in_force', 'partly_signed'))
            OR (NEW.action = 'reject' AND NEW.from_status IN ('partly_signed', 'sent') AND NEW.to_status IN ('rejected'))
            OR (NEW.action = 'cancel' AND NEW.from_status IN ('draft', 'review') AND NEW.to_status IN ('cancelled'))
            OR (NEW.action = 'suspend' AND NEW.from_status IN ('in_force', 'renewed') AND NEW.to_status IN ('suspended'))
            OR (NEW.action = 'resume' AND NEW.from_status IN ('suspended') AND NEW.to_status IN ('in_force'))
            OR (NEW.action = 'renew' AND NEW.from_status IN ('expired', 'in_force', 'renewed') AND NEW.to_status IN ('renewed'))
            OR (NEW.action = 'expire' AND NEW.from_status IN ('in_force', 'renewed', 'suspended') AND NEW.to_status IN ('expired'))
            OR (NEW.action = 'terminate' AND NEW.from_status IN ('in_force', 'renewed', 'suspended') AND NEW.to_status IN ('terminated'))) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.action = 'sign' AND (SELECT count(DISTINCT party_id) FROM memorandum_parties
            WHERE memorandum_id = NEW.memorandum_id AND upper_inf(recorded)) < 2 THEN
        RAISE EXCEPTION 'a signing needs at least two parties' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER memorandum_transitions_by_the_table BEFORE INSERT OR UPDATE OR DELETE ON memorandum_transitions FOR EACH ROW EXECUTE FUNCTION memorandum_transitions_refuse()"
    )
    op.execute("""
CREATE OR REPLACE FUNCTION commitment_transitions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'steps of a commitment are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT ((NEW.action = 'make' AND NEW.from_status IS NULL AND NEW.to_status = 'planned' AND NEW.number = 1)
            OR (NEW.action = 'start' AND NEW.from_status IN ('planned') AND NEW.to_status = 'in_progress')
            OR (NEW.action = 'fulfil' AND NEW.from_status IN ('in_progress', 'planned') AND NEW.to_status = 'fulfilled')
            OR (NEW.action = 'reopen' AND NEW.from_status IN ('cancelled', 'fulfilled') AND NEW.to_status = 'in_progress')
            OR (NEW.action = 'cancel' AND NEW.from_status IN ('in_progress', 'planned') AND NEW.to_status = 'cancelled')) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.action = 'fulfil' AND NOT EXISTS (SELECT FROM commitment_evidence
            WHERE commitment_id = NEW.commitment_id AND review = 'accepted') THEN
        RAISE EXCEPTION 'a commitment is not fulfilled without accepted evidence' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""")
    op.execute(
        "CREATE TRIGGER commitment_transitions_by_the_table BEFORE INSERT OR UPDATE OR DELETE ON commitment_transitions FOR EACH ROW EXECUTE FUNCTION commitment_transitions_refuse()"
    )
