"""The text of a memorandum with its amendments, and the documents that belong to it."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.memoranda import clauses, errors, repository, rules
from services.registry_api.memoranda.models import PART_BYTES, Memorandum, MemorandumAmendment, MemorandumDocument
from services.registry_api.memoranda.repository import texts
from services.registry_api.memoranda.service import reads, views
from services.registry_api.memoranda.store import DocumentStore
from shared import outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.memorandum_texts import AmendmentCreate, MemorandumDocumentQuery
from shared.schemas.registry.memorandum_words import DocumentKind, DocumentLanguage, MemorandumStatus

MOST_BYTES = 20 << 20
_LONGEST_NAME = 200

Read = Callable[[int], Awaitable[bytes]]


async def consolidated(
    session: AnySession,
    memorandum_id: UUID,
    *,
    actor: Actor | None,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None,
) -> dict[str, Any]:
    """The text of a day with all amendments up to it. Raises `MemorandumNotFound`."""
    await reads.get(session, memorandum_id, actor=actor, now=now, as_of=as_of, known_at=known_at)
    on = as_of or day_in_kazakhstan(now)
    row = await reads.row_of(session, memorandum_id, on=on, is_past=as_of is not None, known_at=known_at)
    amendments = [_amended(one) for one in await texts.amendments(session, [memorandum_id], known_at=known_at)]
    wordings = clauses.consolidated(row["clauses"], amendments, on=on)
    return {
        "memorandum_id": memorandum_id,
        "as_of": on,
        "title": views.text_of(row, "title"),
        "clauses": [{"number": one.number, "text": dict(one.text), "amended_by": one.amended_by} for one in wordings],
        "amendments": [one.number for one in clauses.in_force(amendments, on=on)],
        "digest": clauses.digest(wordings),
    }


async def amend_text(
    session: WriteSession, actor: Actor, memorandum: Memorandum, asked: AmendmentCreate, *, now: datetime
) -> dict[str, Any]:
    """Add an amendment to a memorandum in force; the texts of all later days have to stay whole."""
    today = day_in_kazakhstan(now)
    row = await reads.row_of(session, memorandum.id, on=today)
    await reads.demand(session, actor, row["area_code"], views.organisations(row), on=today)
    if MemorandumStatus(row["status"]) not in rules.LIVE:
        raise errors.Settled(status=row["status"])
    if asked.title.kk is None and asked.title.ru is None:
        raise errors.TitleNeedsKazakhOrRussian(pointer="/title")
    there = await texts.amendments(session, [memorandum.id])
    if len(there) >= clauses.MOST_AMENDMENTS:
        raise errors.TextTooLong()
    changes = [change.model_dump(mode="json", exclude_none=True) for change in asked.changes]
    number = max((one.number for one in there), default=0) + 1
    new = clauses.Amended(number, asked.effective_on, changes)
    known = [*(_amended(one) for one in there), new]
    for day in sorted({one.effective_on for one in known if one.effective_on >= asked.effective_on}):
        clauses.consolidated(row["clauses"], known, on=day)
    amendment = MemorandumAmendment(
        id=new_id(),
        memorandum_id=memorandum.id,
        number=number,
        title_kk=asked.title.kk,
        title_ru=asked.title.ru,
        title_en=asked.title.en,
        effective_on=asked.effective_on,
        signed_on=asked.signed_on,
        changes=changes,
        recorded_at=now,
    )
    await texts.add_amendment(session, amendment)
    await repository.touch(session, memorandum, now=now)
    data = {"id": str(memorandum.id), "amendment": number, "effective_on": asked.effective_on.isoformat()}
    await outbox.add(
        session,
        outbox.Event(
            kind="memorandum.amended", subject="memorandum", subject_id=memorandum.id, data=data, occurred_at=now
        ),
    )
    return _amendment(amendment)


async def amendments(
    session: AnySession, memorandum_id: UUID, *, actor: Actor | None, now: datetime
) -> list[dict[str, Any]]:
    """All amendments in the order they take effect. Raises `MemorandumNotFound`."""
    await reads.get(session, memorandum_id, actor=actor, now=now)
    return [_amendment(one) for one in await texts.amendments(session, [memorandum_id])]


def _amended(row: MemorandumAmendment) -> clauses.Amended:
    return clauses.Amended(row.number, row.effective_on, row.changes)


def _amendment(row: MemorandumAmendment) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("id", "number", "effective_on", "signed_on", "recorded_at")},
        "title": {code: getattr(row, f"title_{code}") for code in views.LANGUAGES},
        "changes": [{"text": None, **change} for change in row.changes],
    }


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in, and what it is said to be."""

    kind: DocumentKind
    language: DocumentLanguage
    file_name: str
    read: Read
    """Gives up to so many bytes; none at the end."""
    rewind: Callable[[], Awaitable[None]]


