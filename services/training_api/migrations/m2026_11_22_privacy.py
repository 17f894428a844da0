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


def upgrade() -> None:
    """Tables of privacy, and those of reports."""
    _reports()


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
