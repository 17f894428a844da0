"""Every SQL statement about publications and their entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, func, or_, select

from services.rating_engine.publications.models import Publication, PublicationEntry
from shared.db import bulk, keyset
from shared.db.sessions import AnySession, WriteSession

ENTRY_COLUMNS = (
    "publication_id",
    "organisation_id",
    "name",
    "sort_key",
    "search_key",
    "area",
    "area_path",
    "status",
    "reason",
    "score",
    "rank",
    "band",
    "coverage",
    "nodes",
    "document",
)
_LATEST = (keyset.Key(Publication.published_at, descending=True), keyset.Key(Publication.id, descending=True))
_NAME = keyset.Key(PublicationEntry.sort_key.collate("C"))
_LAST = keyset.Key(PublicationEntry.organisation_id)
ORDERS: Mapping[str, tuple[keyset.Key, ...]] = {
    "rank": (keyset.Key(PublicationEntry.rank, nullable=True), _NAME, _LAST),
    "name": (_NAME, _LAST),
}
"""By which columns entries are listed; those without a place come last."""

_LISTED = (
    PublicationEntry.organisation_id,
    PublicationEntry.name,
    PublicationEntry.area,
    PublicationEntry.status,
    PublicationEntry.reason,
    PublicationEntry.score,
    PublicationEntry.rank,
    PublicationEntry.band,
    PublicationEntry.coverage,
    PublicationEntry.nodes,
    PublicationEntry.sort_key,
)


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries of an edition."""

    publication_id: UUID
    tokens: tuple[str, ...] = ()
    area: str | None = None
    band: str | None = None
    status: str | None = None


async def get(session: AnySession, publication_id: UUID) -> Publication | None:
    """One edition."""
    return await session.get(Publication, publication_id)


async def current(session: AnySession, code: str) -> Publication | None:
    """The edition in force."""
    return await session.scalar(select(Publication).where(Publication.code == code, Publication.status == "current"))


async def of_run(session: AnySession, run_id: UUID) -> Publication | None:
    """The edition that shows a run."""
    return await session.scalar(select(Publication).where(Publication.run_id == run_id))


async def lock_code(session: WriteSession, code: str) -> None:
    """Publishers of one code take turns."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"publication:{code}", 0))))


async def next_edition(session: WriteSession, code: str) -> int:
    """The number after the last of this code."""
    return (await session.scalar(select(func.max(Publication.edition)).where(Publication.code == code)) or 0) + 1


async def page(
    session: AnySession, *, code: str | None, in_force_at: datetime | None, after: Sequence[Any] | None, limit: int
) -> Sequence[Publication]:
    """Up to `limit` editions, the latest first; only those in force just before a moment, if one is named."""
    statement = select(Publication).order_by(*keyset.order_by(_LATEST)).limit(limit)
    if in_force_at is not None:
        ended = Publication.superseded_at
        statement = statement.where(Publication.published_at < in_force_at, or_(ended.is_(None), ended >= in_force_at))
    if code is not None:
        statement = statement.where(Publication.code == code)
    if after is not None:
        statement = statement.where(keyset.after(_LATEST, after))
    return (await session.scalars(statement)).all()


async def keep_entries(session: WriteSession, rows: Iterable[Sequence[Any]]) -> None:
    """Write entries of an edition; `rows` in the order of `ENTRY_COLUMNS`."""
    await bulk.copy_rows(session, cast(Table, PublicationEntry.__table__), ENTRY_COLUMNS, rows)


async def entries(
    session: AnySession, wanted: EntryFilter, *, order: str, after: Sequence[Any] | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Up to `limit` entries in the named order."""
    keys = ORDERS[order]
    statement = _filtered(select(*_LISTED), wanted).order_by(*keyset.order_by(keys)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(keys, after))
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def documents(
    session: AnySession, wanted: EntryFilter, *, after: UUID | None, limit: int
) -> Sequence[tuple[UUID, bytes]]:
    """Up to `limit` rendered explanations, by organisation."""
    statement = (
        _filtered(select(PublicationEntry.organisation_id, PublicationEntry.document), wanted)
        .order_by(PublicationEntry.organisation_id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(PublicationEntry.organisation_id > after)
    return [(row.organisation_id, row.document) for row in await session.execute(statement)]


async def count_entries(session: AnySession, wanted: EntryFilter) -> int:
    """How many entries the filter lets through."""
    return int(await session.scalar(_filtered(select(func.count()), wanted)) or 0)


async def entry(session: AnySession, publication_id: UUID, organisation_id: UUID) -> bytes | None:
    """The rendered explanation of one entry."""
    return await session.scalar(
        select(PublicationEntry.document).where(
            PublicationEntry.publication_id == publication_id, PublicationEntry.organisation_id == organisation_id
        )
    )


async def trajectory(session: AnySession, organisation_id: UUID) -> Sequence[Mapping[str, Any]]:
    """An organisation in every edition that speaks of it, oldest first."""
    statement = (
        select(
            PublicationEntry.publication_id,
            Publication.code,
            Publication.edition,
            Publication.status,
            Publication.period,
            Publication.published_at,
            Publication.rated.label("of"),
            PublicationEntry.score,
            PublicationEntry.rank,
            PublicationEntry.band,
        )
        .join(Publication, Publication.id == PublicationEntry.publication_id)
        .where(PublicationEntry.organisation_id == organisation_id)
        .order_by(Publication.published_at, Publication.id)
        .limit(1000)
    )
    return [dict(row) for row in (await session.execute(statement)).mappings()]


def _filtered(statement: Select[*tuple[Any, ...]], wanted: EntryFilter) -> Select[*tuple[Any, ...]]:
    statement = statement.select_from(PublicationEntry).where(PublicationEntry.publication_id == wanted.publication_id)
    for token in wanted.tokens:
        if token.isdecimal():
            statement = statement.where((" " + PublicationEntry.search_key + " ").contains(f" {token} "))
        else:
            statement = statement.where(PublicationEntry.search_key.contains(token, autoescape=True))
    if wanted.area is not None:
        statement = statement.where(PublicationEntry.area_path.contains([wanted.area]))
    if wanted.band is not None:
        statement = statement.where(PublicationEntry.band == wanted.band)
    if wanted.status is not None:
        statement = statement.where(PublicationEntry.status == wanted.status)
    return statement
