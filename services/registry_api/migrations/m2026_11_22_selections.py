"""Saved selections, and what search needs."""

import sqlalchemy as sa
from alembic import op

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
    op.execute("CREATE EXTENSION IF NOT EXISTS fuzzystrmatch")
    op.create_table(
        "search_words",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_words")),
    )
    op.create_index("ix_search_words_word", "search_words", ["word"], unique=False)
    op.execute(_REMEMBER)
    for table, names in _NAMES.items():
        _say_as_it_sounds(table, names)
        op.execute(f"""
INSERT INTO search_words (word)
SELECT DISTINCT found.word FROM {table}, unnest(string_to_array(search_key, ' ')) AS found (word)
WHERE found.word ~ '^[a-z]{{4,40}}$' AND NOT EXISTS (SELECT FROM search_words known WHERE known.word = found.word)
""")
        op.execute(f"""
CREATE TRIGGER {table}_remember_search_words AFTER INSERT ON {table} REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION remember_search_words()
""")


def _say_as_it_sounds(table: str, names: tuple[str, ...]) -> None:
    """Names were kept with Kazakh letters folded only; now they are kept as they sound."""
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, {', '.join(names)} FROM {table}")).all()
    update = sa.text(f"UPDATE {table} SET search_key = :key WHERE id = :id")
    for first in range(0, len(rows), _BATCH):
        connection.execute(
            update,
            [
                {"id": row[0], "key": f" {' '.join(search_key(name) for name in row[1:] if name)} "}
                for row in rows[first : first + _BATCH]
            ],
        )


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
