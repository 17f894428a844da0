"""Four methodologies come with the house; a version tells where it comes from and why it is as it is."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.rating_engine.methodologies import built_in
from shared.schemas.rating.methodology import MethodologyDocument, digest

revision = "20261122_built_in"
down_revision: str | None = "20261122_audits"

_JSON = postgresql.JSONB(astext_type=sa.Text())
_AGREED_AT = datetime(2026, 11, 22, tzinfo=UTC)
_INSERT = sa.text(
    """
    INSERT INTO methodologies (id, code, edition, status, title, organisation_types, document, digest, basis, origin,
        notes, agreed_at, created_at, updated_at, version)
    SELECT CAST(:id AS uuid), CAST(:code AS text), coalesce(max(edition), 0) + 1, 'agreed', CAST(:title AS jsonb),
        CAST(:organisation_types AS jsonb), CAST(:document AS jsonb), CAST(:digest AS text), CAST(:basis AS text), 'built_in',
        CAST(:notes AS jsonb), CAST(:at AS timestamptz), CAST(:at AS timestamptz), CAST(:at AS timestamptz), 1
    FROM methodologies WHERE code = CAST(:code AS text)
    """
)
"""Where somebody has written down versions of that code already, the built-in one is the next."""


def upgrade() -> None:
    op.add_column("methodologies", sa.Column("origin", sa.Text(), server_default="written", nullable=False))
    op.add_column(
        "methodologies",
        sa.Column(
            "notes",
            _JSON,
            server_default="[]",
            nullable=False,
            comment="Why it is as it is, in three languages, with the source of each",
        ),
    )
    op.create_check_constraint(op.f("ck_methodologies_origin"), "methodologies", "origin IN ('written', 'built_in')")
    connection = op.get_bind()
    for one in built_in.ALL:
        document = MethodologyDocument.model_validate(one.document)
        connection.execute(
            _INSERT,
            {
                "id": one.id,
                "code": one.code,
                "title": _json(one.document["title"]),
                "organisation_types": _json(one.document["organisation_types"]),
                "document": _json(document.model_dump(mode="json", exclude_none=True)),
                "digest": digest(document),
                "basis": built_in.BASIS,
                "notes": _json([note._asdict() for note in one.notes]),
                "at": _AGREED_AT,
            },
        )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