async def keep(
    session: WriteSession, store: DocumentStore, actor: Actor, memorandum: Memorandum, upload: Upload, *, now: datetime
) -> MemorandumDocument:
    """Keep a file as the next version of its kind and language.

    Raises `DocumentTooLarge`, `DocumentEmpty`, `DocumentTypeRefused`.
    """
    today = day_in_kazakhstan(now)
    row = await reads.row_of(session, memorandum.id, on=today)
    await reads.demand(session, actor, row["area_code"], views.organisations(row), on=today)
    digest, size, media_type = await _examine(upload)
    if not await store.has(digest):
        await upload.rewind()
        await store.put(digest, _parts(upload.read))
    version = await texts.last_version(session, memorandum.id, kind=upload.kind.value, language=upload.language.value)
    document = MemorandumDocument(
        id=new_id(),
        memorandum_id=memorandum.id,
        kind=upload.kind.value,
        language=upload.language.value,
        version=version + 1,
        file_name=upload.file_name[-_LONGEST_NAME:],
        media_type=media_type,
        size=size,
        digest=digest,
        uploaded_by=actor.principal,
        uploaded_at=now,
    )
    await texts.add_document(session, document)
    await repository.touch(session, memorandum, now=now)
    return document


async def _examine(upload: Upload) -> tuple[str, int, str]:
    hashed, size, head = hashlib.sha256(), 0, b""
    async for part in _parts(upload.read):
        head = head or part[:16]
        size += len(part)
        if size > MOST_BYTES:
            raise errors.DocumentTooLarge(pointer="/file", limit_bytes=MOST_BYTES)
        hashed.update(part)
    if size == 0:
        raise errors.DocumentEmpty(pointer="/file")
    return "sha256:" + hashed.hexdigest(), size, rules.media_type(upload.file_name, head)


async def _parts(read: Read) -> AsyncIterator[bytes]:
    while part := await read(PART_BYTES):
        yield part


async def documents(
    session: AnySession,
    memorandum_id: UUID,
    query: MemorandumDocumentQuery,
    *,
    after: Sequence[Any] | None,
) -> list[MemorandumDocument]:
    """The documents, the newest first, one more than asked for if there are more."""
    return await texts.documents(session, memorandum_id, query, after=after, limit=query.limit)


async def count_documents(session: AnySession, memorandum_id: UUID, query: MemorandumDocumentQuery) -> int:
    """How many there are."""
    return await texts.count_documents(session, memorandum_id, query)


async def document(session: AnySession, memorandum_id: UUID, document_id: UUID) -> MemorandumDocument:
    """One document. Raises `DocumentNotFound`."""
    found = await texts.document(session, memorandum_id, document_id)
    if found is None:
        raise errors.DocumentNotFound()
    return found


async def has_document(session: AnySession, memorandum_id: UUID, digest: str) -> bool:
    """Whether a document of the memorandum has this digest."""
    return await texts.has_document(session, memorandum_id, digest)


def store_in(session: AnySession) -> DocumentStore:
    """Where documents are kept: in this service's own database, in the transaction of the caller."""
    return texts.PostgresStore(session)
