"""Saved selections, and what search needs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.alphabet import search_key

revision = "20261122_selections"
down_revision: str | None = "20261122_data_quality"

_NAMES = {
    "organisation_states": (
        *("name_kk", "name_ru", "name_en"),
        *("short_name_kk", "short_name_ru", "short_name_en"),
    ),
    "area_states": ("name_kk", "name_ru", "name_en"),
}
_BATCH = 5000


def upgrade() -> None:
    op.create_table(
        "selections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Text(collation="C"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("organisation_ids", sa.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("num_nonnulls(criteria, organisation_ids) = 1", name=op.f("ck_selections_criteria_or_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selections")),
        sa.UniqueConstraint("token", name=op.f("uq_selections_token")),
    )
    op.create_index("ix_selections_owner", "selections", ["owner", "id"], unique=False)
    op.execute("CREATE EXTENSION IF NOT EXISTS fuzzystrmatch")
    op.create_table(
        "search_words",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_words")),
    )
    op.create_index("ix_search_words_word", "search_words", ["word"], unique=False)
    op.create_index(
        "ix_organisation_states_design_capacity",
        "organisation_states",
        [sa.literal_column("design_capacity DESC NULLS LAST"), "sort_kk", "organisation_id"],
        unique=False,
        postgresql_where=sa.literal_column("upper_inf(recorded)"),
    )
    op.execute(_REMEMBER)
    for table, names in _NAMES.items():
        _say_as_it_sounds(table, names)
        op.execute(_KNOWN.replace("written", table))
        op.execute(f"""
CREATE TRIGGER {table}_remember_search_words AFTER INSERT ON {table} REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION remember_search_words()
""")


def _say_as_it_sounds(table: str, names: tuple[str, ...]) -> None:
    """Names were kept with Kazakh letters folded only; now they are kept as they sound."""
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, {', '.join(names)} FROM {table}")).all()  # noqa: S608 - our own
    update = sa.text(f"UPDATE {table} SET search_key = :key WHERE id = :id")  # noqa: S608 - our own
    for first in range(0, len(rows), _BATCH):
        connection.execute(
            update,
            [
                {"id": row[0], "key": f" {' '.join(search_key(name) for name in row[1:] if name)} "}
                for row in rows[first : first + _BATCH]
            ],
        )


_KNOWN = """
INSERT INTO search_words (word)
SELECT DISTINCT found.word FROM written, unnest(string_to_array(written.search_key, ' ')) AS found (word)
WHERE found.word ~ '^[a-z]{4,40}$' AND NOT EXISTS (SELECT FROM search_words known WHERE known.word = found.word)
"""
_REMEMBER = """
CREATE OR REPLACE FUNCTION remember_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_words (word)
    SELECT DISTINCT found.word FROM written, unnest(string_to_array(written.search_key, ' ')) AS found (word)
    WHERE found.word ~ '^[a-z]{4,40}$' AND NOT EXISTS (SELECT FROM search_words known WHERE known.word = found.word);
    RETURN NULL;
END
$$
"""
