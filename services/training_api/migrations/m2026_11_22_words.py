"""Names of educators are kept as they sound, so that searches in Latin letters find them too."""

import sqlalchemy as sa
from alembic import op

from shared.alphabet import search_key

revision = "20261122_words"
down_revision: str | None = "20261122_initial"

_NAMES = ("family_kk", "given_kk", "patronymic_kk", "family_ru", "given_ru", "patronymic_ru")


def upgrade() -> None:
    connection = op.get_bind()
    names = sa.text(f"SELECT id, {', '.join(_NAMES)} FROM educators")  # noqa: S608 - our own columns
    rows = connection.execute(names).all()
    if rows:
        connection.execute(
            sa.text("UPDATE educators SET search_key = :key WHERE id = :id"),
            [{"id": row[0], "key": search_key(" ".join(name for name in row[1:] if name))} for row in rows],
        )
