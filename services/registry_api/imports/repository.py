"""Every SQL statement about imports."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, delete, func, insert, literal, select

from services.registry_api.imports.models import Import, ImportedRow, ImportFilePart
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.imports import ImportsQuery

KEYS = (keyset.Key(Import.id.expression, descending=True),)
_SUMMARY = (
    Import.id,
    Import.kind,
    Import.state,
    Import.file_name,
    Import.job_id,
    Import.created_by,
    Import.created_at,
    Import.finished_at,
)


async def add(session: WriteSession, one: Import) -> None:
    """A file that was handed in; its content follows in parts."""
    session.add(one)
    await session.flush()


async def add_part(session: WriteSession, import_id: UUID, place: int, content: bytes) -> None:
    """The next part of its content."""
    await session.execute(insert(ImportFilePart).values(import_id=import_id, place=place, content=content))


async def parts(session: AnySession, import_id: UUID) -> AsyncIterator[bytes]:
    """Its content, part by part."""
    places = await session.scalars(
        select(ImportFilePart.place).where(ImportFilePart.import_id == import_id).order_by(ImportFilePart.place)
    )
    for place in places.all():
        content = await session.scalar(
            select(ImportFilePart.content).where(ImportFilePart.import_id == import_id, ImportFilePart.place == place)
        )
        yield bytes(content or b"")


async def forget_content(session: WriteSession, import_id: UUID) -> None:
    """Drop the content, of which nothing may be kept."""
    await session.execute(delete(ImportFilePart).where(ImportFilePart.import_id == import_id))


async def brought_before(session: AnySession, fingerprints: Collection[bytes]) -> dict[bytes, UUID]:
    """What rows that said exactly the same brought."""
    query = select(ImportedRow.fingerprint, ImportedRow.resource_id).where(
        ImportedRow.fingerprint == func.any(literal(list(fingerprints), ARRAY(LargeBinary)))
    )
    return {row.fingerprint: row.resource_id for row in await session.execute(query)}


async def remember_rows(session: WriteSession, import_id: UUID, brought: Mapping[bytes, UUID]) -> None:
    """What each row brought, by its fingerprint."""
    rows = [
        {"fingerprint": fingerprint, "import_id": import_id, "resource_id": resource_id}
        for fingerprint, resource_id in brought.items()
    ]
    await session.execute(insert(ImportedRow), rows)


async def forget_rows(session: WriteSession, import_id: UUID) -> None:
    """What was undone may come again."""
    await session.execute(delete(ImportedRow).where(ImportedRow.import_id == import_id))


async def find(session: AnySession, import_id: UUID, *, lock: bool = False) -> Import | None:
    """One import, with `lock` until the end of the transaction."""
    query = select(Import).where(Import.id == import_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def page(
    session: AnySession, query: ImportsQuery, *, only_of: str | None, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """A page of the list, newest first."""
    statement = select(*_SUMMARY).where(*_filters(query, only_of)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def count(session: AnySession, query: ImportsQuery, *, only_of: str | None) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(Import).where(*_filters(query, only_of))) or 0


def _filters(query: ImportsQuery, only_of: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.kind is not None:
        conditions.append(Import.kind == query.kind)
    if query.state is not None:
        conditions.append(Import.state == query.state)
    if only_of is not None:
        conditions.append(Import.created_by == only_of)
    return conditions
