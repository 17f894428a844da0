"""Privacy; and what reports need: regions, contracts with providers, the languages organisations teach in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_privacy"
down_revision: str | None = "20261122_follow_up"

_REGIONS = (
    ("100000000", "Абай облысы", "область Абай", "Abai Region"),
    ("110000000", "Ақмола облысы", "Акмолинская область", "Akmola Region"),
    ("150000000", "Ақтөбе облысы", "Актюбинская область", "Aktobe Region"),
    ("190000000", "Алматы облысы", "Алматинская область", "Almaty Region"),
    ("230000000", "Атырау облысы", "Атырауская область", "Atyrau Region"),
    ("270000000", "Батыс Қазақстан облысы", "Западно-Казахстанская область", "West Kazakhstan Region"),
    ("310000000", "Жамбыл облысы", "Жамбылская область", "Zhambyl Region"),
    ("330000000", "Жетісу облысы", "область Жетісу", "Zhetisu Region"),
    ("350000000", "Қарағанды облысы", "Карагандинская область", "Karaganda Region"),
    ("390000000", "Қостанай облысы", "Костанайская область", "Kostanay Region"),
    ("430000000", "Қызылорда облысы", "Кызылординская область", "Kyzylorda Region"),
    ("470000000", "Маңғыстау облысы", "Мангистауская область", "Mangystau Region"),
    ("550000000", "Павлодар облысы", "Павлодарская область", "Pavlodar Region"),
    ("590000000", "Солтүстік Қазақстан облысы", "Северо-Казахстанская область", "North Kazakhstan Region"),
    ("610000000", "Түркістан облысы", "Туркестанская область", "Turkistan Region"),
    ("620000000", "Ұлытау облысы", "область Ұлытау", "Ulytau Region"),
    ("630000000", "Шығыс Қазақстан облысы", "Восточно-Казахстанская область", "East Kazakhstan Region"),
    ("710000000", "Астана қаласы", "город Астана", "Astana City"),
    ("750000000", "Алматы қаласы", "город Алматы", "Almaty City"),
    ("790000000", "Шымкент қаласы", "город Шымкент", "Shymkent City"),
)

_ONLY_ADDED = (
    """
CREATE OR REPLACE FUNCTION personal_reads_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reads of personal data are only added' USING ERRCODE = 'check_violation';
END
$$
    """,
    """
CREATE TRIGGER personal_reads_stay BEFORE UPDATE OR DELETE ON personal_reads FOR EACH ROW EXECUTE FUNCTION personal_reads_stay()
    """,
)
_PERSON = (
    """
CREATE OR REPLACE FUNCTION educator_steps_follow_privacy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'transitions are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF true AND NOT ((NEW.action = 'block' AND (NEW.from_status IN ('active')) AND NEW.to_status IN ('blocked'))
            OR (NEW.action = 'unblock' AND (NEW.from_status IN ('blocked')) AND NEW.to_status IN ('active'))
            OR (NEW.action = 'erase' AND (NEW.from_status IN ('active', 'blocked')) AND NEW.to_status IN ('erased'))) THEN
        RAISE EXCEPTION 'the machine privacy has no such move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
    """,
    """
CREATE TRIGGER educator_steps_follow_privacy BEFORE INSERT OR UPDATE OR DELETE ON educator_steps FOR EACH ROW EXECUTE FUNCTION educator_steps_follow_privacy()
    """,
    """
CREATE OR REPLACE FUNCTION educators_state_follows_privacy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT ((coalesce(OLD.state, '') = 'active' AND NEW.state IN ('blocked', 'erased'))
            OR (coalesce(OLD.state, '') = 'blocked' AND NEW.state IN ('active', 'erased'))) THEN
        RAISE EXCEPTION 'the machine privacy does not lead from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
    """,
    """
CREATE TRIGGER educators_state_follows_privacy BEFORE UPDATE OF state ON educators FOR EACH ROW EXECUTE FUNCTION educators_state_follows_privacy()
    """,
)


def upgrade() -> None:
    """Tables of privacy, and those of reports."""
    _reports()
    _privacy()


def _privacy() -> None:
    op.create_table(
        "personal_reads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("educator_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cardinality(educator_ids) >= 1", name=op.f("ck_personal_reads_of_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_reads")),
    )
    op.create_index("ix_personal_reads_educator_ids", "personal_reads", ["educator_ids"], postgresql_using="gin")
    op.create_index("ix_personal_reads_read_at", "personal_reads", ["read_at", "id"])
    for statement in _ONLY_ADDED:
        op.execute(statement)
    op.add_column("educators", sa.Column("state", sa.Text(), server_default="active", nullable=False))
    op.create_check_constraint(
        op.f("ck_educators_state_known"), "educators", "state IN ('active', 'blocked', 'erased')"
    )
    op.drop_constraint(op.f("ck_educators_has_a_name"), "educators")
    op.create_check_constraint(
        op.f("ck_educators_has_a_name"),
        "educators",
        "(family_kk IS NOT NULL AND given_kk IS NOT NULL) OR (family_ru IS NOT NULL AND given_ru IS NOT NULL)"
        " OR state = 'erased'",
    )
    op.create_check_constraint(
        op.f("ck_educators_erased_is_nameless"),
        "educators",
        "state <> 'erased' OR (iin_hash IS NULL AND num_nonnulls(family_kk, given_kk, patronymic_kk, family_ru,"
        " given_ru, patronymic_ru) = 0)",
    )
    op.create_table(
        "educator_steps",
        sa.Column("educator_id", sa.Uuid(), nullable=False),
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
        sa.ForeignKeyConstraint(["educator_id"], ["educators.id"], name=op.f("fk_educator_steps_educator_id")),
        sa.PrimaryKeyConstraint("educator_id", "number", name=op.f("pk_educator_steps")),
    )
    op.create_table(
        "educator_consents",
        sa.Column("educator_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consent_public", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["educator_id"], ["educators.id"], name=op.f("fk_educator_consents_educator_id")),
        sa.PrimaryKeyConstraint("educator_id", "number", name=op.f("pk_educator_consents")),
    )
    op.execute(
        "INSERT INTO educator_consents (educator_id, number, consent_public, actor, recorded_at) "
        "SELECT id, 1, true, 'before the history of consents', created_at FROM educators WHERE consent_public"
    )
    for statement in _PERSON:
        op.execute(statement)


def _reports() -> None:
    regions = op.create_table(
        "regions",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=True),
        sa.Column("name_ru", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
    )
    names = ("code", "name_kk", "name_ru", "name_en")
    op.bulk_insert(regions, [dict(zip(names, row, strict=True)) for row in _REGIONS])
    op.create_table(
        "provider_contracts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=9), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("price_per_place", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("provider_id"), "="),
            (sa.column("programme_code"), "="),
            (sa.column("area"), "="),
            (sa.column("period"), "&&"),
            using="gist",
            name="ex_provider_contracts_one_at_a_time",
        ),
        sa.CheckConstraint("places >= 1 AND price_per_place >= 0", name=op.f("ck_provider_contracts_counts_from_one")),
        sa.CheckConstraint(
            "NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)",
            name=op.f("ck_provider_contracts_has_a_period"),
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_provider_contracts_buyer_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_provider_contracts_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_contracts")),
    )
    op.create_index("ix_provider_contracts_provider_id", "provider_contracts", ["provider_id", "id"], unique=False)
    # The replica now keeps the languages of an organisation: the registry's feed is read once more from its beginning.
    op.execute("UPDATE feed_cursors SET position = 0 WHERE feed = 'registry'")
