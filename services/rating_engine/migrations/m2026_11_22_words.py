"""Names of rated organisations are kept as they sound, so that searches in Latin letters find them too."""

import sqlalchemy as sa
from alembic import op

from shared.alphabet import search_key

revision = "20261122_words"
down_revision: str | None = "20261122_initial"


def upgrade() -> None:
    connection = op.get_bind()
    for table, owner in (("run_results", "run_id"), ("publication_entries", "publication_id")):
        names = sa.text(f"SELECT {owner}, organisation_id, name FROM {table}")  # noqa: S608 - our own tables
        rows = connection.execute(names).all()
        if rows:
            connection.execute(
                sa.text(
                    f"UPDATE {table} SET search_key = :key "  # noqa: S608 - our own tables
                    f"WHERE {owner} = :owner AND organisation_id = :id"
                ),
                [
                    {
                        "owner": row[0],
                        "id": row[1],
                        "key": " ".join(search_key(text) for text in row[2].values() if text),
                    }
                    for row in rows
                ],
            )
