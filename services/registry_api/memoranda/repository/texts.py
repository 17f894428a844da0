"""Every SQL statement about amendments, documents and where the bytes of documents are."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from services.registry_api.memoranda.models import DocumentPart, MemorandumAmendment, MemorandumDocument
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.memorandum_texts import MemorandumDocumentQuery

KEYS = (keyset.Key(MemorandumDocument.id.expression, descending=True),)


async def amendments(
    session: AnySession, memorandum_ids: Sequence[UUID], *, known_at: datetime | None = None
) -> list[MemorandumAmendment]:
    """Amendments in the order they take effect."""
    query = (
        select(MemorandumAmendment)
        .where(MemorandumAmendment.memorandum_id == func.any(literal(list(memorandum_ids))))
        .order_by(MemorandumAmendment.effective_on, MemorandumAmendment.number)
    )
    if known_at is not None:
        query = query.where(MemorandumAmendment.recorded_at <= known_at)
    return list(await session.scalars(query))


async def add_amendment(session: WriteSession, amendment: MemorandumAmendment) -> None:
    """One more."""
    session.add(amendment)
    await session.flush()


async def documents(
    session: AnySession,
    memorandum_id: UUID,
    query: MemorandumDocumentQuery,
    *,
    after: Sequence[Any] | None,
    limit: int,
) -> list[MemorandumDocument]:
    """Documents, the newest first, one more than `limit` if there are more."""
    statement = select(MemorandumDocument).where(*_filters(memorandum_id, query))
    if after is not None:
        statement = statement.where(keyset.after(KEYS, [UUID(str(after[0]))]))
    return list(await session.scalars(statement.order_by(*keyset.order_by(KEYS)).limit(limit + 1)))


async def count_documents(session: AnySession, memorandum_id: UUID, query: MemorandumDocumentQuery) -> int:
    """How many documents there are."""
    statement = select(func.count()).select_from(MemorandumDocument).where(*_filters(memorandum_id, query))
    return int(await session.scalar(statement) or 0)


def _filters(memorandum_id: UUID, query: MemorandumDocumentQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [MemorandumDocument.memorandum_id == memorandum_id]
    if query.kind:
        found.append(MemorandumDocument.kind.in_([kind.value for kind in query.kind]))
    if query.language is not None:
        found.append(MemorandumDocument.language == query.language.value)
    return found


async def document(session: AnySession, memorandum_id: UUID, document_id: UUID) -> MemorandumDocument | None:
    """One document of a memorandum."""
    return (
        await session.scalars(
            select(MemorandumDocument).where(
                MemorandumDocument.memorandum_id == memorandum_id, MemorandumDocument.id == document_id
            )
        )
    ).one_or_none()


async def last_version(session: AnySession, memorandum_id: UUID, *, kind: str, language: str) -> int:
    """The number of the latest version of this kind and language; 0 if there is none."""
    query = select(func.max(MemorandumDocument.version)).where(
        MemorandumDocument.memorandum_id == memorandum_id,
        MemorandumDocument.kind == kind,
        MemorandumDocument.language == language,
    )
    return int(await session.scalar(query) or 0)


async def has_document(session: AnySession, memorandum_id: UUID, digest: str) -> bool:
    """Whether one of the memorandum's documents has this digest."""
    query = select(
        exists().where(MemorandumDocument.memorandum_id == memorandum_id, MemorandumDocument.digest == digest)
    )
    return bool(await session.scalar(query))


async def add_document(session: WriteSession, document: MemorandumDocument) -> None:
    """One more."""
    session.add(document)
    await session.flush()


class PostgresStore:
    """Keeps files in the service's own database, a megabyte a row: in its backups, and in the same transaction."""

    def __init__(self, session: AnySession) -> None:
        self._session = session

    async def has(self, digest: str) -> bool:
        query = select(exists().where(DocumentPart.digest == digest))
        return bool(await self._session.scalar(query))

    async def put(self, digest: str, parts: AsyncIterator[bytes]) -> None:
        place = 0
        async for content in parts:
            row = {"digest": digest, "place": place, "content": content}
            # The same file handed in twice at once: whoever comes second finds the parts of the first.
            await self._session.execute(insert(DocumentPart).values(row).on_conflict_do_nothing())
            place += 1

    async def read(self, digest: str) -> AsyncIterator[bytes]:
        place = 0
        while True:
            query = select(DocumentPart.content).where(DocumentPart.digest == digest, DocumentPart.place == place)
            content = cast(bytes | None, await self._session.scalar(query))
            if content is None:
                return
            yield content
            place += 1
